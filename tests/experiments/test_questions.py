"""The questions that come with the laboratory: files that are read whole, in two languages."""

from __future__ import annotations

import re

import pytest
from pydantic import ValidationError

from experiments import presets
from experiments.presets import questions
from experiments.reporting.phrases import phrase


def test_every_text_of_a_question_has_a_chinese_translation() -> None:
    files = {name for name, _ in questions.texts()}
    assert files == {path.name for path in presets.FOLDER.glob("*.toml")} - {"least-known.toml"}
    assert not [text for _, text in questions.texts() if not re.search("[\u4e00-\u9fff]", phrase(text, "zh"))]


def test_what_a_question_cannot_say_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    known = questions.entries("couriers")
    for wrong in ({**known, "week": 9}, {**known, "weeks": "nine"}):
        monkeypatch.setattr(questions, "entries", lambda _, wrong=wrong: wrong)
        with pytest.raises(ValidationError, match="week"):
            questions.study("couriers")


def test_questions_are_no_worlds() -> None:
    assert presets.names() == ("first-edition",)
