"""Which conventions decide the headline?

Some of what a model assumes is no number that anybody could measure but a way of putting things: what a new channel
draws from, what a word with the neighbour ends, what is gone when a desk has come too late.  Here stands every such
choice of this model that was found to matter, or thought to, with the ways in which it might as well have been made.
The headline, coverage alone and the whole arrangement against no branch at all, is worked out anew under each of them.
"""

from __future__ import annotations

from typing import Any, Final

from experiments import presets
from experiments.analyses.study.conventions import Convention, Setting
from experiments.reporting.catalogue import N_
from sim import arrangement

__all__ = ["CONVENTIONS", "POLICIES", "QUESTION"]

QUESTION = N_("Which conventions of the model turn or halve what coverage alone and the whole arrangement do?")

POLICIES: Final[dict[str, dict[str, Any]]] = {
    "full": {"coverage.strategy": "full"},
    "arrangement": arrangement.changes(),
}


CONVENTIONS: Final[tuple[Convention, ...]] = (
    Convention(
        N_("what a new door draws from"),
        (
            Setting(N_("a new door draws from other third parties almost alone"), {"voice.nest": 0.1}),
            Setting(N_("a new door draws from everything in proportion"), {"voice.nest": 1.0}),
        ),
        branches_only=True,
    ),
    Convention(
        N_("how many bear it"),
        (Setting(N_("far fewer bear it, as in the first edition"), {"voice.base_tolerate": 1.6}),),
    ),
    Convention(
        N_("what a settled case ends"),
        (Setting(N_("a settled case ends no cause"), {"incidents.settlement_ends": False}),),
    ),
    Convention(
        N_("what a private word ends"),
        (
            Setting(
                N_("a private word ends any cause for all"),
                {
                    "private.ends_neighbour": 1.0,
                    "private.neighbour_share": 1.0,
                    "private.ends_other": 1.0,
                    "private.by_effort": False,
                },
            ),
            Setting(N_("a private word ends no cause"), {"private.ends_neighbour": 0.0, "private.ends_other": 0.0}),
            Setting(N_("a neighbour who agrees always stops"), {"private.ends_neighbour": 1.0}),
            Setting(N_("one neighbour makes all of the trouble"), {"private.neighbour_share": 1.0}),
            Setting(N_("one word moves a firm every other time"), {"private.ends_other": 0.5}),
            Setting(N_("an idle firm listens as a busy one does"), {"private.by_effort": False}),
        ),
    ),
    Convention(
        N_("how fast and lasting private words are"),
        (
            Setting(N_("private talks end within the week"), {"private.weeks": 0.0}),
            Setting(N_("private talks take six weeks"), {"private.weeks": 6.0}),
            Setting(N_("private agreements always keep"), {"private.holds": 1.0}),
            Setting(N_("private agreements keep in three of ten cases"), {"private.holds": 0.3}),
        ),
    ),
    Convention(
        N_("who comes back"),
        (
            Setting(N_("nobody tries again"), {"desks.resubmission": 0.0, "private.retry": 0.0}),
            Setting(N_("most try again"), {"desks.resubmission": 0.6, "private.retry": 0.6}),
            Setting(N_("all agreements keep"), {"desks.agreement_holds": 1.0, "private.holds": 1.0}),
        ),
    ),
    Convention(
        N_("early mediation"), (Setting(N_("nobody goes to a cause before it is filed"), {"frontline.early": False}),)
    ),
    Convention(
        N_("members"),
        (
            Setting(N_("branches reach no in-service member"), {"branches.reach": 0.0}),
            Setting(N_("branches reach every in-service member"), {"branches.reach": 1.0}),
        ),
        branches_only=True,
    ),
    Convention(
        N_("how long causes last"),
        (
            Setting(N_("causes last twenty weeks by themselves"), {"incidents.own_end": 0.05}),
            Setting(N_("causes last four weeks, as in the first edition"), {"incidents.own_end": 0.27}),
        ),
    ),
    Convention(
        N_("how a desk reaches a cause"),
        (
            Setting(N_("cases of one cause are handled one by one"), {"desks.bundling": False}),
            Setting(N_("a living cause has no precedence"), {"desks.living_first": False}),
            Setting(N_("unused hours are gone"), {"desks.bank_weeks": 0.0}),
        ),
    ),
    Convention(
        N_("what an end relieves"),
        (
            Setting(
                N_("nothing but time relieves"),
                {
                    "grievances.relief_tolerating": 1.0,
                    "grievances.relief_settled": 0.0,
                    "grievances.relief_failed": 0.0,
                    "grievances.relief_withdrawn": 0.0,
                },
            ),
            Setting(
                N_("what is handled in vain relieves nothing"),
                {"grievances.relief_failed": 0.0, "grievances.relief_withdrawn": 0.0},
            ),
            Setting(
                N_("what is handled in vain relieves as bearing it does"),
                {"grievances.relief_failed": 0.6, "grievances.relief_withdrawn": 0.6},
            ),
            Setting(N_("bearing it relieves little"), {"grievances.relief_tolerating": 0.8}),
            Setting(N_("bearing it relieves much"), {"grievances.relief_tolerating": 0.2}),
            Setting(N_("a settlement leaves two fifths"), {"grievances.relief_settled": 0.6}),
            Setting(N_("a settlement leaves nothing"), {"grievances.relief_settled": 1.0}),
        ),
    ),
    Convention(
        N_("a branch at other tables"),
        (
            Setting(N_("branches inform nobody at other desks"), {"frontline.coordinates": False}),
            Setting(N_("branches do not sit at the firm's table"), {"frontline.speaks": False}),
        ),
        branches_only=True,
    ),
    Convention(
        N_("what a branch stands for"),
        (
            Setting(N_("a secretary's standing counts for nothing"), {"branches.repute": False}),
            Setting(N_("a trusted branch moves nobody to act"), {"committees.mobilisation": False}),
        ),
        branches_only=True,
    ),
    Convention(
        N_("whom seats bring"),
        (Setting(N_("seats in one another bring everyone to the table"), {"deliberation.seats_bring": "everyone"}),),
        branches_only=True,
    ),
    Convention(
        N_("hours of the desks"),
        (
            Setting(
                N_("desks have the hours of the first edition"),
                {"desks.hours_community": 20.0, "desks.hours_street": 60.0, "desks.hours_district": 100.0},
            ),
        ),
    ),
    Convention(
        N_("all together"),
        (Setting(N_("all as in the first edition"), presets.changes("first-edition"), "preset first-edition"),),
    ),
)
"""Each choice, and how else it may be made; all values hold whatever the defaults are."""
