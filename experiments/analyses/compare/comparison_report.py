"""What a comparison says on a page, for a referee and for a minister: the report, and the answer on one page.

The sentences are worked out from the table. It says where an effect is undecided, and whether the branch beats its own
hours, whichever way that comes out.
"""

from __future__ import annotations

import json
import math
from collections.abc import Hashable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from experiments.analyses.compare import comparison_findings as find
from experiments.analyses.compare.comparison_figures import available, draw
from experiments.analyses.compare.comparison_view import HEADLINE, Effect, Reader
from experiments.analyses.explorer import Explored, Response, explorer, options_of
from experiments.analyses.result import Draw
from experiments.core.design.arms import matched
from experiments.core.statistics.regions import decided
from experiments.reporting import provenance as record
from experiments.reporting import words
from experiments.reporting.document import Document
from experiments.reporting.dust import only_dust, per_cent
from experiments.reporting.finding import Block, Finding
from experiments.reporting.numbers import written
from experiments.reporting.setting import first_limits, setting
from experiments.reporting.template_rendering import labels
from sim.core.screen import columns, padded
from sim.outcomes.inequality import BURDENS, GROUPS
from sim.policies import arrangement

BEARERS: Final = tuple(
    "mediation_hours routine_hours reporting_hours authority_hours extra_hours hours dispatched_hours committee_hours "
    "firm_hours".split()
)
"""Columns of the weekly record: who bears the hours."""

CELL: Final = 34  # width of a column on the screen
ENOUGH: Final = 8  # replicates that are proposed, at least, where effects are undecided
OWN_ENDS, TOGETHER_ENDS = ("ci_low", "ci_high"), ("sim_low", "sim_high")

Line = tuple[Finding, str, str | None]
"""Of a table: its label, an arm, and what it is set against; None for the baseline."""
Row = Mapping[Hashable, Any]  # of the table of effects


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
    costs = [Block("sections.paragraphs", texts=find.price(reader)), bearers(reader)]
    return Document(
        title=_question(reader),
        standing=_standing(reader),
        findings=(),
        figures=[(path, texts[name]) for name, path in drawn.items()],
        sections={
            "answer": answer(reader),
            "explore": explore(reader),
            "design": design(reader),
            "table": effects(reader),
            "assumptions": assumptions(reader),
            "groups": groups(reader),
            "cost": Block("sections.parts", content=costs),
        },
        scenario=result.scenario,
        info=reader.info,
    )


def explore(reader: Reader) -> Block | None:
    """Return sliders over the range over assumptions: what each policy changes of what is always given together."""
    held = reader.comparison.assumed
    if held is None:
        return None
    held.read([name for name in HEADLINE if held.known(name)])
    seen = [
        Response(outcome, arm, against, held.spread(arm, against, outcome).measured, relative=True)
        for arm, against in held.pairs()
        for outcome in HEADLINE
        if arm in reader.policies and held.known(outcome)
    ]
    arms = {arm.label: arm.changes for arm in reader.comparison.outcome.design.arms if arm.label in held.labels}
    design = held.outcome.design
    return explorer(
        Explored(
            "latin",
            held.axes,
            held.points,
            seen,
            design.scenario,
            arms,
            sizes={"replicates": design.replicates, "seed": design.seed},
            options=options_of(True, design, "assumptions/"),
        )
    )


def brief(result: Any) -> Block:
    """Make the page of A4 for whoever decides: the answer, what it hangs on, what it cannot say."""
    reader, scenario = Reader(result), result.scenario
    points = Block("comparison_parts.points", points=[find.hours_point(reader), find.cost_point(reader)])
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
        standing=_standing(reader),
        setting=setting(scenario, reader.info),
        warnings=record.alarms(reader.info),
        sections=list(sections.items()),
    )


