"""Freeze today's results: ``python -m tests.golden``, or ``make golden``; says what changed since the last time."""

from __future__ import annotations

from tests.golden import model
from tests.golden.cases import CASES
from tests.golden.rounding import HERE
from tests.golden.telling import how


def main() -> None:
    """Renew the files."""
    made_on, old = model.read()
    new = [row for run in CASES for row in model.lived(run)]
    if old and made_on != HERE:
        print(how(made_on))
    changes = model.differences(old, new, exact=made_on == HERE)
    model.write(new)
    _tell(changes)


def _tell(changes: list[str]) -> None:
    for line in changes:
        print(line)
    print(f"{len(changes)} results changed; name the change in CHANGELOG.md." if changes else "Nothing changed.")


if __name__ == "__main__":
    main()
