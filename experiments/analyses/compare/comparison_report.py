"""What a comparison says on a page, for a referee and for a minister: the report, and the answer on one page.

The sentences are worked out from the table. It says where an effect is undecided, and whether the branch beats its own
hours, whichever way that comes out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import pandas as pd

from experiments.analyses.compare import comparison_findings as find
from experiments.analyses.compare.comparison_figures import FIGURES, available, draw
from experiments.analyses.compare.comparison_view import GIVEN, HEADLINE, Effect, Reader
from experiments.analyses.explorer import Explored, Response, explorer, options_of
from experiments.analyses.result import Draw
from experiments.core.design.arms import matched
from experiments.core.statistics.regions import decided
from experiments.reporting import provenance as record
from experiments.reporting import words
from experiments.reporting.document import Document
from experiments.reporting.dust import DUST
from experiments.reporting.finding import Block, Finding
from experiments.reporting.setting import first_limits, setting
from experiments.reporting.template_rendering import labels, sentence
from sim.core.screen import columns, padded
from sim.outcomes.inequality import BURDENS, GROUPS
from sim.policies import arrangement

CELL: Final = 34  # width of a column on the screen
USED: Final = ("mediation_hours", "routine_hours", "reporting_hours", "authority_hours", "extra_hours")
BESIDE: Final = ("hours_residents", "hours_couriers", "hours_enterprises")  # who give what is in no branch
ENOUGH: Final = 8  # replicates that are proposed, at least, where effects are undecided


def findings(result: Any) -> list[Finding]:
    """Find the answer in short, in the order of the report."""
    return find.findings(Reader(result))


def figures(result: Any) -> dict[str, Draw]:
    """What can be drawn, by name."""
    return {name: partial(draw, result, name) for name in available(Reader(result))}


def document(result: Any, drawn: Mapping[str, Path]) -> Document:
    """Make the report: one page that stands alone."""
    reader = Reader(result)
    texts = captions(reader)
    return Document(
        title=_question(reader),
        standing=Finding("comparison_parts.standing", reader=reader),
        findings=(),
        figures=[(path, texts[name]) for name, path in drawn.items()],
        sections={
            "answer": answer(reader),
            "explore": explore(reader),
            "design": design(reader),
            "table": Block(
                "comparison_parts.effects", grounds=[ground for ground in (reader, reader.further) if ground]
            ),
            "assumptions": assumptions(reader),
            "groups": groups(reader),
            "cost": Block(
                "sections.parts", content=[Block("sections.paragraphs", texts=find.price(reader)), bearers(reader)]
            ),
        },
        scenario=result.spec.listed,
        info=reader.info,
    )


def explore(reader: Reader) -> Block | None:
    """Return sliders over the range over assumptions: what each policy changes of what is always given together."""
    held = reader.comparison.assumed
    if held is None:
        return None
    known = [name for name in HEADLINE if held.known(name)]
    held.read(known)
    design = held.outcome.design
    return explorer(
        Explored(
            "latin",
            held.axes,
            held.points,
            [
                Response(outcome, arm, against, held.spread(arm, against, outcome).measured, True, reader.margin)
                for arm, against in held.pairs()
                if arm in reader.policies
                for outcome in known
            ],
            design.scenario,
            {arm.label: arm.changes for arm in reader.comparison.outcome.design.arms if arm.label in held.labels},
            sizes={"replicates": design.replicates, "seed": design.seed},
            options=options_of(True, design, "assumptions/"),
        )
    )


def brief(result: Any) -> Block:
    """Make the page of A4 for whoever decides: the answer, what it hangs on, what it cannot say."""
    reader, scenario = Reader(result), result.spec.listed
    points = Block(
        "comparison_parts.points", points=[find.served_point(reader), find.hours_point(reader), find.cost_point(reader)]
    )
    sections = {
        "answer": Block("sections.parts", content=[cards(reader), points]),
        "assumptions": opening(reader),
        "limits": first_limits(scenario),
        "again": record.citation(reader.info),
    }
    return Block(
        "page.page",
        kind="brief",
        title=_question(reader),
        standing=Finding("comparison_parts.standing", reader=reader),
        setting=setting(scenario, reader.info),
        warnings=record.alarms(reader.info),
        sections=list(sections.items()),
    )


def captions(reader: Reader) -> dict[str, Finding]:
    """Say under each figure what is drawn, and what every band is."""
    return {name: Finding("comparison.caption", name=name, reader=reader) for name in FIGURES}


def _question(reader: Reader) -> Finding:
    own = Finding("comparison_parts.question", strategies=reader.strategies, baseline=reader.baseline)
    return Finding("common.question", text=str(reader.info.get("question") or "").strip(), own=own)


def answer(reader: Reader) -> Block:
    """Return the answer in short, point by point, with the numbers that are always given together before it."""
    points = Block("comparison_parts.points", points=find.points(reader), reader=reader)
    outcomes = [name for name in (*HEADLINE, "open", *reader.own) if name in reader.outcomes]
    glance = Block("comparison_parts.glance", reader=reader, outcomes=outcomes)
    return Block("sections.parts", content=[cards(reader), opening(reader), points, glance, channel_table(reader)])


def cards(reader: Reader) -> Block:
    """Return the three numbers that are always given together, for each policy that the text speaks of."""
    return Block("comparison_parts.cards", reader=reader)


def opening(reader: Reader) -> Block | None:
    """Return what decides the answer most; None without a range."""
    return Block("comparison_parts.deciding", policies=find.deciding(reader)) if find.ranged_policies(reader) else None


def channel_table(reader: Reader) -> Block | None:
    """Return the table of which way conflicts go in all arms; None where the runs do not record it."""
    shares = find.way_shares(reader)
    if shares is None:
        return None
    return Block("comparison_parts.ways", short=reader.short, shares=shares.loc[:, shares.abs().max() >= find.SILENT])


def design(reader: Reader) -> Block:
    """Return the design: the district, the arms in words, the pairing, the verdicts."""
    seeds = [item for item in reader.info.get("seeds", []) if isinstance(item, dict)]
    replicates = len({(item.get("district"), item.get("replicate")) for item in seeds})
    needed = {
        policy: [
            (effect.outcome, effect.needed)
            for effect in reader.effects(policy)
            if not decided(effect.verdict) and effect.needed > effect.replicates
        ]
        for policy in reader.policies
    }
    changes = changes_of_arms(reader)
    further = reader.further.arms if reader.further else ()
    return Block(
        "comparison_parts.design",
        reader=reader,
        replicates=replicates or int(reader.table["replicates"].max()),
        more={policy: outcomes for policy, outcomes in needed.items() if outcomes},
        arms={name: changes.get(name, []) for name in (reader.baseline, *reader.arms, *further)},
        own=reader.info.get("strategies", {}),
    )


def changes_of_arms(reader: Reader) -> dict[str, list[str]]:
    """Return what each arm changes in the scenario, besides the strategy or the arrangement that it is called after."""
    changes = {} if reader.further is None else changes_of_arms(reader.further)
    for row in reader.comparison.design.drop_duplicates("arm").to_dict("records"):
        name = str(row["arm"])
        named = arrangement.named(name) if words.cover_of(name) or words.less_of(name) else None
        own = named or {"coverage.strategy": name}
        change = {key: value for key, value in json.loads(row["changes"]).items() if own.get(key) != value}
        written = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in change.items()]
        changes.setdefault(name, written)
    return changes


def assumptions(reader: Reader) -> Block | None:
    """Return how the range was made, the range of every effect that has one, and what each assumption explains."""
    return Block("comparison_parts.assumptions", reader=reader, causes=_causes(reader)) if reader.ranged else None


def _causes(reader: Reader) -> Block | None:
    """Return what each assumption explains, of the policies' effects on the headline's outcomes."""
    if (causes := reader.deciding) is None:
        return None
    held = reader.comparison.assumed
    axes = {} if held is None else {axis.name: axis for axis in held.axes}
    shown = causes[(causes["against"] == reader.baseline) & causes["outcome"].isin(HEADLINE)]
    cells = shown.set_index(["strategy", "outcome", "parameter"]).to_dict("index")
    known = {key[:2] for key in cells}
    arms = [arm for arm in dict.fromkeys(shown["strategy"]) if not words.control_of(arm)]
    columns = [(arm, outcome) for arm in arms for outcome in HEADLINE if (arm, outcome) in known]
    lines = [
        (name, axes.get(name), [cells.get((*column, name)) for column in columns])
        for name in axes or dict.fromkeys(shown["parameter"])
    ]
    return Block("comparison_parts.causes", columns=columns, lines=lines) if columns else None


def groups(reader: Reader) -> Block | None:
    """Return the table: a row for each group of estates, two columns for each policy that the text speaks of."""
    table = reader.comparison.groups
    table = table[table["strategy"].isin(reader.policies) & (table["strategy"] != table["against"])]
    known = table.set_index(["strategy", "outcome"]).to_dict("index")
    columns = [(policy, burden) for policy in reader.policies for burden in BURDENS]
    lines = {group: [known.get((policy, f"{burden}_{group}")) for policy, burden in columns] for group in GROUPS}
    lines = {
        group: line for group, line in lines.items() if any(effect and effect["baseline_mean"] > 0.0 for effect in line)
    }
    return Block("comparison_parts.groups", baseline=reader.baseline, columns=columns, lines=lines) if lines else None


def bearers(reader: Reader) -> Block | None:
    """Return hours a week, what they go to and on whose accounts they stand: means over measured weeks and replicates.

    In both tables the sum stands behind what it is the sum of, of which nothing is left out.
    """
    series = reader.comparison.series
    means = series[series["week"] >= reader.warmup].groupby("arm").mean(numeric_only=True)
    means = means.loc[[name for name in (reader.baseline, *reader.arms) if name in means.index]]
    if "hours" in means:
        uncounted = means["hours"] - means.reindex(columns=USED, fill_value=0.0).sum(axis=1)
        means["other_hours"] = uncounted.where(uncounted.abs() > DUST * means["hours"], 0.0)
    accounts = means.reindex(columns=GIVEN, fill_value=0.0)
    means["everybody"] = accounts.sum(axis=1)
    bearing = labels("en", "comparison_parts.bearers")
    used = [name for name in bearing if name in means and name not in (*GIVEN[:-1], "everybody")]
    tables = [
        means[[name for name in names if name in means and means[name].abs().max() > 0]]
        for names in (used, (*GIVEN, "everybody"))
    ]
    return Block(
        "comparison_parts.bearers",
        reader=reader,
        tables=[part for part in tables if len(part.columns)],
        lent=_lent(means),
    )


def _lent(means: pd.DataFrame) -> list[tuple[str, str, float, float, float, float]]:
    """Return of each control with a policy's hours what it lends, what the policy adds, and what these are made of."""
    known = means.reindex(columns=("hours", "extra_hours", "mediation_on_call", *BESIDE), fill_value=0.0)
    change = known - known.iloc[0]
    return [
        (
            control,
            policy,
            known.loc[control, "extra_hours"],
            change.loc[policy, "hours"],
            0.0 if control.startswith("hours_offered") else known.loc[policy, "mediation_on_call"],
            change.loc[policy, list(BESIDE)].sum(),
        )
        for control in means.index
        if (policy := matched(control)) is not None and policy in means.index
    ]


