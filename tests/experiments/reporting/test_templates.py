"""Sentences: what the code finds has a macro that takes its values, and no macro waits for what nobody finds."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes

from experiments.reporting.finding import Finding
from experiments.reporting.pages import HOME, from_template, sentence, to_template
from tests.support.repository import ROOT

TEMPLATES = HOME / "templates"
SENTENCES = sorted(path for path in TEMPLATES.glob("*.j2") if ".html" not in path.name)


def parsed(path: Path) -> nodes.Template:
    extensions = ["jinja2.ext.i18n", "jinja2.ext.do"]
    return jinja2.Environment(extensions=extensions).parse(path.read_text(encoding="utf-8"))


def macros() -> dict[str, tuple[set[str], set[str]]]:
    """Of each macro: what it must be given, and what it may be."""
    known = {}
    for path in SENTENCES:
        for macro in parsed(path).find_all(nodes.Macro):
            names = [argument.name for argument in macro.args]
            free = len(names) - len(macro.defaults)
            known[f"{path.stem}.{macro.name}"] = set(names[:free]), set(names)
    return known


def findings() -> Iterator[tuple[str, str, set[str] | None]]:
    """Where a finding is made, its id, and the names of its values where they are written out."""
    for path in sorted((ROOT / "experiments").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding":
                where = f"{path.relative_to(ROOT)}:{node.lineno}"
                for constant in ast.walk(node.args[0]):
                    if isinstance(constant, ast.Constant) and "." in str(constant.value):
                        names = {keyword.arg for keyword in node.keywords}
                        yield where, str(constant.value), None if None in names else {str(name) for name in names}


def test_every_finding_has_a_macro_that_takes_its_values() -> None:
    known = macros()
    wrong = [
        (where, id, names) for where, id, names in findings()
        if id not in known or names is not None and not known[id][0] <= names <= known[id][1]
    ]
    assert not wrong


def test_every_macro_is_found_or_used_by_another() -> None:
    """By a finding, by a sentence that the code asks for, or within a template."""
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "experiments").rglob("*.py"))
    text = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*.j2"))
    idle = [
        id for id in macros()
        if f'"{id}"' not in code and len(re.findall(rf"\b{id.rpartition('.')[2]}\(", text)) < 2
    ]
    assert not idle


@pytest.mark.parametrize("path", SENTENCES, ids=lambda path: path.stem)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_a_template_sets_is_filled_in_either_language(path: Path, lang: str) -> None:
    for assigned in parsed(path).find_all(nodes.Assign):
        if isinstance(assigned.node, nodes.Dict) and isinstance(assigned.target, nodes.Name):
            for pair in assigned.node.items:
                if isinstance(pair.key, nodes.Const):
                    assert sentence(lang, f"{path.stem}.{assigned.target.name}.{pair.key.value}")


def test_what_a_template_lacks_and_what_it_does_not_ask_for_are_errors() -> None:
    with pytest.raises(jinja2.UndefinedError):
        Finding("common.ground", districts=1).text()
    with pytest.raises(TypeError):
        Finding("common.single_replicate", replicates=1).text()


def test_sentences_follow_each_other_as_their_language_wants_it() -> None:
    found = Finding("common.ground", districts=1, estates=1034, households=6, notes=3)
    english, chinese = found.text("en"), found.text("zh")
    assert "households. What" in english and "1,034" in english and "  " not in english
    first, second = (text for text in chinese.split("。") if text)
    assert "1,034" in first and "experiment.json" in second and not second.startswith(" ")
    assert "\n" not in english + chinese


def test_messages_come_back_from_templates_as_they_were() -> None:
    for message in ("{low} of 100%", "{{not}} a place", "95% interval", "plain"):
        assert from_template(to_template(message)) == message
