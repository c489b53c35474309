#!/usr/bin/env python3
"""Computes what the scoring tests expect, with numpy and pandas and nothing of joust.

Usage: make_scoring.py FOLDER     writes metrics.json and the folder tables/ into FOLDER

Needs numpy and pandas (made with 1.24.2 and 1.5.3); the tests need neither. The plan and its seeds are
written here a second time on purpose.
"""
import itertools
import json
import math
import sys
from pathlib import Path

import numpy as np
import pandas as pd

MASK = (1 << 64) - 1
PRIMES = (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63,
          0x27D4EB2F165667C5)


# ---- metrics.json: lists of scores and what they amount to

def truncated_mean(values: np.ndarray) -> float:
    q1, q3 = np.quantile(values, [0.25, 0.75])
    return float(values[values <= q3 + 2 * (q3 - q1)].mean())


def metric_cases() -> list:
    rng = np.random.default_rng(5)
    lists = {
        "one score": [0.75],
        "two scores": [1.5, -0.25],
        "three scores": [0.1, 0.2, 0.3],
        "all equal": [0.7] * 11,
        "an outlier above the fence": [1.0, 1.1, 1.2, 1.3, 9.0],
        "a value on the fence stays": [0.0, 1.0, 2.0, 3.0, 4.0, 7.0, 7.5],
        "no fence below": [-50.0, 1.0, 1.1, 1.2, 1.3],
        "small differences on a large offset": list(1e9 + rng.integers(0, 64, 97) / 64),
        "normal": list(rng.normal(1.0, 0.2, 252)),
        "heavy tails": list(rng.standard_cauchy(1001)),
        "coarse, with many ties": list(np.round(rng.normal(0, 1, 400), 1)),
        "wide range": list(10.0 ** rng.uniform(-12, 12, 333)),
    }
    cases = []
    for name, scores in lists.items():
        series = pd.Series([float(s) for s in scores])
        d = series.describe()
        cases.append({
            "name": name, "scores": list(series),
            "count": int(d["count"]), "sum": math.fsum(series), "mean": d["mean"],
            "truncated_mean": truncated_mean(series.to_numpy()),
            "std": None if len(series) == 1 else d["std"],
            "min": d["min"], "25%": d["25%"], "median": d["50%"], "75%": d["75%"], "max": d["max"],
        })
    return cases


# ---- tables/: a small tournament whose sums are exact, so that the bytes can be compared

def xxh64_words(words: list) -> int:
    """XXH64, seed 0, of consecutive little-endian 64-bit words."""
    def rotate(x, r):
        return ((x << r) | (x >> (64 - r))) & MASK

    def mix(acc, word):
        return rotate((acc + word * PRIMES[1]) & MASK, 31) * PRIMES[0] & MASK

    length, rest = 8 * len(words), list(words)
    if len(rest) >= 4:
        lanes = [(PRIMES[0] + PRIMES[1]) & MASK, PRIMES[1], 0, -PRIMES[0] & MASK]
        while len(rest) >= 4:
            lanes = [mix(lane, word) for lane, word in zip(lanes, rest)]
            rest = rest[4:]
        h = sum(rotate(lane, r) for lane, r in zip(lanes, (1, 7, 12, 18))) & MASK
        for lane in lanes:
            h = ((h ^ mix(0, lane)) * PRIMES[0] + PRIMES[3]) & MASK
    else:
        h = PRIMES[4]
    h = (h + length) & MASK
    for word in rest:
        h = (rotate(h ^ mix(0, word), 27) * PRIMES[0] + PRIMES[3]) & MASK
    h = (h ^ (h >> 33)) * PRIMES[1] & MASK
    h = (h ^ (h >> 29)) * PRIMES[2] & MASK
    return h ^ (h >> 32)


def stride(worlds: int) -> int:
    target = worlds * (math.sqrt(5) - 1) / 2
    return min((s for s in range(1, worlds + 1) if math.gcd(s, worlds) == 1),
               key=lambda s: abs(s - target))


COMPETITORS = ["Cid", 'Bob, "the Builder"', "v1.2"]
AGENT_TYPES = ["Cid", 'Bob, "the Builder"', "v1_2"]
PER_WORLD, CONFIGS, RUNS, SEED = 2, 4, 1, 42


def score_of(task: int, seat: int) -> float:
    """Multiples of 1/16, so that sums and sums of squares are exact; now and then an outlier."""
    score = ((task * 37 + seat * 11) % 101 - 40) / 16
    return score + 64 if task % 11 == 3 and seat == 0 else score


def tournament_rows() -> list:
    sets = list(itertools.combinations(range(len(COMPETITORS)), PER_WORLD))
    worlds = len(sets) * CONFIGS * PER_WORLD * RUNS
    rows = []
    for task in range(worlds):
        number = task * stride(worlds) % worlds
        number, run = divmod(number, RUNS)
        number, rotation = divmod(number, PER_WORLD)
        set_rank, config = divmod(number, CONFIGS)
        seed = xxh64_words([SEED, 2, config, set_rank, rotation, run])
        run_id = f"{task:0{len(str(worlds - 1))}d}_{seed & 0xFFFFFF:06x}"
        for seat in range(PER_WORLD):
            competitor = sets[set_rank][(seat + rotation) % PER_WORLD]
            agent = f"{seat:02d}X@{seat}" if seat == 0 else COMPETITORS[competitor]
            rows.append({"agent_id": agent, "agent_name": agent,
                         "agent_type": AGENT_TYPES[competitor], "base_stats_folder": "",
                         "log_file": "", "run_id": run_id, "score": score_of(task, seat),
                         "stats_folders": "", "world": run_id})
    return rows


def write_tables(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    scores = pd.DataFrame(tournament_rows())
    scores.to_csv(folder / "scores.csv")
    by_type = scores.groupby("agent_type")["score"]
    totals = by_type.apply(lambda s: truncated_mean(s.to_numpy())).reset_index()
    totals = totals.sort_values(["score", "agent_type"], ascending=[False, True])
    totals = totals.reset_index(drop=True)
    totals.to_csv(folder / "total_scores.csv")
    winners = totals[totals["score"] == totals["score"].max()].reset_index(drop=True)
    winners.to_csv(folder / "winners.csv")
    stats = by_type.describe().rename(columns={"50%": "median"})
    stats.to_csv(folder / "score_stats.csv")


def main() -> None:
    folder = Path(sys.argv[1])
    (folder / "metrics.json").write_text(json.dumps(metric_cases(), indent=1) + "\n")
    write_tables(folder / "tables")


if __name__ == "__main__":
    main()
