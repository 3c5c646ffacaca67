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
# # 3. 用自己的表
#
# 合成的区只是替身。本章读入一张各小区的表（这里的小区是虚构的），看程序拒绝什么、怎样补齐缺失，以及结果在多大程度上取决于补齐的内容。
#
# **学完本章，你可以**
#
# - 把自己的小区整理成程序能读的表，并看懂报错信息；
# - 列出表中缺失之处由程序补了什么；
# - 在自己的区里比较政策；
# - 检验数据中的某个缺口是否会改变答案。
#
# *用时：* 约 45 分钟，代码在双核机器上运行约一分钟。*基础：* [第二章](02_compare_policies.zh.ipynb)。

# %%
import tempfile
from io import StringIO
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

import gongzhi
from experiments.figures.style import families

quiet = gongzhi.Execution(progress=False)
labels = gongzhi.outcomes.describe("zh").label

# %% [markdown]
# ## 每个小区一行
#
# 只有“小区”和“户数”是必填列，全部列名见[使用自己的区](../docs/district.zh.md)，列名用中文、英文均可。磁盘上的表用
# `gongzhi.District.from_csv("小区.csv")` 读入，UTF-8 和 GB18030 编码均可；pandas 的表也可直接读入。单元格留空表示*不详*，
# 不表示“没有”：没有物业企业的，请填“无”。

# %%
text = """\
小区,户数,社区,类型,建成年份,物业费,物业公司,业委会,党员数
荔枝苑,428,北湾社区,商品房,1996,3.4,安居物业,有,
榕树村,383,北湾社区,城中村,,,睦邻物业,,2
松园,665,北湾社区,商品房,2012,,安居物业,无,5
望海居,153,北湾社区,商品房,2004,5.5,安居物业,,0
海风雅苑,1054,北湾社区,商品房,,0.9,松涛物业,,4
果园楼,583,北湾社区,商品房,2008,,安居物业,无,2
竹苑,1646,北湾社区,商品房,2009,4.6,安居物业,无,
莲花阁,538,北湾社区,商品房,1991,2.5,安居物业,有,
北门花园,508,南湾社区,商品房,,,安居物业,,2
山语花园,319,南湾社区,商品房,1999,2.4,安居物业,有,0
河湾新村,59,南湾社区,商品房,2007,,安居物业,无,1
鹤村,931,南湾社区,商品房,2015,3.1,安居物业,,
翡翠台,137,南湾社区,商品房,1997,4.1,松涛物业,有,
棕榈苑,307,南湾社区,商品房,2003,,松涛物业,无,4
老磨坊小区,894,南湾社区,城中村,2001,,松涛物业,无,2
柳巷,215,南湾社区,商品房,,1.7,安居物业,有,
阳光苑,680,东湾社区,商品房,2016,23.8,安居物业,有,2
八号楼,197,东湾社区,楼宇,2005,,安居物业,无,
樟树园,346,东湾社区,楼宇,,3.7,松涛物业,有,
海湾村,268,东湾社区,楼宇,,,睦邻物业,无,2
春晖楼,3115,东湾社区,商品房,,1.5,海港物业,无,
枫林苑,1403,东湾社区,商品房,1996,0.8,海港物业,,
梅园,772,东湾社区,城中村,,,海港物业,无,4
南门花园,56,东湾社区,商品房,1987,1.1,安居物业,,0
"""
table = pd.read_csv(StringIO(text))
table.isna().sum().to_frame("空格数").T

# %% [markdown]
# 读入之后，`notes` 逐列说明补了多少、怎样补的：多数取自南山区小区已公布的统计分布，部分为假设。

# %%
district = gongzhi.District.from_csv(table)
print(f"{district.estates} 个小区，{district.communities} 个社区，{district.adults.sum():,} 名成年居民")
for note in district.notes:
    print("-", note.text("zh"))

# %% [markdown]
# ## 拒绝什么
#
# 不可能的数值一律拒绝，并在一条信息中全部列出（行号包括表头）。不大可能但并非不可能的数值则不会被拒绝，只有你自己看得出来（见练习 1）。

# %%
wrong = table.copy()
wrong.loc[0, "户数"] = 0
wrong.loc[1, "类型"] = "摩天楼"
wrong.loc[2, "小区"] = "荔枝苑"
try:
    gongzhi.District.from_csv(wrong)
except gongzhi.DistrictError as error:
    print(error.text("zh"))

# %% [markdown]
# 其他列名需要对应。行的先后无关紧要，小区的名称则有关系：随机抽取以名称为准，改了名，运气也就不同了。

# %%
folder = Path(tempfile.mkdtemp())
table.rename(columns={"小区": "楼盘", "户数": "总数"}).to_csv(folder / "楼盘.csv", index=False)
mapped = gongzhi.District.from_csv(folder / "楼盘.csv", columns={"estate": "楼盘", "households": "总数"})
print("与原表是同一个区：", "是" if mapped.to_frame().equals(district.to_frame()) else "否")

# %% [markdown]
# 在命令行，`gongzhi district check 楼盘.csv --map estate=楼盘 --map households=总数` 给出同样的检查，
# `gongzhi compare --district 楼盘.csv --lang zh` 进行比较并写出中文报告。
#
# ## 补齐的内容
#
# 没有坐标时，小区按社区成片放置；没有物业费和建成年份时，按已公布的统计分布抽取。下图是模型所见的各小区。