def captions(reader: Reader) -> dict[str, Finding]:
    """Say under each figure what is drawn, and what every band is."""
    ground, base = reader.further or reader, reader.baseline
    return {
        "effects": Finding(
            "comparison.caption_effects", base=base, sample=reader.sample, margin=reader.margin, worlds=reader.worlds
        ),
        "coverages": Finding("comparison.caption_coverages", base=base, sample=ground.sample, margin=reader.margin),
        "parts": Finding(
            "comparison.caption_parts", whole=reader.focus, base=base, sample=ground.sample, lesser=bool(ground.lesser)
        ),
        "series": Finding("comparison.caption_series", base=base, sample=reader.sample),
        "maps": Finding("comparison.caption_maps", base=base, focus=reader.focus),
        "cost": Finding("comparison.caption_cost", base=base, sample=reader.sample),
    }


def _question(reader: Reader) -> Finding:
    own = Finding("comparison_parts.question", strategies=reader.strategies, baseline=reader.baseline)
    return Finding("common.question", text=str(reader.info.get("question") or "").strip(), own=own)


def _standing(reader: Reader) -> Finding:
    district = reader.comparison.district
    arms = 1 + len({*reader.arms, *(reader.further.arms if reader.further else ())})
    size = {"estates": len(district.names), "households": int(district.households.sum())}
    return Finding("comparison_parts.standing", **size, arms=arms, units=reader.sample)


def answer(reader: Reader) -> Block:
    """Return the answer in short, point by point, with the numbers that are always given together before it."""
    reading = Finding(
        "comparison.reading", margin=reader.margin, further=reader.further is not None, ranged=bool(reader.ranged)
    )
    points = Block("comparison_parts.points", points=find.points(reader), reading=reading)
    return Block(
        "sections.parts", content=[cards(reader), opening(reader), points, _glance(reader), channel_table(reader)]
    )


def cards(reader: Reader) -> Block:
    """Return the three numbers that are always given together, for each policy that the text speaks of."""
    return Block("comparison_parts.cards", policies={policy: reader.effects(policy) for policy in reader.policies})


def opening(reader: Reader) -> Block | None:
    """Return what decides the answer most; None without a range."""
    return Block("comparison_parts.deciding", policies=find.deciding(reader)) if find.ranged_policies(reader) else None


def _glance(reader: Reader) -> Block:
    """Return the table of what the sentences say: the policies, their parts, and the same hours."""
    outcomes = [name for name in (*HEADLINE, "open", *reader.own) if name in reader.outcomes]
    ground, base = reader.further or reader, reader.baseline
    own: list[Line] = [(_name(policy), policy, None) for policy in reader.policies]
    parts: list[Line] = [(find.role(arm), arm, None) for arm in ground.components()[1:]]
    lesser: list[Line] = [(_name(arm, short=True), arm, whole) for arm in ground.lesser for whole in ground.wholes(arm)]
    groups: list[tuple[Finding, Reader, Sequence[Line]]] = [
        (Finding("comparison.against", base=base), reader, own if reader.further else [*own, *parts]),
        *(
            (
                Finding("comparison.arm_against", arm=policy),
                reader,
                [(_name(control, short=True), policy, control) for control in reader.hours_controls(policy)],
            )
            for policy in reader.policies
        ),
        (Finding("comparison.taken_apart", arm=ground.focus, base=base), ground, parts if reader.further else []),
        (Finding("comparison.lesser"), ground, lesser),
    ]
    shown = []
    for title, source, lines in groups:
        rows = [(label, [source.effect(arm, name, against) for name in outcomes]) for label, arm, against in lines]
        if rows := [(label, effects) for label, effects in rows if any(effects)]:
            placed = Finding("comparison.on_ground", group=title, sample=source.sample) if reader.further else title
            shown.append((placed, rows))
    return Block("comparison_parts.glance", outcomes=outcomes, groups=shown)


def _name(arm: str, short: bool = False) -> Finding:
    return Finding("common.arm", name=arm, short=short)


def channel_table(reader: Reader) -> Block | None:
    """Return the table of which way conflicts go in all arms; None where the runs do not record it."""
    table = find.way_shares(reader)
    if table is None:
        return None
    columns = [way for way in find.WAYS if table[way].abs().max() >= find.SILENT]
    arms = {str(name): list(row) for name, row in zip(table.index, table[columns].to_numpy(float), strict=True)}
    return Block("comparison_parts.ways", short=reader.short, columns=columns, arms=arms)


