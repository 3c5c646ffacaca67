"""Freeze today's results: ``python -m tests.golden``, or ``make golden``; says what changed since the last time."""

from __future__ import annotations

from tests.golden import model, tables
from tests.golden.analyses import ANALYSES
from tests.golden.cases import CASES
from tests.golden.rounding import HERE
from tests.golden.telling import how


def main() -> None:
    """Renew the files."""
    changes = [*_model(), *_analyses()]
    for line in changes:
        print(line)
    print(f"{len(changes)} results changed; name the change in CHANGELOG.md." if changes else "Nothing changed.")


def _model() -> list[str]:
    made_on, old = model.read()
    new = [row for run in CASES for row in model.lived(run)]
    if old and made_on != HERE:
        print(how(made_on))
    model.write(new)
    return model.differences(old, new, exact=made_on == HERE)


def _analyses() -> list[str]:
    exact = tables.made_on() == HERE
    every = {name: tables.made(name) for name in ANALYSES}
    names = dict.fromkeys([*(path.name for path in sorted(tables.FOLDER.glob("*/"))), *every])
    changes = [
        line for name in names for line in tables.differences(name, tables.read(name), every.get(name, {}), exact)
    ]
    tables.write(every)
    return changes


if __name__ == "__main__":
    main()
