"""The message catalogue is whole: every message of the code is translated, and no translation asks for more."""

from __future__ import annotations

import pytest
from babel.messages.catalog import Catalog

from experiments.reporting.catalogue import gap, gettext, ngettext, path_of, pgettext
from tools.catalogue import extracted, problems, text_of, updated


def test_every_message_is_translated() -> None:
    found = list(problems(updated("zh")))
    assert not found, "\n".join(found)


def test_the_file_is_what_the_command_writes() -> None:
    assert path_of("zh").read_text(encoding="utf-8") == text_of(updated("zh"), "zh"), "run python -m tools.catalogue"


def test_messages_are_found_in_the_code() -> None:
    assert len(extracted()) > 500


@pytest.mark.parametrize(("message", "translation", "word"), [
    ("Nobody said this", "", "untranslated"),
    ("{low} and up", "{low} 及 {high}", "unknown places high"),
])
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