def design(reader: Reader) -> Block:
    """Return the design: the district, the arms in words, the pairing, the verdicts."""
    changes = changes_of_arms(reader)
    further = reader.further.arms if reader.further else ()
    return Block(
        "comparison_parts.design",
        short=reader.short,
        margin=reader.margin,
        ground=_ground(reader),
        beside=_beside(reader),
        notes=reader.comparison.district.notes,
        paragraphs=[_pairing(reader), _many(reader)],
        arms={name: changes.get(name, []) for name in (reader.baseline, *reader.arms, *further)},
    )


def _ground(reader: Reader) -> Finding:
    district = reader.comparison.district
    seeds = [item for item in reader.info.get("seeds", []) if isinstance(item, dict)]
    replicates = len({(item.get("district"), item.get("replicate")) for item in seeds})
    return Finding(
        "comparison_parts.ground",
        estates=len(district.names),
        households=int(district.households.sum()),
        communities=len(set(map(int, district.community))),
        weeks=int(reader.comparison.series["week"].max()) + 1,
        warmup=reader.warmup,
        alike=reader.alike_before,
        replicates=replicates or int(reader.table["replicates"].max()),
        grounds=reader.grounds,
    )


def _beside(reader: Reader) -> Finding | None:
    """Return on what other ground further arms are run; None where there are none."""
    further = reader.further
    if further is None:
        return None
    estates, weeks = further.comparison.size
    return Finding(
        "comparison_parts.beside",
        arms=len(further.arms),
        smaller=estates < reader.comparison.size[0],
        estates=estates,
        weeks=weeks,
        replicates=int(further.table["replicates"].max()),
    )


def _pairing(reader: Reader) -> Finding:
    """Return by how much pairing narrows the effect on conflicts, where that is known."""
    times, effect = None, reader.effect(reader.focus, "conflicts")
    if effect and effect.difference and math.isfinite(effect.variance_saved + sum(effect.saved)):
        times = (effect.variance_saved, *effect.saved)
    return Finding("comparison_parts.pairing", policy=reader.focus, times=times)


def _many(reader: Reader) -> Finding:
    """Return how many questions are asked, and how many replicates would decide what is not."""
    undecided = [effect for effect in reader.effects(reader.focus) if not decided(effect.verdict)]
    more = [(effect.outcome, effect.needed) for effect in undecided if effect.needed > effect.replicates]
    beside = None if reader.further is None else reader.further.questions
    return Finding("comparison_parts.many", asked=reader.questions, margin=reader.margin, more=more, beside=beside)


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


def effects(reader: Reader) -> Block:
    """Return the table of all effects by outcome, and that of further arms on their own ground."""
    sources = [source for source in (reader, reader.further) if source is not None]
    return Block(
        "comparison_parts.effects",
        grounds=[(source.sample, source.short, _by_outcome(source)) for source in sources],
    )


def _by_outcome(reader: Reader) -> dict[str, list[Effect]]:
    by_outcome: dict[str, list[Effect]] = {outcome: [] for outcome in reader.outcomes}
    for effect in reader.all_effects():
        if effect.strategy != effect.against:
            by_outcome[effect.outcome].append(effect)
    return {outcome: effects for outcome, effects in by_outcome.items() if effects}


def assumptions(reader: Reader) -> Block | None:
    """Return how the range was made, the range of every effect that has one, and what each assumption explains."""
    if not reader.ranged:
        return None
    ranged = {
        outcome: [effect for effect in effects if effect.ranged] for outcome, effects in _by_outcome(reader).items()
    }
    return Block(
        "comparison_parts.assumptions",
        short=reader.short,
        method=_method(reader),
        causes=_causes(reader),
        outcomes={outcome: effects for outcome, effects in ranged.items() if effects},
    )


def _method(reader: Reader) -> Finding:
    held = reader.comparison.assumed
    size = dict.fromkeys(("many", "size", "weeks", "twice", "failed"), 0)
    if held is not None:
        design = held.outcome.design
        size = {
            "many": len(held.axes),
            "size": design.grounds[0].estates,
            "weeks": design.scenario.run.weeks,
            "twice": len(held.rows) - held.worlds,
            "failed": len(held.outcome.failed),
        }
    return Finding("assumptions_range.method", worlds=reader.worlds, **size)


