"""How a calibration finds out what it says, and what it cannot say, as paragraphs for its report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from experiments.lab.calibrate.sentences import world_name
from experiments.lab.plots.numbers import rounded
from experiments.lab.plots.words import pick

if TYPE_CHECKING:
    from experiments.lab.calibrate.calibration import Calibration

__all__ = ["limits_of", "method_of"]


def method_of(made: Calibration, lang: str = "en") -> list[str]:
    """Say how it was found out, a paragraph each for runs, what is ruled out, what is plausible, and the check."""
    return [_runs(made, lang), _ruled_out(made, lang), _posterior(made, lang), _check(made, lang)]


def _runs(made: Calibration, lang: str) -> str:
    told, plan = made.wanted.settings, made.wanted.plan
    worlds = [world_name(world, lang) for world in told["worlds"] if world]
    asked = pick(
        lang,
        f" Each figure is asked of {len(worlds)} worlds ({', '.join(worlds)}) and counts as one: its logarithmic "
        "likelihood is the mean over the worlds.",
        f"每项指标在 {len(worlds)} 种情境（{'、'.join(worlds)}）下各要求一次，只计一次：对数似然取各情境的均值。",
    )
    estates, weeks, warmup = plan.scenario.district.estates, plan.scenario.run.weeks, plan.scenario.run.warmup
    if plan.district is not None:
        estates = plan.district.estates
    return pick(
        lang,
        f"Waves of {told['points']} points, each with {plan.replicates} runs in every world: a Latin hypercube over "
        "the ranges first, and then spread over what was not ruled out. Points do not share their chance; the worlds "
        f"of a point do. The district has {estates:,} estates and lives {weeks} weeks, of which {warmup} are warm-up.",
        f"每轮 {told['points']} 个点，每点在各情境下运行 {plan.replicates} 次：先在范围内作拉丁超立方抽样，"
        f"再散布于未被排除处。各点随机数互不相同，同一点的各情境共用。全区 {estates:,} 个小区，运行 {weeks} 周，"
        f"其中预热 {warmup} 周。",
    ) + (asked if worlds else "")


def _ruled_out(made: Calibration, lang: str) -> str:
    told, cut = made.wanted.settings, rounded(made.regions[-1].wanted)
    wrong, risk = f"{100 * told['discrepancy']:g}%", f"{100 * told['level']:g}%"
    return pick(
        lang,
        "A Gaussian process is taught the means of each figure, whose noise is known from the replicates. A point is "
        f"ruled out where a figure lies more than {cut} standard deviations from the data; the variance is that of the "
        "data (an interval is read as four standard deviations wide), of the emulator, and of a discrepancy of the "
        f"model of {wrong} of the figure. The right point would lie so far out with a probability of at most {risk}, "
        "all figures together, if the data's intervals contain the chance of the time when they were collected: the "
        f"model's expected figures are set beside them.{_in_all(told, lang)}",
        f"每项指标用高斯过程拟合各点均值，其随机误差由重复运行得知。某指标偏离数据超过 {cut} 个标准差的点被排除；"
        f"方差包括数据（区间按四个标准差宽计）、仿真器与模型偏差（指标的 {wrong}）。若数据区间已含其采集年份的随机性"
        f"（与之相比的是模型的期望值），真值点被误排除的概率不超过 {risk}。{_in_all(told, lang)}",
    )


def _in_all(told: Mapping[str, Any], lang: str) -> str:
    """Say what is asked of a point where there are several worlds."""
    if len(told["worlds"]) < 2:
        return ""
    return pick(
        lang,
        " A point must look like the data in every world: which of them the data saw is not known, and what holds "
        "in one of them only is ruled out on purpose.",
        "各点须在每种情境下都与数据相符：数据属于哪种情境并不清楚，只在其一相符者有意予以排除。",
    )


def _posterior(made: Calibration, lang: str) -> str:
    points = f"{len(made.shares):,}"
    return pick(
        lang,
        "Before the data every value of a range is equally credible. The plausibility region weighs points as "
        f"independent normal figures with these variances would, sampled by sequential Monte Carlo ({points} points); "
        "since most of these variances are agreed tolerances and no errors of measurement, it is no posterior, and its "
        "95% are no probability. A parameter is called not identified where its 95% interval is not at least a fifth "
        "narrower than before. The best point is the most credible one; where that misses an interval and others miss "
        "none, the most credible of those.",
        f"事前在范围内均匀分布；合理区域按独立正态指标赋权，以序贯蒙特卡洛抽样（{points} 点）。指标的误差多为约定的"
        "容许范围而非测量误差，故不是后验分布，其 95% 也不是概率。95% 区间收窄不足五分之一者"
        "称为无法识别。最优点为密度最高者；若其不能满足全部区间而另有能满足者，取后者中密度最高者。",
    )


def _check(made: Calibration, lang: str) -> str:
    drawn, again = len(made.check.points), made.again.plan.replicates
    return pick(
        lang,
        f"Fresh runs in chance of their own: one at each of {drawn} points of the region, and {again} at the best "
        "values, which calibrated.toml holds to three digits. A figure counts as inside where the whole 95% interval "
        "of its mean at the best values lies in the data's, as outside where none of it does.",
        f"新运行使用独立随机数：合理区域 {drawn} 个点各一次，最优值处 {again} 次；calibrated.toml 保存三位有效数字。"
        "最优值处均值的 95% 区间全部落在数据区间内者计为区间内，全部在外者计为区间外。",
    )


def limits_of(lang: str = "en") -> list[str]:
    """Say what a calibration cannot say."""
    return [
        pick(lang,
             "Parameters that are not fitted keep their values: intervals are given these, and are narrower than what "
             "is really known.", "未拟合的参数保持原值：区间以此为条件，比真实的认识更窄。"),
        pick(lang,
             "Looking like the data in these figures says nothing about what policies do: no open data link branches "
             "to disputes.", "在这些指标上与数据相符，并不说明政策的效果：没有公开数据把支部与纠纷联系起来。"),
        pick(lang, "Errors of figures that come from the same data are taken as independent.",
             "同源指标的误差按独立处理。"),
    ]  # fmt: skip
