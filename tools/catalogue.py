"""`python -m tools.catalogue`: find every message in the code, and bring the translations up to date.

What is new stands in the file untranslated, what is gone leaves it, and nothing is guessed from what is similar.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from experiments.analyses import fidelity_table
from experiments.analyses.validation.evidence import FIGURES
from experiments.analyses.validation.targets import GENERATED, ground_targets, shipped
from experiments.presets import questions
from experiments.reporting import words
from experiments.reporting.catalogue import CATALOGUE as LABORATORY
from experiments.reporting.template_rendering import HOME, from_template
from sim import GovernanceModel, Population, Scenario
from sim.agenda import STAGES
from sim.core import errors
from sim.core.message_catalogue import LANGUAGES
from sim.core.refusals import CONTEXT
from sim.district.statistics import STATISTICS
from sim.plot import CATALOGUE as MODEL
from tools.refusals import refusals

__all__ = ["extracted", "main", "problems", "updated"]

ROOT: Final = Path(__file__).resolve().parent.parent
CATALOGUES: Final = {"sim": MODEL, "experiments": LABORATORY}
"""Catalogue of each package."""
KEYWORDS: Final = {"gettext": (2,), "ngettext": (2, 3), "pgettext": ((2, "c"), 3), "N_": None, "Sentence": None}
DECLARATIONS: Final = "sim/parameters/parameter.py"
"""Named as the place of what many parameters declare alike."""
COLUMNS: Final = "sim/agents/agent.py"
"""Named as the place of what columns of agents declare."""
STEPS: Final = "sim/agenda.py"
"""Named as the place of what steps of the week declare."""
SENTENCES: Final = "docs/fidelity.toml"
"""The study sentence by sentence."""
TEMPLATES: Final = {
    "encoding": "utf-8",
    "trimmed": "true",
    "newstyle_gettext": "true",
    "lstrip_blocks": "true",
    "extensions": "jinja2.ext.do",
}
"""How templates are read, as `pages` does."""
HEADER: Final = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Language: {lang}\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""


def extracted(package: str) -> Catalog:
    """Return all messages of a package's code, with the files in which they stand."""
    catalog = Catalog()
    for place, message, context in _in_code(package):
        catalog.add(message, locations=[(place, 0)], context=context)
    if package == "sim":
        _add_parameters(catalog)
        _add_components(catalog)
        _add_kinds(catalog)
        _add_statistics(catalog)
    else:
        _add_templates(catalog)
        _add_targets(catalog)
        declared = [(f"experiments/presets/{name}", text) for name, text in questions.texts()]
        declared += [("experiments/reporting/words.toml", text) for text in words.texts()]
        declared += [(SENTENCES, text) for text in fidelity_table.texts(fidelity_table.read_rows(ROOT / SENTENCES))]
        for place, text in declared:
            catalog.add(text, locations=[(place, 0)])
    return catalog


@cache
def _in_code(package: str) -> tuple[tuple[str, Any, str | None], ...]:
    """Return what the code of a package says, and the texts of its errors: place, message, context."""
    found = extract_from_dir(ROOT / package, [("**.py", "python")], {"**": {"encoding": "utf-8"}}, keywords=KEYWORDS)  # type: ignore[arg-type]
    said = [(f"{package}/{Path(name).as_posix()}", message, context) for name, _line, message, _, context in found]
    for path in sorted((ROOT / package).rglob("*.py")):
        said += [(path.relative_to(ROOT).as_posix(), text, CONTEXT) for text in refusals(path)]
    return tuple(said)


def _add_templates(catalog: Catalog) -> None:
    """Add the messages of the templates, their places written as in the code."""
    found = extract_from_dir(HOME / "templates", [("**.j2", "jinja2")], {"**": TEMPLATES})
    for name, _line, message, _comments, context in found:
        texts = from_template(message) if isinstance(message, str) else tuple(map(from_template, message))
        place = (HOME / "templates" / name).relative_to(ROOT).as_posix()
        catalog.add(texts, locations=[(place, 0)], context=context)


def _add_parameters(catalog: Catalog) -> None:
    """Add what is declared of parameters: sections, choices, units and sources, and what each is, under its name."""
    for name in Scenario.sections:
        catalog.add(name, locations=[(DECLARATIONS, 0)], context="section")
    for row in Scenario().parameters():
        catalog.add(row["doc"], locations=[(row["name"], 0)], context="parameter")
        catalog.add(row["source"], locations=[(DECLARATIONS, 0)], context="source")
        catalog.add(row["unit"], locations=[(DECLARATIONS, 0)], context="unit")
        for word in row["choices"] or ():
            catalog.add(word, locations=[(DECLARATIONS, 0)], context="choice")


def _add_statistics(catalog: Catalog) -> None:
    """Add what is measured of a district, and where its target comes from."""
    for one in STATISTICS:
        for text in (one.name, one.source):
            catalog.add(text, locations=[("sim/district/statistics.py", 0)], context="statistic")


def _add_kinds(catalog: Catalog) -> None:
    """Add what people name in commands, and may misspell."""
    for kind in errors._KINDS:
        catalog.add(kind, locations=[("sim/core/errors.py", 0)], context="kind")


