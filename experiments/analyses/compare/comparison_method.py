"""How the comparison was made."""

from __future__ import annotations

import json
import math

from experiments.analyses.compare.comparison_view import Reader
from experiments.core.statistics.regions import decided
from experiments.reporting import words
from experiments.reporting.finding import Block, Finding
from sim import arrangement


def design(reader: Reader) -> Block:
    """Return the design: the district, the arms in words, the pairing, the verdicts."""
    changes = _changes(reader)
    further = reader.further.arms if reader.further else ()
    return Block(
        "comparison_parts.design",
        short=reader.short,
        margin=reader.margin,
        ground=_ground(reader),
        beside=_beside(reader),
        notes=list(map(str, reader.comparison.district.notes)),
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
    return Finding(
        "comparison_parts.many",
        asked=_asked(reader),
        margin=reader.margin,
        more=more,
        beside=None if reader.further is None else _asked(reader.further),
    )


def _asked(reader: Reader) -> int:
    rows = reader.table
    return int(((rows["strategy"] != rows["against"]) & rows["p_adjusted"].notna()).sum())


def _changes(reader: Reader) -> dict[str, list[str]]:
    """Return what each arm changes in the scenario, besides the strategy or the arrangement that it is called after."""
    changes = {} if reader.further is None else _changes(reader.further)
    for row in reader.comparison.design.drop_duplicates("arm").to_dict("records"):
        name = str(row["arm"])
        named = arrangement.named(name) if words.cover_of(name) or words.less_of(name) else None
        own = named or {"coverage.strategy": name}
        change = {key: value for key, value in json.loads(row["changes"]).items() if own.get(key) != value}
        written = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in change.items()]
        changes.setdefault(name, written)
    return changes
