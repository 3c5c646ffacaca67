"""The glossary: a page that a command makes, and one word for one thing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pytest
from babel.messages.pofile import read_po

from experiments.cli.reference import glossary_page
from experiments.reporting.glossary_terms import Term, terms
from sim.core.refusals import CONTEXT
from sim.outcomes import DEFINITIONS
from tests.support.repository import ROOT
from tools.catalogue import CATALOGUES


def test_the_page_is_what_the_command_makes() -> None:
    assert (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8") == glossary_page(), "run make parameters"


def test_every_term_stands_once_and_is_whole() -> None:
    names = [term.name for term in terms()]
    assert len(set(names)) == len(names) > 60
    assert all(term.group and term.plural and term.chinese and term.code for term in terms())


def test_another_word_for_a_term_is_found() -> None:
    pairs = [("two couriers", "\u4e24\u540d\u9a91\u624b"), ("two couriers", "\u4e24\u540d\u90ae\u5dee")]
    assert [(term.name, chinese) for term, _, chinese in other_words(pairs)] == [("courier", pairs[1][1])]


def other_words(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[Term, str, str]]:
    """Find translations, in pairs of English and Chinese, that call a thing by another word than the glossary.

    Yields the term and the two texts.  Of terms that lie in one another the longest is looked for, and names of places
    and of parameters are no words.
    """
    longest_first = sorted(terms(), key=lambda term: -len(term.name))
    for english, chinese in pairs:
        left = re.sub(r"\{[^{}]*\}|\b\w+\.\w+", "", english).lower()
        for term in longest_first:
            pattern = rf"\b(?:{re.escape(term.name.lower())}|{re.escape(term.plural.lower())})\b"
            left, count = re.subn(pattern, " ", left)
            if count and not any(word in chinese for word in (term.chinese, *term.also)):
                yield term, english, chinese


def messages(package: str) -> list[tuple[str, str]]:
    """Return every message of a package, and its translation."""
    with CATALOGUES[package].path.open("rb") as file:
        catalog = read_po(file, locale="zh")
    return [
        (typed_left_out(*pair) if message.context == CONTEXT else pair[0], pair[1])
        for message in catalog
        if message.id
        for pair in [(first(message.id), first(message.string))]
    ]


def typed_left_out(english: str, chinese: str) -> str:
    """Return a refusal without names of options, parameters and columns: those stand in the translation unchanged."""
    names = set(re.findall("[A-Za-z_]+", re.sub(r"\{\w+\}", "", chinese)))
    return re.sub("[A-Za-z_]+", lambda word: "" if word[0] in names else word[0], english)


def first(text: str | Iterable[str] | None) -> str:
    """Return the first form of a message that has a plural, or the only one."""
    return text if isinstance(text, str) else next(iter(text or ()), "")


def labels() -> list[tuple[str, str]]:
    """Return every outcome's name in both languages."""
    return [(outcome.label, outcome.label_zh) for outcome in DEFINITIONS.values()]


@pytest.mark.parametrize("pairs", [*map(messages, CATALOGUES), labels()], ids=[*CATALOGUES, "outcomes"])
def test_every_translation_calls_a_thing_by_its_word(pairs: list[tuple[str, str]]) -> None:
    found = [f"{term.name} is {term.chinese}: {english} | {chinese}" for term, english, chinese in other_words(pairs)]
    assert not found, "\n".join(found)


def test_the_longest_term_counts_and_places_do_not() -> None:
    assert not list(other_words([("standing disputes of {couriers}, couriers.norm", "\u672a\u4e86\u7ea0\u7eb7")]))


def test_names_that_are_typed_are_no_words_of_a_refusal() -> None:
    pair = ("--estates sets how many estates there are", "--estates \u8bbe\u5b9a\u697c\u76d8\u6570")
    assert typed_left_out(*pair) == "-- sets how many  there are"
    assert list(other_words([(typed_left_out("two estates", pair[1].removeprefix("--estates")), pair[1])]))


def test_the_command_finds_a_term_in_either_language(gongzhi) -> None:
    for word in ("owners", "\u4e1a\u59d4\u4f1a"):
        status, out, _ = gongzhi("glossary", word)
        assert status == 0 and "owners' committee" in out
    status, _, err = gongzhi("glossary", "enterprize")
    assert status == 2 and "enterprise" in err
    status, _, err = gongzhi("glossary", "branch", "--out", "page.md")
    assert status == 2 and "leave the names out" in err
