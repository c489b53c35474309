#!/usr/bin/env python3
"""Computes what the scoring tests expect, with numpy and pandas and nothing of joust.

Usage: make_scoring.py FOLDER     writes metrics.json and the folders tables/ and names/ into FOLDER

Needs numpy and pandas (made with 1.24.2 and 1.5.3); the tests need neither. The plan and its seeds are
written here a second time on purpose.
"""
import itertools
import json
import math
import sys
from pathlib import Path
from typing import NamedTuple, Optional

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


class Tournament(NamedTuple):
    competitors: list
    types: list  # agent_type of each
    configs: int
    first_agent: Optional[str]  # what the world calls its first agent; None: as the competitor
    per_world: int = 2
    runs: int = 1
    seed: int = 42


SMALL = Tournament(["Cid", 'Bob, "the Builder"', "v1.2"], ["Cid", 'Bob, "the Builder"', "v1_2"], 4,
                   "00X@0")
# Names that make trouble in CSV, in spreadsheets and in readers that guess types. 17 of them: each
# meets 16 others twice, and dividing by 32 is exact.
NAMES = ["a,b", 'say "x"', '"', "two\nlines", "old\rmac", "crlf\r\nx", " lead", "trail ", "=cmd",
         "'q", "tab\tx", ";", "na_", "-inf", "ünï 日本", "\u2028", "\\n"]
NASTY = Tournament(NAMES, NAMES, 1, None)

COUNTERS = ["neg_requests_sent", "neg_requests_received", "neg_requests_rejected",
            "negs_registered", "negs_succeeded", "negs_failed", "negs_timedout", "negs_initiated",
            "contracts_concluded", "contracts_signed", "contracts_dropped", "breaches_received",
            "breaches_committed", "contracts_erred", "contracts_nullified", "contracts_breached",
            "contracts_executed"]


def score_of(task: int, seat: int) -> float:
    """Multiples of 1/16, so that sums and sums of squares are exact; now and then an outlier."""
    score = ((task * 37 + seat * 11) % 101 - 40) / 16
    return score + 64 if task % 11 == 3 and seat == 0 else score


def seconds_of(task: int) -> float:
    return (task + 1) / 4


def counted(counters: dict) -> dict:
    return {name: counters.get(name) for name in COUNTERS}


def quarter(count: int):
    return count // 4 if count % 4 == 0 else count / 4


def seat_counters(task: int, seat: int) -> dict:
    return {"negs_registered": 3 * task, "negs_failed": quarter(task)} if seat == 0 else {}


def worlds_of(t: Tournament):
    """(task, run id, [competitor in each seat]) of every world, by task."""
    sets = list(itertools.combinations(range(len(t.competitors)), t.per_world))
    worlds = len(sets) * t.configs * t.per_world * t.runs
    step = stride(worlds)
    for task in range(worlds):
        number = task * step % worlds
        number, run = divmod(number, t.runs)
        number, rotation = divmod(number, t.per_world)
        set_rank, config = divmod(number, t.configs)
        seed = xxh64_words([t.seed, 2, config, set_rank, rotation, run])
        run_id = f"{task:0{len(str(worlds - 1))}d}_{seed & 0xFFFFFF:06x}"
        members = sets[set_rank]
        yield task, run_id, [members[(seat + rotation) % t.per_world]
                             for seat in range(t.per_world)]


def rows_of(t: Tournament) -> dict:
    """The rows of each file that has one or more for every world."""
    rows = {name: [] for name in ("scores", "world_stats", "type_stats", "agent_stats")}
    for task, run_id, seats in worlds_of(t):
        for seat, competitor in enumerate(seats):
            named = seat == 0 and t.first_agent is not None
            agent = t.first_agent if named else t.competitors[competitor]
            agent_type = t.types[competitor]
            rows["scores"].append({
                "agent_id": agent, "agent_name": agent, "agent_type": agent_type,
                "base_stats_folder": "", "log_file": "", "run_id": run_id,
                "score": score_of(task, seat), "stats_folders": "", "world": run_id})
            for file, label, value in (("type_stats", "type", agent_type),
                                       ("agent_stats", "agent", agent)):
                rows[file].append({
                    "world": run_id, label: value, "exceptions": [], "negotiator_exceptions": [],
                    "times": seconds_of(task), **counted(seat_counters(task, seat))})
        rows["world_stats"].append({
            "name": run_id, "planned_n_steps": 10 + task, "executed_n_steps": 10 + task,
            "execution_time": seconds_of(task), "simulation_exceptions": [],
            "contract_exceptions": [], "mechanism_exceptions": [], "other_exceptions": [],
            "n_agent_exceptions": 1, "n_negotiator_exceptions": None, "mean_agent_time": None,
            **{"n_" + name: value for name, value in counted({"contracts_signed": 2 * task}).items()}})
    return rows


def write_csv(frame: pd.DataFrame, file: Path, index: bool) -> None:
    """As to_csv, but with quotes around a carriage return, which to_csv leaves out before Python
    3.13 and read_csv then takes for the end of the row: so it quotes what holds a character of its
    line terminator, which is cut off again."""
    lines = [frame.iloc[:0].to_csv(index=index, lineterminator="\r\n")]
    lines += [frame.iloc[i:i + 1].to_csv(index=index, header=False, lineterminator="\r\n")
              for i in range(len(frame))]
    file.write_bytes("".join(line[:-2] + "\n" for line in lines).encode())


def check_reads_back(file: Path, column: str, expected: list) -> None:
    read = list(pd.read_csv(file)[column])
    if read != expected:
        raise SystemExit(f"{file}: pandas reads {column} as {read}")


def write_tables(t: Tournament, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    rows = rows_of(t)
    scores = pd.DataFrame(rows["scores"])
    write_csv(scores, folder / "scores.csv", index=True)
    for name in ("world_stats", "type_stats", "agent_stats"):
        # as objects, else a missing value would make floats of the whole numbers in its column
        write_csv(pd.DataFrame(rows[name], dtype=object), folder / f"{name}.csv", index=False)
    by_type = scores.groupby("agent_type")["score"]
    totals = by_type.apply(lambda s: truncated_mean(s.to_numpy())).reset_index()
    totals = totals.sort_values(["score", "agent_type"], ascending=[False, True])
    totals = totals.reset_index(drop=True)
    write_csv(totals, folder / "total_scores.csv", index=True)
    winners = totals[totals["score"] == totals["score"].max()].reset_index(drop=True)
    write_csv(winners, folder / "winners.csv", index=True)
    stats = by_type.describe().rename(columns={"50%": "median"})
    write_csv(stats, folder / "score_stats.csv", index=True)

    check_reads_back(folder / "scores.csv", "agent_type", list(scores["agent_type"]))
    check_reads_back(folder / "scores.csv", "agent_name", list(scores["agent_name"]))
    check_reads_back(folder / "total_scores.csv", "agent_type", list(totals["agent_type"]))
    check_reads_back(folder / "type_stats.csv", "type", [r["type"] for r in rows["type_stats"]])


def main() -> None:
    folder = Path(sys.argv[1])
    (folder / "metrics.json").write_text(json.dumps(metric_cases(), indent=1) + "\n")
    write_tables(SMALL, folder / "tables")
    write_tables(NASTY, folder / "names")


if __name__ == "__main__":
    main()
