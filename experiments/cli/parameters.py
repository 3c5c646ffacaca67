"""``gongzhi parameters``: every number of the model, with its unit, its range and its source."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from experiments.cli import options

__all__ = ["markdown", "parameters"]

COLUMNS = (
    "name",
    "value",
    "default",
    "unit",
    "low",
    "high",
    "sweep_low",
    "sweep_high",
    "status",
    "source",
    "doc",
)


def parameters(
    sections: Annotated[
        list[str] | None,
        typer.Argument(help="Sections to show; all where none is named.", show_default=False),
    ] = None,
    settings: options.Set = None,
    scenario: options.ScenarioFile = None,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Write docs/parameters.md, or --out.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Write CSV, to --out or the screen.")] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write to a file; .md or .csv says in what form."),
    ] = None,
) -> None:
    """Show the table of all parameters."""
    from sim.errors import ScenarioError, nearest

    world = options.read_scenario(scenario, settings, {})
    rows = world.parameters()
    known = list(dict.fromkeys(row["name"].partition(".")[0] for row in rows))
    for section in sections or []:
        if section not in known:
            raise ScenarioError(
                f"{section or '\"\"'} is not a section.{nearest(section, known)} Sections are: {', '.join(known)}."
            )
    rows = [row for row in rows if not sections or row["name"].partition(".")[0] in sections]
    if as_markdown and as_csv:
        raise ScenarioError("--markdown and --csv are two forms: choose one.")
    if out is not None and not (as_markdown or as_csv) and out.suffix not in (".md", ".csv"):
        raise ScenarioError(f"{out} must end in .md or .csv, or give --markdown or --csv.")
    if as_markdown or (not as_csv and out is not None and out.suffix == ".md"):
        path = options.target(out or Path("docs/parameters.md"))
        path.write_text(markdown(rows), encoding="utf-8")
        print(f"{path}: {len(rows)} parameters.")
    elif as_csv or out is not None:
        text = _csv(rows)
        if out is None:
            print(text, end="")
        else:
            options.target(out).write_text(text, encoding="utf-8")
            print(f"{out}: {len(rows)} parameters.")
    else:
        print(_plain(rows))


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
    section = ""
    for row in rows:
        home, _, name = row["name"].partition(".")
        if home != section:
            section = home
            lines += [
                "",
                f"## {home}",
                "",
                "| name | default | unit | limits | plausible | evidence | meaning | source |",
            ]
            lines.append("|---|---|---|---|---|---|---|---|")
        cells = (
            f"`{name}`", f"`{_shown(row['value'])}`", row["unit"], _range(row["low"], row["high"]),
            _range(row["sweep_low"], row["sweep_high"]), row["status"], row["doc"], row["source"],
        )  # fmt: skip
        lines.append("| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


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
