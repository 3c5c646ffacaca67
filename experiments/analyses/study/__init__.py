"""Studies: one question about one policy; and the pages on all systems and all signs."""

from experiments.analyses.study.study import Study, finding, run_study

__all__ = ["Study", "finding", "run_study"]
