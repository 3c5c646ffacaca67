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
# # 5. Your own mechanism, agent and outcome
#
# The model's own mechanisms are *components*: one class with parameters, outcomes, steps of the week and state. A
# mechanism of yours is made in the same way, in one cell, and the laboratory knows it at once: it can be compared, swept
# and screened.
#
# **When you have worked through this notebook, you can**
#
# - write a mechanism with parameters that have units, ranges and sources;
# - write a new kind of agent with columns, and let it act on the world;
# - add an outcome, and check that a mechanism that is off changes nothing;
# - compare worlds with and without your mechanism.
#
# *Time:* 75 minutes; the cells take about half a minute on two cores. *You need:* notebooks
# [1](01_first_week.ipynb) and [2](02_compare_policies.ipynb), and classes in Python.

# %%
import numpy as np

import gongzhi
from sim.core.codes import NOISE

quiet_runs = gongzhi.Execution(progress=False)

# %% [markdown]
# ## A mechanism: festivals
#
# Some estates hold a festival in a week, and are noisy. Three rules of the house are at work:
#
# - **Draws come from `model.chance`**, named by decision, week and estate, so that two worlds share them.
# - **A mechanism changes conditions, capacities, costs or rules**, never the number of disputes itself.
# - **Off means off**: where it is disabled, nothing else changes by a single bit.


# %%
class Festivals(gongzhi.Component):
    """Estates hold festivals, which make noise for a week."""

    class Parameters(gongzhi.Section):
        enabled: bool = gongzhi.switch("estates hold festivals")
        share: float = gongzhi.parameter(
            0.1,
            unit="share per week",
            low=0,
            high=1,
            sweep=(0, 0.3),
            status="assumed",
            source="invented for this course",
            doc="estates that hold a festival in a week",
        )
        noise: float = gongzhi.parameter(
            4.0,
            unit="times the usual",
            low=1,
            high=10,
            sweep=(1, 8),
            status="assumed",
            source="invented for this course",
            doc="noise in the week of a festival",
        )

    outcomes = [gongzhi.Outcome("festivals", unit="estates", label="festivals", zh="节庆", off=0)]
    steps = [gongzhi.Step("hold", stage="conditions", doc="some estates celebrate")]

    def settle_in(self):
        self.festivals = 0

    def hold(self):
        model, p = self.model, self.parameters
        if not p.enabled:
            return
        draw = model.chance.uniform("festival", model.week, model.district.identity)
        celebrates = draw < p.share
        model.incidents.multiply_condition(NOISE, np.where(celebrates, p.noise, 1.0))
        self.festivals = int(celebrates.sum())


# %%
small = {"district.estates": 20, "run.warmup": 20, "run.weeks": 60}
model = gongzhi.GovernanceModel(small, seed=1, components=[Festivals])
model.run()
model.outcomes[["week", "festivals", "conflicts"]].tail()

# %% [markdown]
# Its line stands in the printed week, and its parameters are parameters like any other: they can be set, and are checked.

# %%
print(*(line for line in str(model.agenda).splitlines() if "festivals" in line), sep="\n")
try:
    model.scenario.replace({"festivals.share": 3})
except gongzhi.ScenarioError as error:
    print(error)

# %% [markdown]
# **Off means off.** A test of one line, which every mechanism deserves:

# %%
off = gongzhi.GovernanceModel({**small, "festivals.enabled": False}, seed=1, components=[Festivals])
never = gongzhi.GovernanceModel(small, seed=1)
for one in (off, never):
    one.run()
same = off.outcomes.drop(columns="festivals").equals(never.outcomes)
print("every number of every week is the same:", same)

# %% [markdown]
# ## An agent: night patrols
#
# Neighbours of a community walk at night and ask for quiet. Patrols are agents with columns, one row per community. They
# give hours, which are booked as a cost of residents, and they tire.


