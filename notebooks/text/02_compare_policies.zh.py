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
# # 2. 怎样可靠地比较两项政策
#
# 模型只运行一次，得到的只是个案。本章要做的比较不是个案：两项政策面对同样的偶然性，成对运行的次数足够，对照恰当，并且同时看三个序列。
#
# **学完本章，你可以**
#
# - 用成对的运行比较政策，并说明成对为什么能减少运行次数；
# - 读懂差值、区间、容许范围和判定，分清“未定”和“没有差别”；
# - 选择恰当的对照，把支部本身与它所用的工时区分开；
# - 用两句话说明发现了什么，以及这一发现不能说明什么。
#
# *用时：* 约 60 分钟，代码在双核机器上运行约一分钟。*基础：* [第一章](01_first_week.zh.ipynb)。
#
# 为便于课堂使用，这里只有 60 个小区，而不是 1,034 个。请勿引用这里的数字。

# %%
import matplotlib.pyplot as plt

import gongzhi
from experiments.figures.style import families

district = gongzhi.District.synthetic(estates=60, seed=1)
three = ["conflicts", "filed", "standing"]
quiet = gongzhi.Execution(progress=False)  # 不加这一项，较长的计算会报告进度

labels = gongzhi.outcomes.describe("zh").label
arms = {
    "none": "无支部",
    "full": "全覆盖",
    "arrangement": "整套安排",
    "hours_matched:full": "同等工时（全覆盖）",
    "hours_matched:arrangement": "同等工时（整套安排）",
}
verdicts = {
    "helps": "有利",
    "harms": "不利",
    "rises": "上升",
    "falls": "下降",
    "equivalent": "等效",
    "better": "略有利",
    "worse": "略不利",
    "undecided": "未定",
    "undecided_better": "有利，幅度未定",
    "undecided_worse": "不利，幅度未定",
    "undecided_higher": "上升，幅度未定",
    "undecided_lower": "下降，幅度未定",
}
headings = {
    "strategy": "方案",
    "against": "对照",
    "outcome": "指标",
    "mean": "均值",
    "difference": "差值",
    "relative": "相对变化",
    "sim_low": "区间下限",
    "sim_high": "区间上限",
    "verdict": "判定",
    "replicates_needed": "所需重复次数",
}


def chinese(table, *columns):
    """用中文显示结果表的若干列。"""
    words = {"strategy": arms, "against": arms, "outcome": labels, "verdict": verdicts}
    shown = table[list(columns)].round(3)
    for name in shown.columns.intersection(list(words)):
        shown[name] = shown[name].map(words[name])
    return shown.rename(columns=headings)


# %% [markdown]
# ## 问题
#
# 与不设支部相比，该研究所描述的**整套安排**（在小区设立支部，并配以赋权、议事平台、监管、志愿者、骑手和两新组织）能否减少纠纷？
# 每次运行 156 周：前一年尚无政策，不计入结果；后两年有政策。共 16 对运行。

# %%
result = gongzhi.compare(
    ["none", "arrangement"],
    district=district,
    weeks=156,
    replicates=16,
    outcomes=[*three, "hours"],
    execution=quiet,
)
columns = ["strategy", "against", "outcome", "mean", "difference", "sim_low", "sim_high", "verdict"]
chinese(result.table.query("strategy == 'arrangement'"), *columns)

# %% [markdown]
# **怎样读一行。**“差值”是成对差值的均值。“区间下限”至“区间上限”是其 95% 区间，并已放宽到使全表各行同时成立：同时看三个区间，
# 其中之一出错的可能性比只看一个要大。判定取决于*整个*区间的位置：
#
# | 区间 | 判定 |
# |---|---|
# | 完全超出对照均值 2% 的容许范围 | 有利、不利（或上升、下降） |
# | 完全在容许范围之内 | 等效、略有利、略不利 |
# | 跨越容许范围的边界 | 未定，或幅度未定 |
#
# *工时*是处理纠纷和开展服务所用的全部工时；其“不利”指用去更多工时。
#
# *提交诉求*只有升降，没有优劣：提交诉求是一种表达。诉求减少，可能是问题少了，也可能是相信反映有用的人少了。

# %%
result.figure("effects", lang="zh")

# %%
for finding in result.findings[:1]:
    print(finding.text("zh"))

# %% [markdown]
# ## 偶然性的作用
#
# 每条灰线是一次重复：同样的电梯故障、同样的脾气，先在无支部下、再在有政策下各过一遍。各次重复之间相差很大，而各条线的斜率相差小得多，
# 成对运行因此只需较少的次数。

# %%
runs = result.runs.pivot(index="replicate", columns="arm", values="conflicts")
with plt.rc_context({"font.family": families("zh")}):
    figure, axes = plt.subplots(figsize=(4.2, 3.2), layout="constrained")
    axes.plot(["无支部", "整套安排"], runs[["none", "arrangement"]].T, color="0.6", lw=1)
    axes.plot(["无支部", "整套安排"], runs[["none", "arrangement"]].mean(), color="#0072B2", lw=3)
    axes.set_ylabel("纠纷（每千户每周）")
    axes.spines[["top", "right"]].set_visible(False)
    plt.show()

# %%
paired = runs["arrangement"] - runs["none"]
print(f"无支部各次运行的标准差：{runs['none'].std():.3f}")
print(f"成对差值的标准差：{paired.std():.3f}")
saved = runs.var().sum() / paired.var()
print(f"若不成对，要得到同样窄的区间，运行次数须为 {saved:.1f} 倍")

