"""The message catalogue is whole: every message of the code is translated, and no translation asks for more."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Catalog

from experiments.analyses.validation.targets import shipped
from experiments.presets.questions import dissections
from experiments.reporting import declared
from experiments.reporting.catalogue import gap, gettext, ngettext, pgettext
from experiments.reporting.declared import level
from experiments.reporting.glossary_terms import terms
from experiments.reporting.phrases import part
from sim import Scenario
from sim.core.refusals import CONTEXT
from tools.catalogue import CATALOGUES, extracted, problems, text_of, updated


@pytest.mark.parametrize("package", CATALOGUES)
def test_every_message_is_translated(package: str) -> None:
    found = list(problems(updated(package)))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("package", CATALOGUES)
def test_digits_are_half_as_wide_as_chinese(package: str) -> None:
    text = CATALOGUES[package].path.read_text(encoding="utf-8")
    assert not re.search("[\uff10-\uff19]", text)


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
    for name, policy in dissections().items():
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
        if (
            files
            and message.context != CONTEXT
            and (words > LABEL or (words > 3 and text.rstrip().endswith((".", "?"))))
        ):
            sentences.append((text, files))
    assert not sentences, "write them in experiments/reporting/templates"


NOUNS = {term.plural for term in terms() if term.plural != term.name} | set(
    """assumptions candidates comparisons coverages figures looks mechanisms notes orders pairs parameters points
    policies questions rivals rows runs sets settings steps strategies systems trajectories waves years""".split()
)
COUNTED = re.compile(
    r"\{(?P<count>\w+)\} (?:(?!(?:of|and|in) )[a-z]+ )?(?:" + "|".join(sorted(NOUNS, key=len, reverse=True)) + r")\b"
    r"|\{(?P<part>\w+)\} of (?:the |\{\w+\} )[^.;:{]*\b(?:are|were|stay|lie|move)\b"
)
"""A count before a noun in the plural, and one of several before a verb in the plural."""
SEVERAL = {
    "sizes of the ground": "estates households communities weeks",
    "sizes of a design": "arms points worlds fresh twice again ran labels sampled effects varied many rows",
    "wholes of which a part is told": "all n total figures drawn others table screening panels",
    "several, as the template asks first": "grounds looks pairs years",
    "lists and amounts": "sizes runs needed median reached size",
}
"""Places whose counts are never one, and why."""
SAID_OF_SEVERAL = (
    "There are {replicates} replicates",
    "{replicates} replicates each, spread over {grounds}",
    "{rows} rows, {replicates} replicates",
    "and {count} replicates",
    "{count} districts",
    "{count} settings",
    "among {number} candidates",
    "of {number} parameters",
    "Of {number} parameters",
)
"""Where a count that may be one elsewhere never is."""


def test_what_may_be_one_has_a_singular() -> None:
    """`1 runs were` is no English: a message with a count before a noun has two forms."""
    never = {name for names in SEVERAL.values() for name in names.split()}
    wrong = [
        (message.id, found.group())
        for message in extracted("experiments")
        if isinstance(message.id, str)
        and message.context != CONTEXT
        and not any(said in message.id for said in SAID_OF_SEVERAL)
        for found in COUNTED.finditer(message.id)
        if (found["count"] or found["part"]) not in never
    ]
    assert not wrong


@pytest.mark.parametrize(
    "message", ["{lost} pairs were lost", "after {count} further runs", "{few} of {all} runs stay"]
)
def test_a_count_before_a_plural_is_found(message: str) -> None:
    assert COUNTED.search(message)
