"""The laboratory: experiments on the model that can be repeated, continued and defended.

>>> from experiments import compare
>>> result = compare(["none", "full", "hours_matched:full"], replicates=20)    # doctest: +SKIP
>>> result.table                                                              # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.lab.adapters.results import ema_results
    from experiments.lab.adapters.salib import salib_problem
    from experiments.lab.adapters.workbench import ema_model
    from experiments.lab.compare.comparison import Comparison, reopened
    from experiments.lab.compare.front import compare
    from experiments.lab.design.design import Design
    from experiments.lab.design.plan import Plan
    from experiments.lab.run.execute import Execution, run_design
    from experiments.lab.sensitivity import sensitivity
    from experiments.lab.store.store import Store
    from experiments.lab.sweep.swept import Swept, sweep

__all__ = [
    "Comparison", "Design", "Execution", "Plan", "Store", "Swept", "compare", "ema_model", "ema_results", "reopened",
    "run_design", "salib_problem", "sensitivity", "sweep",
]

_HOMES = {
    "Comparison": "compare",
    "compare": "compare",
    "ema_model": "adapters.workbench",
    "ema_results": "adapters.results",
    "salib_problem": "adapters.salib",
    "reopened": "compare",
    "Design": "design",
    "Execution": "run",
    "run_design": "run",
    "Plan": "design.plan",
    "sensitivity": "sensitivity",
    "Store": "store",
    "Swept": "sweep",
    "sweep": "sweep",
}


def __getattr__(name: str) -> Any:
    # The command line starts here too, and should answer --help before pandas and Mesa are read.
    if name in _HOMES:
        import importlib

        return getattr(importlib.import_module(f"experiments.lab.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'experiments' has no attribute {name!r}")
