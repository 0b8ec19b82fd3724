#!/usr/bin/env python3
"""SciPy and statsmodels as the judges of `facilities-audit statistics`.

    judge.py DIR    DIR/METHOD.json holds the inputs (cases.py), DIR/METHOD.out.json what the program printed

Every field of every answer is judged: by a library's own function where one exists, otherwise by the formula written
out plainly. Closed forms must agree to 1e-9, models to 1e-6. Exit status 0: agreed; 1: not, with each difference.
"""

import json
import math
import sys
import warnings
from fractions import Fraction
from pathlib import Path

import numpy as np
import statsmodels.api as sm
from scipy import stats
from scipy.optimize import linprog
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from verdict import Judge

CLOSED, MODEL = 1e-9, 1e-6
Z95, Z998 = 1.959964, 3.090232


judge = Judge()


def refused(found, name):
    judge.same("error", found.get("error"), name)


def missing(*lists):
    return any(value is None for values in lists for value in values)


def wilson(case, found):
    x, n, confidence = case["x"], case["n"], case.get("confidence", 0.95)
    if missing([x, n]):
        return refused(found, "missing")
    if confidence >= 1:
        return refused(found, "confidence_out_of_range")
    if n == 0:
        return refused(found, "zero_denominator")
    if x > n:
        return refused(found, "numerator_exceeds_denominator")
    lower, upper = proportion_confint(x, n, 1 - confidence, "wilson")
    judge.answer(found, {"p": x / n, "lower": lower if x else 0.0, "upper": upper if x < n else 1.0})
    if (x == 0 and found["lower"] != 0) or (x == n and found["upper"] != 1):
        judge.differ("ends", found, "exact")


def byar(case, found):
    observed, expected, confidence = case["observed"], case["expected"], case.get("confidence", 0.95)
    if missing([observed, expected]):
        return refused(found, "missing")
    if expected == 0:
        return refused(found, "zero_denominator")
    tail = (1 - confidence) / 2
    z = stats.norm.isf(tail)
    lower = observed and observed * max(0, 1 - 1 / (9 * observed) - z / 3 / observed**0.5) ** 3
    upper = (observed + 1) * (1 - 1 / (9 * (observed + 1)) + z / 3 / (observed + 1) ** 0.5) ** 3
    exact_lower = stats.gamma.ppf(tail, observed) if observed else 0.0
    exact_upper = stats.gamma.isf(tail, observed + 1)
    judge.answer(found, {
        "ratio": observed / expected, "lower": lower / expected, "upper": upper / expected,
        "exact_lower": exact_lower / expected, "exact_upper": exact_upper / expected,
    })


def funnel(case, found):
    units = [
        place for place, (x, n) in enumerate(zip(case["x"], case["n"])) if x is not None and n is not None and n > 0
    ]
    if not units:
        return refused(found, "no_units")
    x, n = (np.array([case[name][place] for place in units], float) for name in ("x", "n"))
    target = case.get("target", x.sum() / n.sum())
    if not 0 < target < 1:
        return refused(found, "degenerate_target")
    if case.get("scale", "arcsine") == "score":
        y, y0, s = x / n, target, np.sqrt(target * (1 - target) / n)
        back = lambda limit: np.clip(limit, 0, 1)
    else:
        y, y0, s = np.arcsin(np.sqrt(x / n)), math.asin(target**0.5), 1 / (2 * np.sqrt(n))
        back = lambda angle: np.sin(np.clip(angle, 0, math.pi / 2)) ** 2
    z = (y - y0) / s
    winsor = case.get("winsor", 0.1)
    phi = np.mean(np.clip(z, np.quantile(z, winsor), np.quantile(z, 1 - winsor)) ** 2)
    w, i = s**-2, len(units)
    tau2 = max(0, (i * phi - (i - 1)) / (w.sum() - (w**2).sum() / w.sum())) if i > 1 else 0
    wide = {"none": s, "multiplicative": s * max(1, phi) ** 0.5, "additive": np.sqrt(s**2 + tau2)}
    wide = wide[case.get("overdispersion", "additive")]
    limits = {f"lower{name}": back(y0 - factor * wide) for name, factor in (("95", Z95), ("998", Z998))}
    limits |= {f"upper{name}": back(y0 + factor * wide) for name, factor in (("95", Z95), ("998", Z998))}
    p = x / n

    def band(place):
        for name in ("998", "95"):
            if p[place] > limits[f"upper{name}"][place] + 1e-12:
                return f"high_{name}"
            if p[place] < limits[f"lower{name}"][place] - 1e-12:
                return f"low_{name}"
        return "within"

    lists = {"z": z, "z_adj": (y - y0) / wide, "band": [band(place) for place in range(i)]} | limits
    expected = {"target": target, "units": i, "phi": phi, "phi_used": max(1, phi), "tau2": tau2}
    for name, some in lists.items():
        expected[name] = [None] * len(case["x"])
        for place, value in zip(units, some):
            expected[name][place] = value
    judge.answer(found, expected)


