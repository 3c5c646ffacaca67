"""Numbers and verdicts of the pages: each is a claim that something makes, or is listed as none."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tools import claims

LISTED: Final = claims.read()
DOCS: Final = sorted(f"docs/{path.name}" for path in (claims.ROOT / "docs").glob("*.md"))
PAGES: Final = ["README.md", "README.zh.md", *DOCS]


@pytest.mark.parametrize("name", PAGES)
def test_every_number_and_every_verdict_is_a_claim_or_is_listed_with_a_reason(name: str) -> None:
    assert not claims.uncovered(name, LISTED), "add a claim, or a reason, to claims.toml"


def test_what_is_cheap_to_make_again_is_so() -> None:
    assert not claims.claims(LISTED) + claims.blocks(LISTED), "run: make claims ARGS=--write"


def test_whatever_is_exempt_has_a_reason_and_every_page_exists() -> None:
    assert all(entry["reason"] for entry in LISTED["exempt"])
    assert all((claims.ROOT / page["file"]).is_file() for page in LISTED["page"])


def row(low: float, change: float, high: float, **more: str) -> dict[str, str]:
    """An effect in percent of 2 conflicts."""
    values = {"difference": change, "ci_low": low, "ci_high": high}
    return {"outcome": "conflicts", "mean": str(2 + change / 50), **{k: str(v / 50) for k, v in values.items()}, **more}


def test_what_is_said_of_a_change_follows_its_interval_alone() -> None:
    def said(*effect: float) -> str:
        return claims.clause(row(*effect), "en")

    assert said(0.5, 1.0, 2.0) == "raises first **conflicts** by 1.0 %"
    assert said(-2.0, -1.0, -0.5) == "lowers first **conflicts** by 1.0 %"
    assert said(-0.5, 1.0, 2.0).startswith("leaves open whether")
    assert claims.cell(row(-2.0, -1.0, 0.01)) == "−1.0 % [−2.0, +0.0]"


def test_a_range_over_assumptions_is_written_with_its_worlds() -> None:
    counts = {"worlds_lower": "50", "worlds_higher": "14", "worlds": "64"}
    shares = {"worlds_lower": "0.78125", "worlds_higher": "0.21875", "worlds": "64"}
    for worlds in (counts, shares):
        ranged = {"range_low": "-0.1", "range_high": "0.04", **worlds}
        assert claims.over(row(-2.0, -1.0, -0.5, **ranged), "en") == "−10.0 to +4.0 %; lower in 50, higher in 14 of 64"


def test_a_table_in_a_paragraph_is_not_wrapped() -> None:
    filled = claims.rendered("| a | b |\n|---|---|\n| " + "long " * 40 + "| 1 |\n\nA word.", {}, "en")
    assert len(filled.splitlines()) == 5 and filled.endswith("\n\nA word.\n")


def test_three_assumptions_are_named_and_what_chance_may_have_made_is_said_to_be_so() -> None:
    def one(parameter: str, share: float, clear: bool, outcome: str = "conflicts") -> dict[str, str]:
        return {
            "strategy": "full",
            "against": "none",
            "outcome": outcome,
            "parameter": parameter,
            "share": str(share),
            "clear": str(clear),
            "effect_low": "-0.01",
            "effect_high": "-0.05",
        }

    rows = [
        one("services.effect", 0.3, False),
        one("voice.nest", 0.2, True),
        one("branches.reach", 0.1, False),
        one("private.weeks", 0.05, False),
        one("private.holds", 0.0, False),
    ]
    said = claims.deciding(rows, "full", "en")
    places = [said.index(part) for part in ("`voice.nest`", "Next, not distinguished from chance", "`services.effect`")]
    assert places == sorted(places)
    assert "`branches.reach`" in said and "private." not in said
    assert claims.deciding([one("voice.nest", 0.2, False)], "full", "en").startswith("It seems to matter most")
    assert claims.deciding(rows[1:2], "full", "zh").count("；") == 2 and not claims.deciding([], "full", "en")


def test_a_page_of_tables_is_read(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# x\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n| c |\n|---|\n| 3 |\n", encoding="utf-8")
    assert claims.rows_of(page) == [{"a": "1", "b": "2"}, {"c": "3"}]
    with pytest.raises(LookupError):
        claims.picked(claims.rows_of(page), {"a": "2"})
