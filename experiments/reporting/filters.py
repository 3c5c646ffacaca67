"""What a template may do with a value: write a number, name an outcome, an arm or a part, word a change.

Jinja's own filters come on top: ``{{ parts | map("part") | listed }}``.
"""

from collections.abc import Callable
from typing import Any, Final

import pandas as pd

from experiments.reporting import clauses, declared, dust, numbers, phrases, words
from experiments.reporting.catalogue import gap, gettext, pgettext
from sim.core.markup import embedded
from sim.core.sentence import text_of
from sim.district.columns import COLUMNS


def markdown(table: pd.DataFrame) -> str:
    """Write a table as Markdown, for the pages of the documentation.

    Examples
    --------
    >>> print(markdown(pd.DataFrame({"figure": ["reply"], "data": ["a|b"]})))
    | figure | data |
    |---|---|
    | reply | a\\|b |
    """
    rows = [[str(cell).replace("|", "\\|") for cell in row] for row in table.itertuples(index=False)]
    first, *rest = [f"| {' | '.join(cells)} |" for cells in [list(map(str, table.columns)), *rows]]
    return "\n".join([first, f"|{'---|' * table.shape[1]}", *rest])


WORDS: Final[dict[str, Callable[..., Any]]] = {
    "arm": words.arm,
    "told": words.arm_label,
    "bracketed": clauses.bracketed,
    "brackets": lambda move, lang, named=True: move.brackets(lang, named),
    "enumerated": clauses.enumerated,
    "heading": lambda column, lang: COLUMNS[column].heading(lang) if column in COLUMNS else column,
    "interval": lambda move, lang, named=True: move.ends(lang, named),
    "label": lambda text, lang, context=None: pgettext(lang, context, text) if context else gettext(lang, text),
    "level": declared.level,
    "lesser": words.lesser,
    "listed": lambda texts, lang, comma=False: clauses.listed(list(texts), lang, comma),
    "meaning": declared.meaning,
    "noun": lambda outcome, lang: words.noun(outcome, lang).name,
    "opponent": words.opponent,
    "paragraph": lambda findings, lang: gap(lang).join(finding.text(lang) for finding in findings),
    "part": phrases.part,
    "phrase": phrases.phrase,
    "said": text_of,
    "same_hours": words.same_hours,
    "size": lambda move, lang, signed=False: move.size(lang, signed),
    "sized": lambda value, lang, outcome, signed=False: clauses.sized(outcome, value, lang, signed),
    "source": declared.source,
    "span": clauses.span,
    "text": lambda finding, lang: finding.text(lang) if hasattr(finding, "text") else finding,
    "unit": words.unit,
    "unit_of": declared.unit,
    "verdict": words.verdict,
}
"""What depends on the language, which stands behind the value."""

NUMBERS: Final[dict[str, Callable[..., Any]]] = {
    "aligned": numbers.aligned,
    "amount": numbers.amount,
    "base_of": words.base_of,
    "capital": clauses.capital,
    "control_of": words.control_of,
    "cover_of": words.cover_of,
    "embedded": embedded,
    "floored": dust.floored,
    "grouped": clauses.grouped,
    "less_of": words.less_of,
    "margin": lambda share: f"{100 * share:g}%",
    "markdown": markdown,
    "only_dust": dust.only_dust,
    "opposite": clauses.opposite,
    "p_value": numbers.p_value,
    "per_cent": dust.per_cent,
    "percent": numbers.percent,
    "plural": lambda outcome: words.noun(outcome).plural,
    "quantity": numbers.quantity,
    "quoted": lambda text: f"“{text}”",
    "rounded": numbers.rounded,
    "short": numbers.short,
    "written": numbers.written,
}
"""What is the same in every language."""


def filters(lang: str) -> dict[str, Callable[..., Any]]:
    """Return all filters of a language.

    Examples
    --------
    >>> every = filters("en")
    >>> every["noun"]("filed"), every["percent"](-3.1, signed=True), every["listed"](["a", "b"])
    ('filed cases', '−3.1%', 'a and b')
    """
    return {name: _in(lang, function) for name, function in WORDS.items()} | NUMBERS


def _in(lang: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def filled(value: Any, *arguments: Any, **named: Any) -> Any:
        return function(value, lang, *arguments, **named)

    return filled
