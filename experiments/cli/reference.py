"""``gongzhi parameters``, ``outcomes`` and ``glossary``: what the model has, on the screen or as a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from experiments.cli import options
from experiments.core.option import Option, chosen

if TYPE_CHECKING:
    import pandas as pd

    from experiments.reporting.glossary_terms import Term
    from sim.outcomes import Definition

COLUMNS = ("name", "value", "default", "unit", "low", "high", "sweep_low", "sweep_high", "status", "source", "doc")


@dataclass(frozen=True)
class Form:
    """In what form parameters are shown, and where they go."""

    as_markdown: Annotated[bool, Option("Write docs/parameters.md, or --out.", name="--markdown")] = False
    as_csv: Annotated[bool, Option("Write CSV, to --out or the screen.", name="--csv")] = False
    out: Annotated[Path | None, Option("Write to a file; .md or .csv says in what form.", "FILE")] = None


def parameters(
    world: options.Parameters,
    form: Form,
    sections: Annotated[list[str] | None, options.argument("Sections to show; all where none is named.")] = None,
    lang: options.Lang = "en",
    quiet: options.Quiet = False,
) -> None:
    """Show the table of all parameters."""
    from experiments.reporting.catalogue import N_
    from sim.core.errors import ScenarioError

    content = N_("{path}: parameters ({count})")
    as_markdown, as_csv, out = form.as_markdown, form.as_csv, form.out
    every = world.to_scenario().parameters()
    known = dict.fromkeys(map(_section, every))
    shown = [chosen(section, known, "section") for section in sections or known]
    rows = [row for row in every if _section(row) in shown]
    if as_markdown and as_csv:
        raise ScenarioError("--markdown and --csv are two forms: choose one.")
    if out is not None and not (as_markdown or as_csv) and out.suffix not in (".md", ".csv"):
        raise ScenarioError(f"{out} must end in .md or .csv, or give --markdown or --csv.")
    if as_markdown or (not as_csv and out is not None and out.suffix == ".md"):
        _in_english(lang)
        _write(out or Path("docs/parameters.md"), parameters_page(rows), quiet, content, len(rows), lang)
    elif out is not None:
        _write(out, _csv(rows, lang), quiet, content, len(rows), lang)
    else:
        print(_csv(rows, lang) if as_csv else _plain(rows, lang), end="" if as_csv else "\n")


def outcomes(
    names: Annotated[
        list[str] | None, options.argument("Outcomes, or the beginnings of their names; all where none is named.")
    ] = None,
    out: Annotated[Path | None, Option("Write the page of all outcomes.", "FILE.md")] = None,
    plugin: options.Plugin = None,
    lang: options.Lang = "en",
    quiet: options.Quiet = False,
) -> None:
    """Show what is measured every week."""
    from experiments.reporting.catalogue import N_, gettext
    from sim.core.screen import columns, padded
    from sim.outcomes import DEFINITIONS, definitions_of

    better_side = {"lower": N_("{unit}, lower is better"), "higher": N_("{unit}, higher is better")}
    components = options.Parameters(plugin=plugin).kind.components
    known = DEFINITIONS | definitions_of(outcome for component in components for outcome in component.outcomes)
    if out is not None:
        _check_page(out, names, "outcomes")
        _in_english(lang)
        _write(out, outcomes_page(known.values()), quiet, N_("{path}: outcomes ({count})"), len(known), lang)
        return
    for name in names or []:
        if not any(other.startswith(name) for other in known):
            chosen(name, known, "outcome")
    shown = [outcome for outcome in known.values() if not names or outcome.name.startswith(tuple(names))]
    wide = max(columns(outcome.name) for outcome in shown)
    for outcome in shown:
        unit, meaning = (outcome.unit_zh, outcome.label_zh) if lang == "zh" else (outcome.unit, outcome.meaning)
        better = better_side.get(outcome.better, "{unit}")
        print(f"{padded(outcome.name, wide)}  {meaning} [{gettext(lang, better, unit=unit)}]")


def glossary(
    words: Annotated[
        list[str] | None, options.argument("Terms, English or Chinese, or parts of them; all where none is named.")
    ] = None,
    out: Annotated[Path | None, Option("Write the page of all terms.", "FILE.md")] = None,
    quiet: options.Quiet = False,
) -> None:
    """Show what words mean, in English and Chinese."""
    from experiments.reporting.catalogue import N_
    from experiments.reporting.glossary_terms import terms
    from sim.core.errors import ScenarioError, nearest

    if out is not None:
        _check_page(out, words, "terms")
        _write(out, glossary_page(), quiet, N_("{path}: terms ({count})"), len(terms()), "en")
        return
    for word in words or []:
        if not any(_speaks_of(term, word) for term in terms()):
            near = nearest(word.lower(), [term.name.lower() for term in terms()])
            raise ScenarioError(f'Unknown term "{word}".{near} Without words all terms are shown.')
    for term in terms():
        if not words or any(_speaks_of(term, word) for word in words):
            meaning = f": {term.meaning}" if term.meaning else ""
            print(f"{term.name} · {term.chinese}{meaning} [{term.code.replace('`', '')}]")


def _speaks_of(term: Term, word: str) -> bool:
    return any(word.lower() in text.lower() for text in (term.name, term.chinese, *term.also))


def _check_page(path: Path, names: list[str] | None, what: str) -> None:
    from sim.core.errors import ScenarioError

    if names:
        raise ScenarioError(f"--out writes the page of all {what}: leave the names out.")
    if path.suffix != ".md":
        raise ScenarioError(f"{path} must end in .md: the page is Markdown.")


def _in_english(lang: str) -> None:
    from sim.core.errors import ScenarioError

    if lang != "en":
        raise ScenarioError("The page is one of the documentation, in English: leave --lang out.")


def _write(path: Path, text: str, quiet: bool, content: str, count: int, lang: str) -> None:
    from experiments.reporting.catalogue import gettext

    options.target(path).write_text(text, encoding="utf-8")
    if not quiet:
        print(gettext(lang, content, path=path, count=count))


def _page(template: str, table: pd.DataFrame, by: str, **values: str) -> str:
    """Fill a page of the documentation with a table for each group of rows."""
    from experiments.reporting.template_rendering import markdown

    groups = {str(group): rows.drop(columns=by) for group, rows in table.groupby(by, sort=False)}
    return markdown(template, "en", tables=groups, **values)


def parameters_page(rows: list[dict[str, Any]]) -> str:
    """Return the page of parameters, of which `rows` come from `sim.Scenario.parameters`."""
    import pandas as pd

    table = pd.DataFrame(
        {
            "section": _section(row),
            "name": f"`{row['name'].partition('.')[2]}`",
            "default": f"`{_shown(row['value'])}`",
            "unit": row["unit"],
            "limits": _range(row["low"], row["high"]),
            "plausible": _range(row["sweep_low"], row["sweep_high"]),
            "evidence": row["status"],
            "meaning": row["doc"],
            "source": row["source"],
        }
        for row in rows
    )
    return _page("parameters", table, "section")


def outcomes_page(outcomes: Iterable[Definition]) -> str:
    """Return the page of outcomes."""
    import pandas as pd

    from experiments.reporting.catalogue import gettext

    table = pd.DataFrame(
        {
            "component": outcome.component,
            "name": f"`{outcome.name}`",
            "unit": outcome.unit,
            "better": "" if outcome.better == "neither" else outcome.better,
            "in a sentence": outcome.label,
            gettext("zh", "Chinese"): outcome.label_zh,
            "meaning": outcome.meaning,
        }
        for outcome in outcomes
    )
    return _page("outcomes", table, "component")


def glossary_page() -> str:
    """Return the page of the glossary."""
    import pandas as pd

    from experiments.reporting.catalogue import gettext
    from experiments.reporting.glossary_terms import terms

    table = pd.DataFrame(terms()).drop(columns=["plural", "also"])
    table.columns = ["group", "term", gettext("zh", "Chinese"), "in the code", "meaning"]
    return _page("glossary", table, "group", title=gettext("zh", "Glossary"))


def _section(row: dict[str, Any]) -> str:
    return str(row["name"].partition(".")[0])


def _in(lang: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Say in a language what is written for people in rows of parameters."""
    from experiments.reporting import declared
    from sim.core.message_catalogue import MODEL
    from sim.parameters.parameter_page import STATUS

    words = {"doc": declared.meaning, "unit": declared.unit, "source": declared.source}
    return [
        {
            **row,
            **{name: say(row, lang) for name, say in words.items()},
            "status": MODEL.gettext(lang, STATUS[row["status"]]),
        }
        for row in rows
    ]


