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
# # 3. Your own table
#
# The synthetic district is a stand-in. This notebook reads a table of real estates (here invented ones), shows what the
# reader refuses, what it fills in and how, and how much a result depends on what was filled in.
#
# **When you have worked through this notebook, you can**
#
# - bring a table of your estates into the form that the reader expects, and read its error messages;
# - list what was invented where your table was silent;
# - compare policies in your own district;
# - test whether a gap in your data matters for the answer.
#
# *Time:* 45 minutes; the cells take about a minute on two cores. *You need:* [notebook 2](02_compare_policies.ipynb).

# %%
import tempfile
from io import StringIO
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

import gongzhi

quiet = gongzhi.Execution(progress=False)

# %% [markdown]
# ## A table with one row per estate
#
# Only `estate` and `households` are required. [The page on districts](../docs/district.md) lists every column; headings
# may be English or Chinese. A table on disk, in UTF-8 or GB18030, is read by
# `gongzhi.District.from_csv("estates.csv")`, a pandas table in the same way. An empty cell means *unknown*. It does not
# mean "none": where there is no property firm, the cell says `NONE`.

# %%
text = """\
estate,households,community,kind,year,fee,firm,committee,members
Lychee Court,428,North Bay,commodity housing,1996,3.4,Anju,yes,
Banyan Village,383,North Bay,urban village,,,Good Neighbour,,2
Pine Garden,665,North Bay,commodity housing,2012,,Anju,no,5
Harbour View,153,North Bay,commodity housing,2004,5.5,Anju,,0
Sea Breeze,1054,North Bay,commodity housing,,0.9,Pine Services,,4
Orchard House,583,North Bay,commodity housing,2008,,Anju,no,2
Bamboo Park,1646,North Bay,commodity housing,2009,4.6,Anju,no,
Lotus Court,538,North Bay,commodity housing,1991,2.5,Anju,yes,
North Gate,508,South Bay,commodity housing,,,Anju,,2
Hill Garden,319,South Bay,commodity housing,1999,2.4,Anju,yes,0
River Bend,59,South Bay,commodity housing,2007,,Anju,no,1
Crane Village,931,South Bay,commodity housing,2015,3.1,Anju,,
Jade Terrace,137,South Bay,commodity housing,1997,4.1,Pine Services,yes,
Palm Court,307,South Bay,commodity housing,2003,,Pine Services,no,4
Old Mill,894,South Bay,urban village,2001,,Pine Services,no,2
Willow Lane,215,South Bay,commodity housing,,1.7,Anju,yes,
Sunny Court,680,East Bay,commodity housing,2016,23.8,Anju,yes,2
Tower Eight,197,East Bay,building,2005,,Anju,no,
Camphor Garden,346,East Bay,building,,3.7,Pine Services,yes,
Bay Village,268,East Bay,building,,,Good Neighbour,no,2
Spring House,3115,East Bay,commodity housing,,1.5,Harbour Estates,no,
Maple Court,1403,East Bay,commodity housing,1996,0.8,Harbour Estates,,
Plum Garden,772,East Bay,urban village,,,Harbour Estates,no,4
South Gate,56,East Bay,commodity housing,1987,1.1,Anju,,0
"""
table = pd.read_csv(StringIO(text))
table.isna().sum().to_frame("empty cells").T

# %%
district = gongzhi.District.from_csv(table)
print(district)
for note in district.notes:
    print("-", note)

# %% [markdown]
# ## What is refused
#
# Impossible values are refused, all in one message. What is improbable but possible is not: only you can see that
# (exercise 1).

# %%
wrong = table.copy()
wrong.loc[0, "households"] = 0
wrong.loc[1, "kind"] = "skyscraper"
wrong.loc[2, "estate"] = "Lychee Court"
try:
    gongzhi.District.from_csv(wrong)
except gongzhi.DistrictError as error:
    print(error)

# %% [markdown]
# Columns with other names are mapped. The order of rows does not matter, the names of estates do: random draws depend on
# the name, so that an estate that is renamed has other luck.

# %%
folder = Path(tempfile.mkdtemp())
table.rename(columns={"estate": "name", "households": "hu"}).to_csv(folder / "listing.csv", index=False)
mapped = gongzhi.District.from_csv(folder / "listing.csv", columns={"estate": "name", "households": "hu"})
print(mapped)

# %% [markdown]
# On the command line, `gongzhi district check listing.csv --map estate=name --map households=hu` says the same, and
# `gongzhi compare --district listing.csv` runs the comparison.
#
# ## What was filled in
#
# Where positions are missing, estates are placed community by community; where fees and years are missing, they are drawn
# from the published statistics. The map shows the estates as the model sees them.

# %%
filled = district.to_frame()
figure, axes = plt.subplots(figsize=(6, 3.6), layout="constrained")
for community, rows in filled.groupby("community", observed=True):
    axes.scatter(rows.x, rows.y, s=rows.households / 4, alpha=0.6, label=community)
for row in filled.nlargest(5, "households").itertuples():
    axes.annotate(row.estate, (row.x, row.y), fontsize=8, ha="center")
