"""What can go wrong with what a user types, said so that it can be put right.

Every error of this package that a user can cause is a `GongzhiError`.  Its text is one complete message: what
was wrong, where (file, row or dotted key), what is allowed, and the nearest valid name.  The command line
prints that text alone and exits with status 2; in Python it is also the ordinary exception (`ValueError` or
`RuntimeError`) which a caller would expect.
"""

from __future__ import annotations

import difflib
import os
import traceback
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, Self

from sim.core.message_catalogue import N_
from sim.core.refusals import said
from sim.core.sentence import Sentence, Several, Word

__all__ = [
    "AgendaError",
    "CaseError",
    "ComponentError",
    "DistrictError",
    "GongzhiError",
    "OutcomeError",
    "PathError",
    "RunawayError",
    "ScenarioError",
    "SnapshotError",
    "StoreError",
    "StrategyError",
    "UnfinishedWeekError",
    "most_like",
    "nearest",
    "own_line",
    "refusal",
    "unknown",
]


class GongzhiError(Exception):
    """Base of all errors that a user can cause and repair.

    Examples
    --------
    >>> print(ScenarioError.listing("mine.toml", ["a is too large.", "b is not known."]))
    mine.toml, 2 problems:
      - a is too large.
      - b is not known.
    >>> print(ScenarioError.listing("mine.toml", ["a is too large."]))
    mine.toml: a is too large.
    """

    problems: tuple[str, ...] = ()
    """The single findings of which the message is made, empty where there is only one."""

    def text(self, lang: str = "en") -> str:
        """Say it in a language; in English where the catalogue holds nothing like it.

        Examples
        --------
        >>> ScenarioError("run.weeks is too small.").text()
        'run.weeks is too small.'
        """
        return str(said(self.args[0] if len(self.args) == 1 else str(self), lang))

    @classmethod
    def listing(cls, opening: str, problems: Sequence[str]) -> Self:
        """Make one error of several findings; a single finding needs no list.

        Examples
        --------
        >>> StoreError.listing("results", ["one file is damaged.", "one is gone."]).problems
        ('one file is damaged.', 'one is gone.')
        """
        if len(problems) == 1:
            error = cls(Sentence("{opening}: {problem}", opening=opening, problem=problems[0]))
        else:
            lines = Several(problems, "\n  - ")
            error = cls(
                Sentence(
                    "{opening}, {count} problems:\n  - {problems}", opening=opening, count=len(problems), problems=lines
                )
            )
        error.problems = tuple(problems)
        return error


class ScenarioError(GongzhiError, ValueError):
    """A parameter, a scenario file or a setting cannot be used.

    Examples
    --------
    >>> import sim
    >>> sim.Scenario.of({"coverage.strateg": "full"})
    Traceback (most recent call last):
    sim.ScenarioError: ...coverage.strateg...
    """


class CaseError(GongzhiError, ValueError):
    """A case that is asked for does not exist, or cannot be told as requested.

    Examples
    --------
    >>> import sim
    >>> sim.examples.small().disputes.story(3)
    Traceback (most recent call last):
    sim.CaseError: There is no case 3. There is none yet.
    """


class AgendaError(GongzhiError, ValueError):
    """A line of the week's plan is unknown, named twice or cannot stand where it should.

    Examples
    --------
    >>> import sim
    >>> sim.examples.small().agenda["lunch"]
    Traceback (most recent call last):
    sim.AgendaError: Unknown line of the agenda...
    """


class ComponentError(GongzhiError, ValueError):
    """A component, its steps or its outcomes are declared in a way that no model can use.

    Examples
    --------
    >>> import sim
    >>> sim.GovernanceModel(components=[int])
    Traceback (most recent call last):
    sim.ComponentError: The components cannot be used...
    """


class DistrictError(GongzhiError, ValueError):
    """A district's table or size cannot be used.

    Examples
    --------
    >>> import sim
    >>> sim.District.synthetic(estates=-1)
    Traceback (most recent call last):
    sim.DistrictError: ...
    """


class StrategyError(GongzhiError, ValueError):
    """A coverage strategy is unknown or cannot be applied here.

    Examples
    --------
    >>> import sim
    >>> sim.GovernanceModel({"coverage.strategy": "fulll", "district.estates": 3}).run(weeks=1)
    Traceback (most recent call last):
    sim.StrategyError: ...
    """


class StoreError(GongzhiError, ValueError):
    """A results folder cannot be written, read or continued.

    Examples
    --------
    >>> import experiments
    >>> experiments.open("no-such-folder")
    Traceback (most recent call last):
    sim.StoreError: ...no-such-folder...
    """


class SnapshotError(GongzhiError, ValueError):
    """A saved model cannot be written, read or continued.

    Examples
    --------
    >>> import sim
    >>> sim.GovernanceModel.load("no-such-file.npz")
    Traceback (most recent call last):
    sim.SnapshotError: ...no-such-file.npz...
    """


class OutcomeError(GongzhiError, ValueError):
    """An outcome that is asked for does not exist, or cannot be described as requested.

    Examples
    --------
    >>> import sim
    >>> sim.outcomes.describe("fr")
    Traceback (most recent call last):
    sim.OutcomeError: Unknown language "fr"...
    """


