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
# # 6. Sweeps and sign maps
#
# A result at default values proves little where most parameters are poorly known. A *sweep* runs the model at many points
# of what is not known; a *sign map* says where a policy helps, where it makes no difference that matters, and where it
# harms, and spends its runs where the sign is in doubt.
#
# **When you have worked through this notebook, you can**
#
# - describe a sweep as data, run it, and read which parameters an effect follows;
# - tell a parameter that matters from one that chance has made look so;
# - make a sign map with interim looks, and say why its errors stay below 5 %.
#
# *Time:* 60 minutes; the cells take about two minutes on two cores. *You need:*
# [notebook 2](02_compare_policies.ipynb).

# %%
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt

import gongzhi

quiet = gongzhi.Execution(progress=False)
folder = Path(tempfile.mkdtemp())  # results of your own belong into a folder that stays, such as results/mine

# %% [markdown]
# ## A sweep
#
# Full coverage of 60 estates, half a year before it and one year with it. Three things are unknown: the hours that a member
# gives, the hours that each report takes, and whether a settled case ends its cause. `"declared"` stands for the range that
# a parameter declares, with its source.

# %%
unknown = ["branches.hours_per_member", "branches.reporting_hours", "incidents.settlement_ends"]
parameters = gongzhi.GovernanceModel({"district.estates": 2}).parameters().set_index("name")
parameters.loc[unknown, ["value", "unit", "sweep_low", "sweep_high", "status"]]

# %%
swept = gongzhi.sweep(
    {
        "question": "What does the effect of full coverage depend on?",
        "design": "latin",
        "points": 20,
        "replicates": 2,
        "weeks": 78,
        "parameters": dict.fromkeys(unknown, "declared"),
        "arms": ["none", "full"],
        "outcomes": ["conflicts", "filed", "standing", "hours"],
        "scenario": {"district.estates": 60, "run.warmup": 26},
    },
    execution=quiet,
)
swept.runs.head()

# %% [markdown]
# Every point is run with both arms and the same chance. `result.effects` gives the paired difference at each point.

# %%
effects = swept.effects("filed")
print(f"filed: {effects.min():+.3f} to {effects.max():+.3f} per 1,000 households and week over {len(effects)} points")
swept.figure("filed")

# %% [markdown]
# In words. A parameter is named only where its rank correlation exceeds what chance makes of so many parameters, over
# points and over replicates. (Two replicates show little at any one point. What the effect follows is shown by all points
# together.)

# %%
for finding in swept.findings:
    print("-", finding.text())

# %% [markdown]
# ## A sign map
#
# Two parameters on a grid, and one question at each point: does full coverage lower standing disputes by more than 2 % of
# their level? After 4 pairs of runs, and again after 8, the map stops at every point whose sign is known, or cannot be
# known with what is left. The intervals of both looks hold together, so that at most 5 % of the signs are wrong.

# %%
signs = gongzhi.signmap(
    {
        "question": "Do a secretary's hours make up for paperwork?",
        "design": "factorial",
        "levels": 3,
        "replicates": 4,
        "arms": ["none", "full"],
        "parameters": {"branches.secretary_hours": [0.0, 8.0], "branches.reporting_hours": [0.0, 6.0]},
        "scenario": {"district.estates": 60, "run.warmup": 26, "run.weeks": 78},
    },
    policy="full",
    against=["none"],
    outcome="standing",
    looks=2,
    out=folder / "map",
    execution=quiet,
)
signs.figure()

# %%
columns = ["branches.secretary_hours", "branches.reporting_hours", "relative", "sign", "replicates", "ended", "needed"]
signs.table[columns].round(3)

# %% [markdown]
# Read the map together with its undecided points. *Undecided* means that these pairs of 60 estates do not tell; `needed`
# says how many would, if difference and spread are what they seem. A white spot on a map is not a place without an effect.
#
# The laboratory's own maps, with many more runs, are on [the page of the laboratory](../docs/laboratory.md#sign-maps);
# `gongzhi signmap` lists them.
#
# ## Exercises
#
# 1. **The clearest parameter.** For which of the three parameters has the effect on `filed` the highest rank correlation
#    (without its sign)? Plot the effect against it.
# 2. **Chance or parameter?** Take the two replicates of the sweep apart: does the correlation of exercise 1 have the same
#    sign in each?
# 3. **Where runs went.** How many pairs of runs did the sign map use at each point, and how many would it have used without
#    looking in between?
# 4. **Another margin.** Suppose that only a reduction by more than 10 % matters to you. At how many points of the map does
#    the whole interval lie beyond that? Why must the margin be chosen before the map is made?

# %% tags=["solution", "hide-cell"]
# Solution 1.
points = swept.runs.drop_duplicates("point").set_index("point")[unknown]
followed = points.apply(lambda column: column.corr(effects, method="spearman"))
print(followed.round(2).to_string())
clearest = followed.abs().idxmax()
figure, axes = plt.subplots(figsize=(4.5, 2.8), layout="constrained")
axes.plot(points[clearest], effects, "o", color="#0072B2")
axes.axhline(0, color="0.6", lw=0.8)
axes.set(xlabel=clearest, ylabel="change of filed cases\nper 1,000 households, week")
plt.show()

# %% tags=["solution", "hide-cell"]
# Solution 2. One difference for each point and replicate.
each = swept.runs.set_index(["point", "replicate", "arm"]).filed.unstack("arm")
differences = (each["full"] - each["none"]).unstack("replicate")
print(differences.apply(lambda column: column.corr(points[clearest], method="spearman")).round(2).to_string())

# %% tags=["solution", "hide-cell"]
# Solution 3.
print(signs.table.replicates.value_counts().rename("points").to_string())
print(f"{signs.table.replicates.sum()} pairs of runs instead of {len(signs.table) * signs.table.replicates.max()}")

# %% tags=["solution", "hide-cell"]
# Solution 4. Who picks the margin after seeing the map picks the answer, and its 5 % hold for no map any more.
level = signs.table.difference / signs.table.relative
beyond = signs.table.ci_high < -0.10 * level.abs()
print(f"{int(beyond.sum())} of {len(beyond)} points")