def spearman(case, found):
    pairs = [(x, y) for x, y in zip(case["x"], case["y"]) if x is not None and y is not None]
    n = len(pairs)
    if n < 3:
        return refused(found, "too_few_pairs")
    x, y = zip(*pairs)
    if len(set(x)) == 1 or len(set(y)) == 1:
        return refused(found, "zero_variance")
    rho, p = stats.spearmanr(x, y)
    # SciPy's product of two vectors of length 1 may miss 1 by rounding.
    perfect = abs(rho) > 1 - 1e-14
    rho = round(rho) if perfect else rho

    def interval(factor):
        if n < 4 or perfect:
            return None
        half = stats.norm.ppf(0.975) * math.sqrt(factor / (n - 3))
        return [math.tanh(math.atanh(rho) - half), math.tanh(math.atanh(rho) + half)]

    judge.answer(found, {
        "n": n, "rho": rho, "df": n - 2, "p": 0.0 if perfect else p,
        "t": None if perfect else rho * math.sqrt((n - 2) / (1 - rho * rho)),
        "ci_fisher": interval(1), "ci_fieller": interval(1.06), "ci_bonett_wright": interval(1 + rho * rho / 2),
    })


def mann_whitney(case, found):
    a, b = case["a"], case["b"]
    if missing(a, b):
        return refused(found, "missing")
    if not a or not b:
        return refused(found, "empty_group")
    n1, n2, both = len(a), len(b), a + b
    u1 = sum((x > y) + (x == y) / 2 for x in a for y in b)
    expected = {
        "n1": n1, "n2": n2, "U1": u1, "U2": n1 * n2 - u1, "cles": u1 / (n1 * n2),
        "rank_biserial": 2 * u1 / (n1 * n2) - 1, "median1": np.median(a), "median2": np.median(b),
        "hodges_lehmann": np.median(np.subtract.outer(a, b)), "z": None, "z_cc": None, "p": 1.0, "p_cc": 1.0,
        "p_exact": None,
    }
    if len(set(both)) > 1:
        test = lambda **how: stats.mannwhitneyu(a, b, **how).pvalue
        expected["p"] = test(method="asymptotic", use_continuity=False)
        expected["p_cc"] = test(method="asymptotic", use_continuity=True)
        tie = stats.tiecorrect(stats.rankdata(both))
        sigma = math.sqrt(tie * n1 * n2 * (n1 + n2 + 1) / 12)
        off = u1 - n1 * n2 / 2
        expected["z"], expected["z_cc"] = off / sigma, np.sign(off) * max(0, abs(off) - 0.5) / sigma
        if len(set(both)) == len(both) and n1 * n2 <= 400:
            expected["p_exact"] = test(method="exact")
    judge.answer(found, expected)


def groups_of(case, found):
    if any(missing(group) for group in case["groups"]):
        return refused(found, "missing")
    groups = [group for group in case["groups"] if group]
    return groups if len(groups) > 1 else refused(found, "fewer_than_two_groups")


