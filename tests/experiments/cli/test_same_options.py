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
    district = {f"district {name}": command for name, command in known["district"].commands.items()}
    return {
        name: command.make_context(name, [], resilient_parsing=True).command
        for name, command in {**known, **district}.items()
        if not hasattr(command, "commands")
    }


def options_of(command: Any) -> set[str]:
    """All names of a command's options."""
    return {name for option in command.params for name in option.opts}


OWN_LANGUAGES = {"glossary"}
"""Each line of it is in both languages."""
WRITING = {"--out", "--geojson"}
TABLE = {"--map", "--sheet", "--values", "--coordinates", "--decimal"}
TOGETHER: dict[str, set[str]] = {
    "--district": TABLE,
    "--sheet": TABLE,
    "--executor": {"--workers"},
    "--workers": {"--executor"},
    "--weeks": {"--estates", "--sample", "--set", "--scenario", "--plugin"},
    "--set": {"--scenario", "--plugin"},
    "--replicates": {"--seed", "--executor"},
    "--estates": {"--seed"},
    "--list": {"--lang"},
    "--xlsx": {"--lang", "--quiet"},
}
"""Options that belong together: which others a command has that has the first."""


def test_every_command_speaks_both_languages() -> None:
    assert {name for name, one in commands().items() if "--lang" not in options_of(one)} == OWN_LANGUAGES


def test_every_command_that_writes_can_be_quiet() -> None:
    loud = [name for name, one in commands().items() if WRITING & options_of(one) and "--quiet" not in options_of(one)]
    assert not loud


def test_every_folder_of_results_has_a_workbook_and_every_comparison_a_brief() -> None:
    for name, one in commands().items():
        folder = any("--out" in option.opts and option.metavar == "FOLDER" for option in one.params)
        assert not folder or name == "film" or "--xlsx" in options_of(one), name
    assert {name for name, one in commands().items() if "--brief" in options_of(one)} == {"compare", "merge", "report"}


@pytest.mark.parametrize("first", TOGETHER)
def test_options_that_belong_together_are_together(first: str) -> None:
    having = {name: options_of(one) for name, one in commands().items() if first in options_of(one)}
    assert having and not {name: missing for name, known in having.items() if (missing := TOGETHER[first] - known)}


@pytest.mark.parametrize(
    "words",
    [
        ["district", "describe", "--estates=6"],
        ["district", "generate", "--estates=6", "--out=ground.csv"],
        ["district", "template", "--out=blank.csv"],
        ["district", "check", "own.csv"],
        ["district", "export", "own.csv", "--geojson=own.geojson", "--origin=113.9,22.5"],
        ["parameters", "trust"],
        ["parameters", "trust", "--out=trust.csv"],
        ["outcomes", "filed"],
        ["diff", "one", "other"],
        ["fidelity", "--rows=rows.toml", "--sizes=sizes.csv", "--out=page.md"],
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_what_a_command_prints_is_in_the_language_and_quiet_means_quiet(
    gongzhi: Any, words: list[str], tmp_path: Path
) -> None:
    (tmp_path / "own.csv").write_text("estate,households,x,y\nA,100,1,1\nB,200,2,2\n", encoding="utf-8")
    (tmp_path / "rows.toml").write_text('[[row]]\nid = "a"\nhow = "in"\nstudy = "b"\n', encoding="utf-8")
    for name, size in (("one", 1), ("other", 2)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "experiment.json").write_text(f'{{"spec": {{"seed": {size}}}}}', encoding="utf-8")
        (tmp_path / name / "table.csv").write_text(f"a,b\n1,{size}\n", encoding="utf-8")
    shown = {lang: gongzhi(*words, f"--lang={lang}") for lang in ("en", "zh")}
    assert {status for status, *_ in shown.values()} == {int(words[0] == "diff")}, shown
    assert shown["en"][1].isascii(), shown["en"][1]
    assert any("\u4e00" <= sign <= "\u9fff" for sign in shown["zh"][1].splitlines()[0]), shown["zh"][1]
    if WRITING & {word.partition("=")[0] for word in words}:
        assert gongzhi(*words, "--quiet")[1] == ""


def test_a_page_of_the_documentation_is_not_promised_in_chinese(gongzhi: Any, tmp_path: Path) -> None:
    for words in (["parameters", "--out=a.md"], ["outcomes", "--out=a.md"]):
        status, out, err = gongzhi(*words, "--lang=zh")
        assert (status, out) == (2, "") and "\u82f1\u6587" in err and "--lang" in err
    assert not (tmp_path / "a.md").exists()


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
