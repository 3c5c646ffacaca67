"""An analysis has its command from its spec alone."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
import typer

from experiments.cli import app as cli
from experiments.cli.from_spec import command_of
from experiments.core.spec import Count, Running, Spec
from experiments.registry import KINDS, Kind


class Race(Spec):
    """Who is first.

    Attributes
    ----------
    strategies
        Who takes part.
    heats, replicates, rests
        How many there are.
    share
        What is enough.
    fair
        Whether all begin at once.
    open_air
        Whether it may rain.
    laps
        How often round.
    """

    analysis: ClassVar[str] = "race"

    strategies: tuple[str, ...]
    heats: Count = 3
    rests: Count = 1
    replicates: Count = 2
    share: float | None = None
    fair: bool = False
    open_air: bool = True
    laps: tuple[Count, ...] = (1, 2)
    most: Count | None = None
    notes: dict[str, str] = {}


class Unwritten(Spec):
    """An analysis of what nobody can type."""

    arms: dict[str, dict[str, Any]]


def run_race(spec: Race, running: Running) -> Any:
    """Return what a command presents."""
    asked.append((spec, running))

    class Result:
        finished, failures, warnings = False, (), ()

        def in_short(self, lang: str) -> list[str]:
            return [f"{len(spec.strategies)} ran."]

        def complaints(self) -> list[str]:
            return []

    return Result()


asked: list[tuple[Race, Running]] = []


@pytest.fixture
def racing(monkeypatch: pytest.MonkeyPatch, gongzhi: Any) -> Any:
    app = typer.Typer(**cli.SETTINGS)
    cli.attach_spec("race", "Who is first.", app)
    cli.attach_spec("other", "Another one.", app)
    monkeypatch.setattr(cli, "app", app)
    monkeypatch.setitem(KINDS, "race", Kind(f"{__name__}:Race", f"{__name__}:run_race"))
    monkeypatch.setattr("experiments.registry.load", lambda where: globals()[where.partition(":")[2]])
    asked.clear()
    return gongzhi


def test_fields_are_options_and_what_is_not_said_is_the_specs_own(racing: Any) -> None:
    status, out, err = racing(
        "race",
        "--strategies",
        "full",
        "--strategies",
        "own",
        "--heats=4",
        "--fair",
        "--no-open-air",
        "--laps=5",
        "--most=9",
        "--estates=12",
        "--seed=7",
        "--out",
        "there",
    )
    assert (status, out, err) == (0, "2 ran.\n", "")
    ((spec, running),) = asked
    assert (
        spec
        == Race(
            strategies=("full", "own"),
            heats=4,
            fair=True,
            open_air=False,
            laps=(5,),
            most=9,
            seed=7,
            scenario=spec.scenario,
        )
        and spec.scenario.district.estates == 12
    )
    assert str(running.out) == "there" and running.command.startswith("gongzhi race --strategies full")


def test_help_is_the_specs_docstring(racing: Any) -> None:
    status, out, _ = racing("race", "--help")
    shown = " ".join(out.split())
    assert status == 0 and "Who is first." in shown
    for text in (
        "--strategies NAME Who takes part. May be given again. [required]",
        "--heats N How many there are. [default: 3]",
        "--rests N How many there are. [default: 1]",
        "--share X What is enough.",
        "--fair Whether all begin at once.",
        "--laps N How often round. May be given again. [default: 1, 2]",
        "--workers N",
        "--set SECTION.NAME=VALUE",
    ):
        assert text in shown, text
    assert "notes" not in shown and "no-fair" not in shown


def test_what_is_wrong_is_said_in_a_sentence(racing: Any) -> None:
    assert racing("race")[0] == 2
    status, _, err = racing("race", "--strategies=full", "--heats=0")
    assert status == 2 and "heats is 0: a whole number of at least 1 is needed." in err
    assert not asked


def test_what_cannot_be_typed_needs_a_command_of_its_own() -> None:
    with pytest.raises(TypeError, match="Unwritten.arms cannot be typed"):
        command_of(Unwritten)
