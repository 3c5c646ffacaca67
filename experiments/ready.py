"""Ready results for a first look, a class or a test, as `sim.examples` has ready models.

>>> from experiments import ready
>>> ready.comparison()
<Comparison: 4 runs, in ...>
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from experiments.core.run.execute import Execution

if TYPE_CHECKING:
    from experiments.analyses.compare.comparison import Comparison
    from experiments.analyses.sweep.swept import Swept

__all__ = ["comparison", "swept"]

_WORLD: Final[dict[str, Any]] = {"district.estates": 3, "run.weeks": 8, "run.warmup": 4}
_QUIET: Final = Execution(executor="serial", progress=False)


@cache
def comparison() -> Comparison:
    """Return full coverage compared with none, on three estates in eight weeks: too few to show anything.

    Whoever asks in one process gets the same result, which took a fraction of a second.

    Examples
    --------
    >>> comparison().baseline
    'none'
    """
    from experiments.analyses.compare.comparison import compare

    return compare(["none", "full"], scenario=_WORLD, replicates=2, execution=_QUIET)


@cache
def swept() -> Swept:
    """Return a sweep of what branches report, at two points of three estates in eight weeks.

    Whoever asks in one process gets the same result, which took a fraction of a second.

    Examples
    --------
    >>> len(swept().points)
    2
    """
    from experiments.analyses.sweep.swept import sweep

    design = {"parameters": {"branches.reporting_hours": [0.0, 4.0]}, "points": 2, "outcomes": ["conflicts"]}
    return sweep({**design, "arms": ["none", "full"], "scenario": {**_WORLD, "outcomes.record_estates": True}}, execution=_QUIET)
