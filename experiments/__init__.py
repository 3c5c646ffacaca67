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
    from experiments.adapters.results import ema_results as ema_results
    from experiments.adapters.salib import salib_problem as salib_problem
    from experiments.adapters.workbench import ema_model as ema_model
    from experiments.analyses.ablation import ablate as ablate
    from experiments.analyses.budget import budget as budget
    from experiments.analyses.calibration import calibrate as calibrate
    from experiments.analyses.compare.comparison import Comparison as Comparison
    from experiments.analyses.compare.comparison import compare as compare
    from experiments.analyses.failed_runs import FailedRunsError as FailedRunsError
    from experiments.analyses.failed_runs import FailedRunsWarning as FailedRunsWarning
    from experiments.analyses.sensitivity import sensitivity as sensitivity
    from experiments.analyses.signmap import search_regions as search_regions
    from experiments.analyses.signmap import signmap as signmap
    from experiments.analyses.sweep.swept import Swept as Swept
    from experiments.analyses.sweep.swept import sweep as sweep
    from experiments.analyses.validation import validate as validate
    from experiments.core.design.design import Design as Design
    from experiments.core.design.plan import Plan as Plan
    from experiments.core.run.execute import Execution as Execution
    from experiments.core.run.execute import run_design as run_design
    from experiments.core.store.store import Store as Store
    from experiments.registry import merge as merge
    from experiments.registry import open as open

_HOMES = {
    "adapters.results": "ema_results",
    "adapters.salib": "salib_problem",
    "adapters.workbench": "ema_model",
    "analyses.ablation": "ablate",
    "analyses.budget": "budget",
    "analyses.calibration": "calibrate",
    "analyses.compare": "Comparison compare",
    "analyses.failed_runs": "FailedRunsError FailedRunsWarning",
    "analyses.sensitivity": "sensitivity",
    "analyses.signmap": "search_regions signmap",
    "analyses.sweep": "Swept sweep",
    "analyses.validation": "validate",
    "core.design.design": "Design",
    "core.design.plan": "Plan",
    "core.run.execute": "Execution run_design",
    "core.store.store": "Store",
    "registry": "merge open",
}
"""Names by where they are, within `experiments`."""
_MODULES = {name: module for module, names in _HOMES.items() for name in names.split()}
__all__ = sorted(_MODULES.keys() - {"open"})  # a star does not hide Python's own


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
    if name in _MODULES:
        return getattr(importlib.import_module(f"experiments.{_MODULES[name]}"), name)
    near = difflib.get_close_matches(name, __all__, n=1)
    hint = f'. Did you mean "{near[0]}"?' if near else ""
    raise AttributeError(f"module 'experiments' has no attribute {name!r}{hint}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "open"})
