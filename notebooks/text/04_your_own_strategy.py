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
# # 4. Your own strategy
#
# A strategy says which estates get a branch, and of which kind. It is a function of about ten lines, and its name then
# works wherever a built-in name does, in controls too.
#
# **When you have worked through this notebook, you can**
#
# - write a strategy, look at what it does before anything is compared, and read its error messages;
# - compare it with no branches, with its own hours at the desks, and with the same branches in other places;
# - keep it in a file that the command line and a colleague can use.
#
# *Time:* 45 minutes; the cells take about a minute on two cores. *You need:* [notebook 2](02_compare_policies.ipynb).

# %%
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import gongzhi

district = gongzhi.District.synthetic(estates=60, seed=1)
quiet = gongzhi.Execution(progress=False)

# %% [markdown]
# ## Ten lines
#
# The function is given the district (arrays with one entry per estate), the number of formal members of each estate, and
# what is known in the week of founding ([the page on strategies](../docs/strategy.md) lists it all). It returns one kind
# for each estate: `none`, `own`, `joint` (with neighbours) or `dispatched` (a secretary sent from the community's desk,
# where he or she is then missing).
#
# This one sends secretaries to the half of the estates that had most conflicts, for their size, in the past half-year.


# %%
@gongzhi.strategy("where_it_hurts")
def where_it_hurts(district, members, state):
    """Dispatched secretaries in the half of the estates with most conflicts per household."""
    rate = state.conflicts / district.households
    return np.where(rate > np.median(rate), gongzhi.BranchKind.DISPATCHED, gongzhi.BranchKind.NONE)


# %% [markdown]
# ## Look before you compare

# %%
scenario = gongzhi.Scenario({"coverage.strategy": "where_it_hurts", "run.warmup": 52, "run.weeks": 104})
model = gongzhi.GovernanceModel(scenario, district=district, seed=1)
model.run(weeks=60)
served = model.branches.served.astype(bool)
print(f"{len(model.branches)} secretaries look after {served.sum()} of {district.estates} estates")

figure, axes = plt.subplots(figsize=(4.6, 4), layout="constrained")
for label, rows, colour in (("no branch", ~served, "0.75"), ("branch", served, "#0072B2")):
    axes.scatter(
        district.x[rows], district.y[rows], s=district.households[rows] / 8, color=colour, label=label, alpha=0.8
    )
axes.set(xlabel="km", ylabel="km", title="Where where_it_hurts founds branches", aspect="equal")
axes.legend(fontsize=8, markerscale=0.5)
plt.show()

# %% [markdown]
# ## What is refused
#
# A strategy that gives an impossible answer ends a run with the line of your code; the laboratory then says which arm
# failed, and why.


# %%
@gongzhi.strategy("broken")
def broken(district, members, state):
    """Give one kind too few."""
    return ["own"] * (district.estates - 1)


try:
    gongzhi.GovernanceModel(scenario.replace({"coverage.strategy": "broken"}), district=district, seed=1).run()
except gongzhi.StrategyError as error:
    print(error)

# %% [markdown]
# ## Four questions to a strategy
#
# | comparator | question |
# |---|---|
# | `none` | Is it better than no branches? |
# | `hours_matched:where_it_hurts` | Would the same hours have done as much at the desks, without a branch? |
# | `shuffled:where_it_hurts` | Do the same branches do as much in other estates of the same size? |
# | `full` | Is it better than a branch in every estate that can have one, and at what cost? |

# %%
arms = ["none", "where_it_hurts", "hours_matched:where_it_hurts", "shuffled:where_it_hurts", "full"]
result = gongzhi.compare(
    arms,
    district=district,
    weeks=104,
    replicates=16,
    outcomes=["conflicts", "filed", "standing", "hours"],
    execution=quiet,
)
shown = ["strategy", "against", "outcome", "relative", "sim_low", "sim_high", "verdict"]
table = result.table
table.query("strategy in ['where_it_hurts', 'full'] and against != 'hours_matched:full'")[shown].round(3)

# %%
result.figure("effects")

# %% [markdown]
# **In the right place?** The arm `shuffled:` is compared with `none` in the table, as every arm is. How the strategy does
# beside its shuffled self follows from the runs, pair by pair:

# %%
from scipy import stats