def kruskal_wallis(case, found):
    if not (groups := groups_of(case, found)):
        return
    both = sum(groups, [])
    expected = {"k": len(groups), "n": len(both), "df": len(groups) - 1, "H": None, "p": 1.0, "epsilon2": None}
    expected["tie_correction"] = stats.tiecorrect(stats.rankdata(both)) if len(set(both)) > 1 else 0.0
    if len(set(both)) > 1:
        h, p = stats.kruskal(*groups)
        expected |= {"H": h, "p": p, "epsilon2": h / (len(both) - 1)}
    judge.answer(found, expected)


def jonckheere(case, found):
    """Kendall's S between a value and the number of its group is 2J − 2·mean, and its variance four times J's."""
    if not (groups := groups_of(case, found)):
        return
    n, both = sum(map(len, groups)), sum(groups, [])
    j = sum(
        (y > x) + (y == x) / 2
        for place, earlier in enumerate(groups) for later in groups[place + 1:] for x in earlier for y in later
    )
    mean = (n * n - sum(len(group) ** 2 for group in groups)) / 4
    expected = {"k": len(groups), "n": n, "J": j, "mean": mean, "var": 0.0, "z": None, "p": 1.0}
    if len(set(both)) > 1:
        if n > 2:
            numbers = [place for place, group in enumerate(groups) for _ in group]
            expected["p"] = stats.kendalltau(numbers, both, method="asymptotic").pvalue
        else:
            expected["p"] = 2 * stats.norm.sf(1.0)
        # The p value fixes |z|, and with J the variance.
        z = np.sign(j - mean) * stats.norm.isf(expected["p"] / 2)
        expected["z"] = z
        expected["var"] = ((j - mean) / z) ** 2 if abs(z) > 1e-3 else found["var"]
    judge.answer(found, expected)


def cochran_armitage(case, found):
    """N times the squared correlation between the score and the outcome of single people."""
    x, n = case["x"], case["n"]
    if missing(x, n):
        return refused(found, "missing")
    total, cases = sum(n), sum(x)
    if total == 0 or sum(people > 0 for people in n) < 2 or cases in (0, total):
        return refused(found, "degenerate")
    scores = range(1, len(n) + 1)
    average = lambda terms: Fraction(sum(terms), total)
    score = average(s * people for s, people in zip(scores, n))
    both = average(s * some for s, some in zip(scores, x)) - score * average(x)
    spread = average(s * s * people for s, people in zip(scores, n)) - score**2
    r2 = both**2 / (spread * average(x) * (1 - average(x)))
    chi2 = float(total * r2)
    z = math.copysign(math.sqrt(chi2), both)
    judge.answer(found, {"chi2": chi2, "z": z, "p": stats.chi2.sf(chi2, 1)})


def separated(design, num, den):
    """Whether some direction tells outcomes for certain: up where all count, down where none do, level elsewhere."""
    design = design / np.abs(design).max(axis=0)
    full, none = num == den, num == 0
    sides = np.vstack([-design[full], design[none]])
    level = design[~(full | none)]
    goal = sides.sum(axis=0)
    found = linprog(
        goal, A_ub=sides if len(sides) else None, b_ub=np.zeros(len(sides)) if len(sides) else None,
        A_eq=level if len(level) else None, b_eq=np.zeros(len(level)) if len(level) else None, bounds=(-1, 1),
    )
    return found.fun is not None and found.fun < -1e-7