# %%
class Patrol(gongzhi.Agent):
    """Neighbours of a community who walk at night and ask for quiet."""

    row_is = "community"
    shown = ("walkers", "tired")
    walkers = gongzhi.column(np.float64, 6.0, unit="persons", doc="people who walk")
    tired = gongzhi.column(np.float64, unit="share", doc="share of their hours lost to fatigue")


class Patrols(gongzhi.Stakeholders):
    """Night patrols of the communities."""

    agent = Patrol

    class Parameters(gongzhi.Section):
        enabled: bool = gongzhi.switch("communities have night patrols")
        hours: float = gongzhi.parameter(
            2.0,
            unit="hours per week",
            low=0,
            high=20,
            sweep=(0.5, 6),
            status="assumed",
            source="invented for this course",
            doc="hours that each walker gives",
        )
        calming: float = gongzhi.parameter(
            0.05,
            unit="per hour in an estate",
            low=0,
            high=1,
            sweep=(0.01, 0.2),
            status="assumed",
            source="invented for this course",
            doc="rate at which hours of a patrol take noise away",
        )

    outcomes = [gongzhi.Outcome("patrol_hours", unit="hours per week", label="hours of patrols", zh="巡逻工时", off=0)]
    steps = [gongzhi.Step("walk", stage="conditions", doc="patrols ask for quiet")]

    def places(self, model):
        return model.district.communities

    def settle_in(self):
        super().settle_in()
        self.patrol_hours = 0.0

    def walk(self):
        p = self.parameters
        if not p.enabled:
            return
        hours = self.walkers * p.hours * (1 - self.tired)
        community = self.model.district.community  # of each estate
        estates = np.bincount(community, minlength=hours.size)
        in_estate = (hours / estates)[community]
        self.model.incidents.multiply_condition(NOISE, np.exp(-p.calming * in_estate))
        self.patrol_hours = float(hours.sum())
        self.model.costs.book("residents", "patrols", hours=self.patrol_hours)
        self.tired += 0.05 * (0.5 * p.hours / (p.hours + 2) - self.tired)


# %%
patrolled = gongzhi.GovernanceModel(small, seed=1, components=[Festivals, Patrols])
patrolled.run()
print(patrolled.patrols[0])
patrolled.patrols.to_frame()

# %% [markdown]
# ## An outcome without a class
#
# A function of the model becomes a column of `outcomes`. It is called with the model that lives the week, so that forks
# carry it.


# %%
def crowded(model):
    """Count the community desks with more than five cases in the queue."""
    desk = model.disputes.book.desk[model.disputes.queue]
    first = model.desks.block("community").start
    waiting = np.bincount(desk[desk >= first] - first, minlength=1)
    return int((waiting > 5).sum())


counted = gongzhi.GovernanceModel(small, seed=1, outcomes={"crowded": crowded})
counted.run()
print(f"crowded desks in the last 20 weeks: {counted.outcomes.crowded.tail(20).mean():.2f} on average")

# %% [markdown]
# ## In the laboratory
#
# A scenario that *includes* components brings them into every analysis. The arms of this comparison differ in what is
# switched on.

# %%
world = gongzhi.Scenario.including(Festivals, Patrols)({"district.estates": 60, "run.warmup": 26, "run.weeks": 104})
result = gongzhi.compare(
    {
        "quiet": {"festivals.enabled": False, "patrols.enabled": False},
        "festive": {"patrols.enabled": False},
        "festive, patrolled": {},
    },
    baseline="quiet",
    scenario=world,
    replicates=12,
    outcomes=["conflicts", "filed", "standing", "festivals", "patrol_hours"],
    execution=quiet_runs,
)
shown = ["strategy", "outcome", "mean", "relative", "sim_low", "sim_high", "verdict"]
result.table.query("strategy != 'quiet'")[shown].round(3)

