"""Studies: one question about one policy; and the pages on all systems and all signs."""

from experiments.analyses.study.study_comparison import Study, run_study

__all__ = ["Study", "run_study"]
