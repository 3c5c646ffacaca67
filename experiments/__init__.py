"""The laboratory: experiments on the model that can be repeated, continued and defended.

>>> from experiments import compare
>>> result = compare(["none", "full", "hours_matched:full"], replicates=20)    # doctest: +SKIP
>>> result.table                                                              # doctest: +SKIP
"""

from __future__ import annotations

import difflib
import importlib
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.adapters.results import ema_results
    from experiments.adapters.salib import salib_problem
    from experiments.adapters.workbench import ema_model
    from experiments.analyses.ablation import ablate
    from experiments.analyses.budget import budget
    from experiments.analyses.calibration import calibrate
    from experiments.analyses.compare.comparison import Comparison, compare
    from experiments.analyses.failed_runs import FailedRunsError, FailedRunsWarning
    from experiments.analyses.sensitivity import sensitivity
    from experiments.analyses.signmap import search_regions, signmap
    from experiments.analyses.sweep.swept import Swept, sweep
    from experiments.analyses.validation import validate
    from experiments.core.design.design import Design
    from experiments.core.design.plan import Plan
    from experiments.core.run.execute import Execution, run_design
    from experiments.core.store.store import Store
    from experiments.registry import merge
    from experiments.registry import open as open

__all__ = [
    "Comparison",
    "Design",
    "Execution",
    "FailedRunsError",
    "FailedRunsWarning",
    "Plan",
    "Store",
    "Swept",
    "ablate",
    "budget",
    "calibrate",
    "compare",
    "ema_model",
    "ema_results",
    "merge",
    "run_design",
    "salib_problem",
    "search_regions",
    "sensitivity",
    "signmap",
    "sweep",
    "validate",
]

_HOMES = {
    "ablate": "analyses.ablation",
    "budget": "analyses.budget",
    "calibrate": "analyses.calibration",
    "Comparison": "analyses.compare",
    "compare": "analyses.compare",
    "ema_model": "adapters.workbench",
    "ema_results": "adapters.results",
    "salib_problem": "adapters.salib",
    "Design": "core.design.design",
    "Execution": "core.run.execute",
    "FailedRunsError": "analyses.failed_runs",
    "FailedRunsWarning": "analyses.failed_runs",
    "run_design": "core.run.execute",
    "Plan": "core.design.plan",
    "merge": "registry",
    "open": "registry",
    "search_regions": "analyses.signmap",
    "sensitivity": "analyses.sensitivity",
    "signmap": "analyses.signmap",
    "Store": "core.store.store",
    "Swept": "analyses.sweep",
    "sweep": "analyses.sweep",
    "validate": "analyses.validation",
}
"""Where names are, within `experiments`; `open` is none of `__all__`, so that a star does not hide Python's own."""


def _same_house() -> None:
    """Raise an ImportError that names what Python would take for the model, where that is another's `sim`."""
    spec, own = importlib.util.find_spec("sim"), Path(__file__).resolve().parent.parent / "sim"
    found = spec and (spec.origin or next(iter(spec.submodule_search_locations or ()), None))
    if found and own.is_dir() and own not in (Path(found).resolve(), Path(found).resolve().parent):
        raise ImportError(
            f'{found} has the name of Gongzhi\'s package "sim", which is in {own.parent}, and hides it. Rename it, or '
            'begin with "import gongzhi", which finds its own.'
        )


_same_house()


def __getattr__(name: str) -> Any:
    # The command line starts here too, and should answer --help before pandas and Mesa are read.
    if name in _HOMES:
        return getattr(importlib.import_module(f"experiments.{_HOMES[name]}"), name)
    near = difflib.get_close_matches(name, __all__, n=1)
    hint = f'. Did you mean "{near[0]}"?' if near else ""
    raise AttributeError(f"module 'experiments' has no attribute {name!r}{hint}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "open"})
