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
# # 1. 第一周
#
# 先模拟一个完整的城区，再用一个小区域仔细观察：看地图，看一位居民、一家物业企业、一个支部，并把一件诉求从提交追踪到了结。
#
# **学完本章，你可以**
#
# - 建立一个区，让时间逐周推进，并读懂地图和三个主要序列；
# - 查看任何个人和组织，既可逐个查看，也可列表查看；
# - 追踪一件诉求，并看到若不设支部，它会怎样了结；
# - 查找一个参数的单位、范围和出处，并加以修改。
#
# *用时：* 阅读和练习约 60 分钟，代码运行不到一分钟。*基础：* 了解一点 Python 和 pandas。

# %%
from time import perf_counter

import pandas as pd

import gongzhi

pd.set_option("display.max_colwidth", 60)

# %% [markdown]
# ## 整个城区
#
# 默认的区采用深圳市南山区住宅小区已公布的统计特征，每位成年居民都在其中。下面模拟四年；从第二年起，凡有条件的小区都设立支部。

# %%
begun = perf_counter()
whole = gongzhi.GovernanceModel({"coverage.strategy": "full"}, seed=1)
whole.run()
print(f"{whole.district.estates:,} 个小区，{len(whole.residents):,} 名成年居民，{whole.week} 周")
print(f"在生成本页的机器上用时 {perf_counter() - begun:.0f} 秒")

# %%
gongzhi.plot(whole, lang="zh")

# %% [markdown]
# 右上方的三个序列贯穿全部教程，单位均为每千户每周：
#
# - **纠纷**（`conflicts`）：首次因某一起因而产生纠纷的居民，不论其后采取什么做法；
# - **提交诉求**（`filed`）：向物业企业、业委会、支部、议事平台或热线提交的诉求；
# - **未了纠纷**（`standing`）：产生纠纷满八周，既没有仍然有效的协议、起因又依然存在的居民。
#
# 三者含义不同：有的纠纷被默默忍让，有的诉求提交后得到化解，有的提交了却没有结果。
#
# 只看一张设有支部的区的图，并不能说明支部起了什么作用。要回答这个问题，还需要同一个区在不设支部时的情形，
# 见[第二章](02_compare_policies.zh.ipynb)。

# %% [markdown]
# ## 课堂用的小区域
#
# `gongzhi.examples.small()` 只有十二个小区，模拟一年半只需一秒左右，支部在半年后设立。`step()` 推进一周。下面的日程说明一周之内
# 依次发生什么，以及每一步所依据的[模型方程](../docs/model.md)。

# %%
model = gongzhi.examples.small()
model.step()
gongzhi.show(model.agenda, "zh")

# %%
model.run()
columns = {
    "estate": "小区",
    "kind": "类型",
    "households": "户数",
    "year": "建成年份",
    "fee": "物业费",
    "firm": "物业企业",
    "committee": "业委会",
}
kinds = {"commodity": "商品房", "urban village": "城中村", "building": "楼宇"}
estates = model.district.to_frame()[list(columns)]
estates["kind"] = estates.kind.astype(str).replace(kinds)
estates.rename(columns=columns).replace({True: "有", False: "无"})

# %% [markdown]
# ## 一位居民
#
# 主体都是 Mesa 的主体。每个主体是*一行数据的视图*，数值存放在 NumPy 列中，因此能容纳上百万人。主体可以逐列说明自己的取值、
# 单位和含义。

# %%
resident = model.residents[3]
print(resident)
gongzhi.show(resident, "zh")

# %% [markdown]
# ## 一家物业企业
#
# 一家物业企业服务若干小区。它在某个小区做了什么、收到多少物业费，记录在*合同*（`contracts`）中：看得见的服务（`visible`）、
# 看不见的服务（`invisible`）、物业费收缴率（`fee_share`）、欠账的维修（`deferred`）。

