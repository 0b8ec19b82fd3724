#!/usr/bin/env python3
"""Times one quasi-binomial fit of 10,000 rows and 12 columns beside statsmodels, in one run.

    target/tests-venv/bin/python benches/quasi_binomial.py [CARGO BENCH OPTION ...]
"""

import json
import subprocess
import sys
import time

import numpy as np
import statsmodels.api as sm

ROWS, COLUMNS, FITS = 10_000, 12, 20

chance = np.random.default_rng(20210101)
covariates = chance.normal(size=(ROWS, COLUMNS - 1)) * 10.0 ** np.arange(-4, COLUMNS - 5)
odds = covariates / np.abs(covariates).max(axis=0) @ chance.normal(size=COLUMNS - 1)
den = chance.integers(1, 400, ROWS)
num = chance.binomial(den, 1 / (1 + np.exp(-odds + chance.normal(0, 0.5, ROWS))))

given = json.dumps({"num": num.tolist(), "den": den.tolist(), "covariates": covariates.T.tolist()})
command = ["cargo", "bench", "--quiet", "--bench", "quasi_binomial", *sys.argv[1:]]
ours = json.loads(subprocess.run(command, input=given, capture_output=True, text=True, check=True).stdout)

design, theirs = sm.add_constant(covariates), []
for _ in range(FITS):
    began = time.perf_counter()
    model = sm.GLM(num / den, design, family=sm.families.Binomial(), var_weights=den).fit(scale="X2")
    theirs.append((time.perf_counter() - began) * 1000)

apart = np.max(np.abs(np.array(ours["coef"]) - model.params) / model.bse)
for name, times in (("facilities-audit", ours["milliseconds"]), ("statsmodels", theirs)):
    print(f"{name:17} median {np.median(times):6.1f} ms, slowest {max(times):6.1f} ms")
print(f"coefficients differ by at most {apart:.1e} standard errors")