def on_screen(result: Any, lang: str = "en") -> list[str]:
    """Return the effects on conflicts, filings and standing disputes side by side, and the answer on hours."""
    reader, further = Reader(result), result.further
    strategies = {arm.label: matched(arm.strategy) for arm in result.outcome.design.arms}
    controls = [name for policy in reader.policies for name, strategy in strategies.items() if strategy == policy]
    lines = [*_board(result, lang), *(find.same_hours_finding(reader, control).text(lang) for control in controls)]
    for head, causes in find.deciding(reader):
        lines += [head.text(lang), *(f"  {place}. {cause.text(lang)}" for place, cause in enumerate(causes, start=1))]
    if further is None or not further.outcome.done:
        return lines
    estates, weeks = further.size
    head = Finding("comparison.screen_further", smaller=estates < result.size[0], estates=estates, weeks=weeks)
    return [*lines, "", head.text(lang), *_board(further, lang, further=True)]


def _cells(effects: Sequence[Effect], lang: str, cell: str, **how: bool) -> list[str]:
    return [sentence(lang, cell, effect=effect, **how) for effect in effects]


def _board(result: Any, lang: str, further: bool = False) -> list[str]:
    """Return a line for each arm, and what stands in it; `further` where these are further arms of another."""
    reader, table, terms = Reader(result), result.effects, labels(lang, "comparison.screen")
    outcomes = [*dict.fromkeys((*reader.led, *reader.own))] or list(table["outcome"].unique())[:3]
    own = table[table["against"] == reader.baseline]
    # English names arms as they can be typed; in another language that says nothing to a reader.
    named = {arm: arm if lang == "en" else words.arm(arm, lang) for arm in own["strategy"]}
    heads = [words.noun(name, lang).name for name in outcomes]
    lines: list[tuple[str, list[str]]] = [(terms["strategy"], heads)]
    for arm, label in named.items():
        effects = reader.effects(arm, tuple(outcomes))
        cells = partial(_cells, effects, lang)
        if arm == reader.baseline:
            lines.append((label, [f"{effect.mean:.4g}" for effect in effects]))
        elif further:
            lines.append((label, cells("comparison.screen_change", together=True)))
        else:
            lines += [
                (label, cells("comparison.screen_change")),
                (f"  {terms['together']}", cells("comparison.screen_judged")),
                (f"  {terms['range']}", cells("comparison.screen_range")),
            ]
    count = int(table["replicates"].max())
    notes = [
        Finding(
            "comparison.screen_note",
            outcomes={effect.outcome: effect.unit for effect in reader.effects(reader.baseline, tuple(outcomes))},
            baseline=named.get(reader.baseline, reader.baseline),
            further=further,
            ground=result.further is not None,
            sample=Finding("comparison.sample", count=count, districts=len(result.outcome.design.grounds) > 1),
        )
    ]
    if result.assumed:
        notes.append(Finding("comparison.screen_worlds", worlds=result.assumed.worlds))
    judged = [effect for arm in named if arm != reader.baseline for effect in reader.effects(arm, tuple(outcomes))]
    if (undecided := sum(effect.kind == "undecided" for effect in judged)) and not further:
        size = {"undecided": undecided, "effects": len(judged), "replicates": max(ENOUGH, 2 * count)}
        notes.append(Finding("comparison.screen_undecided", **size))
    wide = max(map(columns, (terms["strategy"], *named.values(), *([] if further else [f"  {terms['range']}"]))))
    cell = max(CELL, *map(columns, heads))
    board = [
        f"{padded(head, wide)}{''.join(f'  {padded(text, cell)}' for text in texts)}".rstrip()
        for head, texts in lines
        if any(texts)
    ]
    return [*board, *(note.text(lang) for note in notes)]
