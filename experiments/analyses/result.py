"""What comes of an analysis: one shape for every kind, so that whoever knows one result knows all.

A `Result` is read from its folder, so that `experiments.open(folder)` gives back the same.  How it is shown stands in a
module of its own, `presented`, with three functions of the result: `findings`, `figures`, and `document`, which is the
report; where there is one, `brief` is its answer on one page, and `on_screen` gives the lines of the screen in the
place of the findings.  It is read when something is to be shown and not before.
"""

from __future__ import annotations

import importlib
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd
from markupsafe import Markup

from experiments.core.spec import Spec
from experiments.core.store.store import Store, Tally
from experiments.figures import style
from experiments.reporting.catalogue import gap
from experiments.reporting.document import draw_into, text_of, worded, write_document, write_page
from experiments.reporting.finding import Finding
from experiments.reporting.results_workbook import WORKBOOK, write_results
from sim.core.errors import ScenarioError, StoreError, nearest
from sim.core.markup import Page, details, paragraph, picture, table, titled
from sim.core.paths import expanded

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Draw = Callable[[str], "Figure"]  # draws a figure in a language
SHOWN_FAILURES = 10  # failed runs that are named one by one; the others are counted
SHOWN_FINDINGS = 8  # findings that a notebook shows unfolded
SHOWN_ROWS = 40  # rows of the table that a notebook shows


