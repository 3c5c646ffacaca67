"""What a call in Python says of runs that failed: a warning, or an error where an arm has nothing left.

A command says it on the screen and by its exit status (`experiments.cli.present`).  Who calls a function in a notebook
sees neither, and would read a table from which an arm is missing as if it were whole.
"""

from __future__ import annotations

import warnings
from typing import Any

from experiments.analyses.result import Result, failed_in_short
from sim.core.errors import GongzhiError


class FailedRunsWarning(UserWarning):
    """Some runs of an analysis failed; its result is made of the others.

    Examples
    --------
    >>> from experiments import FailedRunsWarning
    >>> issubclass(FailedRunsWarning, UserWarning)
    True
    """


class FailedRunsError(GongzhiError, RuntimeError):
    """All runs of an arm failed.

    Attributes
    ----------
    result
        What can be said all the same; its `failures` say why.

    Examples
    --------
    >>> from experiments import FailedRunsError
    >>> FailedRunsError("No run has ended well.").result is None
    True
    """

    result: Any = None


def delivered[Made: Result](result: Made) -> Made:
    """Return the result of a call in Python, warning once of runs that failed.

    Raises
    ------
    FailedRunsError
        No run of an arm has ended well.  The error has the result, and what was run stays in its folder.
    """
    prepared = [row for store in result.preparing for row in store.read().get("failed") or []]
    failures = [*result.failures, *prepared]
    if not failures:
        return result
    first = {name: str(value) for name, value in failures[0].items()}
    where = [first.get("arm", ""), f"replicate {first['replicate']}" if "replicate" in first else ""]
    named = f"the first, {', '.join(filter(None, where))}: {first.get('message', '')}"
    text = f"{failed_in_short(result)}; {named}".rstrip(".")
    if lost := lost_arms(result):
        arms = ", ".join(f'"{arm}"' if arm else "this analysis" for arm in lost)
        error = FailedRunsError(
            f"No run of {arms} has ended well. {text}. What has been run stays in {result.folder}; `result` of this "
            "error is what can be said without."
        )
        error.result = result
        raise error
    warnings.warn(f"{text}. The result is made of the others.", FailedRunsWarning, stacklevel=3)
    return result


def lost_arms(result: Result) -> list[str]:
    """Return the arms of which every run that has ended failed, whatever the point or the step."""
    ended: dict[str, set[str]] = {}
    for store in result.stores:
        table = store.design_table()
        labels = table["arm"].astype(str)
        # A plan's runs are labelled by point and arm (`Plan.labels`), "07 full", and of a single arm by the point.
        if labels.str.fullmatch(r"\d+( .+)?").all():
            labels = labels.str.partition(" ")[2]
        for arm, key in zip(labels, table["run"], strict=True):
            if (record := store.record(key)) is not None:
                ended.setdefault(arm, set()).add(str(record["status"]))
    return [arm for arm, states in ended.items() if states == {"failed"}]
