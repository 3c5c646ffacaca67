"""An analysis has its command from its spec alone."""

from __future__ import annotations

import inspect
from typing import Annotated, Any

import pytest
import typer

from experiments.cli import app as cli
from experiments.cli.from_spec import command_of
from experiments.core.option import Option
from experiments.core.spec import Count, Running, Spec
from experiments.registry import KINDS, Kind, load


class Race(Spec):
    """Who is first."""

    analysis = "race"
    quick = {"heats": 1, "replicates": 1, "estates": 9}

    strategies: Annotated[tuple[str, ...], Option("Who takes part.")]
    heats: Annotated[Count, Option("How many there are.")] = 3
    rests: Annotated[Count, Option("How many there are.")] = 1
    replicates: Annotated[Count, Option("How many there are.")] = 2
    share: Annotated[float | None, Option("What is enough.", usual="all")] = None
    fair: Annotated[bool, Option("Whether all begin at once.")] = False
    open_air: Annotated[bool, Option("Whether it may rain.")] = True
    laps: Annotated[tuple[Count, ...], Option("How often round.", name="--lap")] = (1, 2)
    most: Annotated[Count | None, Option("At most.", "MOST")] = None
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
    cli.attach("race", "Who is first.", to=app)
    cli.attach("other", "Another one.", to=app)
    monkeypatch.setattr(cli, "app", app)
    monkeypatch.setitem(KINDS, "race", Kind(f"{__name__}:Race", f"{__name__}:run_race"))
    for place in ("experiments.registry.load", "experiments.cli.from_spec.load"):
        monkeypatch.setattr(place, lambda where: globals()[where.partition(":")[2]])
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
        "--lap=5",
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
        "--share X What is enough. [default: all]",
        "--fair Whether all begin at once.",
        "--lap N How often round. May be given again. [default: 1, 2]",
        "--most MOST At most.",
        "--quick A first look: 1 heat, 1 replicate, 9 estates.",
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


def test_a_first_look_is_small_and_has_a_folder_of_its_own(racing: Any) -> None:
    assert racing("race", "--strategies=full", "--quick", "--heats=2")[0] == 0
    ((spec, running),) = asked
    assert (spec.heats, spec.replicates, spec.rests, spec.scenario.district.estates) == (2, 1, 1, 9)
    assert str(running.out) == "results/race-quick"


@pytest.mark.parametrize(
    ("place", "command"),
    [
        ("compare.comparison:compare", "compare"),
        ("sweep.swept:sweep", "sweep"),
        ("ablation.ablation:ablate", "ablate"),
        ("signmap.sign_map:signmap", "signmap"),
        ("sensitivity.sensitivity_result:sensitivity", "sensitivity"),
        ("calibration.calibration:calibrate", "calibrate"),
        ("validation.validation:validate", "validate"),
        ("budget.budget_result:budget", "budget"),
    ],
)
def test_help_of_python_names_the_spec_and_the_command_that_lists_its_options(place: str, command: str) -> None:
    text = inspect.getdoc(load(place)) or ""
    spec = load(next(kind.spec for kind in KINDS.values() if kind.spec.partition(":")[2] in text))
    assert f"fields of `{spec.__name__}`" in text and f"``gongzhi {command} --help``" in text
    assert command in cli.COMMANDS


def test_what_cannot_be_typed_needs_a_command_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "unwritten", Kind("here:Unwritten", ""))
    monkeypatch.setattr("experiments.cli.from_spec.load", lambda _: Unwritten)
    with pytest.raises(TypeError, match="Unwritten.arms has no option"):
        command_of("unwritten")
