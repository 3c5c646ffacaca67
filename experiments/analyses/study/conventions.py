"""Conventions: choices of modelling that no datum settles, and what is left of the headline under each of them.

A convention is set otherwise, one at a time and all together, and the headline is worked out anew: each policy against
no branch *under the same convention*, on common random numbers.  Since all settings share their draws as well, the
effect under one can be set beside the effect under the defaults replicate by replicate, which shows whether it changes
sign or is halved with far fewer runs than two intervals side by side would.

How the effect under a setting, e, lies to that under the defaults, d, is read from intervals at 95 %:

| word    | what is certain                                                          |
|---------|--------------------------------------------------------------------------|
| turns   | e and d both leave zero out, on different sides                          |
| halves  | e - d/2 lies on the far side of zero: less than half of d is left        |
| doubles | e - 2d lies beyond zero: more than twice d                               |
| keeps   | e - d/2 lies beyond zero: more than half of d is left                    |
| open    | none of these                                                            |
| falls, rises | d itself holds zero and e does not                                  |
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analyses.result import Draw
from experiments.analyses.study.contrasts import Contrast, Contrasts, relative_effects
from experiments.analyses.study.sweeps import BAND, StudySweep, StudySweepSpec, noted, study_document
from experiments.core.margin import MARGIN
from experiments.core.statistics.paired import paired
from experiments.core.statistics.regions import side
from experiments.figures.entry import band_entry, verdict_entry, verdict_key
from experiments.figures.interval_rows import IntervalRows, Panel, Point, Row, bulk
from experiments.reporting import words
from experiments.reporting.catalogue import N_, gettext
from experiments.reporting.clauses import capital
from experiments.reporting.document import Document, Shown
from experiments.reporting.dust import least
from experiments.reporting.finding import Finding
from experiments.reporting.phrases import phrase

if TYPE_CHECKING:
    from matplotlib.figure import Figure

OUTCOMES: Final = ("conflicts", "standing")  # the headline
COLUMNS: Final = (
    "convention convention_zh setting words words_zh policy outcome without with difference relative low high verdict "
    "beside replicates"
).split()
TOGETHER = "all together"  # the convention that is all of them
Beside = Literal["turns", "halves", "doubles", "keeps", "open", "falls", "rises"]


@dataclass(frozen=True)
class Setting:
    """A convention set otherwise than by default: what then holds, as a clause, and the changes of the scenario.

    `shown` is what is typed to have it, where that is not the changes one by one.
    """

    words: str
    changes: Mapping[str, Any]
    shown: str = ""

    @property
    def typed(self) -> str:
        return self.shown or ", ".join(f"{name} = {json.dumps(value)}" for name, value in self.changes.items())


DEFAULTS: Final = Setting(N_("the defaults"), {}, "nothing")


@dataclass(frozen=True)
class Convention:
    """A choice of modelling: what is chosen, and how else it may be set.

    Where `branches_only`, nothing depends on it without a branch, so that one run without any serves all its settings.
    """

    name: str
    settings: tuple[Setting, ...]
    branches_only: bool = False


def settings_of(conventions: Sequence[Convention]) -> list[tuple[Convention | None, Setting]]:
    """List the defaults, and after them every setting with its convention."""
    return [(None, DEFAULTS), *((convention, setting) for convention in conventions for setting in convention.settings)]


def _label(setting: Setting, policy: str) -> str:
    return f"{setting.typed}: {policy}"


def beside(default: NDArray[np.float64], variant: NDArray[np.float64], sides: tuple[int, int]) -> Beside:
    """Say how the effect under a setting lies to the effect under the defaults; see the table above.

    Both are relative effects of the same replicates, shape (replicates,); `sides` says on which side of zero the
    interval of each lies: 1, -1, or 0 where it holds zero.

    Examples
    --------
    >>> d = np.array([-0.10, -0.11, -0.09])
    >>> [beside(d, factor * d, (-1, -1)) for factor in (0.2, 0.9, 3.0)], beside(d, -d, (-1, 1))
    (['halves', 'keeps', 'doubles'], 'turns')
    """
    before, now = sides
    if not before:
        return "falls" if now < 0 else "rises" if now > 0 else "open"
    if now == -before:
        return "turns"
    if not (np.isfinite(default).all() and np.isfinite(variant).all()):
        return "open"
    half, double = (paired(before * variant, share * before * default) for share in (0.5, 2.0))
    if side(double.ci_low, double.ci_high) > 0:
        return "doubles"
    match side(half.ci_low, half.ci_high):
        case -1:
            return "halves"
        case 1:
            return "keeps"
    return "open"


class Assumptions(StudySweep):
    """What conventions decide."""


class AssumptionsSpec(StudySweepSpec):
    """What conventions decide: every policy against no branch under each setting of each convention."""

    analysis = "assumptions"
    result = Assumptions
    conventions: tuple[Convention, ...]
    policies: dict[str, dict[str, Any]]

    @property
    def outcomes(self) -> Sequence[str]:
        return OUTCOMES

    def contrasts(self) -> list[Contrast]:
        """Set every policy against no branch under every setting; worlds alike without a branch have one run."""
        contrasts = []
        for convention, setting in settings_of(self.conventions):
            alike = convention is not None and convention.branches_only
            world, own = ({}, setting.changes) if alike else (setting.changes, {})
            contrasts += [
                Contrast(_label(setting, name), {**world, "coverage.strategy": "none"}, {**own, **policy})
                for name, policy in self.policies.items()
            ]
        return contrasts

    def table(self, contrasts: Contrasts) -> pd.DataFrame:
        """Return a row for each setting, policy and outcome; shares are of the mean without a branch there."""
        rows: list[dict[str, Any]] = []
        usual: dict[tuple[str, str], tuple[NDArray[np.float64], int]] = {}
        for convention, setting in settings_of(self.conventions):
            own = {"convention": "" if convention is None else convention.name, "words": setting.words}
            chinese = {f"{column}_zh": gettext("zh", text) for column, text in own.items()}
            for policy in self.policies:
                for row, effect in relative_effects(*contrasts.sides(_label(setting, policy)), contrasts.seen):
                    now = side(row["ci_low"], row["ci_high"])
                    default, before = usual.setdefault((policy, row["outcome"]), (effect, now))
                    lies = "" if convention is None else beside(default, effect, (before, now))
                    rows.append({**own, **chinese, "setting": setting.typed, "policy": policy, **row, "beside": lies})
        return pd.DataFrame(rows, columns=COLUMNS)


def counted(table: pd.DataFrame) -> dict[str, int]:
    """Count the settings, those that turn an effect of the headline, and those that halve one."""
    turned, halved = (table.loc[table["beside"] == word, "setting"].nunique() for word in ("turns", "halves"))
    return {"settings": table.loc[table["convention"] != "", "setting"].nunique(), "turned": turned, "halved": halved}


def findings(result: Assumptions) -> list[Finding]:
    """Find the headline, which settings turn and halve it, and what each of its effects owes to them."""
    return [*opening(result.table), *each(result.table)]


def opening(table: pd.DataFrame) -> list[Finding]:
    """Find the headline, what turns and halves it, and what is left of it when all is set otherwise at once."""
    deciding = {word: table[table["beside"] == word].groupby("setting", sort=False) for word in ("turns", "halves")}
    settings = {
        word: [(rows["words"].iloc[0], list(zip(rows["policy"], rows["outcome"], strict=True))) for _, rows in groups]
        for word, groups in deciding.items()
    }
    at_once = table[table["convention"] == TOGETHER].drop_duplicates("setting")
    return [
        Finding("conventions.by_default", changes=_changes(table, DEFAULTS.typed)),
        Finding("conventions.counted", **counted(table)),
        *(Finding("conventions.deciding", beside=word, settings=named) for word, named in settings.items() if named),
        *(
            Finding("conventions.at_once", words=row["words"], changes=_changes(table, row["setting"]))
            for row in at_once.to_dict("records")
        ),
    ]


def _changes(table: pd.DataFrame, setting: str) -> list[tuple[str, list[tuple[str, list[float]]]]]:
    rows = _with_shares(table[table["setting"] == setting])
    return [
        (str(policy), list(zip(cells["outcome"], cells["share"], strict=True)))
        for policy, cells in rows.groupby("policy", sort=False)
    ]


def _with_shares(table: pd.DataFrame) -> pd.DataFrame:
    """Add relative effects with the ends of their intervals, in per cent."""
    return table.assign(share=(100 * table[["relative", "low", "high"]].to_numpy(float)).tolist())


def each(table: pd.DataFrame) -> list[Finding]:
    """Find for every effect which settings turn, halve or double it, and of how many nothing of the kind is shown."""
    statements = []
    for (policy, outcome), rows in table[table["convention"] != ""].groupby(["policy", "outcome"], sort=False):
        settings = {str(word): list(group["words"]) for word, group in rows.groupby("beside")}
        vague = bool({"falls", "rises"} & set(settings)) or set(settings) == {"open"}
        named = ("falls", "rises") if vague else ("turns", "halves", "doubles")
        shown = [(word, settings.pop(word, [])) for word in named]
        values = {
            "policy": policy,
            "outcome": outcome,
            "settings": len(rows),
            "vague": vague,
            "shown": [(word, names) for word, names in shown if names or word in ("turns", "halves")],
            "kept": len(settings.pop("keeps", [])),
            "left": sum(map(len, settings.values())),
        }
        statements.append(Finding("conventions.effect_under", **values))
    return statements


def figures(result: Assumptions) -> dict[str, Draw]:
    """The headline under each convention."""
    return {"assumptions": partial(conventions_figure, result.table)}


def conventions_figure(table: pd.DataFrame, lang: str = "en") -> Figure:
    """Draw a panel for each policy and outcome; a dotted line is the effect in the usual setting."""
    rows: list[Row] = []
    panels, before, named = [], "", ""
    for _, cells in table.groupby("setting", sort=False):
        convention, text = cells[["convention", "words"]].iloc[0]
        bold = not convention or bool(cells["beside"].isin(("turns", "halves")).any())
        rows.append(Row(capital(phrase(text, lang)), bold=bold, line=bool(rows) and convention != before))
        before = convention
    for (policy, outcome), cells in table.groupby(["policy", "outcome"], sort=False):
        ends = 100.0 * cells[["low", "relative", "high"]].to_numpy(dtype=float)
        marks = [verdict_entry(verdict, 4.2) for verdict in cells["verdict"]]
        points = [[Point.of(row, look, least=least(outcome))] for row, look in zip(ends, marks, strict=True)]
        title, under = capital(words.arm(policy, lang)) if policy != named else "", words.noun(outcome, lang).name
        look: dict[str, Any] = {"guide": float(ends[0, 1]), "span": bulk(points, BAND[1])}
        panels.append(Panel(title, "", points, under=under, band=BAND, **look))
        named = policy
    return IntervalRows(
        title=Finding("conventions.title", **counted(table)),
        note=Finding("conventions.note", **noted(table)),
        rows=rows,
        panels=panels,
        key=[*verdict_key(table["verdict"], lang), band_entry(MARGIN, lang)],
        axis=gettext(lang, "change against no branch, %"),
        across=len(panels),
        size=7,
        names=3,
    ).draw(lang)


def page(result: Assumptions) -> dict[str, Any]:
    """Return what the page is filled with."""
    table, settings = result.table, _with_shares(result.table).groupby("setting", sort=False)
    return {
        "opening": opening(table),
        "each": each(table),
        "made_by": result.spec.made_by,
        "margin": MARGIN,
        "pairs": list(dict.fromkeys(zip(table["policy"], table["outcome"], strict=True))),
        "settings": [rows.to_dict("records") for _, rows in settings],
    }


def document(result: Assumptions, drawn: Mapping[str, Path]) -> Document:
    """Make the report."""
    rows = _with_shares(result.table).to_dict("records")
    columns = "words typed policy outcome effect verdict beside"
    effects = Shown.of(Finding("conventions.effects"), rows, columns, "conventions.cell")
    method = [result.spec.made_by, Finding("conventions.intervals")]
    caption = Finding("conventions.note", **noted(result.table))
    return study_document(result, drawn, caption, effects, method, "conventions.one_at_a_time")