def quasi_binomial(case, found):
    names = [term["name"] for term in case["terms"]]
    levels = {term["name"]: term["levels"] for term in case["terms"] if "levels" in term}
    needed = [*names, *([case["cluster"]] if case.get("cluster") else [])]

    def usable(row):
        given = all(row.get(name) is not None for name in ("num", "den", *needed)) and row["den"] > 0
        return given and all(row[name] in levels[name] for name in levels)

    used = [row for row in case["rows"] if usable(row)]
    column = lambda name: np.array([row[name] for row in used])
    columns, scales = {"(intercept)": np.ones(len(used))}, [1.0]
    for term in case["terms"]:
        name = term["name"]
        if term["kind"] == "continuous":
            columns[name] = column(name).astype(float)
            scales.append(np.abs(columns[name]).max(initial=0) or 1.0)
            continue
        declared = term.get("levels") or sorted(set(column(name)))
        reference = term.get("reference", declared[0] if declared else None)
        for level in declared:
            if level != reference:
                columns[f"{name}={level}"] = (column(name) == level).astype(float)
                scales.append(1.0)
    n, p = len(used), len(columns)
    for name, value in {"n_used": n, "n_dropped": len(case["rows"]) - n, "names": list(columns)}.items():
        judge.same(name, found[name], value)

    def status():
        if n <= p:
            return "insufficient_df"
        apart = [design[:, place] - design[:, place].mean() for place in range(1, p)]
        lengths = [np.linalg.norm(one) for one in apart]
        if any(length < 1e-12 for length in lengths):
            return "rank_deficient"
        if apart and np.linalg.svd(np.column_stack([a / b for a, b in zip(apart, lengths)]))[1].min() < 1e-10:
            return "rank_deficient"
        return "separation" if separated(design, num, den) else "ok"

    scales = np.array(scales)
    design = np.column_stack(list(columns.values())) / scales
    num, den = column("num").astype(float), column("den").astype(float)
    expected = status()
    judge.same("status", found["status"], expected)
    estimates = set(found) - {"status", "n_used", "n_dropped", "names"}
    if expected != "ok" or found["status"] != "ok":
        return [judge.same(name, found[name], None) for name in estimates]

    # Proportions with n as their weight: a response of two columns would leave n out of the dispersion.
    model = sm.GLM(num / den, design, family=sm.families.Binomial(), var_weights=den)
    fit = lambda **how: model.fit(tol=1e-12, tol_criterion="params", maxiter=200, **how)
    plain = fit(scale=1.0)
    coef, se_binomial = plain.params / scales, plain.bse / scales
    seen = {"coef": (coef, se_binomial), "fitted": (plain.fittedvalues, 1e-4), "df_resid": (n - p, 1)}
    seen |= {"se_binomial": (se_binomial, 0), "pearson_chi2": (plain.pearson_chi2, 1e-6)}
    seen |= {"deviance": (plain.deviance, 1e-6), "dispersion": (plain.pearson_chi2 / (n - p), 1e-6)}
    if plain.pearson_chi2 < 1e-20:
        seen |= {name: ([None] * p, 1) for name in ("se", "t", "p_t", "ci_t")}
    else:
        quasi = fit(scale="X2")
        t, se = quasi.tvalues, quasi.bse / scales
        half = stats.t.ppf(0.975, n - p) * se
        seen |= {"se": (se, 0), "t": (t, 1e-3), "p_t": (2 * stats.t.sf(np.abs(t), n - p), 1e-250)}
        seen["ci_t"] = (np.column_stack([coef - half, coef + half]), se)
    with np.errstate(over="ignore"):
        ratio = np.exp(coef)
    seen["odds_ratio"] = ([value if math.isfinite(value) else None for value in ratio], 1e-100)
    if case.get("cluster"):
        code = np.unique(column(case["cluster"]), return_inverse=True)[1]
        groups = len(set(code))
        sandwich = lambda corrected: fit(
            cov_type="cluster", cov_kwds={"groups": code, "use_correction": corrected}
        ).bse / scales
        # Where a cluster has a column of its own, its scores sum to nothing but rounding.
        shown = lambda errors: [value if value > 1e-12 * size else None for value, size in zip(errors, se_binomial)]
        seen["clusters"] = (groups, 1)
        seen["se_cluster_cr0"] = (shown(sandwich(False)), 0)
        seen["se_cluster_cr1"] = (shown(sandwich(True)), 0)
    if set(seen) != estimates:
        return judge.differ("fields", sorted(found), sorted(seen))
    for name, (value, size) in seen.items():
        judge.same(name, found[name], value, size)


def benjamini_hochberg(case, found):
    p = [value for value in case["p"] if value is not None]
    q = iter(multipletests(p, method="fdr_bh")[1]) if p else iter([])
    judge.answer(found, {"q": [None if value is None else next(q) for value in case["p"]]})


