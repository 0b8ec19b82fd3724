#!/usr/bin/env python3
"""Writes the cases that the statistics are judged on, one file a method: DIR/METHOD.json, an array of inputs.

    cases.py DIR

Random ones from a fixed seed, and the awkward ones by hand: ties, no variance, one value, nothing, missing values,
separation, rank deficiency, covariates of any size. Needs nothing but Python.
"""

import json
import math
import random
import sys
from pathlib import Path

chance = random.Random(20210101)


def whole(low, high):
    return chance.randint(low, high)


def values(n, ties=False):
    """Numbers of some size; with ties, few different ones."""
    if ties:
        return [float(whole(0, 5)) for _ in range(n)]
    scale = 10.0 ** whole(-3, 6)
    return [chance.gauss(0, 1) * scale for _ in range(n)]


def gaps(numbers, share):
    return [None if chance.random() < share else number for number in numbers]


def binomial(n, p):
    return sum(chance.random() < p for _ in range(n))


def wilson():
    yield from ({"x": x, "n": n} for x, n in [(0, 0), (3, 2), (0, 7), (7, 7), (0, 1), (1, 1), (1, 10**9), (5, 0)])
    yield {"x": None, "n": 4}
    yield {"x": 4, "n": None}
    yield {"x": 4, "n": 9, "confidence": 1}
    for _ in range(40):
        n = whole(1, 10 ** whole(1, 6))
        yield {"x": whole(0, n), "n": n, "confidence": chance.choice([0.5, 0.8, 0.95, 0.99, 0.998])}


def byar():
    yield from ({"observed": o, "expected": e} for o, e in [(0, 0), (5, 0), (0, 3), (1, 3), (103, 100), (2338, 1000.5)])
    yield {"observed": 1, "expected": 1, "confidence": 0.9999}
    yield {"observed": 10**6, "expected": 10}
    yield {"observed": None, "expected": 1}
    for _ in range(40):
        observed = whole(0, 10 ** whole(1, 5))
        expected = chance.uniform(0.3, 3) * max(observed, 1)
        yield {"observed": observed, "expected": expected, "confidence": chance.choice([0.8, 0.95, 0.998])}


def funnel():
    yield {"x": [], "n": []}
    yield {"x": [0, 0], "n": [4, 5]}
    yield {"x": [3, None], "n": [0, 5]}
    yield {"x": [4], "n": [9]}
    yield {"x": [4], "n": [9], "target": 0.2}
    yield {"x": [4, 5], "n": [9, 9], "target": 1}
    yield {"x": [5, 50, 10], "n": [10, 100, 20]}
    for place in range(60):
        units, p, spread = whole(2, 90), chance.random(), chance.choice([0, 0.1, 0.3])
        n = [chance.choice([0, 1, whole(2, 40), whole(10, 4000)]) for _ in range(units)]
        x = [binomial(people, min(1, max(0, chance.gauss(p, spread)))) for people in n]
        case = {"x": gaps(x, 0.05), "n": gaps(n, 0.05), "scale": ["score", "arcsine"][place % 2]}
        case["overdispersion"] = ["none", "multiplicative", "additive"][place % 3]
        if chance.random() < 0.4:
            case["winsor"] = chance.choice([0, 0.05, 0.1, 0.2])
        if chance.random() < 0.3:
            case["target"] = chance.uniform(0.05, 0.95)
        yield case


def spearman():
    yield {"x": [], "y": []}
    yield {"x": [1, 2], "y": [1, 2]}
    yield {"x": [1, 2, 3], "y": [1, 3, 2]}
    yield {"x": [1, 2, 3, 4], "y": [2, 2, 2, 2]}
    yield {"x": [1, 2, 3, 4, 5], "y": [2, 4, 8, 16, 32]}
    yield {"x": [1, 2, 3, 4, 5], "y": [9, 7, 5, 3, 1]}
    yield {"x": [1, None, 3, 4], "y": [None, 2, 3, 4]}
    for place in range(50):
        n = whole(3, 120)
        x, noise = values(n, place % 3 == 0), values(n, place % 4 == 0)
        y = [chance.choice([0, 0.5, 1]) * a + b for a, b in zip(x, noise)]
        yield {"x": gaps(x, 0.05), "y": gaps(y, 0.05)}


