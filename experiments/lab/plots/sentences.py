"""Findings in sentences, made from the numbers and from nothing else.

Each sentence can come out either way.  A change is said to fall or to rise only where the comparison's verdict
is certain of its sign; where the interval lies within the margin it is said to stay within it; else it is
said to be undecided, with the interval.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from experiments.lab.plots import words
from experiments.lab.plots.reading import HEADLINE, Effect, Reader
from experiments.lab.plots.words import pick

__all__ = [
    "aligned",
    "amount",
    "beats_hours",
    "between",
    "change",
    "changes",
    "count",
    "hours_answer",
    "percent",
    "summary",
]


def percent(value: float, signed: bool = False) -> str:
    """Return a percentage for a sentence.

    Examples
    --------
    >>> percent(3.14159), percent(-0.034, signed=True), percent(250.4, signed=True)
    ('3.1%', '−0.03%', '+250%')
    """
    if not math.isfinite(value):
        return "–"
    size = abs(value)
    digits = 0 if size >= 100 else 1 if size >= 0.095 else 2
    text = f"{size:.{digits}f}"
    if float(text) == 0:
        return "0%" if value == 0 or not signed else f"{'−' if value < 0 else '+'}0%"
    sign = "−" if value < 0 else "+" if signed else ""
    return f"{sign}{text}%"


def amount(value: float, signed: bool = False) -> str:
    """Return a number with three significant digits and thousands apart.

    Examples
    --------
    >>> amount(12345.6), amount(-0.01234), amount(3.14159, signed=True)
    ('12,346', '−0.0123', '+3.14')
    """
    if not math.isfinite(value):
        return "–"
    size = abs(value)
    digits = 0 if size == 0 or size >= 100 else min(6, 2 - math.floor(math.log10(size)))
    text = f"{size:,.{digits}f}"
    sign = "−" if value < 0 and float(text.replace(",", "")) != 0 else "+" if signed and value > 0 else ""
    return f"{sign}{text}"


def aligned(values: Sequence[float], width: float) -> list[str]:
    """Return signed numbers with the decimals that an interval of this half width deserves.

    Examples
    --------
    >>> aligned([-0.3721, -0.4012, -0.3430], 0.0291)
    ['−0.372', '−0.401', '−0.343']
    """
    if not math.isfinite(width) or width <= 0:
        return [amount(value, signed=True) for value in values]
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    most = 4 - math.floor(math.log10(largest)) if largest else 6
    digits = min(6, max(0, min(most, 1 - math.floor(math.log10(width)))))
    texts = [f"{value:+,.{digits}f}".replace("-", "−") if math.isfinite(value) else "–" for value in values]
    return [text[1:] if text.strip("+−0.") == "" else text for text in texts]


def between(effect: Effect, lang: str = "en") -> str:
    """Return the 95 % interval of an effect in per cent, as words."""
    low, high = (percent(end, signed=True) for end in effect.interval)
    return pick(lang, f"{low} to {high}", f"{low} 至 {high}")


def change(effect: Effect, lang: str = "en", interval: str = "", margin: float = 0.02) -> str:
    """Return what happens to one outcome, as a clause.

    Parameters
    ----------
    interval
        `named` adds the 95 % interval with its name, `bare` adds it without.

    Examples
    --------
    >>> from experiments.lab.plots.reading import Effect
    >>> row = Effect("full", "none", "conflicts", 2.9, 3.0, -0.1, -0.12, -0.08, "helps", 1.0, 0.0, 10, 10, 20,
    ...              "", "lower")
    >>> change(row), change(row, "zh", interval="named")
    ('conflicts fall by 3.3%', '纠纷下降 3.3%（95% 区间 −4.0% 至 −2.7%）')
    """
    name, plural = words.noun(effect.outcome, lang)
    size = percent(abs(effect.percent))
    if not math.isfinite(effect.percent):
        size = amount(abs(effect.difference))
    ends = between(effect, lang)
    if interval == "named":
        ends = pick(lang, f"95% interval {ends}", f"95% 区间 {ends}")
    told = pick(lang, f" ({ends})", f"（{ends}）")
    if not interval or not math.isfinite(sum(effect.interval)):
        told = ""
    s = "" if plural else "s"
    match effect.change:
        case "same":
            return pick(lang, f"{name} {'are' if plural else 'is'} exactly the same", f"{name}完全相同")
        case "equivalent":
            within = f"{100 * margin:g}%"
            return pick(lang, f"{name} stay{s} within ±{within}", f"{name}变化不超出 ±{within}") + told
        case "undecided":
            return pick(lang, f"the sign for {name} is undecided", f"{name}增减未定") + told
        case "unknown":
            return pick(lang, f"nothing is known of {name}", f"{name}无结果")
        case "falls":
            return pick(lang, f"{name} fall{s} by {size}", f"{name}下降 {size}") + told
        case _:
            return pick(lang, f"{name} rise{s} by {size}", f"{name}上升 {size}") + told


def changes(effects: Sequence[Effect], lang: str = "en", interval: bool = False, margin: float = 0.02) -> str:
    """Join clauses in the order given; neighbours that move in opposite directions are set apart by 'but'.

    With `interval` each clause has its 95 % interval, and the first one names it.
    """
    if not effects:
        return pick(lang, "nothing is known", "无结果")
    text = change(effects[0], lang, "named" if interval else "", margin)
    for before, effect in zip(effects, effects[1:], strict=False):
        opposed = {before.change, effect.change} == {"falls", "rises"}
        last = effect is effects[-1]
        if lang == "zh":
            text += "，而" if opposed else "，"
        elif opposed:
            text += ", but "
        else:
            text += " and " if last and len(effects) == 2 else ", and " if last else ", "
        text += change(effect, lang, "bare" if interval else "", margin)
    return text


def summary(
    reader: Reader,
    strategy: str,
    lang: str = "en",
    interval: bool = False,
    against: str | None = None,
    outcomes: tuple[str, ...] = HEADLINE,
) -> str:
    """Return one strategy's effect on the outcomes that are always told together.

    Returns
    -------
    str
        Without a full stop, so that it can be a title.
    """
    clauses = changes(reader.effects(strategy, outcomes, against), lang, interval, reader.margin)
    name = words.arm(strategy, lang)
    text = pick(lang, f"{name}: {clauses}", f"{name}：{clauses}")
    return text[0].upper() + text[1:]


def count(reader: Reader, lang: str = "en") -> str:
    """Return in how many strategies each headline outcome falls and rises."""
    total = len(reader.strategies)
    pieces = []
    for outcome in HEADLINE:
        moves = [effect.change for name in reader.strategies if (effect := reader.effect(name, outcome))]
        if not moves:
            continue
        falls, rises = moves.count("falls"), moves.count("rises")
        name, plural = words.noun(outcome, lang)
        s = "" if plural else "s"
        pieces.append(
            pick(lang, f"{name} fall{s} in {falls} and rise{s} in {rises}", f"{name}降 {falls}、升 {rises}")
        )
    if not pieces:
        return ""
    strategies = pick(lang, f"Of {total} strategies", f"{total} 种策略中")
    return pick(lang, f"{strategies}, {'; '.join(pieces)}.", f"{strategies}，{'；'.join(pieces)}。")


def _better(effect: Effect) -> str:
    """Tell whether an arm is better, worse, equal or undecided beside its control, in an outcome of known sense."""
    match effect.change:
        case "falls" | "rises" if effect.better in ("lower", "higher"):
            return "better" if (effect.change == "falls") == (effect.better == "lower") else "worse"
        case "same" | "equivalent":
            return "equal"
        case _:
            return "undecided"


def beats_hours(reader: Reader, control: str) -> str:
    """Tell whether the strategy in focus beats the same hours without a branch, in conflicts and unresolved cases.

    Returns
    -------
    str
        `yes` (better in one, worse in none), `no` (better in neither), `mixed` (better in one, worse in the
        other) or `unknown`.
    """
    effects = reader.effects(reader.focus, ("conflicts", "unresolved"), control)
    found = {_better(effect) for effect in effects}
    if not effects:
        return "unknown"
    if "better" not in found:
        return "no" if "undecided" not in found or "worse" in found else "undecided"
    return "mixed" if "worse" in found else "yes"


def hours_answer(reader: Reader, control: str, lang: str = "en", numbers: bool = True) -> str:
    """Say whether the strategy in focus beats the same hours without a branch, with the numbers or without."""
    name, hours = words.arm(reader.focus, lang), words.same_hours(control, lang)
    facts = changes(reader.effects(reader.focus, HEADLINE, control), lang, numbers, reader.margin)
    verdict = beats_hours(reader, control)
    english = {
        "yes": f"{name} beats {hours}",
        "no": f"{name} does not beat {hours}",
        "mixed": f"{name} beats {hours} in one of conflicts and unresolved cases and loses in the other",
        "undecided": f"{name} is not shown to beat {hours} (undecided)",
        "unknown": f"{name} was not set against {hours}",
    }[verdict]
    chinese = {
        "yes": f"{name}优于{hours}",
        "no": f"{name}并不优于{hours}",
        "mixed": f"与{hours}相比，{name}在纠纷与未解决件上一优一劣",
        "undecided": f"尚不能表明{name}优于{hours}（未定）",
        "unknown": f"{name}未与{hours}比较",
    }[verdict]
    text = pick(lang, english[0].upper() + english[1:], chinese)
    if verdict == "unknown" or not numbers:
        return pick(lang, f"{text}.", f"{text}。")
    return pick(lang, f"{text}: beside it, {facts}.", f"{text}：相比之下，{facts}。")
