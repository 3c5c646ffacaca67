# ---
# jupyter:
#   jupytext:
#     formats: ipynb,text//py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 8. Data, calibration, validation
#
# Where do the numbers in the model come from, which of them can data tell, and what does it mean that a model fits? This
# notebook sets the model beside published figures, beside a *rival* that lacks one mechanism, and fits two parameters to
# data whose truth is known.
#
# **When you have worked through this notebook, you can**
#
# - say of a figure whether it was fitted, held back or built in, and why that matters;
# - use a rival to find out what a figure is evidence for;
# - calibrate, and read a plausibility region: identified, not identified, pressing against its range;
# - state what no data here can validate.
#
# *Time:* 75 minutes; the cells take about two minutes on two cores. *You need:* notebooks
# [2](02_compare_policies.ipynb) and [6](06_sweeps_and_sign_maps.ipynb).

# %%
import tempfile
from pathlib import Path

import pandas as pd

import gongzhi
from experiments.analyses.validation.targets import Target, shipped
from experiments.presets.questions import rivals

pd.set_option("display.max_colwidth", 70)
quiet = gongzhi.Execution(progress=False)
folder = Path(tempfile.mkdtemp())  # results of your own belong into a folder that stays, such as results/mine
small = {"district.estates": 40, "run.warmup": 26, "run.weeks": 78}

# %% [markdown]
# ## The data
#
# Published figures with the interval in which the model ought to lie. *Fitted* means that parameters were chosen by the
# figure; *held back*, that they were not; *built in*, that the model was given the number itself.

# %%
targets = shipped()
rows = {name: (target.kind, target.low, target.high, target.unit, target.source) for name, target in targets.items()}
data = pd.DataFrame.from_dict(rows, orient="index", columns=["kind", "low", "high", "unit", "source"])
print(data.kind.value_counts().to_string())
data.iloc[:14]

# %% [markdown]
# ## The model beside the data, and beside a rival
#
# The data are of one district and one year, so their counterpart is *one further run* of one year. The rival has no lasting
# differences between estates. It is fitted again before it is judged, as the model was: a rival that is not given its best
# chance proves nothing.

# %%
validated = gongzhi.validate(
    {"no heterogeneity": rivals()["no heterogeneity"]},
    targets,
    pilots=1,
    replicates=4,
    scenario=small,
    out=folder / "validation",
    execution=quiet,
)
validated.figure()

# %%
for finding in validated.findings:
    print("-", finding.text())

# %% [markdown]
# With 40 estates one further run scatters widely, and most figures *overlap*: neither met nor missed. On the whole district
# the same command decides more ([its page](../docs/validation.md)). What can be seen even here is which figure tells the
# model from its rival, and that several figures that were held back are missed. A report that lists only what fits is no
# validation.
#
# ## Calibration, to a truth that is known
#
# Before a method is trusted with data, it is tried where the answer is known. One run of the model itself is taken for the
# data: the share of cases about noise, and the median reply in days. Two parameters are then treated as unknown.

# %%
runs = validated.runs.query("arm == 'model'")
figures = ["share noise", "reply"]
spread = runs[figures].std()
one_year = runs[figures].iloc[0]
known = {
    name: Target(one_year[name], *(one_year[name] + 2 * spread[name] * end for end in (-1, 1))) for name in figures
}
truth = {name: gongzhi.Scenario(small).get(name) for name in ("incidents.rate_noise", "desks.meeting")}
print("data: ", {name: f"{target.low:.3g} to {target.high:.3g}" for name, target in known.items()})
print("truth:", truth)

# %%
calibrated = gongzhi.calibrate(
    known,
    dict.fromkeys(truth, "declared"),
    changes=small,
    points=12,
    waves=2,
    checks=8,
    out=folder / "calibration",
    execution=quiet,
)
columns = ["parameter", "prior_low", "prior_high", "ci_low", "ci_high", "narrower", "best", "identified"]
summary = calibrated.summary[columns].assign(truth=list(truth.values()))
summary.round(3)

# %%
for finding in calibrated.findings:
    print("-", finding.text())

# %%
calibrated.figure("posterior")

# %% [markdown]
# A few points are run, a Gaussian process stands in for the model between them, and what cannot have made the data is
# ruled out, wave by wave. The rest is a *plausibility region*. Where it is hardly narrower than the range, the data do not
# identify the parameter, and no cleverness will.
#
# ## What no data here can validate
#
# The number and kinds of complaints, the time of replies and what people do about a quarrel are fitted to data. **The
# effect of a branch is not**: no open data link branches to disputes. A model that fits all complaints of a city could still
# be wrong about branches. What would help is a district that introduces branches in a random order, and a table of disputes
# by estate, week and category:
#
# ```sh
# gongzhi validate --district estates.csv --observed disputes.csv
# gongzhi calibrate --district estates.csv --observed disputes.csv
# ```
#
# ## Exercises
#
# 1. **Kinds of evidence.** How many of the fitted figures, and how many of those that were held back, lie *inside* for the
#    model (`validated.verdicts`)? Which of the two numbers says more, and why?
# 2. **The truth.** Does the plausibility region (`ci_low` to `ci_high`) contain the truth for both parameters? May it fail
#    to, and how often?
# 3. **One figure too few.** Calibrate again with the share of noise alone. What becomes of `desks.meeting`?
# 4. **A sentence.** Write the paragraph "validation" of a report to a district, in three sentences, without the word
#    "validated".

# %% tags=["solution", "hide-cell"]
# Solution 1. Figures that were held back had the chance to fail.
verdicts = validated.verdicts["model"]
kinds = pd.Series({name: target.kind for name, target in targets.items()}, name="kind")
print(pd.crosstab(kinds.reindex(verdicts.index).dropna(), verdicts).to_string())

# %% tags=["solution", "hide-cell"]
# Solution 2. The right point is ruled out with a probability of at most 5 %, and marginal intervals leave out 5 % more.
inside = (summary.ci_low <= summary.truth) & (summary.truth <= summary.ci_high)
print(dict(zip(summary.parameter, inside.tolist(), strict=True)))

# %% tags=["solution", "hide-cell"]
# Solution 3. Nothing in the share of noise tells how often a desk meets the parties.
alone = gongzhi.calibrate(
    {"share noise": known["share noise"]},
    dict.fromkeys(truth, "declared"),
    changes=small,
    points=12,
    waves=1,
    checks=4,
    out=folder / "one-figure",
    execution=quiet,
)
alone.summary[columns].round(3)

# %% [markdown] tags=["solution", "hide-cell"]
# **Solution 4.** For example: "The model's number and kinds of complaints and its reply times were fitted to published
# figures of one Chinese city and of several surveys. Of the figures that were not used for fitting, some are missed; they
# are listed in the appendix. No data link branches to disputes, so that the effects reported here follow from stated
# assumptions and are no forecast."
