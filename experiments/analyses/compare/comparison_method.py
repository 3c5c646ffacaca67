"""How the comparison was made."""

from __future__ import annotations

import json
import math

from experiments.analyses.compare.comparison_view import Reader
from experiments.core.statistics.regions import decided
from experiments.reporting import meanings, words
from experiments.reporting.catalogue import gettext, pgettext
from experiments.reporting.elements import Html, join, table, tag
from experiments.reporting.numbers import amount
from sim import arrangement

__all__ = ["design"]


def design(reader: Reader, lang: str) -> list[Html]:
    """Return the design: the district, the arms in words, the pairing, the verdicts."""
    return [
        tag("p", _ground(reader, lang)),
        *_beside(reader, lang),
        *_notes(reader, lang),
        tag("p", _pairing(reader, lang)),
        tag("p", _many(reader, lang)),
        tag("h3", gettext(lang, "The arms")),
        _arms(reader, lang),
        tag("h3", gettext(lang, "The verdicts")),
        tag(
            "p",
            gettext(
                lang,
                "The margin is {margin:g}% of the mean of what an arm is set against.",
                margin=100 * reader.margin),
        ),
        tag(
            "dl",
            *(
                tag(kind, text)
                for name in words.VERDICTS
                for kind, text in (
                    ("dt", words.verdict(name, lang)),
                    ("dd", words.verdict_meaning(name, lang)),
                )
            ),
        ),
    ]


def _ground(reader: Reader, lang: str) -> str:
    district, info = reader.comparison.district, reader.info
    estates, households = len(district.names), int(district.households.sum())
    communities = len(set(map(int, district.community)))
    weeks = _weeks(reader)
    replicates = len(
        {
            (item.get("district"), item.get("replicate"))
            for item in info.get("seeds", [])
            if isinstance(item, dict)
        }
    ) or int(reader.table["replicates"].max())
    told = {"estates": estates, "households": households, "communities": communities, "weeks": weeks,
            "warmup": reader.warmup, "replicates": replicates, "grounds": reader.grounds}
    if reader.grounds > 1:
        return gettext(
            lang,
            "The district has {estates:,} estates with {households:,} households in {communities:,} communities. Every "
            "arm is run for {weeks} weeks, of which the first {warmup} are the same for all and are not measured; "
            "{replicates} replicates each, spread over {grounds} synthetic districts. Replicates in one district are "
            "averaged first, so that the districts are the independent observations.",
            **told)
    return gettext(
        lang,
        "The district has {estates:,} estates with {households:,} households in {communities:,} communities. Every arm "
        "is run for {weeks} weeks, of which the first {warmup} are the same for all and are not measured; {replicates} "
        "replicates each.",
        **told)


def _beside(reader: Reader, lang: str) -> list[Html]:
    """Say on what other ground further arms are run; nothing where there are none."""
    there = reader.further
    if there is None:
        return []
    estates, weeks = there.comparison.size
    count = int(there.table["replicates"].max())
    smaller = estates < reader.comparison.size[0]
    ground = gettext(lang, "a smaller district of the same kind") if smaller else gettext(lang, "the same district")
    return [tag("p", gettext(
        lang,
        "{arms} further arms are run on {ground}, with a baseline of their own: {estates:,} estates, {weeks} "
        "measured weeks, {count} replicates each. Their effects are relative to that baseline, and may differ "
        "from those on the whole district where a policy acts only after a time, or where large estates count. "
        "Of arms that were run on both, table.csv has the whole district.",
        arms=len(there.arms), ground=ground, estates=estates, weeks=weeks, count=count))]


def _weeks(reader: Reader) -> int:
    stated = reader.info.get("weeks")
    if stated is not None:
        return int(stated)
    series = reader.comparison.series
    return int(series["week"].max()) + 1 if series is not None and len(series) else 0


