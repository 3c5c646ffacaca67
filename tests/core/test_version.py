"""The model's version: it changes with what the code does, and with nothing else."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import sim
from experiments.core.design.user_strategies import Plugin
from experiments.core.environment import code_hash, meant
from sim.core.version import hash_of, meaning, source_hash

HOME = Path(sim.__file__).parent

CODE = '''"""What this is for."""

import numpy as np  # numbers

RATE = 0.25
"""How often."""


class Room:
    """A room."""

    # Its size.
    size: int = 3

    def grow(self, by: int = 1) -> str:
        """Make it larger."""
        self.size += by
        return f"{self.size:>{by}.1f} m"


def empty() -> None:
    """Do nothing."""
'''

HARMLESS = {
    "a docstring of the module": ("What this is for.", "What it was for."),
    "a docstring of a class": ("A room.", "A hall."),
    "a docstring of a function": ("Make it larger.", 'Make it\n\n        larger by "by".'),
    "no docstring": ('        """Make it larger."""\n', ""),
    "a text beneath a constant": ("How often.", "How seldom."),
    "a comment": ("# Its size.", "# Its size, in metres."),
    "a comment at a line's end": ("  # numbers", ""),
    "blank lines": ("RATE = 0.25\n", "RATE = 0.25\n\n\n"),
    "the end of lines": ("\n", "\r\n"),
    "brackets and spaces": ("self.size += by", "self.size  +=  (by)"),
    "another way to write a number": ("0.25", "2.5e-1"),
    "a text that stands alone": ("        self.size += by", '        "on we go"\n        self.size += by'),
}
HARMFUL = {
    "a number": ("0.25", "0.26"),
    "a whole number that was a fraction": ("= 3", "= 3.0"),
    "an operator": ("+=", "-="),
    "a name": ("RATE", "PACE"),
    "a default": ("by: int = 1", "by: int = 2"),
    "a text": (' m"', ' km"'),
    "a format": (".1f", ".2f"),
    "a text that is used": ('"""How often."""', 'WORD = """How often."""'),
    "a statement": ("        self.size += by\n", ""),
}


@pytest.mark.parametrize("change", HARMLESS)
def test_what_only_people_read_keeps_the_hash(change: str, tmp_path: Path) -> None:
    assert _changed(CODE, *HARMLESS[change], tmp_path) == (False, False)


@pytest.mark.parametrize("change", HARMFUL)
def test_what_the_model_does_changes_the_hash(change: str, tmp_path: Path) -> None:
    assert _changed(CODE, *HARMFUL[change], tmp_path) == (True, True)


def _changed(code: str, old: str, new: str, folder: Path) -> tuple[bool, bool]:
    """Tell whether a change to code changes the hash of a folder that holds it, and the hash of a plugin."""
    assert old in code
    compile(code.replace(old, new), "changed", "exec")
    before = _put(folder / "part" / "room.py", code, folder), Plugin("a", code).hash
    after = _put(folder / "part" / "room.py", code.replace(old, new), folder), Plugin("b", code.replace(old, new)).hash
    return before[0] != after[0], before[1] != after[1]


def _put(path: Path, text: str, home: Path) -> str:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode())
    return hash_of(home)


def test_numbers_that_come_in_a_file_belong_to_the_model(tmp_path: Path) -> None:
    """Comments and the order of lines do not; a file's name and place do."""
    text = "[incidents]\nrate_noise = 0.4\nrate_fees = 0.02\n"
    first = _put(tmp_path / "rates.toml", text, tmp_path)
    assert (
        _put(tmp_path / "rates.toml", "# fitted\n[incidents]\nrate_fees = 2e-2\nrate_noise = 0.4 # high\n", tmp_path)
        == first
    )
    assert _put(tmp_path / "rates.toml", text.replace("0.4", "0.41"), tmp_path) != first
    _put(tmp_path / "rates.toml", text, tmp_path)
    (tmp_path / "rates.toml").rename(tmp_path / "other.toml")
    assert hash_of(tmp_path) != first