def mann_whitney():
    yield {"a": [], "b": [1]}
    yield {"a": [1], "b": []}
    yield {"a": [1], "b": [2]}
    yield {"a": [3, 3, 3], "b": [3, 3]}
    yield {"a": [0.1, 0.1], "b": [0.1]}
    yield {"a": [1, None], "b": [2]}
    yield {"a": list(range(20)), "b": [number + 0.5 for number in range(20)]}
    for place in range(50):
        ties = place % 2 == 0
        yield {"a": values(whole(1, 25), ties), "b": values(whole(1, 25), ties)}
    yield {"a": values(300), "b": values(170)}


def several_groups():
    yield {"groups": []}
    yield {"groups": [[1, 2], []]}
    yield {"groups": [[2, 2], [2, 2, 2]]}
    yield {"groups": [[1], [2]]}
    yield {"groups": [[1, None], [2, 3]]}
    yield {"groups": [[1, 2], [], [2, 3], [5]]}
    for place in range(50):
        ties = place % 2 == 0
        yield {"groups": [values(whole(0, 15), ties) for _ in range(whole(2, 6))]}


def cochran_armitage():
    yield {"x": [], "n": []}
    yield {"x": [0, 0], "n": [3, 4]}
    yield {"x": [3, 4], "n": [3, 4]}
    yield {"x": [1, 0], "n": [4, 0]}
    yield {"x": [1, None], "n": [4, 4]}
    yield {"x": [10, 15, 25], "n": [50, 50, 50]}
    yield {"x": [10, 0, 25], "n": [50, 0, 50]}
    for _ in range(45):
        n = [whole(1, 10 ** whole(1, 4)) for _ in range(whole(2, 8))]
        yield {"x": [whole(0, people) for people in n], "n": n}


def rows_of(count, covariates, slopes, spread, level=0.0, largest=400):
    rows = []
    for _ in range(count):
        row = {name: make() for name, make in covariates.items()}
        odds = level + sum(slope * row[name] for name, slope in slopes.items()) + chance.gauss(0, spread)
        den = whole(1, largest)
        rows.append({"num": binomial(den, 1 / (1 + math.exp(-odds))), "den": den} | row)
    return rows


def continuous(*names):
    return [{"name": name, "kind": "continuous"} for name in names]


def rescaled(rows, name, scale, shift=0.0):
    return [row | {name: (row[name] + shift) * scale} for row in rows]


LEVELS = ["none", "yearly", "2_to_6_months", "6_weeks"]


def governance(**more):
    return {"name": "governance", "kind": "categorical"} | more


