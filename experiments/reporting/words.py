"""The words of figures and reports.

Names of arms are composed, as the arms themselves are: `hours_matched:full` is a control of a strategy,
`full, mediation alone` is a strategy with a part of it switched off. A name that the tables below do not
know, such as a user's own strategy, is shown as it is written.
"""

import tomllib
from pathlib import Path
from typing import Any, Final, NamedTuple

from experiments.core.statistics.measures import definition
from experiments.reporting.catalogue import gettext, pgettext
from experiments.reporting.phrases import phrase
from sim.policies import arrangement


class Noun(NamedTuple):
    """An outcome as a word: the name in a sentence and whether its verb is plural."""

    name: str
    plural: bool


ENTRIES: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
"""What has a name in the code, by its kind, and the word for it: a message of the catalogue."""

ARRANGEMENT: Final = arrangement.NAME

STRATEGIES, POLICIES, CONTROLS, PARTS, LESS, VERDICTS = (
    ENTRIES[kind] for kind in ("strategies", "policies", "controls", "parts", "less", "verdicts")
)


def texts() -> list[str]:
    """Return all these words."""
    return [word for kind in ENTRIES.values() for word in kind.values() if isinstance(word, str)]


def control_of(name: str) -> str:
    """Return the control that an arm is (`placebo, no channel` counts as one), or an empty string.

    Examples
    --------
    >>> control_of("hours_matched:full"), control_of("placebo:full, no channel"), control_of("own")
    ('hours_matched', 'placebo, no channel', '')
    """
    kind, colon, _rest = name.partition(":")
    if not colon or kind not in CONTROLS:
        return ""
    return "placebo, no channel" if kind == "placebo" and name.endswith(", no channel") else kind


def cover_of(name: str) -> str:
    """Return the coverage of an arm that is the arrangement with another one, or an empty string.

    Examples
    --------
    >>> cover_of("arrangement, own"), cover_of("arrangement")
    ('own', '')
    """
    cover = name.removeprefix(arrangement.WITH)
    return cover if cover != name and cover in STRATEGIES else ""


def less_of(name: str) -> str:
    """Return the part that an arm is the arrangement without, or an empty string.

    Examples
    --------
    >>> less_of("arrangement less couriers"), less_of("arrangement less everything")
    ('couriers', '')
    """
    part = name.removeprefix(arrangement.LESS)
    return part if part != name and part in LESS else ""


def base_of(name: str) -> str:
    """Return the strategy that an arm controls or takes apart; the arm itself otherwise.

    Examples
    --------
    >>> base_of("hours_matched:full"), base_of("placebo:full, no channel"), base_of("full, mediation alone")
    ('full', 'full', 'full')
    >>> base_of("arrangement, own"), base_of("arrangement less couriers"), base_of("hours_matched:arrangement, own")
    ('arrangement', 'arrangement', 'arrangement, own')
    """
    if cover_of(name) or less_of(name):
        return ARRANGEMENT
    if control := control_of(name):
        base = name.partition(":")[2]
        return base.removesuffix(", no channel") if control == "placebo, no channel" else base
    head, comma, part = name.partition(", ")
    return head if comma and head in STRATEGIES and part in PARTS else name


def arm(name: str, lang: str = "en", short: bool = False) -> str:
    """Return an arm's name for people; `short` leaves out which strategy a control or a part belongs to.

    Examples
    --------
    >>> arm("hours_matched:full")
    'same hours, pooled (full coverage)'
    >>> arm("hours_matched:arrangement"), arm("arrangement, own"), arm("arrangement less couriers")
    ('same hours, pooled (arrangement)', 'the arrangement, own branches only', 'the arrangement less couriers')
    >>> arm("full, mediation alone", short=True), arm("full; branches.reach=0.3")
    ('mediation alone', 'full coverage (branches.reach=0.3)')
    """
    if name in STRATEGIES:
        return gettext(lang, STRATEGIES[name])
    head, changed, changes = name.partition(";")
    if changed:
        return gettext(lang, "{policy} ({changes})", policy=arm(head.strip(), lang, short), changes=changes.strip())
    base = base_of(name)
    if base == name:
        return phrase(POLICIES.get(name, name), lang)
    control = control_of(name)
    if part := less_of(name):
        if short:
            return gettext(lang, "less {part}", part=lesser(part, lang))
        return gettext(lang, "the arrangement less {part}", part=lesser(part, lang))
    cover = cover_of(name)
    text = gettext(
        lang, STRATEGIES[cover] if cover else CONTROLS[control] if control else PARTS[name.partition(", ")[2]]
    )
    if short:
        return text
    whole = arm(base, lang)
    if control:
        whole = whole.removeprefix("the ")
        return gettext(lang, "{control} ({policy})", control=text, policy=whole)
    return gettext(lang, "{policy}, {part}", policy=whole, part=text)


def arm_label(name: str, lang: str = "en") -> str:
    """Return an arm's name within a sentence: a label that its user gave is quoted, as it may be any word.

    Examples
    --------
    >>> arm_label("full"), arm_label("without")
    ('full coverage', '“without”')
    """
    text = arm(name, lang)
    return f"“{text}”" if text == name else text


def opponent(name: str, lang: str = "en", policy: str = "") -> str:
    """Return an arm that a policy is set against; of a control of the policy itself, it need not be said of which.

    Examples
    --------
    >>> opponent("hours_matched:full", policy="full"), opponent("hours_matched:full", policy="own")
    ('same hours, pooled', 'same hours, pooled (full coverage)')
    """
    return arm(name, lang, short=base_of(name) == policy)


def lesser(part: str, lang: str = "en") -> str:
    """Return a part of the arrangement as what it may be without.

    Examples
    --------
    >>> lesser("coverage"), lesser("couriers")
    ('branches', 'couriers')
    """
    return pgettext(lang, "people", "couriers") if part == "couriers" else gettext(lang, LESS[part])


def same_hours(control: str, lang: str = "en") -> str:
    """Return what a control with the same hours is, inside a sentence.

    Examples
    --------
    >>> same_hours("hours_matched_tied:full")
    'the same hours tied to the estates without branches'
    """
    if control_of(control) == "hours_matched_tied":
        return gettext(lang, "the same hours tied to the estates without branches")
    return gettext(lang, "the same hours pooled at the community desks without branches")


def noun(outcome: str, lang: str = "en") -> Noun:
    """Return an outcome's name in a sentence.

    Examples
    --------
    >>> noun("filed").name, noun("satisfaction").plural
    ('filed cases', False)
    """
    known = definition(outcome)
    if known is None:
        return Noun(outcome.replace("_", " "), plural=False)
    return Noun(known.label_zh if lang == "zh" else known.label, known.plural)


def unit(outcome: str, lang: str = "en", fallback: str = "") -> str:
    """Return an outcome's unit; `fallback` of one that is not declared."""
    known = definition(outcome)
    if known is None:
        return fallback
    return known.unit_zh if lang == "zh" else known.unit


def verdict(name: str, lang: str = "en") -> str:
    """Return a verdict's name."""
    return gettext(lang, VERDICTS.get(name, name))
