"""`python -m tools.docs_site.reference_pages`: write the pages of commands, columns and messages from what is declared.

The pages of parameters, outcomes and terms are those of `gongzhi parameters`, `outcomes` and `glossary`; of the first
two the site shows a Chinese page too, made from the catalogues of the model.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from tools.docs_site.page_tree import ROOT, chinese_words

POPULATIONS: Final = tuple(
    "residents branches committees firms contracts authorities couriers stations enterprises captains volunteers "
    "social_organisations".split()
)
ERRORS: Final = {
    "ScenarioError": "Parameters, scenarios and options",
    "DistrictError": "The district's table",
    "StrategyError": "Strategies",
    "OutcomeError": "Outcomes",
    "AgendaError": "The week",
    "ComponentError": "Components",
    "CaseError": "Cases",
    "StoreError": "Folders of results",
    "SnapshotError": "Saved models",
    "PathError": "Files",
    "RunawayError": "While it runs",
    "UnfinishedWeekError": "After an interrupted week",
}
SPLIT: Final = re.compile(r"(?<!\\)\|")


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table of Markdown."""
    heads = list(heads)
    lines = [" | ".join(SPLIT.sub(r"\\|", " ".join(cell.split())) for cell in row) for row in (heads, *rows)]
    return "\n".join([f"| {lines[0]} |", "|" + "---|" * len(heads), *(f"| {line} |" for line in lines[1:])])


# Commands -----------------------------------------------------------------------------------------------------------


def command_tree() -> Iterator[tuple[str, Any]]:
    """Yield every command with its name, groups opened."""
    from typer.main import get_command

    from experiments.cli.app import app

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        whole: Any = get_command(app)
    for name, command in whole.commands.items():
        if hasattr(command, "commands"):
            yield from ((f"{name} {inner}", one) for inner, one in command.commands.items())
        elif not command.hidden:
            yield name, command


def commands_page() -> str:
    """Return the page of commands: what each does, its arguments and options."""
    parts = [
        "# Commands",
        "Every command, as `--help` has it. Made by `make parameters`; not edited by hand. What each is good for is in "
        "the [how-to pages](howto.md); the commands of `make` are listed by `make` alone.",
    ]
    for name, command in command_tree():
        made = command.make_context(f"gongzhi {name}", [], resilient_parsing=True).command
        parts.append(f"## gongzhi {name}")
        parts += [" ".join(paragraph.split()) for paragraph in (made.help or "").split("\n\n")]
        shown = [part for part in made.params if not getattr(part, "hidden", False)]
        rows = [(f"`{_spelled(part)}`", part.help or "") for part in shown]
        parts.append(table(["argument or option", "meaning"], rows))
    return "\n\n".join(parts) + "\n"


def _spelled(part: Any) -> str:
    if part.param_type_name == "argument":
        return str(part.metavar or part.name)
    words = ", ".join(sorted(part.opts, key=len))
    return words if part.is_flag else f"{words} {part.metavar or part.name.upper()}"


# Columns ------------------------------------------------------------------------------------------------------------


def columns_page() -> str:
    """Return the page of what agents, cases and incidents keep."""
    import sim
    from sim.disputes import CASE_COLUMNS
    from sim.disputes.incidents import INCIDENT_COLUMNS

    model = sim.examples.small()
    parts = [
        "# Columns of agents",
        "What every agent, case and cause of a dispute keeps. Made from the declarations in `sim/` by `make "
        "parameters`; not edited by hand. In Python, `model.branches.hours` is the whole column, `model.branches[3]` "
        "one agent, `model.branches.describe()` this table with today's values; [what you can look at](looking.md) "
        "shows how. A *computed* column is made when it is asked for.",
    ]
    for name in POPULATIONS:
        population: Any = getattr(model, name)
        kept = [*population.agent.columns.values(), *type(population).computed.values()]
        parts += [f"## model.{name}", f"`sim.{population.agent.__name__}`: {population.agent._summary.strip()}"]
        parts.append(table(["column", "type", "unit", "meaning"], map(_column, kept)))
    for head, columns in (("disputes", CASE_COLUMNS), ("incidents", INCIDENT_COLUMNS)):
        parts += [f"## model.{head}.to_frame()"]
        parts.append(table(["column", "unit", "meaning"], ((f"`{key}`", *facts) for key, facts in columns.items())))
    return "\n\n".join(parts) + "\n"


def _column(kept: Any) -> tuple[str, str, str, str]:
    words = ", ".join(f"{number} {word}" for number, word in enumerate(kept.words))
    meaning = ": ".join(filter(None, (kept.doc.strip(), words)))
    return f"`{kept.name}`", kept.kind, kept.unit, meaning


