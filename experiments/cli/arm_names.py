"""Arms by what they are called in a language, as pages and figures call them, in place of their names."""

from collections import Counter
from functools import cache

from experiments.presets import compare_coverage
from experiments.reporting import words
from experiments.reporting.catalogue import LANGUAGES


@cache
def called() -> dict[str, str]:
    """Return the study's arms by what they are called in any language, where no two are called the same.

    Examples
    --------
    >>> called()["full coverage"], called()["the arrangement"]
    ('full', 'arrangement')
    """
    names = dict.fromkeys((*words.STRATEGIES, *compare_coverage.ARMS))
    pairs = [(words.arm(name, lang), name) for lang in LANGUAGES for name in names]
    uses = Counter(text for text, _ in pairs)
    return {text: name for text, name in pairs if uses[text] == 1}


def arm_of(typed: str) -> str:
    """Return the name of an arm that is typed as it is called, alone, with changes or in a control; else the text.

    Examples
    --------
    >>> arm_of("full coverage; branches.reach=0.3"), arm_of("placebo:full coverage"), arm_of("mine")
    ('full; branches.reach=0.3', 'placebo:full', 'mine')
    """
    head, changed, changes = typed.partition(";")
    if name := called().get(head.strip()):
        return name + changed + changes
    control, colon, base = typed.partition(":")
    return control + colon + arm_of(base) if colon and control in words.CONTROLS else typed
