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
# # 1. The first week
#
# A whole city district, then a small one that you can look at closely: its map, one resident, one property firm, one
# branch, and one dispute from its beginning to its end.
#
# **When you have worked through this notebook, you can**
#
# - make a district, let weeks pass, and read the map and the three main series;
# - look at any person or organisation, alone and as a table;
# - follow one dispute, and see what would have become of it without branches;
# - find a parameter with its unit, range and source, and change it.
#
# *Time:* 60 minutes of reading and trying; the cells take less than a minute. *You need:* a little Python and pandas.

# %%
from time import perf_counter

import pandas as pd

import gongzhi

pd.set_option("display.max_colwidth", 90)

# %% [markdown]
# ## The whole district
#
# The default district has the published statistics of the housing estates of Nanshan, Shenzhen. Every adult is in it.
# Here they live for four years; from the second year on there is a branch in every estate that can have one.

# %%
begun = perf_counter()
whole = gongzhi.GovernanceModel({"coverage.strategy": "full"}, seed=1)
whole.run()
print(f"{whole.district.estates:,} estates, {len(whole.residents):,} adults, {whole.week} weeks")
print(f"{perf_counter() - begun:.0f} seconds on the machine that made this page")

# %%
gongzhi.plot(whole)

# %% [markdown]
# The three series at the top right are the vocabulary of this course, per 1,000 households and week:
#
# - **conflicts**: residents who come into conflict over a cause for the first time, whatever they then do about it;
# - **filed**: cases brought to somebody, be it the firm, the owners' committee, the branch, the platform or the hotline;
# - **standing**: residents whose conflict is eight weeks old, with no agreement that holds and a cause that persists.
#
# They are different things: a conflict may be borne in silence, and a case may be filed and settled, or filed in vain.
#
# A picture of a district with branches does not say what the branches did. For that, the same district is needed without
# them ([notebook 2](02_compare_policies.ipynb)).

# %% [markdown]
# ## A district for a class
#
# `gongzhi.examples.small()` is a district of twelve estates. It lives a year and a half in a second, and branches are
# founded after half a year. `step()` is one week; the printed agenda says what a week consists of, in order, and which
# equation of [the model](../docs/model.md) stands behind each line.

# %%
model = gongzhi.examples.small()
model.step()
print(model.agenda)

# %%
model.run()
print(model)
model.district.to_frame()[["estate", "kind", "households", "year", "fee", "firm", "committee", "members"]]

# %% [markdown]
# ## One resident
#
# The agents are Mesa agents. Each is a *view of a row*: its numbers are in NumPy columns, so that more than a million
# people fit. An agent says of every column what it means.

# %%
resident = model.residents[3]
print(resident)
resident.describe()

# %% [markdown]
# ## One firm
#
# A property firm serves several estates. What it does in one of them, and what it is paid, is a *contract*.

# %%
firm = model.firms[0]
print(firm)
contracts = model.contracts.to_frame()
contracts.insert(0, "estate", model.district.names)
contracts.loc[contracts.firm == 0, ["estate", "visible", "invisible", "fee_share", "deferred"]]

# %% [markdown]
# ## One branch

# %%
branch = list(model.branches)[0]
print(branch)
branch.describe().query("value != 0")

# %% [markdown]
# ## Many at once
#
# Sets of agents answer the same questions as in Mesa: `select`, `groupby`, `agg`, `to_frame`. Asking whole columns is
# much faster than asking one agent after another.

# %%
residents = model.residents
print(model.branches.groupby("kind"))
print(f"{len(model.branches)} branches serve {model.branches.served.sum():.0f} of {model.district.estates} estates")

uneasy = residents.select(residents.satisfaction < 0.5)
print(f"{len(uneasy):,} of {len(residents):,} residents have a satisfaction below 0.5")

table = residents.to_frame()
table.groupby("owner")[["satisfaction", "trust_firm", "trust_branch"]].mean().round(3)

# %% [markdown]
# ## One dispute
#
# `model.disputes.to_frame()` has a row for every case that was ever filed. This one waited so long that it was taken to
# the next level, and the quarrel came back after it had been settled.

# %%
cases = model.disputes.to_frame()
returned = cases[(cases.sent_up > 0) & (cases.child >= 0)]
number = returned.index[0]
print(model.disputes.story(number))

# %% [markdown]
# ## Another future, from the same past
#
# A model can be forked. The copy has the same past and another future, and whatever differs afterwards is due to the
# change alone: every random draw depends on who and when, never on what else has happened. Here we stop in the week in
# which branches are founded, and go on once with them and once without.

