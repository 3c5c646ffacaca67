"""How it is run: jobs, executors, progress.  Nothing here can change a result."""

from experiments.core.run.execute import Execution, Notice, Outcome, collected, run_design

__all__ = ["Execution", "Notice", "Outcome", "collected", "run_design"]