def xmr(case, found):
    y, constant = case["y"], case.get("constant", 2.66)
    there = [value for value in y if value is not None]
    if len(there) < 2:
        return refused(found, "too_few_points")
    step = lambda place: None if missing(y[place:place + 2]) else y[place + 1] - y[place]
    steps = [step(place) for place in range(len(y) - 1)]
    ranges = [abs(value) for value in steps if value is not None]
    if not ranges:
        return refused(found, "no_moving_range")
    amr = np.mean(ranges)
    if case.get("screen") and amr > 0:
        ranges = [value for value in ranges if value < 3.267 * amr]
        amr = np.mean(ranges)
    mean, limit = np.mean(there), constant * amr
    on = 1e-12 * max(map(abs, there))
    side = [0 if value is None or abs(value - mean) <= on else int(np.sign(value - mean)) for value in y]
    far = [None if value is None else abs(value - mean) for value in y]
    outside = [distance is not None and distance > limit + on for distance in far]
    zone = [
        s if distance is not None and 2 / 3 * limit + on < distance and not out else 0
        for s, distance, out in zip(side, far, outside)
    ]
    every = range(len(y))
    windows = lambda place, length: [
        range(start, start + length)
        for start in range(max(0, place - length + 1), min(place, len(y) - length) + 1)
    ]
    moves = lambda window: {None if steps[at] is None else np.sign(steps[at]) for at in list(window)[:-1]}
    judge.answer(found, {
        "n": len(there), "mean": mean, "amr": amr, "mr_used": len(ranges), "lpl": mean - limit, "upl": mean + limit,
        "outside": outside,
        "shift7": [any({side[at] for at in window} in ({1}, {-1}) for window in windows(place, 7)) for place in every],
        "trend7": [any(moves(window) in ({1.0}, {-1.0}) for window in windows(place, 7)) for place in every],
        "two_of_three": [
            zone[place] != 0 and any(sum(zone[at] == zone[place] for at in window) > 1 for window in windows(place, 3))
            for place in every
        ],
    })


def longest_of(items):
    best = run = 0
    for place, item in enumerate(items):
        run = run + 1 if place and items[place - 1] == item else 1
        best = max(best, run)
    return best


def run_chart(case, found):
    y = [value for value in case["y"] if value is not None]
    if not y:
        return refused(found, "no_data")
    median = np.median(y)
    side = [value > median for value in y if value != median]
    useful, crossings = len(side), sum(a != b for a, b in zip(side, side[1:]))
    distinct = [value for place, value in enumerate(y) if place == 0 or value != y[place - 1]]
    longest_run = longest_of(side)
    trend = longest_of([b > a for a, b in zip(distinct, distinct[1:])]) + 1
    most = round(math.log2(useful)) + 3 if useful else None
    least = int(stats.binom.ppf(0.05, useful - 1, 0.5)) if useful > 1 else 0 if useful else None
    judge.answer(found, {
        "n": len(y), "median": median, "useful": useful, "runs": crossings + 1 if useful else 0,
        "crossings": crossings, "longest_run": longest_run, "longest_trend": trend,
        "shift": longest_run >= case.get("shift_length", 6), "trend": trend >= case.get("trend_length", 5),
        "anhoej_longest_max": most, "anhoej_crossings_min": least,
        "anhoej_signal": bool(useful) and (longest_run > most or crossings < least),
    })


def quantiles(case, found):
    v, probs = case["v"], case.get("probs", [0, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 1])
    if missing(v):
        return refused(found, "missing")
    if not v:
        return refused(found, "no_data")
    judge.answer(found, {repr(q): value for q, value in zip(probs, np.quantile(v, probs))})


def percentile_rank(case, found):
    v = np.array([value for value in case["v"] if value is not None]) * (1 if case.get("higher_is_better", True) else -1)
    ranks = iter([stats.percentileofscore(v, value, kind="mean") for value in v])
    judge.answer(found, {"rank": [None if value is None else next(ranks) for value in case["v"]]})