def quasi_binomial():
    standard = {"staff": lambda: chance.gauss(0, 1), "share": chance.random}
    choices = {"governance": lambda: chance.choice(LEVELS), "region": lambda: chance.choice("ABCDEFG")}
    mixed = lambda count: rows_of(count, standard | choices, {"staff": 0.4, "share": -1}, 0.5)
    yield {"rows": [], "terms": []}
    yield {"rows": mixed(1), "terms": continuous("staff")}
    yield {"rows": mixed(2), "terms": continuous("staff")}
    yield {"rows": mixed(3), "terms": continuous("staff")}
    yield {"rows": [{"num": 5, "den": 10}, {"num": 50, "den": 100}, {"num": 9, "den": 18}], "terms": []}
    base = mixed(12)
    yield {"rows": [row | {"num": 0} for row in base], "terms": continuous("staff")}
    yield {"rows": [row | {"num": row["den"]} for row in base], "terms": continuous("staff")}
    yield {"rows": [row | {"level": 0.1} for row in base], "terms": continuous("staff", "level")}
    yield {"rows": [row | {"level": 0} for row in base], "terms": continuous("level")}
    for scale in (1, 1e7):
        double = [row | {"twice": row["staff"] * 2 * scale} for row in base]
        yield {"rows": double, "terms": continuous("staff", "twice")}
        third = [row | {"sum": row["staff"] * scale + row["share"]} for row in base]
        yield {"rows": rescaled(third, "staff", scale), "terms": continuous("staff", "share", "sum")}
    # Complete separation, quasi-complete separation, and one level that nobody counts in.
    yield {"rows": [row | {"num": row["den"] if row["staff"] > 0 else 0} for row in base], "terms": continuous("staff")}
    apart = [{"num": 0, "den": 9, "x": x} for x in (1, 2, 3)] + [{"num": 9, "den": 9, "x": x} for x in (4, 5)]
    yield {"rows": apart + [{"num": 4, "den": 9, "x": 3.5}], "terms": continuous("x")}
    yield {"rows": rescaled(apart, "x", 1e7), "terms": continuous("x")}
    alone = [row | {"only": "yes" if place == 3 else "no"} for place, row in enumerate(base)]
    alone[3]["num"] = 0
    yield {"rows": alone, "terms": [{"name": "only", "kind": "categorical"}]}
    yield {"rows": base, "terms": [governance(levels=[*LEVELS, "never_seen"])]}
    yield {"rows": mixed(20), "terms": [governance(), *continuous("staff")], "cluster": "governance"}
    for place in range(70):
        rows = mixed(whole(14, 90))
        terms = [continuous("staff"), continuous("staff", "share"), [governance()], [*continuous("share"), governance()]]
        case = {"terms": terms[place % 4]}
        if place % 4 == 2:
            case["terms"] = [governance(levels=LEVELS, reference=chance.choice(LEVELS))]
        if place % 3 == 0:
            rows = rescaled(rows, "staff", chance.choice([1e-7, 1e3, 1e7]), chance.choice([0, 3, 40]))
        if place % 5 == 0:
            rows = [row | {name: None} if chance.random() < 0.1 else row for row in rows for name in [chance.choice(list(row))]]
            rows += [{"num": 0, "den": 0} | {name: row[name] for name in (*standard, *choices)} for row in rows[:2]]
        if place % 2 == 0:
            case["cluster"] = "region"
        yield {"rows": rows} | case
    # So few people that separation and collinearity are as likely as not.
    for _ in range(60):
        coarse = {"x": lambda: whole(0, 4), "y": lambda: whole(0, 2), "governance": lambda: chance.choice(LEVELS[:2])}
        rows = rows_of(whole(4, 14), coarse, {"x": 0.8}, 0.5, -1.5, 3)
        terms = chance.choice([continuous("x"), continuous("x", "y"), [*continuous("y"), governance()]])
        yield {"rows": rescaled(rows, "x", chance.choice([1, 1e7])), "terms": terms}
    # Rare outcomes, small denominators, and wide ones.
    for place in range(10):
        largest, level = chance.choice([(3, 0), (5000, -5), (5000, 4)])
        yield {
            "rows": rows_of(60, standard, {"staff": 0.3}, 0.2, level, largest),
            "terms": continuous("staff", "share"),
        }


def benjamini_hochberg():
    yield {"p": []}
    yield {"p": [None, None]}
    yield {"p": [0, 1, 0.5]}
    yield {"p": [0.2] * 5}
    for _ in range(30):
        yield {"p": gaps([chance.random() ** whole(1, 6) for _ in range(whole(1, 80))], 0.1)}


def months(n, share):
    start, drift = chance.uniform(20, 80), chance.choice([0, 0, 1.5])
    return gaps([start + drift * month + chance.gauss(0, 6) for month in range(n)], share)


