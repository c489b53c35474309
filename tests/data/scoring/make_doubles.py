#!/usr/bin/env python3
"""Writes doubles.txt: bit patterns of doubles (hex) and what Python's repr makes of them.

Usage: make_doubles.py > doubles.txt     (standard library only; output is the same every time)
"""
import random
import struct

BOUNDARIES = [0.0, -0.0, 1.0, -1.0, 0.1, 0.2, 0.1 + 0.2, 1 / 3, 2 / 3, 100.0, 1e-4, 9.999e-5, 1e-5,
              1e-7, 123456789012345.6, 1e15, 9999999999999998.0, 1e16, 1.2e16, 1e17, 1e22, 1e23, 1e100,
              -1e-100, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 9007199254740993.0,
              float("inf"), float("-inf")]


def main() -> None:
    rng = random.Random(20260101)
    values = list(BOUNDARIES)
    values += [2.0 ** e for e in range(-1074, 1024, 7)]
    values += [10.0 ** e for e in range(-30, 31)]
    values += [rng.uniform(-2, 2) for _ in range(400)]
    values += [round(rng.uniform(-1e4, 1e4), 3) for _ in range(300)]
    values += [float(rng.randrange(10 ** rng.randrange(1, 19))) for _ in range(300)]
    while len(values) < 2500:
        value, = struct.unpack("<d", struct.pack("<Q", rng.getrandbits(64)))
        if value == value:
            values.append(value)
    for value in values:
        bits, = struct.unpack("<Q", struct.pack("<d", value))
        print(f"{bits:016x} {value!r}")


if __name__ == "__main__":
    main()
