"""How it is run: jobs, executors, progress.  Nothing here can change a result."""

from experiments.core.run.execute import Execution, Outcome, collected, run_design

__all__ = ["Execution", "Outcome", "collected", "run_design"]
