"""The message catalogue is whole: every message of the code is translated, and no translation asks for more."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Catalog

from experiments.analyses.validation.targets import shipped
from experiments.presets.ablations import POLICIES
from experiments.reporting import declared
from experiments.reporting.catalogue import gap, gettext, ngettext, pgettext
from experiments.reporting.declared import level
from experiments.reporting.phrases import part
from sim import Scenario
from tools.catalogue import CATALOGUES, extracted, problems, text_of, updated


@pytest.mark.parametrize("package", CATALOGUES)
def test_every_message_is_translated(package: str) -> None:
    found = list(problems(updated(package)))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("package", CATALOGUES)
def test_the_file_is_what_the_command_writes(package: str) -> None:
    text = CATALOGUES[package].path.read_text(encoding="utf-8")
    assert text == text_of(updated(package)), "run python -m tools.catalogue"


def test_messages_are_found_in_the_code() -> None:
    assert len(extracted("experiments")) > 500 and len(extracted("sim")) > 10


@pytest.mark.parametrize(
    ("message", "translation", "word"),
    [
        ("Nobody said this", "", "untranslated"),
        ("{low} and up", "{low} 及 {high}", "unknown places high"),
    ],
)
def test_what_is_wrong_is_named(message: str, translation: str, word: str) -> None:
    catalog = Catalog(locale="zh")
    catalog.add(message, translation)
    assert word in "".join(problems(catalog))


def test_messages_are_filled() -> None:
    assert gettext("zh", "{low} to {high}", low="1%", high="2%") == "1% 至 2%"
    assert gettext("en", "{low} to {high}", low="1%", high="2%") == "1% to 2%"
    assert gettext("zh", "a sentence without a translation") == "a sentence without a translation"
    assert pgettext("zh", "between names", ", ") == "、" and pgettext("zh", "between clauses", ", ") == "，"
    assert ngettext("en", "{number} run", "{number} runs", 1) == "1 run"
    assert ngettext("en", "{number} run", "{number} runs", 0) == "0 runs"
    assert gap("en") == " " and gap("zh") == ""


CHINESE = re.compile("[\u4e00-\u9fff]")


def test_every_parameter_says_in_chinese_what_it_is_and_who_says_so() -> None:
    for row in Scenario().parameters():
        assert CHINESE.search(declared.meaning(row, "zh")) and declared.meaning(row) == row["doc"], row["name"]
        assert declared.unit(row) == row["unit"] and declared.source(row) == row["source"]
        assert CHINESE.search(declared.source(row, "zh")), row["name"]
        assert CHINESE.search(declared.unit(row, "zh")) or row["unit"] == "logit", row["name"]


@pytest.mark.parametrize("value", [True, False, None])
def test_a_switch_is_told_in_the_language_asked_for(value: bool | None) -> None:
    for told in (value, str(value)) if value is not None else (value,):
        assert CHINESE.fullmatch(level(told, "zh")) and re.fullmatch("[a-z]+", level(told))


def test_parts_of_policies_have_chinese_names() -> None:
    for name, policy in POLICIES.items():
        told = [part(one, "zh") for one in policy.parts]
        assert all(map(CHINESE.search, told)) and len(set(told)) == len(told), name


def test_figures_of_data_have_chinese_units_and_sources() -> None:
    for target in shipped().values():
        for text in (target.unit, target.interval, target.source):
            assert CHINESE.search(pgettext("zh", "target", text)), text


LABEL = 10
"""Words of a label, at most."""


def test_sentences_stand_in_templates_and_the_code_holds_labels() -> None:
    """But for presets, whose questions are declared with what they ask."""
    sentences = []
    for message in extracted("experiments"):
        text = message.id if isinstance(message.id, str) else message.id[0] if message.id else ""
        files = [name for name, _ in message.locations if name.endswith(".py") and "/presets/" not in name]
        words = len(text.split())
        if files and (words > LABEL or (words > 3 and text.rstrip().endswith((".", "?")))):
            sentences.append((text, files))
    assert not sentences, "write them in experiments/reporting/templates"