axes.set(xlabel="km", ylabel="km", title="24 estates; area in proportion to households", aspect="equal")
axes.legend(fontsize=8, markerscale=0.4, loc="center left", bbox_to_anchor=(1.02, 0.5))
plt.show()

# %% [markdown]
# ## The comparison in your district
#
# The district is small, so chance is large. Sixteen pairs of runs, decided on before looking.

# %%
result = gongzhi.compare(
    ["none", "arrangement"],
    district=district,
    weeks=156,
    replicates=16,
    outcomes=["conflicts", "filed", "standing"],
    execution=quiet,
)
shown = ["strategy", "outcome", "mean", "difference", "sim_low", "sim_high", "verdict", "replicates_needed"]
result.table.query("strategy == 'arrangement'")[shown].round(3)

# %%
result.figure("effects")

# %% [markdown]
# ## Does a gap in the data matter?
#
# In ten rows of this table the number of party members is missing, and it decides where branches can be: an estate with
# fewer than three members gets no branch of its own. Missing numbers are drawn at `district.members_rate` per household,
# for which only a range is known. So ask the question at both ends of a range.

# %%
ends = {}
for rate in (0.002, 0.02):
    world = {"district.members_rate": rate, "coverage.strategy": "full", "run.warmup": 1, "run.weeks": 2}
    model = gongzhi.GovernanceModel(world, district=district, seed=1)
    model.run()
    names = [gongzhi.BranchKind(kind).name.lower() for kind in model.branches.kind]
    ends[rate] = pd.Series(names).value_counts().reindex(["own", "joint", "none"], fill_value=0)
pd.DataFrame(ends).rename_axis("estates with a branch")

# %%
rows = []
for rate in (0.002, 0.02):
    end = gongzhi.compare(
        ["none", "arrangement"],
        district=district,
        scenario={"district.members_rate": rate},
        weeks=104,
        replicates=8,
        outcomes=["conflicts", "standing"],
        execution=quiet,
    )
    rows.append(end.table.query("strategy == 'arrangement'").assign(members_rate=rate))
pd.concat(rows)[["members_rate", "outcome", "relative", "difference", "ci_low", "ci_high"]].round(3)

# %% [markdown]
# The two ends have common random numbers, but each interval is for its own end: that two intervals overlap does not show
# that the ends are equal. What this table can show is whether the answer to *your* question would be another one.
#
# ## Exercises
#
# 1. **A slip.** One fee in the table is surely a slip of the pen. Find it, correct it, and read the table again. Which of
#    the district's columns have changed, and in how many estates?
# 2. **Unknown or none?** Say in the table that Tower Eight has no property firm. How many estates have no firm then?
# 3. **Chinese headings.** Rename the columns `estate`, `households`, `community` and `members` to 小区, 户数, 社区 and
#    党员数, write the file in GB18030, and read it without a mapping. Is it the same district?
# 4. **A harder gap.** Drop the column `members` altogether, and make the district with five different seeds:
#    `gongzhi.District.from_csv(table, seed=...)`. In how many estates does full coverage found a branch of the estate's own,
#    and in how many a joint one? What should you find out before you quote a result for this district?

# %% tags=["solution", "hide-cell"]
# Solution 1. Fees far from all others; 23.8 is ten times 2.38. What depends on the fee changes with it.
print(table.nlargest(2, "fee")[["estate", "fee"]].to_string(index=False))
mended = table.copy()
mended.loc[mended.fee > 20, "fee"] = 2.38
before, after = (frame.set_index("estate") for frame in (filled, gongzhi.District.from_csv(mended).to_frame()))
changed = before.compare(after).xs("self", axis=1, level=1).notna().sum()
print(changed.to_string())

# %% tags=["solution", "hide-cell"]
# Solution 2.
without = table.copy()
without.loc[without.estate == "Tower Eight", "firm"] = "NONE"
firms = gongzhi.District.from_csv(without).to_frame().firm
print(int((firms == "NONE").sum()), "estate without a firm; before:", int((filled.firm == "NONE").sum()))

# %% tags=["solution", "hide-cell"]
# Solution 3. The two are equal in every column.
chinese = table.rename(columns={"estate": "小区", "households": "户数", "community": "社区", "members": "党员数"})
chinese.to_csv(folder / "estates.csv", index=False, encoding="gb18030")
again = gongzhi.District.from_csv(folder / "estates.csv")
print("the same district:", again.to_frame().equals(filled))

# %% tags=["solution", "hide-cell"]
# Solution 4. The number of estates in which three members can be found decides where branches may be at all.
bare = table.drop(columns="members")
for seed in range(1, 6):
    unknown = gongzhi.District.from_csv(bare, seed=seed)
    model = gongzhi.GovernanceModel({"coverage.strategy": "full", "run.warmup": 1}, district=unknown, seed=1)
    model.run(weeks=2)
    own, joint = ((model.branches.kind == kind).sum() for kind in (gongzhi.BranchKind.OWN, gongzhi.BranchKind.JOINT))
    print(f"seed {seed}: {own} estates have a branch of their own, {joint} share one")
print("Ask each estate for its number of registered members before quoting anything.")
