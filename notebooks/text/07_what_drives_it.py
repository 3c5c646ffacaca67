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
# # 7. What drives a result, and which part does it
#
# Two different questions. *Which part of a policy does it?* is asked of the policy, and answered by taking it apart
# (ablation). *Which assumption does the result hang on?* is asked of the model, and answered by varying what is not known
# (sensitivity).
#
# **When you have worked through this notebook, you can**
#
# - take a policy apart, and read Shapley values, effects alone, and what is missing without a part;
# - explain why parts need not add up;
# - screen assumptions, and tell influence from chance;
# - keep policies and assumptions apart in what you report.
#
# *Time:* 60 minutes; the cells take about two minutes on two cores. *You need:*
# [notebook 2](02_compare_policies.ipynb).

# %%
import tempfile
from pathlib import Path

import gongzhi

quiet = gongzhi.Execution(progress=False)
folder = Path(tempfile.mkdtemp())  # results of your own belong into a folder that stays, such as results/mine

# %% [markdown]
# ## Which part does it?
#
# A policy of three parts: branches in the estates, the rights that are given to branches, and supervision of the property
# firms. For each part, `parts` says what takes it out. All eight sets of parts are run with the same chance.

# %%
ablated = gongzhi.ablate(
    {"coverage.strategy": "full", "empowerment.enabled": True, "supervision.enabled": True},
    {
        "coverage": {"coverage.strategy": "none"},
        "rights": {"empowerment.enabled": False},
        "supervision": {"supervision.enabled": False},
    },
    name="branches with rights and supervision",
    scenario={"district.estates": 60, "run.weeks": 104},
    outcomes=["conflicts", "filed", "standing"],
    replicates=8,
    execution=quiet,
)
ablated.figure()

# %%
for finding in ablated.findings:
    print("-", finding.text())

# %% [markdown]
# Three numbers for each part:
#
# | column | question |
# |---|---|
# | `alone` | What does the part do when nothing else is there? |
# | `left_out` | What changes when it is taken out of the whole? |
# | `shapley` | Its share: what it adds, averaged over all orders in which the parts could have come |

# %%
table = ablated.table.query("outcome == 'conflicts'").set_index("part")
table[["shapley", "ci_low", "ci_high", "alone", "left_out"]].round(3)

# %% [markdown]
# Rights do nothing alone: without a branch there is nobody to use them. In the whole they matter, because a branch has
# them. This is why neither `alone` nor `left_out` is "the" contribution of a part, and why the report says whether the
# parts add up.
#
# ## Which assumption does the result hang on?
#
# Here the effect of full coverage on *filings* is screened over five assumptions (Morris): along each trajectory one
# assumption after the other is moved through its range, and `mu_star` is the mean absolute change of the effect. Estimates
# of small effects are noise; `says` tells which differ from zero.

# %%
assumptions = [
    "branches.hours_per_member",
    "branches.reporting_hours",
    "branches.reach",
    "services.effect",
    "incidents.settlement_ends",
]
screened = gongzhi.sensitivity(
    ["full", "none"],
    "filed",
    parameters=assumptions,
    method="morris",
    trajectories=8,
    scenario={"district.estates": 40, "run.warmup": 26, "run.weeks": 65},
    out=folder / "screening",
    execution=quiet,
)
screened.screening[["parameter", "mu_star", "ci_low", "ci_high", "mu", "says"]].round(3)

# %%
screened.figure("morris")

# %% [markdown]
# Eight trajectories of a small district are a first look. The project's own screening of everything that declares a range
# is described under [the range over assumptions](../docs/laboratory.md#the-range-over-assumptions).
#
# ## Exercises
#
# 1. **The sum.** Show that the Shapley values of the three parts, with *what is left*, add up to the effect of the whole,
#    for each outcome.
# 2. **Opposite signs.** On which outcome do coverage and supervision have opposite effects? What would somebody conclude
#    who had seen only the effect of the whole?
# 3. **Alone and in company.** For which part and outcome do `alone` and `left_out` (with its sign turned) differ most,
#    relative to the whole interval of the Shapley value?
# 4. **Policy or assumption?** Sort these into levers and assumptions: `branches.reporting_hours`, `coverage.strategy`,
#    `incidents.settlement_ends`, `empowerment.enabled`, `branches.reach`. Which one is both, and for whom?

# %% tags=["solution", "hide-cell"]
# Solution 1.
values = ablated.table.pivot(index="part", columns="outcome", values="shapley")
parts = values.drop(index="whole").sum()
print((parts - values.loc["whole"]).abs().max() < 1e-9)
values.round(3)

# %% tags=["solution", "hide-cell"]
# Solution 2. Two effects that cancel look like none.
for outcome in values:
    coverage, supervision = values.loc["coverage", outcome], values.loc["supervision", outcome]
    row = ablated.table.query("part == 'whole' and outcome == @outcome").iloc[0]
    opposite = "opposite" if coverage * supervision < 0 else "the same sign"
    print(f"{outcome:9} {opposite:13} whole {row.shapley:+.3f} [{row.ci_low:+.3f}, {row.ci_high:+.3f}]")

# %% tags=["solution", "hide-cell"]
# Solution 3.
rows = ablated.table.dropna(subset=["alone"])
gap = (rows.alone + rows.left_out).abs() / (rows.ci_high - rows.ci_low)
largest = rows.loc[gap.idxmax()]
print(f"{largest.part} on {largest.outcome}: alone {largest.alone:+.3f}, missing without it {-largest.left_out:+.3f}")

# %% [markdown] tags=["solution", "hide-cell"]
# **Solution 4.** Levers: `coverage.strategy` and `empowerment.enabled`, which a district decides. Assumptions:
# `incidents.settlement_ends` and `branches.reach`, which nobody decides and nobody has measured. `branches.reporting_hours`
# is both: for a district it is given from above and not known exactly; for those above it is a choice. Reports must say
# for whom they are written.