class PathError(GongzhiError, ValueError):
    """What was given is no name of a file or folder.

    Examples
    --------
    >>> import sim
    >>> sim.examples.small().district.to_csv(3)
    Traceback (most recent call last):
    sim.PathError: ...
    """


class RunawayError(GongzhiError, RuntimeError):
    """The model left the range in which it means anything, e.g. conflicts that breed without end.

    Examples
    --------
    >>> import sim
    >>> issubclass(sim.RunawayError, sim.GongzhiError)
    True
    """


class UnfinishedWeekError(GongzhiError, RuntimeError):
    """A week broke off, by an error or an interrupt, and the model must be taken back to its beginning.

    Examples
    --------
    >>> import contextlib
    >>> import sim
    >>> model = sim.examples.small()
    >>> model.agenda.add("fall", lambda model: 1 / 0, doc="an error of one's own", before="record")
    >>> with contextlib.suppress(ZeroDivisionError):
    ...     model.step()
    >>> model.outcomes
    Traceback (most recent call last):
    sim.UnfinishedWeekError: ...
    """


for _error in (GongzhiError, *GongzhiError.__subclasses__()):
    # Tracebacks name an error as users import it.
    _error.__module__ = "sim"


def refusal(text: str) -> str:
    """Mark a text that becomes a part of an error, or a line on the screen, so that the catalogue holds its template.

    The first argument of an error is found without it, as what is logged is.

    Examples
    --------
    >>> problems = [refusal(f"{name} is not known.") for name in ["tea"]]
    >>> print(ScenarioError.listing("mine.toml", problems))
    mine.toml: tea is not known.
    """
    return text


def own_line(error: BaseException) -> str:
    """Name the last line of a user's own that an error came through, as ``mine.py:12``; empty where there is none.

    Examples
    --------
    >>> try:
    ...     ScenarioError.listing("mine.toml", 3)
    ... except TypeError as error:
    ...     own_line(error).startswith("<doctest")
    True
    """
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not _ours(Path(frame.filename))]
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""


def _ours(file: Path) -> bool:
    """Whether a file is of this project, of a library, or of Python."""
    libraries = {"site-packages", "dist-packages", Path(os.__file__).parent.name}
    own = Path(__file__).parents[2]
    return (
        any(file.is_relative_to(own / name) for name in ("sim", "experiments"))
        or not libraries.isdisjoint(file.parts)
        or file.name.startswith("<frozen")
    )


def nearest(word: str, allowed: Iterable[str], likeness: float = 0.6) -> str:
    """Name the most similar allowed word, as the end of a message.

    Parameters
    ----------
    word
        What was typed.
    allowed
        All valid words.
    likeness
        From 0 to 1, how similar a word must be to be named.

    Returns
    -------
    str
        ``' Did you mean "x"?'``, or an empty text where nothing is similar.

    Examples
    --------
    >>> nearest("coverage.strategi", ["coverage.share", "coverage.strategy"])
    ' Did you mean "coverage.strategy"?'
    >>> nearest("zzz", ["own", "joint"])
    ''
    """
    found = most_like(word, allowed, likeness)
    return Sentence(' Did you mean "{word}"?', word=found) if found else ""


def most_like(word: str, allowed: Iterable[str], likeness: float = 0.6) -> str:
    """Return the most similar allowed word itself, empty where nothing is similar; see `nearest`.

    Examples
    --------
    >>> most_like("strategi", ["share", "strategy"]), most_like("zzz", ["own", "joint"])
    ('strategy', '')
    """
    words = {candidate.casefold(): candidate for candidate in allowed}
    found = difflib.get_close_matches(word.casefold(), list(words), n=1, cutoff=likeness)
    return words[found[0]] if found else ""


_KINDS: Final = (
    "language",
    "outcome",
    "outcome of estates",
    "strategy",
    "control",
    "coordinates",
    "decimal",
    "line of the agenda",
    "kind of desk",
    "kind of desk of one's own",
    "category",
    "preset",
    "section",
    "policy",
    "study",
    "rival",
    "question",
    "map",
    "figure",
)
"""What people name, under the context `kind` of the catalogue, for `unknown`."""


def unknown(kind: str, word: object, allowed: Iterable[str]) -> str:
    """Say that a word is none of the allowed ones: the nearest, and all of them.

    Parameters
    ----------
    kind
        What the word should have been.
    word
        What was typed, of whatever type.
    allowed
        All valid words.

    Examples
    --------
    >>> unknown("strategy", "fulll", ["none", "full"])
    'Unknown strategy "fulll". Did you mean "full"? Choose from: none, full.'
    """
    words = list(allowed)
    hint = nearest(word, words) if isinstance(word, str) else ""
    text = word if isinstance(word, str) else repr(word)
    short = text if len(text) <= 58 else text[:55] + "..."
    return Sentence(
        "Unknown {kind} {word}.{hint} Choose from: {words}.",
        kind=Word(kind, "kind"),
        word=Sentence('"{text}"', text=short) if isinstance(word, str) else short,
        hint=hint,
        words=Several(words, N_(", ")),
    )
