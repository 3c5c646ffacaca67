"""``gongzhi report``: figures and report once more, from a store."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated, Any

import typer

from experiments.commands import options
from experiments.commands.again import again

__all__ = ["report"]

AGAIN = ("signmap", "sensitivity", "calibrate", "validate", "budget")
"""Commands that go on from what they found, in several stores: their report is made by reading the command again."""


def report(
    folder: Annotated[
        Path, typer.Argument(help="Folder of any command's results; of a comparison, a study, a sweep or an ablation "
                             "also an unfinished one.")
    ],
    lang: options.Lang = "en",
    quiet: options.Quiet = False,
) -> int:
    """Make tables, figures and report again from what a folder holds."""
    options.language(lang)
    stored = _stored(folder)
    command, kind = _command(stored), str(stored.get("kind", ""))
    if not command:  # made in Python
        command = "ablate" if kind == "sweep (ablation)" else "sweep" if kind.startswith("sweep") else "compare"
    match command:
        case "compare":
            return _comparison(folder, lang, quiet)
        case "study":
            return _study(folder, stored, lang, quiet)
        case "sweep":
            return _sweep(folder, lang, quiet)
        case "ablate":
            return _ablation(folder, stored, lang, quiet)
    if command not in AGAIN:
        raise _elsewhere(folder, stored)
    return again(folder, str(stored["command"]), lang, quiet)


def _stored(folder: Path) -> dict[str, Any]:
    """Read what made a folder, or, where it holds several stores, what made the first of them."""
    from experiments.lab.store.store import Store
    from sim.errors import StoreError

    if (folder / "experiment.json").exists():
        return Store(folder).read()
    inside = sorted(folder.glob("*/experiment.json"))
    if inside:
        return Store(inside[0].parent).read()
    raise StoreError(f"{folder} holds no experiment: there is no {folder / 'experiment.json'}.")


def _command(stored: dict[str, Any]) -> str:
    """Return the command that made a store; empty for one made in Python."""
    words = shlex.split(str(stored.get("command") or ""))
    return words[1] if len(words) > 1 and Path(words[0]).name == "gongzhi" else ""


def _elsewhere(folder: Path, stored: dict[str, Any]) -> Exception:
    from sim.errors import StoreError

    command = stored.get("command") or "the call that made it"
    asked = f' "{stored["question"]}"' if stored.get("question") else ""
    return StoreError(
        f"{folder} holds the runs of another kind of question{asked}, whose report is written by the command that made "
        f"it. What has ended is not run again:\n  {command}"
    )


def _comparison(folder: Path, lang: str, quiet: bool) -> int:
    from experiments.commands.compare import present
    from experiments.lab.compare.comparison import reopened
    from sim.errors import StoreError

    result = reopened(folder)
    if not result.outcome.done:
        raise StoreError(f"No run in {folder} is finished yet.")
    result.write()
    return present(result, lang, quiet)


def _study(folder: Path, stored: dict[str, Any], lang: str, quiet: bool) -> int:
    from experiments.commands.study import STUDIES, find, present
    from experiments.lab.compare.comparison import reopened
    from sim.errors import StoreError

    wanted = [find(name).STUDY for name in STUDIES if find(name).STUDY.question == stored.get("question")]
    if not wanted:  # one of several stores
        return again(folder, str(stored["command"]), lang, quiet)
    result = reopened(folder)
    if not len(result.table):
        raise StoreError(f"No run in {folder} is finished yet.")
    result.write()
    return present(wanted[0], result, lang, quiet)


def _sweep(folder: Path, lang: str, quiet: bool) -> int:
    from experiments.commands.sweep import present
    from experiments.lab.sweep.reopening import reopened_sweep
    from sim.errors import StoreError

    result = reopened_sweep(folder)
    if not result.outcome.done:
        raise StoreError(f"No run in {folder} is finished yet.")
    result.write()
    return present(result, lang, quiet)


def _ablation(folder: Path, stored: dict[str, Any], lang: str, quiet: bool) -> int:
    from experiments.ablation import POLICIES
    from experiments.commands.ablate import present
    from experiments.lab.sweep.reopening import reopened_ablation
    from sim.errors import StoreError

    made = reopened_ablation(folder)
    if not made.table["replicates"].gt(0).any():
        raise StoreError(f"No replicate in {folder} is whole yet: the command that made it goes on from there.")
    names = [name for name, apart in POLICIES.items() if apart.question == stored.get("question")]
    return present(made, names[0] if names else "policy", lang, quiet)
