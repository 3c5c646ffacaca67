"""Validation: figures of the model beside figures of data, and beside rivals that lack one of its mechanisms.

`targets` and `observed` read the data, `patterns` and `filings` measure the model, `evidence` judges, `validation`
runs it.
"""

from experiments.analyses.validation.validation import Validation, validate

__all__ = ["Validation", "validate"]