outcomes = ["conflicts", "filed", "standing"]
runs = result.runs.set_index(["replicate", "arm"])[outcomes].unstack("arm")
for outcome in outcomes:
    pairs = runs[outcome]["where_it_hurts"] - runs[outcome]["shuffled:where_it_hurts"]
    low, high = stats.t.interval(0.95, len(pairs) - 1, loc=pairs.mean(), scale=pairs.sem())
    print(f"{outcome:9} {pairs.mean():+.3f}, 95 % interval {low:+.3f} to {high:+.3f}")

# %% [markdown]
# ## In a file
#
# In a file of its own, with its imports, the strategy is a *plugin*. Its source is part of what an experiment is: a
# changed plugin is another experiment, and is not mixed with results of the old one.
#
# ```sh
# gongzhi compare none where_it_hurts hours_matched:where_it_hurts --plugin mine.py --estates 60 --out results/mine
# ```
#
# In Python, the same plugin is `gongzhi.compare(..., plugin="mine.py")`. A plugin is code and runs as such: read what
# others give you before you use it.
#
# ## Exercises
#
# 1. **By the book.** Write a strategy that founds an own branch wherever `state.needed` members live and dispatches a
#    secretary everywhere else. How many estates does it serve in this district, and of which kinds?
# 2. **Old estates.** Write a strategy for the half of the estates that were built first (`district.year`), with
#    dispatched secretaries. In how many estates does it agree with `where_it_hurts`?
# 3. **Chance.** Write a strategy that draws half of the estates by lot. Why must the lots be drawn from `state.chance`?
# 4. **A file.** Keep one of your strategies in a file, and compare it with `none` and its own hours, with the file as
#    plugin. Four pairs of 60 weeks with 30 estates will do. Is the answer decided?


# %% tags=["solution", "hide-cell"]
# Solution 1.
@gongzhi.strategy("by_the_book")
def by_the_book(district, members, state):
    return np.where(members >= state.needed, gongzhi.BranchKind.OWN, gongzhi.BranchKind.DISPATCHED)


def founded(name):
    changes = {"coverage.strategy": name, "run.warmup": 26, "run.weeks": 40}
    model = gongzhi.GovernanceModel(changes, district=district, seed=1)
    model.run(weeks=28)
    return model


for kind, number in zip(*np.unique(founded("by_the_book").branches.kind, return_counts=True), strict=True):
    print(f"{gongzhi.BranchKind(kind).name.lower()}: {number} estates")


# %% tags=["solution", "hide-cell"]
# Solution 2.
@gongzhi.strategy("old_first")
def old_first(district, members, state):
    return np.where(district.year <= np.median(district.year), gongzhi.BranchKind.DISPATCHED, gongzhi.BranchKind.NONE)


old, hurt = (founded(name).branches.served.astype(bool) for name in ("old_first", "where_it_hurts"))
print(f"{(old & hurt).sum()} estates are served by both, {(old ^ hurt).sum()} by one of them only")


# %% tags=["solution", "hide-cell"]
# Solution 3. Drawn in any other way, the lots would differ between arms and replicates that ought to share them, and
# between today and tomorrow. A draw has a name, a week and the estate's identity.
@gongzhi.strategy("by_lot")
def by_lot(district, members, state):
    lot = state.chance.uniform("my lot", state.week, district.identity)
    return np.where(lot < 0.5, gongzhi.BranchKind.DISPATCHED, gongzhi.BranchKind.NONE)


first, second = (founded("by_lot").branches.served for _ in range(2))
print(int(first.sum()), "estates; the same ones again:", bool((first == second).all()))

# %% tags=["solution", "hide-cell"]
# Solution 4. Few short runs of a small district: read the interval before the verdict.
code = '''
import numpy as np
import sim


@sim.strategy("oldest")
def oldest(district, members, state):
    """Dispatched secretaries in the older half of the estates."""
    return np.where(district.year <= np.median(district.year), sim.BranchKind.DISPATCHED, sim.BranchKind.NONE)
'''
plugin = Path(tempfile.mkdtemp()) / "mine.py"
plugin.write_text(code, encoding="utf-8")
few = gongzhi.compare(
    ["none", "oldest", "hours_matched:oldest"],
    plugin=plugin,
    scenario={"district.estates": 30, "run.warmup": 26, "run.weeks": 60},
    replicates=4,
    outcomes=["conflicts", "filed", "standing"],
    execution=quiet,
)
few.table.query("strategy == 'oldest'")[shown].round(3)
