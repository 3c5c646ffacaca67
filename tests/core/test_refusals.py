"""Refusals in Chinese: every text of an error is recognised by its template, and nothing that was typed is changed."""

from __future__ import annotations

import ast
import re
import string

import pytest

import experiments
import sim
from experiments.reporting.catalogue import CATALOGUE
from sim.core.errors import ScenarioError, StoreError
from sim.core.message_catalogue import MODEL
from sim.core.refusals import CATALOGUES, CONTEXT, said
from tools.refusals import template_of

HAN = re.compile("[一-鿿]")


def templates() -> dict[str, str]:
    return {message: text for catalogue in CATALOGUES for message, text in catalogue.messages(CONTEXT)}


def places(message: str) -> list[str]:
    return [name for _, name, _, _ in string.Formatter().parse(message) if name]


def test_both_packages_have_refusals() -> None:
    assert CATALOGUES == [MODEL, CATALOGUE]
    assert len(templates()) > 300


@pytest.mark.parametrize("message", [text for text in sorted(templates()) if text.strip()])
def test_a_refusal_is_recognised_whatever_fills_it(message: str) -> None:
    filled = {name: f"x{number}y" for number, name in enumerate(places(message))}
    expected = templates()[message].format(**filled)
    got = said(message.format(**filled), "zh")
    # Two templates of the same words, such as "{path} cannot be read: {why}.", may differ in the names of places only.
    assert got == expected, f"{message!r} is taken for another"


def test_parts_of_a_refusal_are_said_in_chinese_too() -> None:
    with pytest.raises(ScenarioError) as caught:
        sim.Scenario({"coverage.strategi": "full", "branches.hours_per_member": -1})
    lines = caught.value.text("zh").splitlines()
    assert lines[0].startswith("情景无法使用，")
    assert any("没有 coverage.strategi 这一参数。是否指“coverage.strategy”？" in line for line in lines)
    wanted = "  - branches.hours_per_member = -1 不符合要求：应为数，0 至 40（单位：小时/周）。"
    assert wanted in lines
    assert "must be a number from 0 to 40 (hours per week)." in str(caught.value)


def test_a_list_that_was_made_into_a_text_is_said_line_by_line() -> None:
    text = (
        "here holds another experiment. It differs in:\n  - seed: 1 there, 2 now\n"
        "  - the model's code: a there, b now\n"
        "Give another folder (--out, or out= in Python)."
    )
    assert StoreError(text).text("zh").splitlines() == [
        "here 中是另一个实验。不同之处：",
        "  - 种子：其中为 1，现为 2",
        "  - 模型的代码：其中为 a，现为 b",
        "请换一个文件夹（--out，Python 中为 out=）。",
    ]


def test_an_error_of_the_laboratory_is_said_in_chinese() -> None:
    with pytest.raises(StoreError) as caught:
        experiments.open("no-such-folder")
    assert caught.value.text("zh").startswith("no-such-folder 中没有实验：")
    assert caught.value.text() == str(caught.value)


@pytest.mark.parametrize("name", ["study", "none", "full", "seed", "control"])
def test_what_was_typed_stays_as_it_was(name: str) -> None:
    assert f"“{name}”" in sim.core.errors.unknown("strategy", name, ["own"]).text("zh")  # type: ignore[attr-defined]
    assert said(f'"{name}" is a built-in strategy; choose another name', "zh").startswith(f"“{name}”")


def test_one_word_of_two_meanings_is_told_apart() -> None:
    assert "没有名为“x”的专题研究" in sim.core.errors.unknown("study", "x", ["couriers"]).text("zh")  # type: ignore[attr-defined]
    assert MODEL.gettext("zh", "study") == "田野研究"


def test_what_no_template_fits_stays_english() -> None:
    assert said("Something else went wrong here.", "zh") == "Something else went wrong here."
    assert said(3, "zh") == 3


@pytest.mark.parametrize(
    ("code", "template"),
    [
        ('f"{path} holds {len(rows)} rows"', "{path} holds {rows} rows"),
        ('f"{a.name} and {b.name}: {{}}"', "{name} and {name_2}: {{}}"),
        ("'one ' + f'{word!r:>3}' + nearest(word, words)", "one {word}{nearest}"),
        ("""f"{Sentence('{x} is off', x=1)}!" """.strip(), "{x} is off!"),
        ("unknown(word)", None),
    ],
)
def test_a_template_is_read_from_the_code(code: str, template: str | None) -> None:
    assert template_of(ast.parse(code, mode="eval").body) == template


def test_every_refusal_has_its_chinese() -> None:
    assert [text for text in templates().values() if not HAN.search(text)] == ["{value}，spec：{error}"]


@pytest.mark.parametrize(
    ("asked", "typed", "terminal", "said_in"),
    [
        ("zh", ["--lang", "zh"], "C", "zh"),
        ("en", [], "zh_CN.UTF-8", "zh"),
        ("en", ["--lang=en"], "zh_CN.UTF-8", "en"),
        ("en", [], "en_GB.UTF-8", "en"),
        ("fr", ["--lang", "fr"], "zh_CN.UTF-8", "en"),
    ],
)
def test_refusals_are_said_in_the_language_that_is_asked_for(
    asked: str, typed: list[str], terminal: str, said_in: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from experiments.cli.app import language

    monkeypatch.setattr("sys.argv", ["gongzhi", "compare", *typed])
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LANG", terminal)
    assert language(asked) == said_in


def test_progress_and_warnings_are_said_in_the_language_of_the_screen(capsys: pytest.CaptureFixture[str]) -> None:
    from experiments.core.log import announce, lines_on_stderr, log

    with lines_on_stderr("INFO", "zh"):
        announce("4 runs to do, about 2 minutes")
        log.warning("The files of run 3f are damaged; it is run again.")
    announce("4 runs to do")
    assert capsys.readouterr().err.splitlines() == [
        "待运行 4 次，约 2 分钟",
        "运行 3f 的文件已损坏，将重新运行。",
        "4 runs to do",
    ]
