"""The documentation keeps its word: examples run, links lead somewhere, commands exist."""

from __future__ import annotations

import ast
import os
import pkgutil
import re
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

from tests.support.repository import ROOT

PAGES = sorted([*ROOT.glob("README*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("docs/howto/*.md")])
LONG = ("adapters.md", "laboratory.md")
"""Pages whose examples take long; the tests of adapters and of each analysis try what they show."""
FEWER = ("replicates=16", "replicates=2")
"""README's comparison is run whole by a slow test, and with so few replicates by the other."""
FENCE = re.compile(r"^```(\w+)(?: title=\"([\w.]+)\")?\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(page: Path, language: str) -> list[tuple[str, str]]:
    """Fenced blocks of a language as (title, text)."""
    found = FENCE.findall(page.read_text(encoding="utf-8"))
    return [(title, text) for name, title, text in found if name == language]


def examples() -> list[Any]:
    """Every Python example once, page by page: the two front pages show the same code under different comments."""
    seen: set[str] = set()
    pages = []
    for page in PAGES:
        codes = []
        for number, (_, code) in enumerate(blocks(page, "python"), start=1):
            tree = ast.dump(ast.parse(code))
            if tree not in seen:
                codes.append((number, code))
                seen.add(tree)
        if codes:
            whole = page.name in LONG or any(FEWER[0] in code for _, code in codes)
            pages.append(pytest.param(page, codes, id=page.name, marks=[pytest.mark.slow] * whole))
        if page.name == "README.md":
            fewer = [(number, code.replace(*FEWER)) for number, code in codes]
            assert fewer != codes
            pages.append(pytest.param(page, fewer, id="README.md with fewer replicates"))
    return pages


ONE_BY_ONE = """
import runpy, sys
for name in sys.argv[1:]:
    runpy.run_path(name, run_name="__main__")
"""
"""Examples in one process, since loading the packages takes longer than most of them; each has names of its own."""


@pytest.mark.parametrize(("page", "codes"), examples())
def test_examples_run(page: Path, codes: list[tuple[int, str]], tmp_path: Path) -> None:
    for title, text in blocks(page, "csv"):
        (tmp_path / title).write_text(text, encoding="utf-8")
    names = [f"example_{number}.py" for number, _ in codes]
    for name, (_, code) in zip(names, codes, strict=True):
        (tmp_path / name).write_text(code, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", ONE_BY_ONE, *names],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=1200,
        env=os.environ | {"PYTHONPATH": str(ROOT), "MPLBACKEND": "Agg", "PYTHONUTF8": "1"},
    )
    assert done.returncode == 0, done.stderr[-3000:]


def designs() -> list[Any]:
    return [
        pytest.param(
            title,
            text,
            id=f"{page.name}-{title}",
            marks=[pytest.mark.slow] * (title != "mine.toml"),
        )
        for page in PAGES
        for title, text in blocks(page, "toml")
        if title and "parameters]" in text
    ]


@pytest.mark.parametrize(("title", "text"), designs())
def test_designs_of_sweeps_run(title: str, text: str, tmp_path: Path) -> None:
    (tmp_path / title).write_text(text, encoding="utf-8")
    kind, table, small = "sweep", "table.csv", ["--replicates", "1", "--weeks", "16"]
    if "policy =" in text:  # a sign map's, as few and as short runs as show that it can be run
        kind, table = "signmap", "map.csv"
        small = "--levels 1 --replicates 2 --looks 1 --estates 5 --weeks 8 --set run.warmup=4".split()
    if "search =" in text:  # of regions, over more parameters than a map has
        kind, small = "signmap", "--points 4 --estates 5 --weeks 8 --set run.warmup=4".split()
    done = subprocess.run(
        [sys.executable, "-m", "experiments", kind, title, "--executor", "serial", *small],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=1200,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert (tmp_path / "results" / f"{kind}-{Path(title).stem}" / table).exists()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#\s]+)\)", text)
    missing = [target for target in targets if "://" not in target and not (page.parent / target).exists()]
    assert not missing, missing


CODE_NAME = re.compile(r"`((?:sim|experiments)(?:\.[A-Za-z_]\w*){2,})")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_names_of_the_code_exist(page: Path) -> None:
    for name in CODE_NAME.findall(page.read_text(encoding="utf-8")):
        pkgutil.resolve_name(name)


def test_make_commands_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][\w-]*):", makefile, re.MULTILINE))
    code = "\n".join(line for page in PAGES for line in code_of(page))
    named = set(re.findall(r"^make ([a-z][\w-]*)", code, re.MULTILINE))
    assert {"compare", "test"} <= named
    assert named <= targets, named - targets


def code_of(page: Path) -> list[str]:
    """Everything on a page that is set as code."""
    text = page.read_text(encoding="utf-8")
    spans = re.findall(r"`([^`\n]+)`", FENCE.sub("", text))
    return spans + [code for language in ("sh", "bash") for _, code in blocks(page, language)]


def test_gongzhi_commands_and_their_options_exist() -> None:
    from typer.main import get_command

    from experiments.cli.app import app

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        command = get_command(app)
    unknown = []
    for page in PAGES:
        for line in "\n".join(code_of(page)).splitlines():
            words = line.split("#")[0].split()
            if not words or words[0] != "gongzhi":
                continue
            place, rest = command, words[1:]
            while rest and hasattr(place, "commands"):
                if rest[0] not in place.commands:
                    if not rest[0].startswith("-"):
                        unknown.append(line)
                    break
                place, rest = place.commands[rest[0]], rest[1:]
            made = place.make_context(words[0], [], resilient_parsing=True).command
            options = {name for part in made.params for name in part.opts} | {"--help"}
            unknown += [f"{line}: {word}" for word in rest if word.startswith("--") and word not in options]
    assert not unknown, unknown


def test_the_page_of_parameters_is_the_declared_one() -> None:
    from experiments.cli.reference import parameters_page as markdown
    from sim import Scenario

    page = (ROOT / "docs" / "parameters.md").read_text(encoding="utf-8")
    assert page == markdown(Scenario().parameters()), "run: make parameters"


def test_ci_runs_the_test_command_of_the_readme() -> None:
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "make test" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_lock_holds_every_dependency_and_no_address() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([\w.-]+)==(\S+)", lock, re.MULTILINE))
    assert {re.split(r"[^\w-]", line)[0].lower() for line in wanted} <= set(locked)
    assert "://" not in lock and "--" not in lock


def test_job_summary_shows_the_series_side_by_side(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    rows = ["strategy,against,outcome,mean,difference,ci_low,ci_high,verdict"]
    rows += [f"full,none,{name},1.0,-0.1,-0.2,-0.05,helps" for name in ("conflicts", "filed", "standing")]
    table.write_text("\n".join(rows), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(ROOT / ".ci" / "summary.py"), str(table)],
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
        env=os.environ | {"PYTHONUTF8": "1"},
    )
    assert done.returncode == 0, done.stderr
    assert "| strategy | against | conflicts | filed | standing | hours |" in done.stdout
    assert "| full | none | -0.1 [-0.2, -0.05] helps |" in done.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_verdict_is_shown_beside_the_interval_on_which_it_rests(page: Path) -> None:
    for _, code in blocks(page, "python"):
        for columns in re.findall(r"\[\[([^\]]*)\]\]", code):
            if '"verdict"' in columns and '"ci_low"' in columns:
                assert '"sim_low"' in columns, columns