class Result(Page, ABC):
    """The result of an analysis: `spec` is what was asked, `folder` where everything is.

    Examples
    --------
    >>> import experiments
    >>> from experiments import ready
    >>> result = ready.comparison()
    >>> again = experiments.open(result.folder)
    >>> again.table.equals(result.table)
    True
    """

    if TYPE_CHECKING:  # a field of some kinds and worked out by others; as a property it would be a field's default

        @property
        def spec(self) -> Spec: ...

        @property
        def folder(self) -> Path: ...

    @property
    def step_results(self) -> Sequence[Result]:
        """The results of the steps that this one is made of, in the order in which they were made.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.comparison().step_results
        ()
        """
        return ()

    @property
    def stores(self) -> list[Store]:
        """The stores that hold the runs.

        Examples
        --------
        >>> from experiments import ready
        >>> result = ready.comparison()
        >>> [store.folder == result.folder for store in result.stores]
        [True]
        """
        return [store for part in self.step_results for store in part.stores] or [Store(self.folder)]

    @property
    def preparing(self) -> list[Store]:
        """The stores of runs that are no part of the result and on which it rests, such as pilots.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.swept().preparing
        []
        """
        return []

    @property
    @abstractmethod
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The tables by name; each is the file of that name, ending in ``.csv``.

        Examples
        --------
        >>> from experiments import ready
        >>> list(ready.comparison().tables)
        ['table', 'runs', 'groups']
        """

    @property
    @abstractmethod
    def runs(self) -> pd.DataFrame:
        """A row for each run that has ended, well or not: the file ``runs.csv``; docs/laboratory.md has the columns.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.comparison().runs[["arm", "district", "replicate"]].values.tolist()
        [['none', 0, 0], ['full', 0, 0], ['none', 0, 1], ['full', 0, 1]]
        """

    presented: ClassVar[str] = ""
    """Module that shows the result; by default the one in which its class is."""

    def _shows(self) -> Any:
        return importlib.import_module(self.presented or type(self).__module__)

    @property
    def findings(self) -> list[Finding]:
        """What was found, as data; ``finding.text("zh")`` says it.

        Examples
        --------
        >>> from experiments import ready
        >>> finding = ready.comparison().findings[0]
        >>> finding.id
        'comparison.whole'
        >>> print(finding.text("en"))
        Under full coverage, compared with no branches, ...
        """
        findings: list[Finding] = self._shows().findings(self)
        return findings

    @property
    def figures(self) -> Mapping[str, Draw]:
        """What can be drawn, by name: ``result.figures["effects"]("zh")``; in English without a font for Chinese.

        Examples
        --------
        >>> from experiments import ready
        >>> list(ready.comparison().figures)
        ['effects', 'series', 'maps', 'cost']
        """
        drawn: Mapping[str, Draw] = self._shows().figures(self)
        return {name: partial(style.shown, draw) for name, draw in drawn.items()}

    def figure(self, name: str | None = None, lang: str = "en") -> Figure:
        """Draw one figure, which shows itself in a notebook; by default the first.

        Examples
        --------
        >>> from experiments import ready
        >>> figure = ready.comparison().figure("effects")
        >>> figure.savefig("effects.svg")  # doctest: +SKIP
        """
        self.require_finished()
        figures = self.figures
        if name is not None and name not in figures:
            raise ScenarioError(f'Unknown figure "{name}".{nearest(name, figures)} Choose from: {", ".join(figures)}.')
        return figures[name or next(iter(figures))](lang)

    def plot(self, folder: str | Path | None = None, lang: str = "en") -> dict[str, Path]:
        """Draw all figures, by default into ``figures`` of the folder; return their paths by name.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.comparison().plot("figures", lang="zh")  # doctest: +SKIP
        """
        self.require_finished()
        home = self.folder / "figures" if folder is None else expanded(folder)
        return {name: draw_into(home, name, draw, lang) for name, draw in self.figures.items()}

    def report(self, lang: str = "en", path: str | Path | None = None) -> Path:
        """Write figures, findings and report; return the report's path, by default ``report.html`` in the folder.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.comparison().report(path="report.html")  # doctest: +SKIP
        """
        paths = self.plot(lang=lang)
        records = [finding.record() for finding in self.findings]
        text = json.dumps(records, ensure_ascii=False, indent=2, allow_nan=False)
        Store(self.folder).write("findings.json", f"{text}\n")
        document = self._shows().document(self, paths)
        return write_document(document, self.folder / "report.html" if path is None else expanded(path), lang)

    def brief(self, lang: str = "en", path: str | Path | None = None) -> Path:
        """Write the answer on one page, where a kind has one; by default ``brief.html`` in the folder.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.comparison().brief(lang="zh").name
        'brief.html'
        """
        if (page := getattr(self._shows(), "brief", None)) is None:
            raise ScenarioError(
                f"A brief is written of comparisons; the analysis in {self.folder} is: {self.spec.noun}."
            )
        self.require_finished()
        return write_page(page(self), self.folder / "brief.html" if path is None else path, lang)

    def xlsx(self, lang: str = "en", path: str | Path | None = None) -> Path:
        """Write a workbook with findings, tables, parameters and notes; by default ``results.xlsx`` in the folder.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.comparison().xlsx().name
        'results.xlsx'
        """
        self.require_finished()
        home = self.folder / WORKBOOK if path is None else expanded(path)
        tables = {**self.tables, "runs": self.runs}
        scenario = getattr(self.spec, "listed", None)
        return write_results(home, tables, self.findings, scenario, self.provenance, lang)

    def in_short(self, lang: str = "en") -> list[str]:
        """Say on a screen what was found, how much was run, and where the rest is.

        Examples
        --------
        >>> from experiments import ready
        >>> print(ready.comparison().in_short()[-2])
        4 runs.
        """
        lines: list[str] = []
        if self.finished:
            on_screen = getattr(self._shows(), "on_screen", None)
            lines = on_screen(self, lang) if on_screen else [finding.text(lang) for finding in self.findings]
        return [*lines, *(finding.text(lang) for finding in self._closing)]

    @property
    def _closing(self) -> list[Finding]:
        """How much was run, and where all is."""
        run = self.tally._asdict()
        done = Finding("common.counts", counted=self.counted, **run) if self.finished else None
        return [
            done or Finding("common.nothing", **run),
            Finding("common.all_in", files=self.files, folder=str(self.folder)),
        ]

    @property
    def counted(self) -> list[Finding]:
        """What else was run but runs, such as points and rounds: clauses that stand before their number.

        Examples
        --------
        >>> from experiments import ready
        >>> [finding.text() for finding in ready.swept().counted]
        ['2 points']
        """
        return []

    @property
    def tally(self) -> Tally:
        """How many runs ended well, how many failed, and how many there are to be.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.comparison().tally
        Tally(done=4, failed=0, planned=4)
        """
        return Tally(*map(sum, zip(*(store.tally() for store in self.stores), strict=True)))

    @property
    def files(self) -> list[str]:
        """What the folder holds of report, figures, tables, and what a kind has beside them.

        Examples
        --------
        >>> from experiments import ready
        >>> "runs.csv" in ready.swept().files
        True
        """
        tables = (f"{name}.csv" for name in self.tables)
        names = ("report.html", "brief.html", WORKBOOK, "figures", *tables, *self.beside)
        return [name for name in names if (self.folder / name).exists()]

    @property
    def beside(self) -> Sequence[str]:
        """Files that a kind writes beside report and tables.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.comparison().beside
        ()
        """
        return ()

    @property
    def finished(self) -> bool:
        """Whether there is anything to report.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.comparison().finished
        True
        """
        return self.tally.done > 0

    def require_finished(self) -> None:
        """Raise an error where there is nothing to report.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.comparison().require_finished()
        """
        if not self.finished:
            what = "pair of runs" if self.tally.done else "run"
            raise StoreError(f"No {what} in {self.folder} has ended well: there is nothing to report.")

    @property
    def failures(self) -> list[dict[str, str]]:
        """The runs that failed: arm, district, replicate, seed and message of each.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.comparison().failures
        []
        """
        return [row for store in self.stores for row in store.read().get("failed") or []]

    @property
    def warnings(self) -> list[str]:
        """What the runs have warned of.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.swept().warnings
        []
        """
        return list(dict.fromkeys(text for part in self.step_results for text in part.warnings))

    @property
    def provenance(self) -> dict[str, Any]:
        """Where the result comes from: question, command, versions, revision, seeds, failed runs, warnings.

        Examples
        --------
        >>> from experiments import ready
        >>> origin = ready.comparison().provenance
        >>> origin["complete"], len(origin["seeds"])
        (True, 2)
        """
        records = [store.read() for store in self.stores]
        return {
            **(records[0] if records else {}),
            "failed": self.failures,
            "warnings": self.warnings,
            "complete": all(record.get("complete") or record.get("failed") for record in records),
            "folder": str(self.folder),
        }

    def complaints(self) -> list[str]:
        """Name the runs that failed, the first few one by one.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.comparison().complaints()
        []
        """
        return named_failures([(str(row.get("arm", "")), str(row.get("message", ""))) for row in self.failures])

    def write(self) -> None:
        """Write the tables and the runs, every number to its last digit.

        Examples
        --------
        >>> from experiments import ready
        >>> result = ready.comparison()
        >>> result.write()
        >>> (result.folder / "table.csv").exists()
        True
        """
        for name, frame in {**self.tables, "runs": self.runs}.items():
            Store(self.folder).write(f"{name}.csv", frame.to_csv(index=False, lineterminator="\n"))

    def __init_subclass__(cls, **options: Any) -> None:
        # Otherwise each kind, as a dataclass, would write down all its fields, which are pages long.
        super().__init_subclass__(**options)
        cls.__repr__ = Result.__repr__  # type: ignore[method-assign]

    def __getattribute__(self, name: str) -> Any:
        # Outcomes of a user's own are known by their names in the whole process.  Where a component was changed, as in
        # a notebook, or two folders have one of the same name, a result is shown with what its own declares.
        spec = vars(self).get("spec") if not name.startswith("_") else None
        if spec is not None and (kind := type(spec.scenario)).components:
            kind.including()
        return super().__getattribute__(name)

    def __repr__(self) -> str:
        try:
            tally = self.tally
        except StoreError:  # the folder has gone
            return f"<{type(self).__name__} in {self.folder}>"
        missing = tally.planned - tally.done - tally.failed
        clauses = [f"{missing:,} of {tally.planned:,} runs are missing"] if missing else []
        clauses += [failed] if (failed := failed_in_short(self)) else []
        return f"<{type(self).__name__}: {', '.join(clauses) or f'{tally.planned:,} runs'}, in {self.folder}>"

    def _html(self, lang: str) -> Markup:
        """Return what a notebook shows: question, findings, the first figure, the first table, and where all is."""
        parts: list[Markup] = []
        title = self.spec.question or self.spec.noun
        name, shown = next(iter(self.tables.items()))
        if self.finished:
            shows = self._shows()
            texts = [paragraph(finding.text(lang)) for finding in self.findings]
            parts += texts[:SHOWN_FINDINGS]
            if texts[SHOWN_FINDINGS:]:
                parts.append(details("…", Markup("").join(texts[SHOWN_FINDINGS:])))
            if (document := getattr(shows, "document", None)) is not None:
                page = document(self, {name: Path(f"{name}.png") for name in self.figures})
                title = text_of(page.title, lang)
                if page.tables:
                    first = page.tables[0]
                    shown = first[1] if isinstance(first, tuple) else worded(first, lang)
            if self.figures:
                figure = self.figure(lang=lang)
                label = gap(lang).join(filter(None, (title, str(figure.get_label()))))
                parts.append(picture(style.png(figure, lang, style.SCREEN), label))
        rows = shown.head(SHOWN_ROWS).itertuples(index=False, name=None)
        cut = f" ({SHOWN_ROWS} / {len(shown):,})" if len(shown) > SHOWN_ROWS else ""
        parts.append(details(f"{name}.csv{cut}", table([str(head) for head in shown.columns], rows, lang)))
        return titled(title, *parts, *(paragraph(finding.text(lang), quiet=True) for finding in self._closing))


def failed_in_short(result: Result) -> str:
    """Say how many runs failed, of how many; empty where none did."""
    tallies = [result.tally, *(store.tally() for store in result.preparing)]
    failed, planned = (sum(getattr(tally, name) for tally in tallies) for name in ("failed", "planned"))
    return f"{failed:,} of {planned:,} runs failed" if failed else ""


def named_failures(failed: list[tuple[str, str]]) -> list[str]:
    """Name failed runs, by what they ran and what became of them.

    Examples
    --------
    >>> named_failures([("full", "no hours")])
    ['Failed: full: no hours']
    """
    lines = [f"Failed: {who}: {message}" if who else f"Failed: {message}" for who, message in failed[:SHOWN_FAILURES]]
    return lines + ([f"and {len(failed) - SHOWN_FAILURES} more"] if len(failed) > SHOWN_FAILURES else [])