def ros_gap(case, found):
    people = case.get("population")
    status = "population_missing" if people is None else "ok" if people > 0 else "population_not_positive"
    expected = {"status": status}
    for who, per in (("nurse", 1), ("administrator", Fraction(1, 2))):
        low, high = (Fraction(people) / end * per if status == "ok" else None for end in (46_000, 40_000))
        wte = None if case.get(f"{who}_wte") is None else Fraction(str(case[f"{who}_wte"]))
        known = low is not None and wte is not None
        position = "missing" if not known else "below" if wte < low else "meets" if wte >= high else "within"
        figures = {
            "need_low": low, "need_high": high, "gap_low": low - wte if known else None,
            "gap_high": high - wte if known else None, "cover_low": wte / high if known else None,
            "cover_high": wte / low if known else None,
        }
        expected |= {f"{who}_{name}": None if value is None else float(value) for name, value in figures.items()}
        expected[f"{who}_position"] = position
        expected[f"people_per_{who}"] = float(people / wte) if known and wte else None
    judge.answer(found, expected)


def wisn(case, found):
    exact = lambda value: Fraction(str(value))
    year = {"weeks": 52, "days_per_week": 5, "hours_per_day": 7.5, "public_holidays": 8, "annual_leave": 33, "sick": 10}
    year = {name: case.get(name, usual) for name, usual in (year | {"other": 5}).items()}
    services = case.get("services")
    if services is None or missing(year.values()) or any(missing(work.values()) for work in services):
        return refused(found, "missing")
    year = {name: exact(value) for name, value in year.items()}
    absent = sum(year[name] for name in ("public_holidays", "annual_leave", "sick", "other"))
    days = year["weeks"] * year["days_per_week"] - absent
    hours = days * year["hours_per_day"]
    if hours <= 0:
        return refused(found, "no_available_time")
    percent = sum(map(exact, case.get("category_percent", [])))
    if percent >= 100:
        return refused(found, "category_allowance_ge_100")
    if any(work["minutes"] <= 0 for work in services):
        return refused(found, "activity_standard_not_positive")
    standard = [hours * 60 / work["minutes"] for work in services]
    staff = [work["volume"] / one for work, one in zip(services, standard)]
    caf, iaf = 1 / (1 - percent / 100), sum(map(exact, case.get("individual_hours", []))) / hours
    required, current = sum(staff) * caf + iaf, case.get("current")
    judge.answer(found, {
        "awt_days": float(days), "awt_hours": float(hours), "service_staff": float(sum(staff)), "caf": float(caf),
        "components": [{"standard_workload": float(a), "staff": float(b)} for a, b in zip(standard, staff)],
        "iaf": float(iaf), "required": float(required),
        "difference": None if current is None else float(exact(current) - required),
        "ratio": None if current is None or not required else float(exact(current) / required),
    })


def main():
    warnings.simplefilter("ignore")
    folder, cases = Path(sys.argv[1]), 0
    read = lambda name: json.loads((folder / name).read_text(encoding="utf-8"))
    for judged in (
        wilson, byar, funnel, spearman, mann_whitney, kruskal_wallis, jonckheere, cochran_armitage, quasi_binomial,
        benjamini_hochberg, xmr, run_chart, quantiles, percentile_rank, ros_gap, wisn,
    ):
        name = judged.__name__
        inputs, outputs = read(f"{name}.json"), read(f"{name}.out.json")
        judge.method, judge.tolerance = name, MODEL if name == "quasi_binomial" else CLOSED
        if len(inputs) != len(outputs):
            judge.differ("answers", len(outputs), len(inputs))
        for judge.place, (case, found) in enumerate(zip(inputs, outputs)):
            judged(case, found)
        cases += len(inputs)
        print(f"{name}: {len(inputs)} cases, {judge.figures.get(name, 0)} figures, worst {judge.worst.get(name, 0):.1e}")
    print(f"{cases} cases, {len(judge.differences)} differences")
    for difference in judge.differences[:40]:
        print(difference)
    sys.exit(bool(judge.differences))


if __name__ == "__main__":
    main()
