"""A long table in pieces."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.core import pieces as module
from sim.core.pieces import pieces


@given(st.lists(st.integers(1, 90_000), min_size=1, max_size=30))
def test_pieces_hold_every_group_and_every_row_once_and_in_order(sizes: list[int]) -> None:
    parts = list(pieces(np.array(sizes)))
    assert np.concatenate([groups for groups, _ in parts]).tolist() == list(range(len(sizes)))
    rows = np.concatenate([rows for _, rows in parts])
    assert np.array_equal(rows, np.arange(sum(sizes)))
    for groups, own in parts:
        assert own.size == sum(sizes[group] for group in groups)


def test_a_model_built_in_pieces_is_the_model_built_at_once(monkeypatch) -> None:
    """Whether its district is read in one piece or estate by estate, all adults or a sample."""
    for sample in (1.0, 0.3):
        whole = sim.GovernanceModel({"district.estates": 6, "district.sample": sample}, seed=7)
        with monkeypatch.context() as patch:
            patch.setattr(module, "_MOST", 1)
            parts = sim.GovernanceModel({"district.estates": 6, "district.sample": sample}, seed=7)
        for name in ("owner", "aware", "foreign", "threshold"):
            assert np.array_equal(getattr(whole.residents, name), getattr(parts.residents, name)), name
        assert whole.trust.deviation.tobytes() == parts.trust.deviation.tobytes()
        assert whole.trust.deviation_sum.tobytes() == parts.trust.deviation_sum.tobytes()
