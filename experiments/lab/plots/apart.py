"""What an ablation shows, as sentences: the whole effect of a policy, and what each part carries of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from experiments.lab.statistics.effect import DOWN, UP
from experiments.reporting import words
from experiments.reporting.catalogue import gettext, ngettext
from experiments.reporting.clauses import Move, capital, clause, clauses, listed
from experiments.reporting.phrases import part, policy

if TYPE_CHECKING:
    from experiments.lab.ablation import Ablation

__all__ = ["carried", "joined", "move_of", "rows_of", "title"]

LEFT, WHOLE = "what is left", "whole"
"""Rows of an ablation's table that are no part."""


def rows_of(made: Ablation, outcome: str) -> dict[str, dict[str, Any]]:
    """Return an outcome's rows by part; what is left and the whole come last."""
    rows = made.table[made.table["outcome"] == outcome].to_dict("records")
    return {str(row["part"]): {str(key): value for key, value in row.items()} for row in rows}


def move_of(made: Ablation, outcome: str, row: dict[str, Any], value: str = "shapley", interval: str = "ci") -> Move:
    """Return one of a row's three values as a change, in proportion to what there is without the policy."""
    size, low, high = (float(row[name]) for name in (value, f"{interval}_low", f"{interval}_high"))
    return Move(outcome, size, low, high, made.base(outcome))


def title(made: Ablation, name: str, lang: str = "en") -> str:
    """Say what the policy does as a whole, without a full stop."""
    moves = [move_of(made, outcome, rows_of(made, outcome)[WHOLE]) for outcome in made.swept.plan.outcomes[:3]]
    told = clauses(moves, lang, interval=False)
    return capital(gettext(lang, "{policy}: {told}", policy=policy(name, lang), told=told))


def carried(made: Ablation, name: str, outcome: str, lang: str = "en", whole: bool = True) -> str:
    """Say what the policy changes of an outcome, and what each part carries of it, with intervals.

    Parameters
    ----------
    made, name, outcome
        An ablation, the policy's name, and one of the outcomes.
    lang
        `en` or `zh`.
    whole
        Whether to begin with the whole effect.
    """
    rows = rows_of(made, outcome)
    noun = words.noun(outcome, lang).name
    all_of = clause(move_of(made, outcome, rows[WHOLE]), lang)
    moves = {item: move_of(made, outcome, row) for item, row in rows.items() if item != WHOLE}
    clear = {item: move for item, move in moves.items() if move.kind in {"single", *DOWN, *UP}}
    order = sorted(clear, key=lambda item: -abs(clear[item].difference))
    start = gettext(lang, "Under {policy}, {all_of}. ", policy=policy(name, lang), all_of=all_of) if whole else ""
    text = ""
    if order:
        shares = [
            f"{part(item, lang)} {clear[item].size(lang, signed=True)}" + _ends(clear[item], not place, lang)
            for place, item in enumerate(order)
        ]
        text = gettext(lang, "Shares in the change of {noun}: {listed}", noun=noun, listed=listed(shares, lang))
    vague = [part(item, lang) for item, move in moves.items() if move.kind == "zero"]
    if vague:
        nothing = gettext(lang, "not different from zero: ") + listed(vague, lang)
        text = gettext(lang, "{text}; {nothing}", text=text, nothing=nothing) if text else capital(
            gettext(lang, "of the change of {noun}, {nothing}", noun=noun, nothing=nothing))
    null = [part(item, lang) for item, move in moves.items() if move.kind == "same" and item != LEFT]
    if null:
        nothing = ngettext(
            lang,
            "{listed} carries nothing at all",
            "{listed} carry nothing at all",
            len(null), listed=listed(null, lang))  # fmt: skip
        text = gettext(lang, "{text}; {nothing}", text=text, nothing=nothing) if text else capital(nothing)
    return start + text + (gettext(lang, ".") if text else "")


def _ends(move: Move, named: bool, lang: str) -> str:
    if move.kind == "single":
        return ""
    ends = move.interval(lang, named)
    return gettext(lang, " ({ends})", ends=ends)


def joined(made: Ablation, outcome: str, lang: str = "en") -> str:
    """Say whether the parts do together what they would do one by one; empty where that cannot be told."""
    gap = made.together(outcome)
    if gap is None or gap.replicates < 2:
        return ""
    base, noun = made.base(outcome), words.noun(outcome, lang).name
    whole, apart = (
        Move(outcome, value, value, value, base).size(lang, signed=True) for value in (gap.mean, gap.baseline_mean)
    )
    if gap.difference == 0 or gap.ci_low <= 0 <= gap.ci_high:
        return gettext(
            lang,
            "For {noun}, the parts together ({whole}) are not shown to differ from the sum of each alone "
            "({apart}).",
            noun=noun, whole=whole, apart=apart)
    ends = Move(outcome, gap.difference, gap.ci_low, gap.ci_high, base).interval(lang)
    return gettext(
        lang,
        "For {noun}, the parts do not simply add: together they make {whole}, each alone would sum to {apart} "
        "(difference: {ends}).",
        noun=noun, whole=whole, apart=apart, ends=ends)
