"""Sentences and parts of pages: what the code finds has a macro that takes its values, and no macro waits in vain."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes

from experiments.reporting.clauses import Move
from experiments.reporting.finding import Block, Finding
from experiments.reporting.template_rendering import HOME, from_template, labels, sentence, to_template
from tests.support.repository import ROOT

TEMPLATES = HOME / "templates"
PAGES = sorted(TEMPLATES.glob("*.html.j2"))
SENTENCES = sorted(path for path in TEMPLATES.glob("*.j2") if path.name.count(".") == 1)


def parsed(path: Path) -> nodes.Template:
    extensions = ["jinja2.ext.i18n", "jinja2.ext.do"]
    return jinja2.Environment(extensions=extensions).parse(path.read_text(encoding="utf-8"))


def macros(paths: list[Path]) -> dict[str, tuple[set[str], set[str]]]:
    """Of each macro: what it must be given, and what it may be."""
    known = {}
    for path in paths:
        for macro in parsed(path).find_all(nodes.Macro):
            names = [argument.name for argument in macro.args]
            free = len(names) - len(macro.defaults)
            known[f"{path.name.partition('.')[0]}.{macro.name}"] = set(names[:free]), set(names)
    return known


def said() -> Iterator[tuple[str, str, set[str]]]:
    """Where a template says a sentence of another, its id, and the names of its values."""
    for path in (*PAGES, *SENTENCES):
        for call in parsed(path).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "say" and isinstance(call.args[0], nodes.Const):
                yield path.name, call.args[0].value, {keyword.key for keyword in call.kwargs}


def findings(kind: str = "Finding") -> Iterator[tuple[str, str, set[str] | None]]:
    """Where a finding, or a block, is made, its id, and the names of its values where they are written out."""
    for path in sorted((ROOT / "experiments").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == kind:
                where = f"{path.relative_to(ROOT)}:{node.lineno}"
                for constant in ast.walk(node.args[0]):
                    if isinstance(constant, ast.Constant) and "." in str(constant.value):
                        names = {keyword.arg for keyword in node.keywords}
                        yield where, str(constant.value), None if None in names else {str(name) for name in names}


@pytest.mark.parametrize(("kind", "paths"), [("Finding", SENTENCES), ("Block", PAGES)])
def test_every_finding_and_block_has_a_macro_that_takes_its_values(kind: str, paths: list[Path]) -> None:
    known = macros(paths)
    wrong = [
        (where, id, names)
        for where, id, names in findings(kind)
        if id not in known or names is not None and not known[id][0] <= names <= known[id][1]
    ]
    assert not wrong


def test_every_sentence_that_a_template_says_takes_its_values() -> None:
    known = macros(SENTENCES)
    sentences = [(where, id, names) for where, id, names in said() if id.count(".") == 1]
    assert len(sentences) > 30
    wrong = [
        (where, id, names)
        for where, id, names in sentences
        if id not in known or not known[id][0] <= names <= known[id][1]
    ]
    assert not wrong


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_parts_of_pages_hold_no_message_of_their_own(path: Path) -> None:
    """A message in HTML would not be escaped: sentences come by `say`, labels by `labels`."""
    page = parsed(path)
    assert not [
        call
        for call in page.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in ("_", "gettext", "ngettext", "pgettext")
    ]
    assert not any(
        node.template.value.endswith(".j2") and ".html" not in node.template.value
        for node in page.find_all((nodes.FromImport, nodes.Import))
    )


def test_every_macro_is_found_or_used_by_another() -> None:
    """By a finding, by a sentence that the code asks for, or within a template."""
    text = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*.j2"))
    code = text + "".join(path.read_text(encoding="utf-8") for path in (ROOT / "experiments").rglob("*.py"))
    idle = [
        id
        for id in [*macros(SENTENCES), *macros(PAGES)]
        if f'"{id}"' not in code and len(re.findall(rf"\b{id.rpartition('.')[2]}\(", text)) < 2
    ]
    assert not idle


@pytest.mark.parametrize("path", SENTENCES, ids=lambda path: path.stem)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_a_template_sets_is_filled_in_either_language(path: Path, lang: str) -> None:
    for assigned in parsed(path).body:
        if isinstance(assigned, nodes.Assign) and isinstance(assigned.target, nodes.Name):
            id = f"{path.stem}.{assigned.target.name}"
            assert not [key for key in labels(lang, id) if not sentence(lang, f"{id}.{key}")]


def test_what_a_template_lacks_and_what_it_does_not_ask_for_are_errors() -> None:
    with pytest.raises(jinja2.UndefinedError):
        Finding("common.ground", districts=1).text()
    with pytest.raises(TypeError):
        Finding("common.single_replicate", replicates=1).text()


def test_a_part_of_a_page_tells_what_is_in_it_and_escapes_what_is_no_html() -> None:
    answer = Block("sections.answer", findings=["5 < 6", Finding("common.single_replicate"), "<script>"])
    html = Block("sections.parts", content=[answer, "<b>", None]).text("zh")
    assert '<p class="lead">5 &lt; 6</p>' in html and Finding("common.single_replicate").text("zh") in html
    assert "<li>&lt;script&gt;</li>" in html and html.endswith("&lt;b&gt;") and "None" not in html
    with pytest.raises(TypeError):
        Block("sections.answer", findings=[], note="").text()


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


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_size_without_an_interval_stands_alone(lang: str) -> None:
    """A single replicate has none: no dashes are told as if they were its ends."""
    nan = float("nan")
    hours = Move("hours", 12.0, nan, nan, 100.0)
    told = [
        Finding("common.relative", outcome="standing", share=(0.1, nan, nan)).text(lang),
        Finding("conventions.effect", outcome="standing", share=(0.1, nan, nan), named=True).text(lang),
        Finding("comparison.cost", policy="full", hours=hours).text(lang),
    ]
    assert not [text for text in told if "–" in text or "95" in text], told
    assert "95" in Finding("comparison.cost", policy="full", hours=Move("hours", 12.0, 8.0, 16.0, 100.0)).text(lang)
