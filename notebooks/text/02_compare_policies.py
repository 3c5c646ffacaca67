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
# # 2. Comparing two policies honestly
#
# One run of a model is an anecdote. This notebook makes the comparison that an anecdote is not: the same chance for both
# policies, enough pairs of runs, the right comparator, and three series instead of one.
#
# **When you have worked through this notebook, you can**
#
# - compare policies in pairs of runs, and say why pairs need fewer runs;
# - read a difference, its interval, the margin and the verdict, and tell "undecided" from "no difference";
# - choose a comparator that separates a branch from the hours that it takes;
# - say in two sentences what was found and what it cannot show.
#
# *Time:* 60 minutes; the cells take about a minute on two cores. *You need:* [notebook 1](01_first_week.ipynb).
#
# The district has 60 estates instead of 1,034, so that a class can wait for it. Do not quote its numbers.

# %%
import matplotlib.pyplot as plt

import gongzhi

district = gongzhi.District.synthetic(estates=60, seed=1)
three = ["conflicts", "filed", "standing"]
quiet = gongzhi.Execution(progress=False)  # without it, long calls say how far they are

# %% [markdown]
# ## The question
#
# Does **the whole arrangement** of the study (branches in the estates, with rights, a platform, supervision, volunteers,
# couriers and enterprises) lower disputes, beside a district without branches? A run lasts 156 weeks: one year before the
# policy, which is left out, and two years with it. There are 16 pairs of runs.

# %%
result = gongzhi.compare(
    ["none", "arrangement"],
    district=district,
    weeks=156,
    replicates=16,
    outcomes=[*three, "hours"],
    execution=quiet,
)
shown = ["strategy", "against", "outcome", "mean", "difference", "sim_low", "sim_high", "verdict"]
result.table.query("strategy == 'arrangement'")[shown].round(3)

# %% [markdown]
# **Reading a row.** `difference` is the mean of the paired differences. `sim_low` to `sim_high` is its 95 % interval,
# widened so that all rows of the table hold together: who looks at three intervals is wrong about one of them more often
# than who looks at one. The verdict says where the *whole* interval lies:
#
# | the interval | verdict |
# |---|---|
# | lies beyond the margin of 2 % of the comparator's mean | helps, harms (or rises, falls) |
# | lies within the margin | equivalent, slightly better, slightly worse |
# | reaches across the margin | undecided, or size open |
#
# *Hours* are all the hours that people spend on disputes and services; there "harms" means that they cost more.
#
# *Filed* rises or falls and is never better or worse: filing is voice. Fewer cases may mean fewer problems, or fewer
# people who believe that it helps to ask.

# %%
result.figure("effects")

# %% [markdown]
# ## What chance alone does
#
# Each grey line is one replicate: the same broken lifts and the same tempers, once without and once with the policy. The
# replicates differ far more from one another than their lines do in slope. This is why pairs need few runs.

# %%
runs = result.runs.pivot(index="replicate", columns="arm", values="conflicts")
figure, axes = plt.subplots(figsize=(4.2, 3.2))
axes.plot(["none", "arrangement"], runs[["none", "arrangement"]].T, color="0.6", lw=1)
axes.plot(["none", "arrangement"], runs[["none", "arrangement"]].mean(), color="#0072B2", lw=3)
axes.set_ylabel("conflicts per 1,000\nhouseholds and week")
axes.spines[["top", "right"]].set_visible(False)
figure.set_layout_engine("constrained")

# %%
paired = runs["arrangement"] - runs["none"]
print(f"standard deviation of a run without branches  {runs['none'].std():.3f}")
print(f"standard deviation of a paired difference     {paired.std():.3f}")
saved = runs.var().sum() / paired.var()
print(f"without pairs, {saved:.1f} times as many runs would give an interval of the same width")

# %% [markdown]
# ## The right comparator
#
# The arrangement takes people's hours. Would these hours have done as much at the desks that exist already?
# `hours_matched:arrangement` gives them to the desks of the communities, week by week, without any branch. The second
# arm, `full`, is coverage alone: a branch wherever one can be had, and nothing else of the arrangement. `extend` runs
# what is new and nothing twice. With more rows, the intervals that hold for all rows together become a little wider.

# %%
wider = result.extend(arms=["full", "hours_matched:full", "hours_matched:arrangement"])
rows = wider.table.query("strategy in ['full', 'arrangement'] and outcome != 'hours'")
rows[["strategy", "against", "outcome", "relative", "sim_low", "sim_high", "verdict", "replicates_needed"]].round(3)

