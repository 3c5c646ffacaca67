"""``gongzhi glossary``: what words mean, in English and Chinese, and what they are called in the code."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from experiments.cli.markdown_page import table, write
from experiments.cli.options import argument
from experiments.core.option import Option

if TYPE_CHECKING:
    from experiments.reporting.glossary_terms import Term


def glossary(
    words: Annotated[
        list[str] | None, argument("Terms, English or Chinese, or parts of them; all where none is named.")
    ] = None,
    out: Annotated[Path | None, Option("Write the page of all terms.", "FILE.md")] = None,
) -> None:
    """Show what words mean, in English and Chinese."""
    from experiments.reporting.glossary_terms import terms
    from sim.errors import ScenarioError, nearest

    if words and out is not None:
        raise ScenarioError("--out writes the page of all terms: leave the words out.")
    known = list(terms())
    if out is not None:
        write(out, markdown(known), f"{len(known)} terms")
        return
    for word in words or []:
        if not any(_speaks_of(term, word) for term in known):
            near = nearest(word.lower(), [term.name.lower() for term in known])
            raise ScenarioError(f'"{word}" is not in the glossary.{near} Without words all terms are shown.')
    for term in known:
        if words and not any(_speaks_of(term, word) for word in words):
            continue
        meaning = f": {term.meaning}" if term.meaning else ""
        print(f"{term.name} · {term.chinese}{meaning} [{term.code.replace('`', '')}]")


def _speaks_of(term: Term, word: str) -> bool:
    return any(word.lower() in text.lower() for text in (term.name, term.chinese, *term.also))


def markdown(terms: Sequence[Term]) -> str:
    """Write the page of documentation: a table for each group."""
    from experiments.reporting.catalogue import gettext

    lines = [
        f"# Glossary · {gettext('zh', 'Glossary')}",
        "",
        "One word for one thing, in both languages. Made from `experiments/reporting/glossary.csv` by "
        "`gongzhi glossary --out docs/glossary.md`; not edited by hand. A test holds every Chinese message to these "
        "words. What is measured is in [outcomes](outcomes.md), what can be set in [parameters](parameters.md).",
    ]
    heads = ("term", gettext("zh", "Chinese"), "in the code", "meaning")
    for group in dict.fromkeys(term.group for term in terms):
        lines += [
            "",
            f"## {group}",
            *table(
                heads, [(term.name, term.chinese, term.code, term.meaning) for term in terms if term.group == group]
            ),
        ]
    return "\n".join(lines) + "\n"
