#!/usr/bin/env python3
"""Computes what the tests of the statistics expect, with scipy and numpy and nothing of joust.

Usage: make_statistics.py FOLDER     writes tests.json, resampling.json and signs.json into FOLDER

Needs Debian's python3-scipy (made with 1.10.1, numpy 1.24.2); the tests need neither. Samples are not
stored but made from a recipe that the tests follow too: see sample().
"""
import itertools
import json
import math
import sys
from pathlib import Path

import numpy as np
from scipy import stats

MASK = (1 << 64) - 1


def sample(size, seed, shift=0.0, scale=1.0, grid=0):
    """`size` numbers shift + scale * u, u uniform in [0,1) from Knuth's linear congruential generator;
    with a grid, u is rounded down to a multiple of 1/grid, which makes ties."""
    values = np.empty(size)
    state = seed
    for i in range(size):
        state = (state * 6364136223846793005 + 1442695040888963407) & MASK
        u = (state >> 11) * 2.0 ** -53
        if grid:
            u = math.floor(u * grid) / grid
        values[i] = shift + scale * u
    return values


def number(value):
    """JSON knows no NaN and no infinity."""
    value = float(value)
    if math.isnan(value):
        return None
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return value


# ---- tests.json: t and Kolmogorov-Smirnov tests of two samples

def recipe(size, seed, **how):
    return {"size": size, "seed": seed, "shift": how.get("shift", 0.0), "scale": how.get("scale", 1.0),
            "grid": how.get("grid", 0)}


TWO_SAMPLES = {
    "two values each": (recipe(2, 1), recipe(2, 2)),
    "three against five": (recipe(3, 3), recipe(5, 4)),
    "equal sizes, small": (recipe(20, 5), recipe(20, 6, shift=0.2)),
    "equal sizes, no common value": (recipe(30, 7), recipe(30, 8, shift=2.0)),
    "unequal sizes, no common value": (recipe(30, 9), recipe(17, 10, shift=2.0)),
    "coprime sizes": (recipe(101, 11), recipe(64, 12, shift=0.1)),
    "one size a multiple of the other": (recipe(120, 13), recipe(40, 14, scale=1.2)),
    "sizes with a common factor": (recipe(90, 15), recipe(60, 16, shift=-0.15)),
    "ties": (recipe(252, 17, grid=16), recipe(252, 18, grid=16, shift=0.0625)),
    "ties, unequal sizes": (recipe(252, 19, grid=10), recipe(240, 20, grid=10)),
    "the same sample": (recipe(50, 21), recipe(50, 21)),
    "both constant and equal": (recipe(5, 22, shift=0.25, scale=0.0), recipe(7, 23, shift=0.25, scale=0.0)),
    "both constant and different": (recipe(5, 24, shift=0.5, scale=0.0), recipe(7, 25, shift=0.25, scale=0.0)),
    "one constant": (recipe(6, 26, scale=0.0), recipe(7, 27)),
    "one value against many": (recipe(1, 28, shift=0.9), recipe(40, 29)),
    "a large offset": (recipe(252, 30, shift=1e6), recipe(252, 31, shift=1e6 + 0.05)),
    "a tiny p": (recipe(2000, 32), recipe(2000, 33, shift=0.5)),
    "a tiny p, unequal sizes": (recipe(2000, 34), recipe(1999, 35, shift=0.5)),
    "equal sizes, the largest exact ones": (recipe(10000, 36), recipe(10000, 37, shift=0.01)),
    "unequal sizes, the largest exact ones": (recipe(10000, 38), recipe(9999, 39, shift=0.02)),
    "just beyond the exact ones": (recipe(10001, 40), recipe(10001, 41, shift=0.015)),
    "beyond, nearly the same": (recipe(20000, 42), recipe(20000, 43)),
    "beyond, a large distance": (recipe(20000, 44), recipe(15000, 45, shift=0.1)),
    "beyond, against one value": (recipe(10500, 46), recipe(1, 47, shift=0.3)),
    "beyond, against a few": (recipe(10500, 48), recipe(12, 49, shift=0.2)),
    "beyond, against a hundred": (recipe(10500, 50), recipe(100, 51, shift=0.12)),
    "beyond, with ties": (recipe(20000, 52, grid=5), recipe(30000, 53, grid=5)),
}


def two_sample_cases():
    cases = []
    for name, (a, b) in TWO_SAMPLES.items():
        x, y = sample(**a), sample(**b)
        with np.errstate(all="ignore"):
            t = stats.ttest_ind(x, y)
        ks = stats.ks_2samp(x, y)
        cases.append({"name": name, "a": a, "b": b, "t": number(t.statistic), "t_p": number(t.pvalue),
                      "d": number(ks.statistic), "ks_p": number(ks.pvalue)})
    return cases


def kolmogorov_cases():
    """The tail of the one-sample statistic in every regime of its computation."""
    cases = []
    for n in (1, 2, 7, 100, 140, 141, 5000, 40000, 100000, 100001, 500000, 999999, 1000001):
        scaled = [z / math.sqrt(n) for z in (0.3, 0.6, 0.9, 1.2, 1.47, 1.5, 1.99, 2.01, 3, 8, 19)]
        for d in scaled + [0.4 / n, 0.8 / n, 0.5, 0.75, 1 - 0.5 / n]:
            if d < 1:
                cases.append({"n": n, "d": d, "p": number(stats.kstwo.sf(d, n))})
    return cases


# ---- resampling.json: the metrics of a resampled multiset, by repeating its scores

