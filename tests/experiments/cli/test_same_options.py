"""The same idea has the same option in every command, and what a command says of sizes is what its spec has."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.main import get_command

from experiments.cli import app as cli
from experiments.core.spec import Spec
from experiments.registry import KINDS, load

WORLD = {"estates", "weeks", "warmup"}


def commands() -> dict[str, Any]:
    """Every command with its options."""
    known = get_command(cli.app).commands  # type: ignore[attr-defined]
    return {
        name: command.make_context(name, [], resilient_parsing=True).command
        for name, command in known.items()
        if not hasattr(command, "commands")
    }


def test_an_option_takes_the_same_kind_of_value_everywhere() -> None:
    kinds: dict[str, set[tuple[Any, bool]]] = defaultdict(set)
    for command in commands().values():
        for option in command.params:
            for name in option.opts:
                if name.startswith("--"):
                    kinds[name].add((option.metavar, option.is_flag))
    # Whose effect is asked about is an arm in one command, and how arms are posed in another.
    assert {name for name, kind in kinds.items() if len(kind) > 1} <= {"--policy", "--out", "--parameter"}
    assert not {"--outcomes", "--rivals", "--replicate", "--week", "--language", "--level", "--point"} & set(kinds)


def test_an_option_that_has_a_default_says_so() -> None:
    silent = [
        f"{name} {option.opts[-1]}"
        for name, command in commands().items()
        for option in command.params
        if option.param_type_name == "option" and option.default not in (None, False) and not option.required
        if "[default: " not in (option.help or "")
    ]
    assert not silent


@pytest.mark.parametrize("kind", KINDS)
def test_sizes_are_of_fields_or_of_the_world(kind: str) -> None:
    spec: type[Spec] = load(KINDS[kind].spec)
    known = {*spec.model_fields, *spec.keywords, *WORLD}
    assert {*spec.usual, *spec.quick} <= known


@pytest.fixture
def performed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What would have been run."""
    kept: list[Any] = []

    def perform(spec: Any, running: Any) -> Any:
        kept.append((spec, running))
        return SimpleNamespace(
            finished=False, failures=(), warnings=(), in_short=lambda _: [], complaints=list, spec=spec
        )

    monkeypatch.setattr("experiments.registry.perform", perform)
    return kept


def test_a_map_may_be_judged_by_another_outcome_in_a_folder_of_its_own(gongzhi: Any, performed: list[Any]) -> None:
    assert gongzhi("signmap", "reporting", "--outcome=standing", "--quick")[0] == 0
    assert gongzhi("signmap", "reporting", "--quick", "--looks=2")[0] == 0
    (judged, place), (usual, home) = performed
    assert (judged.outcome, usual.outcome) == ("standing", "conflicts") and "standing" in judged.outcomes
    assert (str(place.out), str(home.out)) == (
        "results/signmap-reporting-standing-quick",
        "results/signmap-reporting-quick",
    )
    assert (judged.looks, usual.looks, usual.replicates) == (1, 2, 2)
    assert len(next(iter(judged.points.values()))) == 9


def test_a_sweep_may_have_other_levels_or_points(gongzhi: Any, performed: list[Any], tmp_path: Path) -> None:
    varied = '[parameters]\n"services.effect" = [0.0, 0.2]\n"branches.reporting_hours" = [0.0, 6.0]\n'
    (tmp_path / "grid.toml").write_text(f'design = "factorial"\nlevels = 2\n{varied}', encoding="utf-8")
    (tmp_path / "cloud.toml").write_text(f'design = "latin"\npoints = 5\n{varied}', encoding="utf-8")
    assert gongzhi("sweep", "grid.toml", "--levels=3")[0] == 0
    assert gongzhi("sweep", "cloud.toml", "--points=7")[0] == 0
    assert [len(spec.points["services.effect"]) for spec, _ in performed] == [9, 7]
    status, _, err = gongzhi("sweep", "cloud.toml", "--levels=3")
    assert status == 2 and "levels means nothing" in err


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        (["compare", "own", "--margin=1"], "margin is 1.0: a number from 0 to below 1 is needed."),
        (["signmap", "reporting", "--looks=9"], "looks is 9: a whole number from 1 to 8 is needed."),
        (["sensitivity", "--trajectories=3"], "trajectories is 3: a whole number of at least 4 is needed."),
        (["calibrate", "--waves=0"], "waves is 0: a whole number of at least 1 is needed."),
        (["budget", "3", "--estates=6", "--confirm=1"], "confirm is 1: a whole number of at least 2 is needed."),
    ],
)
def test_a_refusal_names_what_the_field_allows(gongzhi: Any, words: list[str], needed: str) -> None:
    status, out, err = gongzhi(*words)
    assert (status, out) == (2, "") and needed in err


def test_no_default_is_told_twice() -> None:
    for name, command in commands().items():
        for option in command.params:
            told = f"{getattr(option, 'help', '') or ''}{option.opts}"
            shown = told.count("[default:") + bool(
                getattr(option, "show_default", False) and option.default not in (None, False, ())
            )
            assert shown <= 1, (name, option.opts)
