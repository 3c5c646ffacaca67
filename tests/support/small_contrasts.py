"""Contrasts that a test runs, in a folder of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from experiments.analyses.study.contrasts import Contrast, Contrasts, run_or_read_contrasts
from experiments.core.spec import Running
from sim import Scenario

__all__ = ["run_contrasts"]


def run_contrasts(contrasts: Sequence[Contrast], scenario: Scenario, **fields: Any) -> Contrasts:
    """Run every contrast; fields are those of `run_or_read_contrasts`, and how and where it is run."""
    running, own = Running.split(fields)
    if running.out is not None:
        return run_or_read_contrasts(contrasts, scenario, own, running)
    with tempfile.TemporaryDirectory() as folder:
        return run_or_read_contrasts(contrasts, scenario, own, replace(running, out=folder))
