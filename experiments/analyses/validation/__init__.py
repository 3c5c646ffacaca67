"""Validation: figures of the model beside figures of data, and beside rivals that lack one of its mechanisms.

`targets` and `observed` read the data, `patterns` and `filings` measure the model, `evidence` judges, `validation`
runs it.
"""

from experiments.analyses.validation.validation import (
    COLUMNS,
    MODEL,
    PREDICTED,
    Null,
    Validation,
    measured_names,
    refitted,
    validate,
)

__all__ = ["COLUMNS", "MODEL", "PREDICTED", "Null", "Validation", "measured_names", "refitted", "validate"]