# %%
firm = model.firms[0]
print(firm)
contracts = model.contracts.to_frame()
contracts.insert(0, "estate", model.district.names)
contracts.loc[contracts.firm == 0, ["estate", "visible", "invisible", "fee_share", "deferred"]]

# %% [markdown]
# ## 一个支部

# %%
branch = list(model.branches)[0]
print(branch)
gongzhi.show(branch, "zh")

# %% [markdown]
# ## 批量查看
#
# 主体集合的用法与 Mesa 相同：`select`、`groupby`、`agg`、`to_frame`。对整列提问，比逐个主体提问快得多。

# %%
residents = model.residents
print(f"{len(model.branches)} 个支部覆盖 {model.branches.served.sum():.0f} 个小区（共 {model.district.estates} 个）")

uneasy = residents.select(residents.satisfaction < 0.5)
print(f"{len(residents):,} 名居民中，满意度低于 0.5 的有 {len(uneasy):,} 名")

names = {"satisfaction": "满意度", "trust_firm": "对物业企业的信任", "trust_branch": "对支部的信任"}
means = residents.to_frame().groupby("owner")[list(names)].mean().round(3)
means.rename(columns=names, index={True: "业主", False: "租户"}).rename_axis("")

# %% [markdown]
# ## 一件诉求
#
# `model.disputes.to_frame()` 每行是一件提交过的诉求。下面这件因久等未决而上交，化解之后纠纷又再次出现。

# %%
cases = model.disputes.to_frame()
returned = cases[(cases.sent_up > 0) & (cases.child >= 0)]
number = returned.index[0]
print(model.disputes.story(number, lang="zh"))

# %% [markdown]
# ## 同一段过去，另一种未来
#
# 模型可以分叉：副本与原模型有相同的过去，之后各走各的路。此后的任何差别都只由所作的改动引起，因为每次随机抽取只取决于“何人、何时”，
# 从不取决于此前发生了什么。下面在设立支部的那一周停下，然后分别在设支部和不设支部的情形下继续。

# %%
with_branches = gongzhi.examples.small()
with_branches.run(weeks=26)
without = with_branches.fork({"coverage.strategy": "none"})
for future in (with_branches, without):
    future.run(weeks=52)

labels = gongzhi.outcomes.describe("zh").label
columns = ["conflicts", "filed", "standing"]
futures = {"设支部": with_branches, "不设支部": without}
table = pd.DataFrame({name: future.outcomes[columns][26:].mean() for name, future in futures.items()})
table.rename(index=labels).round(3)

# %% [markdown]
# 十二个小区的两种未来只是一个个案，不是证据：换一组随机数，数字就不同。它能说明的是差别*怎样*产生。下面这位居民在设立支部之前提交了诉求，
# 支部设立时仍在等待：

# %%
first, second = (future.disputes.to_frame() for future in (with_branches, without))
waiting = first.index[(first.filed < 26) & ~(first.ended < 26)]
differs = [case for case in waiting if first.end[case] == "settled" and second.end[case] != "settled"]
case = differs[0] if differs else waiting[0]
for name, future in futures.items():
    print(f"【{name}】\n{future.disputes.story(case, lang='zh')}\n")

# %% [markdown]
# ## 一个参数
#
# 每个参数都有默认值、单位、范围、出处和状态：取自该研究（study）、数据（data）、文献（literature），或为假设（assumed）。
# 多数是假设，这正是这一领域的困难所在，第六至八章（英文）专门讨论。

# %%
parameters = model.parameters()
states = {"assumed": "假设", "design": "设计", "data": "数据", "study": "该研究", "literature": "文献"}
print(parameters.status.map(states).value_counts().rename_axis("状态").to_string())
rows = parameters[
    parameters.name.isin(["branches.hours_per_member", "branches.reporting_hours", "district.members_rate"])
]
headings = {
    "name": "参数",
    "value": "取值",
    "low": "下限",
    "high": "上限",
    "sweep_low": "扫描自",
    "sweep_high": "扫描至",
}
rows[list(headings)].rename(columns=headings)

