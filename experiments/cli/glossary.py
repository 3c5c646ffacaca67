"""``gongzhi glossary``: what words mean, in English and Chinese, and what they are called in the code."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli import options

if TYPE_CHECKING:
    from experiments.reporting.glossary import Term

__all__ = ["glossary", "markdown"]


def glossary(
    words: Annotated[
        list[str] | None,
        typer.Argument(help="Terms, English or Chinese, or parts of them; all where none is named.",
                       show_default=False),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE.md", help="Write the page of all terms.")] = None,
) -> None:
    """Show what words mean, in English and Chinese."""
    from experiments.reporting.glossary import terms
    from sim.errors import ScenarioError, nearest

    if words and out is not None:
        raise ScenarioError("--out writes the page of all terms: leave the words out.")
    shown = list(terms())
    if out is not None:
        options.target(out).write_text(markdown(shown), encoding="utf-8")
        print(f"{out}: {len(shown)} terms.")
        return
    for word in words or []:
        if not any(_speaks_of(term, word) for term in shown):
            near = nearest(word.lower(), [term.name.lower() for term in shown])
            raise ScenarioError(f'"{word}" is not in the glossary.{near} Without words all terms are shown.')
    if words:
        shown = [term for term in shown if any(_speaks_of(term, word) for word in words)]
    for term in shown:
        meaning = f": {term.meaning}" if term.meaning else ""
        print(f"{term.name} · {term.chinese}{meaning} [{term.code.replace('`', '')}]")


def _speaks_of(term: Term, word: str) -> bool:
    return any(word.lower() in text.lower() for text in (term.name, term.chinese, *term.also))


def markdown(terms: Sequence[Term]) -> str:
    """Write the page of documentation: a table for each group."""
    from experiments.reporting.catalogue import gettext

    lines = [
        f"# Glossary · {gettext('zh', 'Glossary')}", "",
        "One word for one thing, in both languages. Made from `experiments/reporting/glossary.csv` by "
        "`gongzhi glossary --out docs/glossary.md`; not edited by hand. A test holds every Chinese message to these "
        "words. What is measured is in [outcomes](outcomes.md), what can be set in [parameters](parameters.md).",
    ]
    head = f"| term | {gettext('zh', 'Chinese')} | in the code | meaning |"
    for group in dict.fromkeys(term.group for term in terms):
        lines += ["", f"## {group}", "", head, "|---|---|---|---|"]
        lines += [
            f"| {term.name} | {term.chinese} | {term.code} | {term.meaning} |" for term in terms if term.group == group]
    return "\n".join(lines) + "\n"