# %%
filled = district.to_frame()
with plt.rc_context({"font.family": families("zh")}):
    figure, axes = plt.subplots(figsize=(6, 3.6), layout="constrained")
    for community, rows in filled.groupby("community", observed=True):
        axes.scatter(rows.x, rows.y, s=rows.households / 4, alpha=0.6, label=community)
    for row in filled.nlargest(5, "households").itertuples():
        axes.annotate(row.estate, (row.x, row.y), fontsize=8, ha="center")
    axes.set(xlabel="公里", ylabel="公里", title="24 个小区，面积与户数成正比", aspect="equal")
    axes.legend(fontsize=8, markerscale=0.4, loc="center left", bbox_to_anchor=(1.02, 0.5))
    plt.show()

# %% [markdown]
# ## 在自己的区里比较
#
# 区很小，偶然性就大。这里用 16 对运行，次数在看结果之前定好。

# %%
result = gongzhi.compare(
    ["none", "arrangement"],
    district=district,
    weeks=156,
    replicates=16,
    outcomes=["conflicts", "filed", "standing"],
    execution=quiet,
)
for finding in result.findings[:1]:
    print(finding.text("zh"))
result.figure("effects", lang="zh")

# %% [markdown]
# ## 数据缺口要紧吗？
#
# 表中有十行没有党员数，而它决定哪里能设支部：不足三名正式党员的小区不能单独组建支部。缺失的党员数按 `district.members_rate`
# （每户党员数）抽取，而这一比例只知道一个范围。因此，应在范围的两端各问一次。

# %%
words = {"OWN": "单独组建", "JOINT": "片区联建", "DISPATCHED": "派驻", "NONE": "无支部"}
ends = {}
for rate in (0.002, 0.02):
    world = {"district.members_rate": rate, "coverage.strategy": "full", "run.warmup": 1, "run.weeks": 2}
    model = gongzhi.GovernanceModel(world, district=district, seed=1)
    model.run()
    kinds = pd.Series([words[gongzhi.BranchKind(kind).name] for kind in model.branches.kind])
    ends[rate] = kinds.value_counts().reindex(["单独组建", "片区联建", "无支部"], fill_value=0)
pd.DataFrame(ends).rename_axis("小区数")

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
    rows.append(end.table.query("strategy == 'arrangement'").assign(rate=rate))
headings = {"rate": "每户党员数", "outcome": "指标", "relative": "相对变化", "difference": "差值"}
headings |= {"ci_low": "区间下限", "ci_high": "区间上限"}
both = pd.concat(rows)[list(headings)].round(3)
both.assign(outcome=both.outcome.map(labels)).rename(columns=headings)

# %% [markdown]
# 两端使用共同的随机数，但各有各的区间：两个区间重叠，并不说明两端相等。这张表能说明的是，*你的*问题在两端会不会得到不同的答案。
#
# ## 练习
#
# 1. **笔误。** 表中有一个物业费显然是笔误。找出并改正，再读一次。区的哪些列有变化，各涉及多少个小区？
# 2. **不详还是没有？** 在表中注明“八号楼”没有物业企业。此时没有物业企业的小区有多少个？
# 3. **编码。** 把表存为 GB18030 编码的文件再读入。是同一个区吗？
# 4. **更大的缺口。** 删去“党员数”一列，用五个不同的种子建立区：`gongzhi.District.from_csv(table, seed=...)`。
#    全覆盖下，单独组建支部和片区联建的小区各有多少个？引用这个区的结果之前，应当先查清什么？
#
# 参考答案附后，默认折叠。

# %% tags=["solution", "hide-cell"]
# 答案 1：远高于其他各项的物业费；23.8 正是 2.38 的十倍。取决于物业费的各列随之改变。
print(table.nlargest(2, "物业费")[["小区", "物业费"]].to_string(index=False))
mended = table.copy()
mended.loc[mended.物业费 > 20, "物业费"] = 2.38
before, after = (frame.set_index("estate") for frame in (filled, gongzhi.District.from_csv(mended).to_frame()))
changed = before.compare(after).xs("self", axis=1, level=1).notna().sum()
print(changed.rename_axis("有变化的列").to_string())

# %% tags=["solution", "hide-cell"]
# 答案 2：
without = table.copy()
without.loc[without.小区 == "八号楼", "物业公司"] = "无"
firms = gongzhi.District.from_csv(without).to_frame().firm
print(f"没有物业企业的小区：{(firms == 'NONE').sum()} 个；改动之前：{(filled.firm == 'NONE').sum()} 个")

# %% tags=["solution", "hide-cell"]
# 答案 3：各列完全相同。
table.to_csv(folder / "小区.csv", index=False, encoding="gb18030")
again = gongzhi.District.from_csv(folder / "小区.csv")
print("同一个区：", "是" if again.to_frame().equals(filled) else "否")

# %% tags=["solution", "hide-cell"]
# 答案 4：有三名党员的小区有多少，决定了哪里可以单独组建支部。
bare = table.drop(columns="党员数")
for seed in range(1, 6):
    unknown = gongzhi.District.from_csv(bare, seed=seed)
    model = gongzhi.GovernanceModel({"coverage.strategy": "full", "run.warmup": 1}, district=unknown, seed=1)
    model.run(weeks=2)
    own, joint = ((model.branches.kind == kind).sum() for kind in (gongzhi.BranchKind.OWN, gongzhi.BranchKind.JOINT))
    print(f"种子 {seed}：单独组建 {own} 个小区，片区联建 {joint} 个小区")
print("引用任何结果之前，请先查清各小区登记的党员数。")
