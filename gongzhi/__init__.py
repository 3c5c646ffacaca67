"""Gongzhi under one name: all public names of the model and of the laboratory.

>>> import gongzhi
>>> model = gongzhi.GovernanceModel({"district.estates": 12}, seed=42)
>>> result = gongzhi.compare(["none", "full"], replicates=20)                   # doctest: +SKIP

The packages `sim` and `experiments` have names that a folder or a file of one's own may have too. Then Python takes
what lies beside the script, and an import of theirs fails or gives another module. This name is safe: it finds its own.
"""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments import *  # noqa: F403
    from sim import *  # noqa: F403

_PARTS = ("experiments", "sim")
_ROOT = Path(__file__).resolve().parent.parent


def _place(name: str) -> Path | None:
    """Return where Python has a top-level package from, or would take it from; None where there is none."""
    held = sys.modules.get(name)
    spec = importlib.util.find_spec(name) if held is None else None
    found = getattr(held, "__file__", None) if held is not None else spec and spec.origin
    if found is None and spec is not None:  # a folder without __init__.py
        found = next(iter(spec.submodule_search_locations or ()), None)
    return Path(found).resolve() if found else None


def _clear_the_way() -> None:
    """See to it that our packages are found before others of the same name, in this process and in its workers."""
    places = {name: _place(name) for name in _PARTS}
    for name, other in places.items():
        own = _ROOT / name
        if other is None or not own.is_dir() or own in (other, other.parent):
            continue
        what = f'{other} has the name of Gongzhi\'s package "{name}", which is in {_ROOT}'
        if name in sys.modules:
            raise ImportError(f"{what}, and was imported first. Rename it, or import gongzhi before it.")
        warnings.warn(f'{what}: "import {name}" gives the package now. Better rename it.', stacklevel=3)
        if sys.path[0] != str(_ROOT):
            sys.path.insert(0, str(_ROOT))
            importlib.invalidate_caches()


_clear_the_way()


_ELSEWHERE = {
    "run": "a model runs itself, gongzhi.GovernanceModel({...}).run()",
    "open": "a folder of results is opened with gongzhi.experiments.open(folder)",
    "report": "a result writes its own, result.report(); a folder's is gongzhi.experiments.open(folder).report()",
    "film": "two models are filmed with gongzhi.animate(model, other)",
    "study": "a study runs from the terminal, gongzhi study NAME; gongzhi.experiments.open reads its folder",
    "diff": "folders are compared from the terminal, gongzhi diff A B",
    "dashboard": "it is started from the terminal, gongzhi dashboard",
    "district": "a district is gongzhi.District.from_csv(path) or gongzhi.District.synthetic(estates=60)",
    "parameters": "a scenario lists them, gongzhi.Scenario().parameters()",
    "fidelity": "the table is written from the terminal, gongzhi fidelity",
    "glossary": "words are looked up in the terminal, gongzhi glossary",
}
"""What commands of the terminal are in Python, where it is not a name of this package."""


def __getattr__(name: str) -> Any:
    # Nothing is read before it is asked for, and no list of names is kept twice.
    if name == "__all__":
        return sorted(public for part in _PARTS for public in importlib.import_module(part).__all__)
    if name in _PARTS:
        return importlib.import_module(name)
    if name == "__version__" or not name.startswith("_"):
        for part in _PARTS:
            module = importlib.import_module(part)
            if name in (*module.__all__, "__version__") and hasattr(module, name):
                return getattr(module, name)
    near = () if name.startswith("_") else difflib.get_close_matches(name, __getattr__("__all__"), n=1)
    hint = f'. Did you mean "{near[0]}"?' if near else ""
    if name in _ELSEWHERE:
        hint = f": {_ELSEWHERE[name]}"
    raise AttributeError(f"module 'gongzhi' has no attribute {name!r}{hint}")


def __dir__() -> list[str]:
    own = {name for name in globals() if name.startswith("__")}
    return sorted({*own, *__getattr__("__all__"), *_PARTS, "__version__"})