def truncated_mean(values):
    q1, q3 = np.quantile(values, [0.25, 0.75])
    return values[values <= q3 + 2 * (q3 - q1)].mean()


METRICS = {"mean": np.mean, "median": np.median, "truncated_mean": truncated_mean, "min": np.min,
           "max": np.max, "std": lambda v: np.std(v, ddof=1) if len(v) > 1 else math.nan, "sum": np.sum}


def resampling_cases():
    rng = np.random.default_rng(11)
    cases = []
    shapes = [("one group of one score", 1, recipe(1, 60)), ("few scores", 4, recipe(9, 61)),
              ("ties", 7, recipe(300, 62, grid=8)), ("outliers", 6, recipe(500, 63)),
              ("more scores than one mark", 12, recipe(5000, 64, shift=-0.5)),
              ("many marks and ties", 40, recipe(9000, 65, grid=50))]
    for name, groups, how in shapes:
        scores = sample(**how)
        if name == "outliers":
            scores[::50] *= 20
        group = np.arange(len(scores)) * 7 % groups
        draws = []
        for _ in range(6):
            weights = np.bincount(rng.integers(0, groups, groups), minlength=groups)
            drawn = np.repeat(scores, weights[group])
            draws.append({"weights": weights.tolist(),
                          "expected": {m: number(f(drawn)) if len(drawn) else None for m, f in METRICS.items()}})
        cases.append({"name": name, "groups": groups, "scores": how, "outliers": name == "outliers",
                      "draws": draws})
    return cases


# ---- signs.json: sign-flip tests and Holm's adjustment

def every_sign(totals, tolerance):
    """By listing every pattern."""
    totals = np.array(totals, dtype=float)
    signs = np.array(list(itertools.product((-1.0, 1.0), repeat=len(totals))))
    return float(np.mean(np.abs(signs @ totals) >= abs(totals.sum()) - tolerance))


def permutation_p(totals):
    """The same test as scipy does it: of the mean, two-sided, every pattern once."""
    result = stats.permutation_test((np.array(totals),), np.mean, permutation_type="samples", n_resamples=np.inf,
                                    vectorized=True, alternative="two-sided")
    return float(result.pvalue)


def sign_cases():
    lists = {
        "one block": [0.3], "two blocks": [0.3, 0.4], "all alike": [1.0] * 5,
        "decimals that tie only without rounding": [0.1, 0.2, 0.3, -0.3, 0.6, 0.7],
        "zeros are no evidence": [0.0, 0.5, 0.0, 0.25, 0.75], "all zero": [0.0, 0.0],
        "mixed": list(sample(9, 70, shift=-0.3)), "eleven": list(sample(11, 71, shift=-0.4)),
        "sixteen": list(sample(16, 72, shift=-0.35)),
        "coarse": list(sample(12, 73, shift=-0.25, grid=4)),
    }
    cases = []
    for name, totals in lists.items():
        size = sum(abs(t) for t in totals)
        case = {"name": name, "totals": totals, "tolerance": 1e-12 * size,
                "p": every_sign(totals, 1e-12 * size)}
        if name in ("mixed", "eleven"):
            assert abs(case["p"] - permutation_p(totals)) < 1e-12
        cases.append(case)
    return cases


def drawn_sign_cases():
    """Too many blocks to list: the normal limit of the sum, which the drawn p must be near."""
    cases = []
    for name, size, seed, shift in (("thirty blocks", 30, 80, -0.45), ("a hundred", 100, 81, -0.44),
                                    ("a hundred and twenty-eight", 128, 82, -0.47)):
        totals = sample(size, seed, shift=shift)
        # exactly, by the distribution of the sum on a fine grid of values
        step = 2.0 ** -14
        whole = np.round(totals / step).astype(int)
        reach = int(np.abs(whole).sum())
        density = np.zeros(2 * reach + 1)
        density[reach] = 1
        for w in np.abs(whole):
            moved = np.zeros_like(density)
            if w:
                moved[w:] += density[:-w]
                moved[:-w] += density[w:]
            else:
                moved = 2 * density
            density = moved / 2
        positions = np.arange(-reach, reach + 1)
        cases.append({"name": name, "totals": (whole * step).tolist(),
                      "p": float(density[np.abs(positions) >= abs(int(whole.sum()))].sum())})
    return cases


def holm(p_values):
    """By its definition: reject while p(i) <= level / (m - i); the smallest level that rejects."""
    order = np.argsort(p_values, kind="stable")
    adjusted = [0.0] * len(p_values)
    for rank, index in enumerate(order):
        levels = [min(1.0, p_values[order[i]] * (len(order) - i)) for i in range(rank + 1)]
        adjusted[index] = max(levels)
    return adjusted


def holm_cases():
    lists = [[0.01], [0.01, 0.04, 0.03], [0.5, 0.5, 0.5], [1e-6, 0.2, 0.011, 0.011, 0.9, 0.025]]
    return [{"p": p, "adjusted": holm(p)} for p in lists]


def write(path, data):
    path.write_text(json.dumps(data, indent=1) + "\n")


def main():
    folder = Path(sys.argv[1])
    write(folder / "tests.json", {"two_samples": two_sample_cases(), "kolmogorov": kolmogorov_cases()})
    write(folder / "resampling.json", resampling_cases())
    write(folder / "signs.json", {"listed": sign_cases(), "drawn": drawn_sign_cases(), "holm": holm_cases()})


if __name__ == "__main__":
    main()