def test_what_is_measured_belongs_to_the_model_and_what_it_is_called_does_not(tmp_path: Path) -> None:
    text = "name,component,unit,label\nqueue,desks,cases,open cases\n"
    first = _put(tmp_path / "outcomes.csv", text, tmp_path)
    for words in (text.replace("open cases", "cases that are open"), text.replace(",cases,", ",cases per week,")):
        assert _put(tmp_path / "outcomes.csv", words, tmp_path) == first
    for other in (text.replace("queue", "queues"), text.replace("desks", "firms")):
        assert _put(tmp_path / "outcomes.csv", other, tmp_path) != first


def test_words_of_what_a_mechanism_measures_keep_the_hash(tmp_path: Path) -> None:
    def of(unit: str, label: str, off: int) -> str:
        (tmp_path / "couriers.py").write_text(f'X = Outcome("x", unit="{unit}", label="{label}", off={off})\n')
        return hash_of(tmp_path)

    assert of("riders", "riders", 0) == of("persons", "people who ride", 0) != of("riders", "riders", 1)


def test_the_model_comes_with_no_other_kind_of_file() -> None:
    """Whoever adds one must add its kind to the hash."""
    aside = {"__pycache__", "fonts", "locale"}  # fonts and translations change figures and no result
    kinds = {path.suffix for path in HOME.rglob("*") if path.is_file() and not aside & set(path.parts)}
    of_films = {".html", ".css", ".js"}  # they show what was recorded
    assert kinds == {".py", ".toml", ".csv", ".typed"} | of_films  # .typed says that there are types, and is empty


def test_a_kept_hash_is_used_for_the_same_bytes_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    first = _put(tmp_path / "a.py", CODE, tmp_path)
    kept = tmp_path / "__pycache__" / "source_hash.txt"
    of_bytes, of_meaning = kept.read_text().split()
    assert of_meaning == first
    # It is what stands there that is returned, so it is indeed read.
    kept.write_text(f"{of_bytes} {'0' * 32}")
    assert hash_of(tmp_path) == "0" * 32
    for damaged in ("", "0", f"{of_bytes} 0", f"{'0' * 32} {'0' * 32}", f"{of_bytes} {first} 1", "\xff"):
        kept.write_text(damaged, encoding="latin-1")
        assert hash_of(tmp_path) == first
    assert _put(tmp_path / "a.py", CODE + "x = 1\n", tmp_path) != first
    assert not list(kept.parent.glob("*.txt.*"))


def test_the_hash_is_that_of_all_files_as_they_are(tmp_path: Path) -> None:
    copy = tmp_path / "sim"
    shutil.copytree(HOME, copy, ignore=shutil.ignore_patterns("__pycache__"))
    assert hash_of(copy) == source_hash()


def test_every_version_of_python_writes_the_same() -> None:
    """What is written stands here, so that each version that runs the tests is held to it."""
    code = 'def f[T](a: T = 1, *, b=None) -> str:\n    """Do."""\n    return f"{a:>4}" + u"\xfc"'
    assert meaning(code) == (
        "Module(body=[FunctionDef(name='f';args=arguments(args=[arg(arg='a';annotation=Name(id='T';ctx=Load()))]"
        "kwonlyargs=[arg(arg='b';)]kw_defaults=[NoneType None;]defaults=[int 1;])body=[Return(value=BinOp("
        "left=f[FormattedValue(value=Name(id='a';ctx=Load())conversion=-1;format_spec=f[str '>4';])]op=Add()"
        "right=str '\\xfc';))]returns=Name(id='str';ctx=Load())type_params=[TypeVar(name='T';)])])"
    )


def test_code_that_is_indented_or_in_pieces() -> None:
    assert meaning("    def f():\n        return 1\n") == meaning("  def f():\n    return 1  # one\n")
    assert meant("key=lambda x: x),") == "key=lambda x: x),"
    with pytest.raises(SyntaxError):
        meaning("key=lambda x: x),")


def test_a_functions_hash_is_free_of_its_comments(tmp_path: Path) -> None:
    plain = _made(tmp_path / "a.py", "def f(x):\n    return x + 1\n")
    told = _made(tmp_path / "b.py", 'def f(x):\n    """Add one."""\n    # One.\n    return x + 1  # more\n')
    other = _made(tmp_path / "c.py", "def f(x):\n    return x + 2\n")
    assert code_hash(plain) == code_hash(told) != code_hash(other)


def _made(path: Path, text: str) -> Callable[[int], int]:
    import importlib.util

    path.write_text(text)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    function: Callable[[int], int] = module.f
    return function
