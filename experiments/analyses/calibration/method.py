"""How a calibration finds out what it says, and what it cannot say, as paragraphs for its report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from experiments.analyses.calibration.sentences import world_name
from experiments.reporting.catalogue import gettext, pgettext
from experiments.reporting.numbers import rounded

if TYPE_CHECKING:
    from experiments.analyses.calibration.calibration import Calibration

__all__ = ["limits_of", "method_of"]


def method_of(made: Calibration, lang: str = "en") -> list[str]:
    """Say how it was found out, a paragraph each for runs, what is ruled out, what is plausible, and the check."""
    return [_runs(made, lang), _ruled_out(made, lang), _posterior(made, lang), _check(made, lang)]


def _runs(made: Calibration, lang: str) -> str:
    told, plan = made.wanted.settings, made.wanted.plan
    worlds = [world_name(world, lang) for world in told["worlds"] if world]
    asked = gettext(
        lang,
        " Each figure is required of {worlds} worlds ({names}) and counts as one: its logarithmic likelihood is the "
        "mean over the worlds.",
        worlds=len(worlds), names=pgettext(lang, "between names", ", ").join(worlds))
    estates, weeks, warmup = plan.scenario.district.estates, plan.scenario.run.weeks, plan.scenario.run.warmup
    if plan.district is not None:
        estates = plan.district.estates
    return gettext(
        lang,
        "Waves of {points} points, each with {replicates} runs in every world: a Latin hypercube over the ranges "
        "first, and then spread over what was not ruled out. Points do not share random numbers; the worlds of a "
        "point do. The district has {estates:,} estates and runs for {weeks} weeks, of which {warmup} are warm-up.",
        points=told['points'], replicates=plan.replicates, estates=estates, weeks=weeks,
        warmup=warmup) + (asked if worlds else "")


def _ruled_out(made: Calibration, lang: str) -> str:
    told, cut = made.wanted.settings, rounded(made.regions[-1].wanted)
    wrong, risk = f"{100 * told['discrepancy']:g}%", f"{100 * told['level']:g}%"
    return gettext(
        lang,
        "A Gaussian process is fitted to the means of each figure, whose noise is known from the replicates. A "
        "point is ruled out where a figure lies more than {cut} standard deviations from the data; the variance is "
        "that of the data (an interval is read as four standard deviations wide), of the emulator, and of a "
        "discrepancy of the model of {wrong} of the figure. The right point would lie so far out with a probability "
        "of at most {risk}, all figures together, if the data's intervals contain the chance of the time when they "
        "were collected: the model's expected figures are set beside them.{in_all}",
        cut=cut, wrong=wrong, risk=risk, in_all=_in_all(told, lang))


def _in_all(told: Mapping[str, Any], lang: str) -> str:
    """Say what is asked of a point where there are several worlds."""
    if len(told["worlds"]) < 2:
        return ""
    return gettext(
        lang,
        " A point must look like the data in every world: which of them the data saw is not known, and what "
        "holds in one of them only is ruled out on purpose.")


def _posterior(made: Calibration, lang: str) -> str:
    points = f"{len(made.shares):,}"
    return gettext(
        lang,
        "Before the data every value of a range is equally credible. The plausibility region weighs points as "
        "independent normal figures with these variances would, sampled by sequential Monte Carlo ({points} "
        "points); since most of these variances are agreed tolerances and no errors of measurement, it is no "
        "posterior, and its 95% are no probability. A parameter is called not identified where its 95% interval "
        "is not at least a fifth narrower than before. The best point is the most credible one; where that "
        "misses an interval and others miss none, the most credible of those.",
        points=points)


def _check(made: Calibration, lang: str) -> str:
    drawn, again = len(made.check.points), made.again.plan.replicates
    return gettext(
        lang,
        "Fresh runs with random numbers of their own: one at each of {drawn} points of the region, and {again} at "
        "the best values, which calibrated.toml holds to three digits. A figure counts as inside where the whole "
        "95% interval of its mean at the best values lies in the data's, as outside where none of it does.",
        drawn=drawn, again=again)


def limits_of(lang: str = "en") -> list[str]:
    """Say what a calibration cannot say."""
    return [
        gettext(
            lang,
            "Parameters that are not fitted keep their values: intervals are given these, and are narrower than "
            "what is really known."),
        gettext(
            lang,
            "Looking like the data in these figures says nothing about what policies do: no open data link "
            "branches to disputes."),
        gettext(lang, "Errors of figures that come from the same data are taken as independent."),
    ]  # fmt: skip