# %% [markdown]
# Two things are worth a discussion.
#
# - **The hours alone.** Compare the rows against `none` with those against `hours_matched`. What do the same hours
#   achieve at the desks? (The desks are seldom busy in this model; [the evidence](../docs/evidence.md) says why.)
# - **Undecided.** A verdict `undecided` is neither "no effect" nor "equivalent". The interval is too wide for an answer,
#   and `replicates_needed` estimates how many pairs would give one. Where the true effect lies on the margin, no number of
#   pairs does.
#
# More pairs are added with `wider.extend(replicates=...)`, and none is run twice. Decide on the number before you look:
# who adds pairs until the verdict is a pleasant one will always find one.

# %%
verdicts = wider.table.query("strategy == 'full'").pivot(index="outcome", columns="against", values="verdict")
verdicts.loc[[*three, "hours"]]

# %% [markdown]
# ## Over time

# %%
wider.figure("series")

# %% [markdown]
# ## What the interval does not cover
#
# More pairs make the intervals as narrow as you like. They say how precise the *simulation* is, and nothing about whether
# the model's assumptions hold: most of its parameters are not known. `compare(..., assumptions=64)` varies the sixteen
# least known and gives the range of the effect over them; it takes minutes. The front page of this project shows both
# side by side. [Notebook 6](06_sweeps_and_sign_maps.ipynb) and [notebook 7](07_what_drives_it.ipynb) are about that.
#
# ## Exercises
#
# 1. **Too few pairs.** Take only the first three replicates of `result.runs`. Between which bounds does Student's 95 %
#    interval of the difference in conflicts lie? Would you have decided?
# 2. **A sentence for the district.** Say in two sentences what full coverage alone does to the three series, beside the
#    same hours at the desks. Write "undecided" where it is.
# 3. **Over time.** Is the effect of the arrangement on filings the same in the first and in the second year of the
#    policy? (`result.series` has every week of every run; nothing has to be run again.)
# 4. **At what cost?** How many hours a week does the arrangement take here, and how many for each conflict averted? The
#    conflicts are per 1,000 households; `district.households.sum()` are there.

# %% tags=["solution", "hide-cell"]
# Solution 1. With n = 3, Student's t with two degrees of freedom makes the interval of the mean wide.
import numpy as np
from scipy import stats

few = paired.iloc[:3]
half = stats.t.ppf(0.975, df=len(few) - 1) * few.std() / np.sqrt(len(few))
margin = 0.02 * runs["none"].iloc[:3].mean()
print(f"three pairs: {few.mean() - half:+.2f} to {few.mean() + half:+.2f}, margin {margin:.2f}")
every = result.table.query("strategy == 'arrangement' and against == 'none'").set_index("outcome").loc["conflicts"]
print(f"all {len(paired)}:     {every.ci_low:+.2f} to {every.ci_high:+.2f}")
print("decided by three pairs:", bool(few.mean() + half < -margin))

# %% tags=["solution", "hide-cell"]
# Solution 2. The verdicts against the control, with the change in per cent and the interval of the verdict.
alone = wider.table.query("strategy == 'full' and against == 'hours_matched:full'").set_index("outcome")
for outcome in three:
    row = alone.loc[outcome]
    level = row["mean"] - row.difference
    print(f"{outcome}: {row.relative:+.1%} [{row.sim_low / level:+.1%}, {row.sim_high / level:+.1%}], {row.verdict}")
print("No data link branches to disputes: this is what follows from the model's assumptions, and no forecast.")

# %% tags=["solution", "hide-cell"]
# Solution 3. Differences in pairs, year by year.
series = result.series.query("week >= 52")
year = (series.week - 52) // 52 + 1
filed = series.groupby([year, "replicate", "arm"]).filed.mean().unstack()
change = filed["arrangement"] - filed["none"]
by_year = change.groupby(level=0).agg(["mean", "sem"])
print(by_year.round(3).to_string())
later = change.loc[2] - change.loc[1]
print(f"second year less first: {later.mean():+.3f}, standard error {later.sem():.3f}")

# %% tags=["solution", "hide-cell"]
# Solution 4. Rates times thousands of households give conflicts a week.
row = wider.table.query("strategy == 'arrangement' and against == 'none'").set_index("outcome").difference
averted = -row["conflicts"] * district.households.sum() / 1000
print(f"{row['hours']:.0f} hours a week, {averted:.1f} conflicts averted, {row['hours'] / averted:.1f} hours for each")
