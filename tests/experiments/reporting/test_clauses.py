"""Clauses of `clauses.j2`: what they say of a change, and how several stand in one sentence."""

from __future__ import annotations

import math

import pytest

from experiments.reporting.clauses import Move
from experiments.reporting.template_rendering import sentence


@pytest.mark.parametrize(
    ("move", "text"),
    [
        (Move("conflicts", -0.2, -0.3, -0.1, 4.0), "conflicts fall by 5.0% (95% interval −7.5% to −2.5%)"),
        (
            Move("conflicts", 0.2, 0.05, 0.35, 4.0, "undecided_worse"),
            "conflicts rise by 5.0%, whether by more than 2% is open (95% interval +1.2% to +8.8%)",
        ),
        (
            Move("conflicts", -0.2, -0.5, 0.1, 4.0),
            "no change of conflicts is shown (−5.0%, 95% interval −12.5% to +2.5%)",
        ),
        (Move("standing", -0.3, -0.49, -0.2, 0.4), "standing disputes fall by 75.0% (95% interval −100% to −50.0%)"),
        (Move("bells", -0.3, -0.49, -0.2, 0.4), "bells falls by 75.0% (95% interval −122% to −50.0%)"),
        (Move("satisfaction", 0.0, 0.0, 0.0, 0.4), "satisfaction does not change at all"),
        (
            Move("satisfaction", 0.1, -0.2, 0.3, 0.4, "undecided"),
            "the effect on satisfaction is undecided (95% interval −50.0% to +75.0%)",
        ),
        (Move("conflicts", 0.2, math.nan, math.nan, 4.0), "conflicts differ by +5.0% in a single pair of runs"),
        (Move("conflicts", math.nan, math.nan, math.nan), "nothing is known of conflicts"),
    ],
)
def test_a_clause_says_which_way_and_how_much(move: Move, text: str) -> None:
    assert sentence("en", "clauses.clause", move=move) == text


def test_several_changes_share_what_is_the_same_and_are_set_apart_where_they_are_opposite() -> None:
    open_ = [Move(name, -0.1, -0.3, 0.1, 3.0, "undecided") for name in ("filed", "standing")]
    same, down = Move("conflicts", 0.0, 0.0, 0.0, 3.0, "equivalent"), Move("open", -0.3, -0.4, -0.2, 3.0, "helps")
    up = Move("filed", 0.3, 0.2, 0.4, 3.0, "rises")
    texts = {
        "the effects on filed cases and standing disputes are undecided, and conflicts are exactly the same": [
            *open_,
            same,
        ],
        "open cases fall by 10.0%, but filed cases rise by 10.0%, while open cases fall by 10.0%": [down, up, down],
        "open cases fall by 10.0% and conflicts are exactly the same": [down, same],
        "nothing is known": [],
    }
    for text, moves in texts.items():
        assert sentence("en", "clauses.changes", moves=moves) == text
    unshown = [Move(name, 0.1, -0.1, 0.3, 4.0) for name in ("conflicts", "filed")]
    text = sentence("en", "clauses.clauses", moves=unshown, interval=False)
    assert text == "no change of conflicts and filed cases is shown"


class Ranged(Move):
    """A change with a range over assumptions, which says so in brackets of its own."""

    ranged = True

    def brackets(self, lang: str, named: bool = True) -> str:
        return f" [{lang}, {named}]"


def test_a_change_with_a_range_has_a_clause_and_brackets_of_its_own() -> None:
    moves = [Ranged(name, -0.1, -0.3, 0.1, 3.0, "undecided") for name in ("filed", "standing")]
    text = sentence("en", "clauses.changes", moves=moves, interval=True)
    assert (
        text == "the effect on filed cases is undecided [en, True] and "
        "the effect on standing disputes is undecided [en, False]"
    )
    text = sentence("en", "clauses.changes", moves=moves)
    assert text == "the effects on filed cases and standing disputes are undecided"
