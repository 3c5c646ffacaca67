"""The report of signs: where each policy was shown to help, where to harm, and where neither was shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.analyses.study.signs_figure import note, signs_figure, title
from experiments.core.margin import MARGIN
from experiments.reporting import meanings, words
from experiments.reporting.catalogue import gettext, pgettext
from experiments.reporting.clauses import capital
from experiments.reporting.document import Document, draw_into, write_document
from experiments.reporting.numbers import percent
from experiments.reporting.phrases import phrase

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["write"]


def write(
    policies: Mapping[str, Any], swept: Mapping[str, Any], table: pd.DataFrame, folder: Path, question: str, *,
    method: str, info: Mapping[str, Any], lang: str = "en",
) -> Path:  # fmt: skip
    """Draw the figure of signs into the folder and write `report.html` there; return the report's path.

    Parameters
    ----------
    policies, swept
        What was tried; for each policy the points, and the mean effect at each.
    table
        The regions that were tried again: policy, outcome, chosen_as, found, region, effect, ci_low, ci_high, worlds.
    folder, question
        Where, and what was asked.
    method
        How large it was.
    info
        Of one of the sweeps, for how it can be made again.
    lang
        `en` or `zh`; without a font for Chinese the figure is in English.
    """
    path = draw_into(folder, "signs", lambda drawn: signs_figure(policies, swept, table, drawn), lang)
    notes = [policy for policy in policies.values() if policy.note]
    brief = Document(
        title=meanings.question(question, lang),
        findings=[title(table, lang) + gettext(lang, "."), *_findings(table, lang)],
        figures=[(path, note(lang))],
        tables=[_regions(table, lang), _ranges(policies, lang)],
        method=[
            method,
            gettext(
                lang,
                "From the worlds of the first sweep a region was chosen in which a policy looked like help and one "
                "in which it looked like harm: opposite corners along the parameters with the steepest slopes of a "
                "fitted plane. Both were tried again in fresh worlds with fresh random numbers, and only these are "
                "reported: the best-looking of many regions looks better than it is. An effect is relative to the "
                "same world without the policy; an interval is the 95% interval of its mean over worlds (Student's, "
                "lengthened where effects are skewed). ")
            + meanings.how_judged(MARGIN, gettext(lang, "the mean without the policy"), lang),
        ],
        limits=[
            gettext(
                lang,
                "A region is a box in a few parameters; inside of it single worlds may differ in sign. How "
                "likely a region is, nobody knows."),
            *(capital(phrase(one.name, lang)) + gettext(lang, ": ") + phrase(one.note, lang) for one in notes),
        ],
        info=info,
    )
    return write_document(brief, folder / "report.html", lang)


def _findings(table: pd.DataFrame, lang: str) -> list[str]:
    told = []
    for policy, rows in table.groupby("policy", sort=False):
        judged = words.noun(str(rows["outcome"].iloc[0]), lang).name
        clauses = [_told(row, lang) for row in rows.to_dict("records")]
        name = capital(phrase(str(policy), lang))
        told.append(gettext(
            lang,
            "{name}, judged by {judged}: {names}.",
            name=name, judged=judged, names=gettext(lang, "; ").join(clauses)))
    return told


def _told(row: Mapping[Any, Any], lang: str) -> str:
    effect, low, high = (percent(100 * float(row[name]), signed=True) for name in ("effect", "ci_low", "ci_high"))
    ends = gettext(lang, "{effect}, 95% interval {low} to {high}", effect=effect, low=low, high=high)
    where = region(str(row["region"]), lang)
    looked = words.verdict(str(row["chosen_as"]), lang)
    match str(row["found"]):
        case "undecided":
            return gettext(
                lang,
                "undecided where it had looked like it {looked} ({where}; {ends})",
                looked=looked, where=where, ends=ends)
        case found:
            verdict = words.verdict(found, lang)
            return gettext(lang, "{verdict} with {where} ({ends})", verdict=verdict, where=where, ends=ends)


def region(text: str, lang: str = "en") -> str:
    """Write a region for a reader.

    Examples
    --------
    >>> region("`services.effect` from 0 to 0.4 and `voice.memory` from -8 to 46")
    'services.effect from 0 to 0.4 and voice.memory from −8 to 46'
    """
    sides = re.findall(r"`(\S+)` from (\S+) to (\S+)", re.sub(r" -(?=\d)", " −", text))
    return pgettext(lang, "between conditions", " and ").join(
        gettext(lang, "{name} from {low} to {high}", name=name, low=low, high=high) for name, low, high in sides)


def _regions(table: pd.DataFrame, lang: str) -> tuple[str, pd.DataFrame]:
    import pandas as pd

    rows = []
    for row in table.to_dict("records"):
        effect, low, high, least, most = (
            percent(100 * float(row[name]), signed=True)
            for name in ("effect", "ci_low", "ci_high", "sim_low", "sim_high"))
        rows.append((
            capital(phrase(str(row["policy"]), lang)), words.noun(str(row["outcome"]), lang).name,
            words.verdict(str(row["chosen_as"]), lang), region(str(row["region"]), lang), effect,
            f"{low} … {high}", f"{least} … {most}", int(row["worlds"]), words.verdict(str(row["found"]), lang),
        ))  # fmt: skip
    head = [gettext(lang, "Policy"), gettext(lang, "Judged by"), gettext(lang, "Looked like it"),
            gettext(lang, "Region"), gettext(lang, "Effect"), gettext(lang, "95% interval"),
            gettext(lang, "All together"), gettext(lang, "Worlds"), gettext(lang, "Found")]
    return gettext(lang, "The second trial of each region."), pd.DataFrame(rows, columns=head)


def _ranges(policies: Mapping[str, Any], lang: str) -> tuple[str, pd.DataFrame]:
    import pandas as pd

    rows = [
        (capital(phrase(policy.name, lang)), name, f"{low:g} … {high:g}")
        for policy in policies.values()
        for name, (low, high) in policy.ranges.items()
    ]
    head = [gettext(lang, "Policy"), gettext(lang, "Parameter"), gettext(lang, "Range")]
    return gettext(lang, "What was swept."), pd.DataFrame(rows, columns=head)