def _add_components(catalog: Catalog) -> None:
    """Add what components declare: the columns of their agents with units, and the lines of a week."""
    for kind in GovernanceModel.components:
        for column in (*kind.agent.columns.values(), *kind.computed.values()) if issubclass(kind, Population) else ():
            catalog.add(column.doc, locations=[(COLUMNS, 0)], context="column")
            if column.unit:
                catalog.add(column.unit, locations=[(DECLARATIONS, 0)], context="unit")
        for step in kind.steps:
            catalog.add(step.doc, locations=[(STEPS, 0)], context="line of the week")
    for stage in STAGES:
        catalog.add(stage, locations=[(STEPS, 0)], context="stage of the week")


def _add_targets(catalog: Catalog) -> None:
    """Add what is declared of a validation: units, kinds of interval and sources, and figures of the ground."""
    declared = [text for one in shipped().values() for text in (one.unit, one.interval, one.source)]
    declared += [one.source for one in ground_targets().values()]
    for figure in FIGURES.values():
        declared += [figure.unit, figure.spoken.removeprefix("%").strip()]
    for text in filter(None, [*declared, GENERATED]):
        catalog.add(text, locations=[("experiments/analyses/validation/targets.csv", 0)], context="target")
    for statistic in STATISTICS:  # its name stands in a validation
        catalog.add(statistic.name, locations=[("sim/district/statistics.py", 0)])


def updated(package: str) -> Catalog:
    """Return a package's translations of the messages that there are today."""
    with CATALOGUES[package].path.open("rb") as file:
        catalog = read_po(file, locale=LANGUAGES[1])
    known = {_bare(message): message.string for message in catalog if message.id}
    catalog.update(extracted(package), no_fuzzy_matching=True)
    for message in catalog:
        if message.id and not any(_several(message.string)) and (text := known.get(_bare(message))):
            message.string = _bare_text(text)
    return catalog


def _bare(message: Message) -> tuple[Any, ...]:
    """Return what a message says, however its numbers are written: a sentence that moves keeps its translation."""
    return message.context, *map(_bare_text, _several(message.id))


def _bare_text(text: Any) -> Any:
    """Return a text, or all forms of one, without space around it and with places that say nothing of formats.

    Examples
    --------
    >>> _bare_text(" {base:.3g} of {all}")
    '{base} of {all}'
    """
    if not isinstance(text, str):
        return tuple(map(_bare_text, text))
    return re.sub(r"(?<!\{)\{(\w+):[^{}]*\}", r"{\1}", text.strip())


def text_of(catalog: Catalog) -> str:
    """Return a file of translations; it changes where a message does, and with no date or line number."""
    for message in catalog:
        message.locations = sorted({(name, 0) for name, _ in message.locations})
        message.flags -= {"python-format", "python-brace-format"}  # guessed from the text; `problems` looks at places
    body = io.BytesIO()
    write_po(body, catalog, width=110, omit_header=True, sort_output=True, ignore_obsolete=True, include_lineno=False)
    return HEADER.format(lang=LANGUAGES[1]) + body.getvalue().decode("utf-8").strip() + "\n"


def problems(catalog: Catalog) -> Iterable[str]:
    """Name every message that is untranslated or fuzzy, or whose translation asks for what the code does not fill."""
    for message in catalog:
        if not message.id:
            continue
        ids, texts = _several(message.id), _several(message.string)
        name = f'"{ids[0]}" ({", ".join(sorted({file for file, _ in message.locations}))})'
        if message.fuzzy or not all(texts):
            yield f"untranslated: {name}"
        unknown = set().union(*map(_places, texts)) - set().union(*map(_places, ids)) - _allowed(message)
        if unknown:
            yield f"unknown places {', '.join(sorted(unknown))}: {name}"


def _several(text: str | Iterable[str] | None) -> list[str]:
    return [text or ""] if text is None or isinstance(text, str) else list(text)


def _places(text: str) -> set[str]:
    """Return the names of a template's places.

    Examples
    --------
    >>> sorted(_places("{low} to {high:.2f}, {{not this}}"))
    ['high', 'low']
    """
    return set(re.findall(r"(?<!\{)\{(\w+)(?::[^{}]*)?\}", text))


def _allowed(message: Message) -> set[str]:
    """Return what `ngettext` fills by itself."""
    return {"number"} if message.pluralizable else set()


def main(arguments: list[str] | None = None) -> int:
    """Renew the files of translations, and say what is to be done."""
    parser = argparse.ArgumentParser(prog="python -m tools.catalogue", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit with status 1 if a file is not so")
    options = parser.parse_args(arguments)
    found = []
    for package, catalogue in CATALOGUES.items():
        catalog, path = updated(package), catalogue.path
        found += problems(catalog)
        text = text_of(catalog)
        if path.read_text(encoding="utf-8") != text:
            if options.check:
                found.append(f"{path.relative_to(ROOT)} is not up to date: run python -m tools.catalogue")
            else:
                path.write_text(text, encoding="utf-8")
                print(f"Written: {path.relative_to(ROOT)}")
    print("\n".join(found) or "Every message is translated.")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