# %% [markdown]
# ## 恰当的对照
#
# 整套安排要占用人的工时。把这些工时交给原有的窗口，能否达到同样的效果？`hours_matched:arrangement`（同等工时）逐周把这些工时交给
# 社区工作站，而不设支部。另一方案 `full`（全覆盖）只在有条件的小区设立支部，不含整套安排的其他内容。`extend` 只运行新增的部分。
# 表中行数增加，使各行同时成立的区间会略微变宽。

# %%
wider = result.extend(arms=["full", "hours_matched:full", "hours_matched:arrangement"])
rows = wider.table.query("strategy in ['full', 'arrangement'] and outcome != 'hours'")
chinese(rows, "strategy", "against", "outcome", "relative", "sim_low", "sim_high", "verdict", "replicates_needed")

# %% [markdown]
# 有两点值得讨论。
#
# - **仅有工时。** 比较以“无支部”为对照的行和以“同等工时”为对照的行：同样的工时放在窗口，起了什么作用？
#   （在本模型中，窗口很少忙碌，理由见[证据](../docs/evidence.md)。）
# - **未定。**“未定”既不是“没有效果”，也不是“等效”，而是区间太宽，尚不能回答。“所需重复次数”估计要多少对运行才能作出判定；
#   如果真实效果恰好在容许范围的边界上，多少对运行都不够。
#
# `wider.extend(replicates=...)` 可增加重复，已有的不会重复运行。请在看结果之前定好次数：谁若不断增加次数直到判定合意为止，总会如愿。

# %%
for finding in wider.findings[:3]:
    print(finding.text("zh"), end="\n\n")

# %% [markdown]
# ## 随时间的变化

# %%
wider.figure("series", lang="zh")

# %% [markdown]
# ## 区间没有涵盖什么
#
# 增加重复，区间可以要多窄有多窄。但它只说明*模拟*的精度，并不说明模型的假设是否成立，而多数参数并不为人所知。
# `compare(..., assumptions=64)` 改变所知最少的十六个参数，给出效果在这些假设下的范围，需时数分钟；本项目首页把两者并列。
# [第六章](06_sweeps_and_sign_maps.ipynb)和[第七章](07_what_drives_it.ipynb)（英文）专门讨论。
#
# ## 练习
#
# 1. **次数太少。** 只取 `result.runs` 的前三次重复，纠纷差值的 Student 95% 区间在什么范围？你会作出判定吗？
# 2. **写给区里的话。** 与同等工时相比，全覆盖对三个序列各有什么影响？用两句话写出，未定的就写“未定”。
# 3. **随时间的变化。** 整套安排对提交诉求的影响，第一年和第二年相同吗？（`result.series` 包含每次运行的每一周，无须重新运行。）
# 4. **代价。** 整套安排在这里每周多用多少工时？每避免一起纠纷用多少？（纠纷以每千户计，户数是 `district.households.sum()`。）
#
# 参考答案附后，默认折叠。

# %% tags=["solution", "hide-cell"]
# 答案 1：n = 3 时 Student t 分布只有两个自由度，均值的区间很宽。
import numpy as np
from scipy import stats

few = paired.iloc[:3]
half = stats.t.ppf(0.975, df=len(few) - 1) * few.std() / np.sqrt(len(few))
margin = 0.02 * runs["none"].iloc[:3].mean()
print(f"三对：{few.mean() - half:+.2f} 至 {few.mean() + half:+.2f}，容许范围 ±{margin:.2f}")
every = result.table.query("strategy == 'arrangement' and against == 'none'").set_index("outcome").loc["conflicts"]
print(f"全部 {len(paired)} 对：{every.ci_low:+.2f} 至 {every.ci_high:+.2f}")
print("三对能否判定：", "能" if few.mean() + half < -margin else "不能")

# %% tags=["solution", "hide-cell"]
# 答案 2：以同等工时为对照的判定，变化以对照水平的百分比表示。
alone = wider.table.query("strategy == 'full' and against == 'hours_matched:full'").set_index("outcome")
for outcome in three:
    row = alone.loc[outcome]
    level = row["mean"] - row.difference
    bounds = f"{row.sim_low / level:+.1%} 至 {row.sim_high / level:+.1%}"
    print(f"{labels[outcome]}：{row.relative:+.1%}（同时成立的 95% 区间 {bounds}），{verdicts[row.verdict]}")
print("没有数据把支部与纠纷联系起来：以上是由模型假设推出的结果，不是预测。")

# %% tags=["solution", "hide-cell"]
# 答案 3：逐年计算成对差值。
series = result.series.query("week >= 52")
year = ((series.week - 52) // 52 + 1).rename("年")
filed = series.groupby([year, "replicate", "arm"]).filed.mean().unstack()
change = filed["arrangement"] - filed["none"]
print(change.groupby(level=0).agg(["mean", "sem"]).round(3).set_axis(["差值", "标准误"], axis=1).to_string())
later = change.loc[2] - change.loc[1]
print(f"第二年减第一年：{later.mean():+.3f}，标准误 {later.sem():.3f}")

# %% tags=["solution", "hide-cell"]
# 答案 4：比率乘以千户数，得到每周的起数。
row = wider.table.query("strategy == 'arrangement' and against == 'none'").set_index("outcome").difference
averted = -row["conflicts"] * district.households.sum() / 1000
print(f"每周 {row['hours']:.0f} 工时，避免 {averted:.1f} 起纠纷，每起 {row['hours'] / averted:.1f} 工时")