def xmr():
    yield {"y": []}
    yield {"y": [3]}
    yield {"y": [3, None]}
    yield {"y": [3, None, 4]}
    yield {"y": [0.1] * 9}
    yield {"y": [0.1] * 9, "screen": True}
    yield {"y": [5, 6, 5, 6, 5, 6, 60, 61, 60, 61], "screen": True}
    yield {"y": [1, 1, 1, 2, 1, 1, 1, 1, 3, 3, 3, 3, 3, 3, 3]}
    for place in range(40):
        y = months(whole(2, 48), chance.choice([0, 0.1]))
        if place % 3 == 0:
            y = [None if value is None else round(value / 5) for value in y]
        yield {"y": y} | chance.choice([{}, {"screen": True}, {"constant": 3}])


def run_chart():
    yield {"y": []}
    yield {"y": [None]}
    yield {"y": [4]}
    yield {"y": [4] * 8}
    yield {"y": [1, 2]}
    for place in range(45):
        y = months(whole(3, 60), chance.choice([0, 0.15]))
        if place % 2 == 0:
            y = [None if value is None else round(value / 5) for value in y]
        yield {"y": y} | chance.choice([{}, {"shift_length": 8, "trend_length": 6}])


def quantiles():
    yield {"v": []}
    yield {"v": [3]}
    yield {"v": [0.1, 0.1, 0.1]}
    yield {"v": [1, None]}
    for place in range(35):
        yield {"v": values(whole(1, 90), place % 3 == 0)} | chance.choice([{}, {"probs": [0.01, 1 / 3, 0.5, 0.998]}])


def percentile_rank():
    yield {"v": []}
    yield {"v": [None, 3]}
    for place in range(35):
        v = gaps(values(whole(1, 80), place % 2 == 0), 0.05)
        yield {"v": v} | chance.choice([{}, {"higher_is_better": True}, {"higher_is_better": False}])


def ros_gap():
    yield {}
    yield {"population": 0, "nurse_wte": 1}
    yield {"population": 494945, "nurse_wte": 1.59, "administrator_wte": 0.45}
    yield {"population": 92000, "nurse_wte": 2, "administrator_wte": 1.15}
    for _ in range(30):
        case = {"population": whole(20_000, 900_000), "nurse_wte": whole(0, 2000) / 100}
        yield case | {"administrator_wte": chance.choice([None, whole(0, 800) / 100])}


def wisn():
    yield {}
    yield {"services": [], "current": 1}
    yield {"services": [{"minutes": 0, "volume": 5}]}
    yield {"services": [{"minutes": 5, "volume": None}]}
    yield {"services": [], "category_percent": [60, 40]}
    yield {"services": [], "annual_leave": 300}
    yield {"services": [], "weeks": None}
    for _ in range(35):
        case = {
            "services": [{"minutes": whole(1, 120), "volume": whole(0, 9000)} for _ in range(whole(0, 6))],
            "category_percent": [whole(0, 400) / 10 for _ in range(whole(0, 2))],
            "individual_hours": [whole(0, 4000) / 10 for _ in range(whole(0, 3))],
            "current": chance.choice([None, whole(0, 900) / 100]),
        }
        yield case | chance.choice([{}, {"weeks": 50, "annual_leave": 27}, {"hours_per_day": 8, "days_per_week": 4.5}])


METHODS = {
    "wilson": wilson, "byar": byar, "funnel": funnel, "spearman": spearman, "mann_whitney": mann_whitney,
    "kruskal_wallis": several_groups, "jonckheere": several_groups, "cochran_armitage": cochran_armitage,
    "quasi_binomial": quasi_binomial, "benjamini_hochberg": benjamini_hochberg, "xmr": xmr, "run_chart": run_chart,
    "quantiles": quantiles, "percentile_rank": percentile_rank, "ros_gap": ros_gap, "wisn": wisn,
}

if __name__ == "__main__":
    for name, make in METHODS.items():
        Path(sys.argv[1], f"{name}.json").write_text(json.dumps(list(make())), encoding="utf-8")
