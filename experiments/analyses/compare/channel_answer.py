"""Of a hundred conflicts, how many go which way: borne, taken up with the other side, filed with whom, acted on.

Filing is voice and has no better side.  What a new door draws from is told by the numbers of the runs: which ways lost
how much where it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from experiments.analyses.compare.comparison_view import Reader
from experiments.reporting import words
from experiments.reporting.catalogue import N_, gettext, pgettext
from experiments.reporting.elements import Html, table, tag
from experiments.reporting.numbers import written

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["WAYS", "ways", "ways_told"]

WAYS: tuple[tuple[str, str], ...] = (
    ("tolerated", N_("borne")),
    ("self_begun", N_("taken up with the other side")),
    ("filed_firm", N_("filed with the firm")),
    ("filed_committee", N_("filed with the committee")),
    ("filed_branch", N_("filed with the branch")),
    ("hotline", N_("filed with the hotline")),
    ("filed_platform", N_("filed with a platform")),
    ("gathered", N_("acted on together")),
)
"""Every conflict, first or returning, goes one of these ways: column of the weekly record, and words."""

ALL = "conflicts_all"
SILENT = 0.05
"""Of a hundred conflicts: less is not told, since it would be written as 0.0."""


def shares(reader: Reader) -> pd.DataFrame | None:
    """Return of 100 conflicts how many go which way: arms by ways, means over the measured weeks and replicates.

    None where the runs do not tell, such as those of a model of the user's own.
    """
    series = reader.comparison.series
    names = [name for name, *_ in WAYS]
    if series is None or not len(series) or not {ALL, *names} <= set(series.columns):
        return None
    late = series[series["week"] >= reader.warmup]
    sums = late.groupby("arm")[[ALL, *names]].mean()
    order = [reader.baseline, *reader.arms]
    sums = sums.loc[[name for name in order if name in sums.index]]
    sums = sums[sums[ALL] > 0.0]
    return None if sums.empty else 100.0 * sums[names].div(sums[ALL], axis=0)


def ways(reader: Reader, lang: str) -> list[Html]:
    """Return the table of all arms, and what it is; nothing where the runs do not tell."""
    found = shares(reader)
    if found is None:
        return []
    shown = [entry for entry in WAYS if float(np.abs(found[entry[0]]).max()) >= SILENT]
    rows = []
    for name in found.index:
        label = reader.label(str(name), lang)
        rows.append([label[0].upper() + label[1:], *(f"{found.loc[name, column]:.1f}" for column, *_ in shown)])
    head = [
        gettext(lang, "Of 100 conflicts"),
        *(gettext(lang, told) for _name, told in shown),
    ]
    text = gettext(
        lang,
        "Of 100 conflicts, first ones and returning ones: means over the measured weeks and all replicates, "
        "without intervals. Filing has no better side: it is voice.")
    return [table(head, [("", rows)], numeric=tuple(range(1, len(head))), kind="ways"), tag("p", text, class_="note")]


def ways_told(reader: Reader, lang: str, policy: str = "") -> str:
    """Say how many of 100 conflicts are filed with and without a policy, which ways gain, and what new doors draw from.

    Parameters
    ----------
    reader, lang
        The comparison, and `en` or `zh`.
    policy
        An arm; by default the one in focus.
    """
    found, policy = shares(reader), policy or reader.focus
    if found is None or policy == reader.baseline or not {policy, reader.baseline} <= set(found.index):
        return ""
    here, there = found.loc[policy], found.loc[reader.baseline]
    doors = [name for name, *_ in WAYS if name.startswith("filed_") or name == "hotline"]
    filed, before = float(here[doors].sum()), float(there[doors].sum())
    name, base = words.arm(policy, lang), words.arm(reader.baseline, lang)
    text = gettext(
        lang,
        "Of 100 conflicts {filed:.1f} are filed under {name} and {before:.1f} under {base}.",
        filed=filed, name=name, before=before, base=base)
    change = (here - there).to_dict()
    moved = [(gettext(lang, told), float(change[way])) for way, told in WAYS if abs(change[way]) >= SILENT]
    told = []
    for more in (True, False):
        some = sorted((entry for entry in moved if (entry[1] > 0) == more), key=lambda entry: -abs(entry[1]))
        if some:
            listed = pgettext(lang, "between names", ", ").join(
                gettext(lang, "{way} ({size})", way=way, size=written(size, "+.1f")) for way, size in some)
            told.append(
                gettext(lang, "more are {listed}", listed=listed)
                if more else
                gettext(lang, "fewer are {listed}", listed=listed))
    if told:
        joined = gettext(lang, "; ").join(told)
        text += gettext(lang, " Of 100, {joined}.", joined=joined)
    return text + _drawn(change, lang)


def _drawn(change: Mapping[str, float], lang: str) -> str:
    """Say what the doors that a policy opens draw from: of what they take, how much each other way has less.

    Shares of 100 add up, so that what new doors gain is what all other ways lose, those that gain counted against.
    """
    new = ("filed_branch", "filed_platform")
    gain = sum(change[name] for name in new)
    if gain < SILENT:
        return ""
    old = [name for name, *_ in WAYS if (name.startswith("filed_") or name == "hotline") and name not in new]
    sources = (
        (-change["tolerated"], N_("borne ({size:.1f})")),
        (-change["self_begun"], N_("taken up with the other side ({size:.1f})")),
        (-sum(change[name] for name in old), N_("filed with firm, committee or hotline ({size:.1f})")),
        (-change["gathered"], N_("acted on together ({size:.1f})")),
    )
    told = [gettext(lang, way, size=size) for size, way in sorted(sources, key=lambda one: -one[0]) if size >= SILENT]
    if not told:
        return ""
    added = sum(change[name] for name in (*new, *old))
    more = (
        gettext(lang, "{added:.1f} more", added=abs(added))
        if added >= 0 else
        gettext(lang, "{added:.1f} fewer", added=abs(added)))
    return gettext(
        lang,
        " Branches and platforms take {gain:.1f} of 100; without them more would be {names}. All third parties "
        "together have {more} of 100.",
        gain=gain, names=pgettext(lang, "between names", ", ").join(told), more=more)