# Messages -----------------------------------------------------------------------------------------------------------


def messages_page() -> str:
    """Return the page of messages: what can be refused, by the kind of error."""
    import sim

    found: dict[str, dict[str, None]] = {name: {} for name in ERRORS}
    for package in ("sim", "experiments"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for error, message in _raised(ast.parse(path.read_text(encoding="utf-8"))):
                if error in found:
                    found[error][message] = None
    parts = [
        "# Messages",
        "What the program refuses, by the kind of error. Each message says what is wrong, where, what is allowed and "
        "the nearest valid name; an ellipsis stands for what is filled in. Made from the code by `make parameters`; "
        "not edited by hand. On the command line the message alone is shown and the exit status is 2 (1: some runs "
        "failed; 130: stopped with Ctrl-C). In Python it is an exception of the class named here; all are "
        "`sim.GongzhiError`.",
    ]
    for name, head in ERRORS.items():
        summary = (getattr(sim, name).__doc__ or "").strip().splitlines()[0]
        parts += [f"## {head}", f"`sim.{name}`: {summary}"]
        messages = sorted(found[name], key=str.casefold)
        parts.append("\n".join(f"- {_literal(message)}" for message in messages) or "This error lists what was found.")
    return "\n\n".join(parts) + "\n"


def _literal(message: str) -> str:
    fence = "``" if "`" in message else "`"
    pad = " " if fence == "``" else ""
    return f"{fence}{pad}{message}{pad}{fence}"


def _raised(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield the class and the text of every error that is raised with a text of its own."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        if isinstance(function, ast.Name) and node.args:
            message = _text(node.args[0])
            if len(re.sub(r"[…\s]", "", message)) > 12:
                yield function.id, " ".join(message.split())


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) if isinstance(part, ast.Constant) else "…" for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _text(node.left) + _text(node.right)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Sentence" and node.args:
        return re.sub(r"\{\w+[^{}]*\}", "…", _text(node.args[0]))
    return "…"


# Chinese pages of what is declared ----------------------------------------------------------------------------------


def parameters_in_chinese() -> str:
    """Return the page of parameters in Chinese."""
    from experiments.cli.reference import _range, _section, _shown
    from experiments.reporting.declared import meaning, source, unit
    from experiments.reporting.template_rendering import labels
    from sim import Scenario

    status: Mapping[str, str] = labels("zh", "parameters.status")
    words = chinese_words()["parameters"]
    groups: dict[str, list[list[str]]] = {}
    for row in Scenario().parameters():
        groups.setdefault(_section(row), []).append(
            [
                f"`{row['name'].partition('.')[2]}`",
                f"`{_shown(row['value'])}`",
                unit(row, "zh"),
                _range(row["low"], row["high"]).replace(" to ", words["to"]),
                _range(row["sweep_low"], row["sweep_high"]).replace(" to ", words["to"]),
                status[row["status"]],
                meaning(row, "zh"),
                source(row, "zh"),
            ]
        )
    return _tables(words["opening"], words["columns"], groups)


def outcomes_in_chinese() -> str:
    """Return the page of outcomes with labels and units in Chinese; meanings stand in English so far."""
    from sim.outcomes import DEFINITIONS, describe

    legend = describe("zh")
    words = chinese_words()["outcomes"]
    groups: dict[str, list[list[str]]] = {}
    for name, outcome in DEFINITIONS.items():
        unit = str(legend.loc[name, "unit"]) if name in legend.index else outcome.unit
        side = words["sides"].get(outcome.better, "")
        row = [f"`{name}`", outcome.label_zh, unit, side, outcome.meaning]
        groups.setdefault(words["heads"][outcome.component], []).append(row)
    return _tables(words["opening"], words["columns"], groups)


def _tables(opening: str, columns: list[str], groups: Mapping[str, list[list[str]]]) -> str:
    parts = [opening.strip()]
    for head, rows in groups.items():
        parts += [f"## {head}", table(columns, rows)]
    return "\n\n".join(parts) + "\n"


CHINESE: Final[dict[str, Callable[[], str]]] = {
    "docs/parameters": parameters_in_chinese,
    "docs/outcomes": outcomes_in_chinese,
}
"""Pages of which the Chinese version is made from what is declared."""

PAGES: Final[dict[str, Callable[[], str]]] = {
    "docs/commands.md": commands_page,
    "docs/columns.md": columns_page,
    "docs/messages.md": messages_page,
}


def main() -> None:
    """Write the pages."""
    for name, page in PAGES.items():
        (ROOT / name).write_text(page(), encoding="utf-8")
        print(f"{name} written.")


if __name__ == "__main__":
    main()