# %% [markdown]
# 情景只记录与默认值不同之处。写错了会在第一周之前一次全部指出：

# %%
try:
    gongzhi.Scenario({"coverage.strategi": "full", "branches.hours_per_member": -1})
except gongzhi.ScenarioError as error:
    print(error.text("zh"))

# %% [markdown]
# ## 练习
#
# 使用 `model` 的十二个小区，此时它已运行到最后一周。
#
# 1. **支部。** 单独组建支部、片区联建和没有支部的小区各有多少个？把党员比例调低
#    （`district.members_rate` 由 0.005 改为 0.002），再看一次。
# 2. **诉求。** 已了结的诉求各以什么方式了结，占比多少？哪一类诉求的化解率最高？
# 3. **一个人。** 谁提交的诉求最多？此人住在哪个小区，是业主还是租户？
# 4. **反事实。** 在第 26 周用 `{"services.enabled": False}` 分叉，即支部不再开展日常服务。此后一年的纠纷与开展日常服务时相差多少？
#    为什么这还不能回答“日常服务一般有什么作用”？
#
# 参考答案附后，默认折叠；请先自己试一试。

# %% tags=["solution", "hide-cell"]
# 答案 1：整列包含所有小区，kind 说明每个小区由哪类支部服务。（主体数少于小区数：联建支部是一个主体，服务多个小区。）
words = {"OWN": "单独组建", "JOINT": "片区联建", "DISPATCHED": "派驻", "NONE": "无支部"}


def kinds_of(model):
    return pd.Series([words[gongzhi.BranchKind(kind).name] for kind in model.branches.kind]).value_counts()


rarer = gongzhi.examples.small({"district.members_rate": 0.002})
rarer.run()
pd.DataFrame({"0.005": kinds_of(model), "0.002": kinds_of(rarer)}).fillna(0).astype(int)

# %% tags=["solution", "hide-cell"]
# 答案 2：在办的诉求尚无结果。
ends = {"settled": "化解", "withdrawn": "撤回", "failed": "未达成协议"}
ended = cases[cases.ended.notna()]
print(ended.end.astype(str).map(ends).value_counts(normalize=True).round(3).rename_axis("结果").to_string(), end="\n\n")
sorts = {
    "fees": "费用",
    "facility": "设施",
    "service": "服务",
    "noise": "噪声",
    "charging": "电动自行车充电",
    "parking": "停车",
    "committee": "业委会",
}
settled = (ended.end == "settled").groupby(ended.category.astype(str).map(sorts)).mean().sort_values(ascending=False)
print(settled.round(3).rename_axis("类别（化解率）").to_string())

# %% tags=["solution", "hide-cell"]
# 答案 3：一行可能由新住户接替；person_id 区分不同的人，still_there 说明此人是否仍住在这里。
staying = cases[cases.still_there]
person = staying.person.value_counts().index[0]
print(f"{(staying.person == person).sum()} 件：{model.residents[person]}")

# %% tags=["solution", "hide-cell"]
# 答案 4：十二个小区的一对未来含有偶然性；没有更多的成对运行，就不知道偶然性有多大。
pair = gongzhi.examples.small()
pair.run(weeks=26)
bare = pair.fork({"services.enabled": False})
for future in (pair, bare):
    future.run(weeks=52)
change = bare.outcomes.conflicts[26:].mean() - pair.outcomes.conflicts[26:].mean()
print(f"不开展日常服务：纠纷变化 {change:+.3f}（每千户每周）")

# %% [markdown]
# ## 接下来
#
# 下一章是[怎样可靠地比较两项政策](02_compare_policies.zh.ipynb)。可以查看的全部内容列在[一页](../docs/looking.md)上，
# 分叉的用法见[另一页](../docs/futures.md)（仓库中为英文，文档网站上有中文）。