# %%
with_branches = gongzhi.examples.small()
with_branches.run(weeks=26)
without = with_branches.fork({"coverage.strategy": "none"})
for future in (with_branches, without):
    future.run(weeks=52)

columns = ["conflicts", "filed", "standing"]
futures = {"with branches": with_branches, "without": without}
pd.DataFrame({name: future.outcomes[columns][26:].mean() for name, future in futures.items()}).round(3)

# %% [markdown]
# Two futures of twelve estates are an anecdote and no evidence: other chance gives other numbers. What they can show is
# *how* things differ. This resident asked for help before there were branches, and was still waiting when they came:

# %%
first, second = (future.disputes.to_frame() for future in (with_branches, without))
waiting = first.index[(first.filed < 26) & ~(first.ended < 26)]
differs = [case for case in waiting if first.end[case] == "settled" and second.end[case] != "settled"]
case = differs[0] if differs else waiting[0]
for name, future in futures.items():
    print(f"{name}:\n{future.disputes.story(case)}\n")

# %% [markdown]
# ## One number
#
# Every parameter has a default, a unit, a range, a source and a status: taken from the study, from data, from the
# literature, or assumed. Most are assumed; that is the difficulty of this field, and notebooks 6 to 8 deal with it.

# %%
parameters = model.parameters()
print(parameters.status.value_counts().to_string())
parameters[parameters.name.isin(["branches.hours_per_member", "branches.reporting_hours", "district.members_rate"])].T

# %% [markdown]
# A scenario is what differs from the defaults. A slip of the pen is caught before the first week, all of it at once:

# %%
try:
    gongzhi.Scenario({"coverage.strategi": "full", "branches.hours_per_member": -1})
except gongzhi.ScenarioError as error:
    print(error)

# %% [markdown]
# ## Exercises
#
# Use the twelve estates of `model`, which is at the end of its last week.
#
# 1. **Branches.** How many estates have a branch of their own, share a joint one, or have none? Make members rarer
#    (`district.members_rate` 0.002 instead of 0.005) and ask again.
# 2. **Cases.** How did the cases that have ended end, in shares? In which category is the share of settled cases highest?
# 3. **A person.** Who has the most cases? In which estate does that person live, and does he or she own the flat?
# 4. **A counterfactual.** Fork the small district in week 26 with `{"services.enabled": False}`: branches then have no
#    routine services. By how much do conflicts of the following year differ from those with services? Why is this no
#    answer to the question what services do in general?
#
# Solutions follow, folded; try first.


# %% tags=["solution", "hide-cell"]
# Solution 1. Columns have all rows, and a row of model.branches is an estate: kind says which branch serves it. (The
# agents are fewer: a joint branch is one agent and serves several estates.)
def kinds(model):
    names = [gongzhi.BranchKind(kind).name.lower() for kind in model.branches.kind]
    return pd.Series(names).value_counts()


rarer = gongzhi.examples.small({"district.members_rate": 0.002})
rarer.run()
pd.DataFrame({"0.005": kinds(model), "0.002": kinds(rarer)}).fillna(0).astype(int)

# %% tags=["solution", "hide-cell"]
# Solution 2. Cases that are still open have no end.
ended = cases[cases.ended.notna()]
print(ended.end.astype(str).value_counts(normalize=True).round(3).to_string(), end="\n\n")
settled = (ended.end == "settled").groupby(ended.category, observed=True).mean().sort_values(ascending=False)
print(settled.round(3).to_string())

# %% tags=["solution", "hide-cell"]
# Solution 3. A row may be taken over by a newcomer; person_id tells people apart, and still_there says who is left.
staying = cases[cases.still_there]
person = staying.person.value_counts().index[0]
print(f"{(staying.person == person).sum()} cases: {model.residents[person]}")

# %% tags=["solution", "hide-cell"]
# Solution 4. One pair of futures of twelve estates has chance in it, and its size is unknown until there are more pairs.
pair = gongzhi.examples.small()
pair.run(weeks=26)
bare = pair.fork({"services.enabled": False})
for future in (pair, bare):
    future.run(weeks=52)
change = bare.outcomes.conflicts[26:].mean() - pair.outcomes.conflicts[26:].mean()
print(f"without services: {change:+.3f} conflicts per 1,000 households and week")

# %% [markdown]
# ## Where to go on
#
# [Comparing two policies honestly](02_compare_policies.ipynb) comes next. Everything that can be looked at is on
# [one page](../docs/looking.md), futures on [another](../docs/futures.md).
