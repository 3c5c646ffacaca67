"""M11: what the professionals of a social organisation do to the skill of a platform's desk."""

from __future__ import annotations

import numpy as np
import pytest

from sim.core.codes import TO_PLATFORM
from tests.support.deliberation_models import NOW, file, ground, open_desks
from tests.support.quiet_models import live
from tests.support.small_runs import differing, full, run


@pytest.mark.parametrize("edge", [0.0, 0.5, 1.0])
@pytest.mark.parametrize(("mediators", "professionals"), [(6.0, 2.0), (0.0, 5.0), (5.0, 0.0), (0.0, 0.0)])
def test_professionals_raise_the_desks_skill_by_their_share_of_its_hours(
    edge: float, mediators: float, professionals: float
) -> None:
    """Mean of all who attend by the hours that they can bring; a professional's skill is s + edge (1 - s)."""
    model = live(
        NOW
        | {
            "deliberation.interval": 1,
            "deliberation.attendance": 1.0,
            "deliberation.captains": False,
            "deliberation.overlap": 0,
            "deliberation.body_hours": 3.0,
            "deliberation.mediator_hours": mediators,
            "deliberation.professional_hours": professionals,
            "deliberation.professional_edge": edge,
            "committees.skill_new": 0.7,
            "desks.skill_effect": 0.8,
        },
        ground(8),
    )
    model.committees.failed[:] = 0
    file(model, np.repeat(np.arange(8), 3), TO_PLATFORM)
    open_desks(model)
    open_desks(model)  # committees write their skill when they open, after the session was called
    sessions = np.bincount(model.district.community)[model.district.community]
    s = model.social_organisations.skill[model.district.community]
    hours = np.array([np.full(8, 3.0), np.full(8, 3.0), mediators / sessions, professionals / sessions])
    skill = np.array([np.full(8, 0.5), np.full(8, 0.7), s, s + edge * (1 - s)])
    expected = (hours * skill).sum(axis=0) / hours.sum(axis=0)
    block = model.desks.block("platform")
    np.testing.assert_allclose(model.desks.skill[block], expected, rtol=1e-12)
    np.testing.assert_allclose(model.desks.speed()[block], 1.0 + 0.8 * (expected - 0.5), rtol=1e-12)


def test_without_professionals_or_without_an_edge_nothing_changes() -> None:
    none = {"deliberation.professional_hours": 0.0}
    assert not differing(run(full({**none, "deliberation.professional_edge": 0.8})), run(full(none)))
    assert differing(run(full({"deliberation.professional_edge": 0.8})), run(full()))