def _causes(reader: Reader) -> Block | None:
    """Return what each assumption explains, of the policies' effects on the headline's outcomes."""
    causes = reader.deciding
    if causes is None:
        return None
    held = reader.comparison.assumed
    axes = {} if held is None else {axis.name: axis for axis in held.axes}
    shown = causes[(causes["against"] == reader.baseline) & causes["outcome"].isin(HEADLINE)]
    cells = {(row["strategy"], row["outcome"], row["parameter"]): row for row in shown.to_dict("records")}
    known = {key[:2] for key in cells}
    columns = [
        (arm, outcome)
        for arm in dict.fromkeys(shown["strategy"])
        if not words.control_of(arm)
        for outcome in HEADLINE
        if (arm, outcome) in known
    ]
    lines = [
        (name, axes.get(name), [cells.get((*column, name)) for column in columns])
        for name in axes or dict.fromkeys(shown["parameter"])
    ]
    return Block("comparison_parts.causes", columns=columns, lines=lines) if columns else None


def groups(reader: Reader) -> Block | None:
    """Return the table: a row for each group of estates, two columns for each policy that the text speaks of."""
    table = reader.comparison.groups
    table = table[table["strategy"].isin(reader.policies) & (table["strategy"] != table["against"])]
    known = {(row["strategy"], row["outcome"]): row for row in table.to_dict("records")}
    columns = [(policy, burden) for policy in reader.policies for burden in BURDENS]
    lines = {}
    for group in GROUPS:
        line = [known.get((policy, f"{burden}_{group}")) for policy, burden in columns]
        if any(effect and effect["baseline_mean"] > 0.0 for effect in line):
            lines[group] = line
    return Block("comparison_parts.groups", baseline=reader.baseline, columns=columns, lines=lines) if lines else None


def bearers(reader: Reader) -> Block | None:
    """Return hours a week by who bears them: means over the measured weeks and replicates."""
    series = reader.comparison.series
    late = series[series["week"] >= reader.warmup]
    columns = [name for name in BEARERS if name in late and late[name].abs().max() > 0]
    if not columns:
        return None
    means = late.groupby("arm")[columns].mean()
    base = means.loc[reader.baseline]
    arms = {
        name: [
            (mean, None if name == reader.baseline else mean - base[column]) for column, mean in means.loc[name].items()
        ]
        for name in (reader.baseline, *reader.arms)
        if name in means.index
    }
    return Block("comparison_parts.bearers", short=reader.short, columns=columns, arms=arms)


def on_screen(result: Any, lang: str = "en") -> list[str]:
    """Return the effects on conflicts, filings and standing disputes side by side, and the answer on hours."""
    reader = Reader(result)
    controls = [
        arm.label for policy in reader.policies for arm in result.outcome.design.arms if matched(arm.strategy) == policy
    ]
    lines = [*_board(result, lang), *(find.same_hours_finding(reader, control).text(lang) for control in controls)]
    for head, causes in find.deciding(reader):
        lines += [head.text(lang), *(f"  {place}. {cause.text(lang)}" for place, cause in enumerate(causes, start=1))]
    return lines + _further_board(result, lang)