# %% [markdown]
# In a file of its own, the mechanism is a plugin of every command:
#
# ```sh
# gongzhi parameters festivals --plugin festivals.py
# gongzhi compare none full --plugin festivals.py --set festivals.share=0.2 --outcome festivals --outcome conflicts
# ```
#
# [The page on mechanisms](../docs/extending.md) lists what a component may change of others.
#
# ## Exercises
#
# 1. **Only where people own.** Let festivals be held only in estates where more than half of the adults own their flat
#    (`model.district.owners`), by a subclass. Does the number of festivals change as you expect?
# 2. **What patrols do.** Compare `festive, patrolled` with `festive` pair by pair, from `result.runs`: by how much do
#    patrols lower conflicts, with a 95 % interval? How many hours does one conflict averted take?
# 3. **A memory.** Let patrols have state that matters: walkers leave when they are tired (one in a hundred a week, times
#    `tired`). Check that a fork and the original have the same future.
# 4. **Your own outcome.** Add the share of open cases that are about noise as an outcome, by a function.


# %% tags=["solution", "hide-cell"]
# Solution 1. A subclass with another rule; parameters, outcome and step are inherited.
class OwnersFestivals(Festivals):
    name = "festivals"

    def hold(self):
        model, p = self.model, self.parameters
        if p.enabled:
            draw = model.chance.uniform("festival", model.week, model.district.identity)
            celebrates = (draw < p.share) & (model.district.owners > 0.5)
            model.incidents.multiply_condition(NOISE, np.where(celebrates, p.noise, 1.0))
            self.festivals = int(celebrates.sum())


owned = gongzhi.GovernanceModel(small, seed=1, components=[OwnersFestivals])
owned.run()
share = (owned.district.owners > 0.5).mean()
ratio = owned.outcomes.festivals.mean() / model.outcomes.festivals.mean()
print(f"{share:.0%} of estates are owned by more than half; festivals are {ratio:.0%} of what they were")

# %% tags=["solution", "hide-cell"]
# Solution 2. Differences in pairs; a rate times thousands of households is a number of conflicts a week.
from scipy import stats

runs = result.runs.set_index(["replicate", "arm"])[["conflicts", "patrol_hours"]].unstack("arm")
pairs = runs["conflicts"]["festive, patrolled"] - runs["conflicts"]["festive"]
low, high = stats.t.interval(0.95, len(pairs) - 1, loc=pairs.mean(), scale=pairs.sem())
print(f"conflicts {pairs.mean():+.3f}, 95 % interval {low:+.3f} to {high:+.3f}")
averted = -pairs.mean() * result.district.households.sum() / 1000
hours = runs["patrol_hours"]["festive, patrolled"].mean()
print(f"{hours:.0f} hours a week, {averted:.1f} conflicts averted: {hours / averted:.1f} hours for each")


# %% tags=["solution", "hide-cell"]
# Solution 3. Columns are state: forks, copies and files carry them.
class LeavingPatrols(Patrols):
    name = "patrols"

    def walk(self):
        super().walk()
        self.walkers *= 1 - 0.01 * self.tired


leaving = gongzhi.GovernanceModel(small, seed=1, components=[LeavingPatrols])
leaving.run(weeks=30)
fork = leaving.fork()
for future in (leaving, fork):
    future.run(weeks=20)
print("the same future:", leaving.outcomes.equals(fork.outcomes))
print(f"{leaving.patrols.walkers.mean():.2f} walkers in a community are left")


# %% tags=["solution", "hide-cell"]
# Solution 4. Nothing is open at first: a share of nothing is no number.
def noise_share(model):
    cases = model.disputes.to_frame()
    unfinished = cases[cases.end == "open"]
    return (unfinished.category == "noise").mean() if len(unfinished) else np.nan


noisy = gongzhi.GovernanceModel(small, seed=1, outcomes={"noise_share": noise_share})
noisy.run()
print(f"{noisy.outcomes.noise_share.tail(20).mean():.2f} of the open cases are about noise")