def _notes(reader: Reader, lang: str) -> list[Html]:
    notes = [str(note) for note in getattr(reader.comparison.district, "notes", [])]
    if not notes:
        return []
    title = gettext(lang, "What was filled in in the district's table:")
    return [tag("p", title), tag("ul", *(tag("li", note) for note in notes), class_="note")]


def _pairing(reader: Reader, lang: str) -> str:
    saved = reader.effect(reader.focus, "conflicts")
    text = gettext(
        lang,
        "Arms are compared in pairs on common random numbers: in a replicate every household meets the same "
        "incidents and the same luck in every arm, and what differs is what the policy causes. Each difference "
        "is taken within a replicate; its interval is the 95% interval of the mean of these differences "
        "(Student's, lengthened where they are skewed, and for counts never shorter than one event allows).")
    if saved is None or not math.isfinite(saved.variance_saved + sum(saved.saved)):
        return text
    if saved.difference == 0:
        return text
    low, high = (amount(end) for end in saved.saved)
    times, name = amount(saved.variance_saved), words.arm(reader.focus, lang)
    return text + gettext(
        lang,
        " For conflicts under {name} pairing divides the variance of the difference by about {times} (95% "
        "interval {low} to {high}): unpaired runs would need so many times as many replicates for the same "
        "interval.",
        name=name, times=times, low=low, high=high)


def _asked(reader: Reader) -> int:
    rows = reader.table
    return int(((rows["strategy"] != rows["against"]) & rows["p_adjusted"].notna()).sum())


def _many(reader: Reader, lang: str) -> str:
    asked = _asked(reader)
    text = gettext(lang, "The table asks {asked:,} questions at once. ", asked=asked)
    if reader.further is not None:
        beside = _asked(reader.further)
        text = gettext(
            lang,
            "The table asks {asked:,} questions at once of the whole district and {beside:,} of the further "
            "arms; what holds together does so for each of the two. ",
            asked=asked, beside=beside)
    text += words.how_judged(reader.margin, gettext(lang, "the mean of what an arm is set against"), lang)
    short = [
        effect
        for effect in reader.effects(reader.focus)
        if not decided(effect.verdict) and effect.needed > effect.replicates
    ]
    if not short:
        return text
    listed = pgettext(lang, "between names", ", ").join(
        f"{words.noun(effect.outcome, lang).name} {effect.needed:,.0f}" for effect in short
    )
    return text + gettext(
        lang,
        " For a decision with a chance of 80%, were differences and spreads what they seem, more replicates "
        "would be needed, in all: {listed}.",
        listed=listed)


def _arms(reader: Reader, lang: str) -> Html:
    rows = []
    changes = _changes(reader)
    for name in dict.fromkeys([reader.baseline, *reader.arms, *(reader.further.arms if reader.further else ())]):
        label = reader.label(name, lang)
        meaning = meanings.meaning(name, lang) or gettext(lang, "Defined by the user.")
        rows.append(
            [
                join(
                    [tag("b", label[0].upper() + label[1:]), tag("span", tag("code", name), class_="under")]
                ),
                join(
                    [
                        meaning,
                        *(tag("span", tag("code", text), class_="under") for text in changes.get(name, [])),
                    ]
                ),
            ]
        )
    return table([gettext(lang, "Arm"), gettext(lang, "What it is")], [("", rows)], kind="arms")


def _changes(reader: Reader) -> dict[str, list[str]]:
    """Return what each arm changes in the scenario, besides the strategy or the arrangement that it is called after."""
    frame = reader.comparison.design
    if frame is None or "changes" not in frame:
        return {}
    found = {} if reader.further is None else _changes(reader.further)
    known = set(found)
    for name, text in zip(frame["arm"], frame["changes"], strict=True):
        if name not in known:
            known.add(name)
            own = {"coverage.strategy": name}
            if words.cover_of(name) or words.less_of(name):
                own = arrangement.named(name) or own
            change = {key: value for key, value in json.loads(text).items() if own.get(key) != value}
            found[str(name)] = [
                f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in change.items()
            ]
    return found