def _board(result: Any, lang: str, further: bool = False) -> list[str]:
    """Return a line for each arm, and what stands in it; `further` where these are further arms of another."""
    table, terms = result.effects, labels(lang, "comparison.screen")
    reader = Reader(result)
    outcomes = [*dict.fromkeys((*reader.led, *reader.own))] or list(table["outcome"].unique())[:3]
    rows: dict[tuple[str, str], Row] = {
        (row["strategy"], row["outcome"]): row for row in table[table["against"] == result.baseline].to_dict("records")
    }
    arms = list(dict.fromkeys(strategy for strategy, _ in rows))
    judged, ranged = (f"  {terms[name]}" for name in ("together", "range"))
    # English shows what can be typed; in another language that says nothing to a reader.
    named = {arm: arm if lang == "en" else words.arm(arm, lang) for arm in arms}
    heads = [name if lang == "en" else words.noun(name, lang).name for name in outcomes]
    lines: list[tuple[str, list[str]]] = [(terms["strategy"], heads)]
    for arm in arms:
        effects = [rows[arm, name] for name in outcomes]
        if arm == result.baseline:
            lines.append((named[arm], [f"{row['mean']:.4g}" for row in effects]))
        elif further:
            lines.append((named[arm], [_change(row, lang, TOGETHER_ENDS) for row in effects]))
        else:
            lines += [
                (named[arm], [_change(row, lang) for row in effects]),
                (judged, [_judged(row, lang) for row in effects]),
                (ranged, [*map(_over, effects)]),
            ]
    wide = max(map(columns, (terms["strategy"], *named.values(), *([] if further else [ranged]))))
    note = Finding(
        "comparison.screen_note",
        outcomes={name: str(rows[arms[0], name]["unit"]) for name in outcomes},
        baseline=named.get(result.baseline, result.baseline),
        further=further,
        ground=result.further is not None,
        sample=Finding(
            "comparison.sample", count=int(table["replicates"].max()), districts=len(result.outcome.design.grounds) > 1
        ),
    )
    notes = [note, *([Finding("comparison.screen_range", worlds=result.assumed.worlds)] if result.assumed else [])]
    verdicts = [rows[arm, name]["verdict"] for arm in arms if arm != result.baseline for name in outcomes]
    if (open_ones := verdicts.count("undecided")) and not further:
        more = max(ENOUGH, 2 * int(table["replicates"].max()))
        notes.append(
            Finding("comparison.screen_undecided", undecided=open_ones, effects=len(verdicts), replicates=more)
        )
    return [
        *(
            f"{padded(head, wide)}{''.join(f'  {padded(cell, CELL)}' for cell in cells)}".rstrip()
            for head, cells in lines
            if any(cells)
        ),
        *(finding.text(lang) for finding in notes),
    ]


def _further_board(result: Any, lang: str) -> list[str]:
    further = result.further
    if further is None or not further.outcome.done:
        return []
    estates, weeks = further.size
    head = Finding("comparison.screen_further", smaller=estates < result.size[0], estates=estates, weeks=weeks)
    return ["", head.text(lang), *_board(further, lang, further=True)]


def _change(row: Row, lang: str = "en", ends: tuple[str, str] = OWN_ENDS) -> str:
    """Return an effect with an interval, and with the verdict where that is read from this interval."""
    if alike := _alike(row):
        return labels(lang, "comparison.screen")[alike]
    size = _scale(row) * row["difference"]
    change = written(row["difference"], "+.3g") if math.isnan(size) else f"{_signed(size)}%"
    return f"{change} {_judged(row, lang) if ends == TOGETHER_ENDS else _interval(row, ends)}".rstrip()


def _judged(row: Row, lang: str = "en") -> str:
    return "" if _alike(row) else f"{_interval(row, TOGETHER_ENDS)} {words.verdict(str(row['verdict']), lang)}".lstrip()


def _interval(row: Row, names: tuple[str, str]) -> str:
    ends, scale = [float(row[name]) for name in names], _scale(row)
    if math.isnan(sum(ends)):
        return ""
    low, high = (written(end, "+.3g") if math.isnan(scale) else _signed(scale * end) for end in ends)
    return f"[{low}, {high}]"


def _scale(row: Row) -> float:
    return per_cent(str(row["outcome"]), row["difference"], row["baseline_mean"])


def _alike(row: Row) -> str:
    """Return why an effect is none at all; nothing where it is one."""
    if row["difference"] == 0 and row["verdict"] == "equivalent":
        return "same"
    dust = only_dust(row["difference"], row["ci_low"], row["ci_high"], row["mean"], row["baseline_mean"])
    return "dust" if dust else ""


def _over(row: Row) -> str:
    """Return the range over assumptions and the shares of worlds; empty where there is none."""
    low, high = (100.0 * float(row.get(name, math.nan)) for name in ("range_low", "range_high"))
    if not math.isfinite(low + high):
        return ""
    shares = [f"{100 * float(row[f'worlds_{way}']):.0f}" for way in ("lower", "little", "higher")]
    return f"[{_signed(low)}, {_signed(high)}] {'/'.join(shares[::-1] if row['better'] == 'higher' else shares)}"


def _signed(size: float) -> str:
    return written(size, "+.1f")
