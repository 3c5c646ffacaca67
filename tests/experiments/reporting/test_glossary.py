"""The glossary: a page that a command makes, and one word for one thing."""

from __future__ import annotations

from experiments.commands.glossary import markdown
from experiments.reporting.glossary import other_words, terms
from tests.support.repository import ROOT


def test_the_page_is_what_the_command_makes() -> None:
    assert (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8") == markdown(terms()), "run make parameters"


def test_every_term_stands_once_and_is_whole() -> None:
    names = [term.name for term in terms()]
    assert len(set(names)) == len(names) > 60
    assert all(term.group and term.plural and term.chinese and term.code for term in terms())


def test_another_word_for_a_term_is_found() -> None:
    pairs = [("two couriers", "\u4e24\u540d\u9a91\u624b"), ("two couriers", "\u4e24\u540d\u90ae\u5dee")]
    assert [(term.name, chinese) for term, _, chinese in other_words(pairs)] == [("courier", pairs[1][1])]


def test_the_longest_term_counts_and_places_do_not() -> None:
    assert not list(other_words([("standing disputes of {couriers}", "\u672a\u4e86\u7ea0\u7eb7")]))


def test_the_command_finds_a_term_in_either_language(gongzhi) -> None:
    for word in ("owners", "\u4e1a\u59d4\u4f1a"):
        status, out, _ = gongzhi("glossary", word)
        assert status == 0 and "owners' committee" in out
    status, _, err = gongzhi("glossary", "enterprize")
    assert status == 2 and "enterprise" in err
    status, _, err = gongzhi("glossary", "branch", "--out", "page.md")
    assert status == 2 and "leave the words out" in err
