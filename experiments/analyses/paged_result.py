"""Results that have a page in the documentation besides their report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import pandas as pd

from experiments.analyses.result import Result
from experiments.analyses.stored_runs import runs_table
from experiments.analyses.study.contrasts import Contrasts
from experiments.core.store.store import Store
from experiments.reporting.catalogue import LANGUAGES
from experiments.reporting.template_rendering import markdown


@dataclass
class PagedResult(Result):
    """A result with one table and a page of Markdown.

    Attributes
    ----------
    folder
        Where all is.
    table
        A row for each effect.
    steps
        The contrasts that were run, by the folder of each within this one.
    """

    folder: Path
    table: pd.DataFrame = field(repr=False)
    steps: Mapping[str, Contrasts] = field(default_factory=dict, repr=False, kw_only=True)

    languages: ClassVar[tuple[str, ...]] = LANGUAGES
    """Languages in which there is a page."""

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`table` and `runs`."""
        return {"table": self.table, "runs": self.runs}

    @cached_property
    def runs(self) -> pd.DataFrame:
        """The runs of all contrasts."""
        return runs_table({name: contrasts.step_runs for name, contrasts in self.steps.items()})

    def page(self, lang: str = "en") -> str:
        """The page of the documentation, in English where there is none in the language."""
        return markdown(self.spec.analysis, lang if lang in self.languages else "en", **self._shows().page(self))

    def report(self, lang: str = "en", path: str | Path | None = None) -> Path:
        """Write figure, pages and report; return the report's path."""
        self.require_finished()
        for language, name in zip(self.languages, self.beside, strict=True):
            Store(self.folder).write(name, self.page(language))
        return super().report(lang, path)

    @property
    def finished(self) -> bool:
        """Whether any pair of runs has ended."""
        return bool(len(self.table))

    @property
    def beside(self) -> list[str]:
        """The page of the documentation, in each language in which there is one."""
        return [f"{self.spec.analysis}{'' if lang == 'en' else f'.{lang}'}.md" for lang in self.languages]