def _plain(rows: list[dict[str, Any]], lang: str) -> str:
    from experiments.reporting.catalogue import gettext

    rows = _in(lang, rows)
    wide = max(len(row["name"]) for row in rows)
    values = max(len(_shown(row["value"])) for row in rows)
    lines = []
    for row in rows:
        limits = _range(row["sweep_low"], row["sweep_high"], gettext(lang, "to"))
        mark = " " if row["value"] == row["default"] else "*"
        facts = f"{row['unit']}, {limits}" if limits else row["unit"]
        value = f"{_shown(row['value']):>{values}}"
        lines.append(f"{mark}{row['name']:{wide}}  {value}  {row['doc']} [{facts}; {row['status']}]")
    if any(line.startswith("*") for line in lines):
        lines.append(gettext(lang, "* not the default"))
    return "\n".join(lines)


def _csv(rows: list[dict[str, Any]], lang: str) -> str:
    import pandas as pd

    return str(pd.DataFrame(_in(lang, rows), columns=COLUMNS, dtype=object).to_csv(index=False, lineterminator="\n"))


def _range(low: Any, high: Any, to: str = "to") -> str:
    if low is None and high is None:
        return ""
    return f"{'' if low is None else f'{low:g}'} {to} {'' if high is None else f'{high:g}'}".strip()


def _shown(value: Any) -> str:
    if value is None:
        return "none"
    return str(value).lower() if isinstance(value, bool) else str(value)
