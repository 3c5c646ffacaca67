"""How large studies of all policies are, in words, and the page on where policies help and harm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.analyses.study import signs
from experiments.core.margin import MARGIN
from experiments.reporting.catalogue import ngettext
from experiments.reporting.words import noun, verdict

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Size", "signs_written"]


@dataclass(frozen=True)
class Size:
    """How large a sweep is.

    Attributes
    ----------
    estates, weeks, replicates
        Of each world.
    worlds
        Points of the sweep.
    """

    estates: int
    weeks: int
    replicates: int
    worlds: int = 0

    @property
    def fresh(self) -> int:
        """Worlds that confirm a region."""
        return max(self.worlds // 2, 4)

    def note(self, what: str, lang: str = "en") -> str:
        """Say how the page was made."""
        return ngettext(
            lang,
            "Made by `gongzhi study {what}`: {estates} estates, {weeks} weeks, {number} replicate; means are over the "
            "weeks after the start of the policy.",
            "Made by `gongzhi study {what}`: {estates} estates, {weeks} weeks, {number} replicates; means are over the "
            "weeks after the start of the policy.",
            self.replicates, what=what, estates=self.estates, weeks=self.weeks)

    def signs_method(self, lang: str) -> str:
        """Say how a sweep of signs was made."""
        return ngettext(
            lang,
            "Each policy was tried with and without in {worlds} worlds that differ in what is least known (a Latin "
            "hypercube over the ranges below), and each region again in {fresh} fresh worlds: {estates} estates, "
            "{weeks} weeks, {number} replicate; means are over the weeks after the start of the policy. Every world "
            "has random numbers of its own, and one of {grounds} synthetic grounds.",
            "Each policy was tried with and without in {worlds} worlds that differ in what is least known (a Latin "
            "hypercube over the ranges below), and each region again in {fresh} fresh worlds: {estates} estates, "
            "{weeks} weeks, {number} replicates; means are over the weeks after the start of the policy. Every "
            "world has random numbers of its own, and one of {grounds} synthetic grounds.",
            self.replicates, worlds=self.worlds, fresh=self.fresh, estates=self.estates, weeks=self.weeks,
            grounds=signs.GROUNDS)


def _percent(value: float) -> str:
    """A relative effect, with a second decimal where it is small."""
    text = f"{100 * value:+.{1 if abs(value) >= 0.01 else 2}f} %"
    return text if text.strip("+-0. %") else "0 %"


def signs_written(table: pd.DataFrame, size: Size, policies: Mapping[str, Any]) -> str:
    """Write the page on where policies help and harm."""
    lines = [
        "# Where policies help, and where they harm",
        "",
        f"{size.note('signs')} Each policy was tried with and without in {size.worlds} worlds that differ in what is "
        "least known (a Latin hypercube over the declared ranges). From these a region was chosen in which it looked "
        f"like help and one in which it looked like harm; then both were tried again in {size.fresh} fresh worlds. "
        f"Every world has chance of its own, and one of {signs.GROUNDS} synthetic grounds. Only the second trial is "
        "told: the mean effect over its worlds with its 95 % interval, and with the interval that holds for all rows "
        f"together (Bonferroni). *Found* says how the latter lies to zero and to ±{100 * MARGIN:g} %, which may be "
        "*undecided*.",
        "",
        "![Where policies help, and where they harm](figures/signs.png)",
        "",
        "| policy | judged by | looked like | region | effect | 95 % interval | all together | found |",
        "|---|---|---|---|---:|---|---|---|",
    ]
    for row in table.to_dict("records"):
        name = noun(row["outcome"]).name
        effect, low, high, least, most = (
            _percent(row[key]) for key in ("effect", "ci_low", "ci_high", "sim_low", "sim_high"))
        cells = (row["policy"], name, row["chosen_as"], row["region"], effect, f"{low} to {high}",
                 f"{least} to {most}", verdict(str(row["found"])))
        lines.append(f"| {' | '.join(cells)} |")
    notes = [policy for policy in policies.values() if policy.note]
    if notes:
        lines += ["", *(f"- *{policy.name}*: {policy.note}" for policy in notes)]
    return "\n".join(lines) + "\n"
