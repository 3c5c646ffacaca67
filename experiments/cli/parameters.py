"""``gongzhi parameters``: every number of the model, with its unit, its range and its source."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from experiments.cli import options
from experiments.cli.markdown_page import table, write
from experiments.cli.options import argument
from experiments.core.option import Option

COLUMNS = ("name", "value", "default", "unit", "low", "high", "sweep_low", "sweep_high", "status", "source", "doc")


def parameters(
    sections: Annotated[list[str] | None, argument("Sections to show; all where none is named.")] = None,
    settings: options.Set = None,
    scenario: options.ScenarioFile = None,
    as_markdown: Annotated[bool, Option("Write docs/parameters.md, or --out.", name="--markdown")] = False,
    as_csv: Annotated[bool, Option("Write CSV, to --out or the screen.", name="--csv")] = False,
    out: Annotated[Path | None, Option("Write to a file; .md or .csv says in what form.", "FILE")] = None,
) -> None:
    """Show the table of all parameters."""
    from sim.errors import ScenarioError, nearest

    rows = options.read_scenario(scenario, settings, {}).parameters()
    known = list(dict.fromkeys(_section(row) for row in rows))
    for section in sections or []:
        if section not in known:
            raise ScenarioError(
                f"{section or '""'} is not a section.{nearest(section, known)} Sections are: {', '.join(known)}."
            )
    rows = [row for row in rows if not sections or _section(row) in sections]
    if as_markdown and as_csv:
        raise ScenarioError("--markdown and --csv are two forms: choose one.")
    if out is not None and not (as_markdown or as_csv) and out.suffix not in (".md", ".csv"):
        raise ScenarioError(f"{out} must end in .md or .csv, or give --markdown or --csv.")
    if as_markdown or (not as_csv and out is not None and out.suffix == ".md"):
        write(out or Path("docs/parameters.md"), markdown(rows), f"{len(rows)} parameters")
    elif out is not None:
        write(out, _csv(rows), f"{len(rows)} parameters")
    else:
        print(_csv(rows) if as_csv else _plain(rows), end="" if as_csv else "\n")


def markdown(rows: list[dict[str, Any]]) -> str:
    """Write the table as a page of documentation, a section for each room."""
    lines = [
        "# Parameters",
        "",
        "Made from the declarations in `sim/` by `gongzhi parameters --markdown`; not edited by hand.",
        "",
        "*Limits* are enforced. *Plausible* is the range that sweeps explore. *Evidence* is `study` (the "
        "field study), `data` (other data), `literature`, `assumed`, or `design` (of the experiment; no "
        "claim about the world).",
    ]
    heads = ("name", "default", "unit", "limits", "plausible", "evidence", "meaning", "source")
    for section in dict.fromkeys(map(_section, rows)):
        lines += [
            "",
            f"## {section}",
            *table(
                heads,
                [
                    (
                        f"`{row['name'].partition('.')[2]}`",
                        f"`{_shown(row['value'])}`",
                        row["unit"],
                        _range(row["low"], row["high"]),
                        _range(row["sweep_low"], row["sweep_high"]),
                        row["status"],
                        row["doc"],
                        row["source"],
                    )
                    for row in rows
                    if _section(row) == section
                ],
            ),
        ]
    return "\n".join(lines) + "\n"


def _section(row: dict[str, Any]) -> str:
    return str(row["name"].partition(".")[0])


def _plain(rows: list[dict[str, Any]]) -> str:
    wide = max(len(row["name"]) for row in rows)
    values = max(len(_shown(row["value"])) for row in rows)
    lines = []
    for row in rows:
        limits = _range(row["sweep_low"], row["sweep_high"])
        mark = " " if row["value"] == row["default"] else "*"
        facts = f"{row['unit']}, {limits}" if limits else row["unit"]
        value = f"{_shown(row['value']):>{values}}"
        lines.append(f"{mark}{row['name']:{wide}}  {value}  {row['doc']} [{facts}; {row['status']}]")
    if any(line.startswith("*") for line in lines):
        lines.append("* is not the default.")
    return "\n".join(lines)


def _csv(rows: list[dict[str, Any]]) -> str:
    import csv
    import io

    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: "" if value is None else value for key, value in row.items()} for row in rows)
    return buffer.getvalue()


def _range(low: Any, high: Any) -> str:
    if low is None and high is None:
        return ""
    return f"{'' if low is None else f'{low:g}'} to {'' if high is None else f'{high:g}'}".strip()


def _shown(value: Any) -> str:
    if value is None:
        return "none"
    return str(value).lower() if isinstance(value, bool) else str(value)
