"""Whatever a user can name has an example that runs, and types that a checker reads."""

from __future__ import annotations

import inspect
from functools import cached_property

import pytest

import gongzhi
from tests.support.repository import ROOT


def test_every_public_name_has_an_example() -> None:
    """`make test` runs them all."""
    bare = [name for name in gongzhi.__all__ if ">>>" not in (inspect.getdoc(getattr(gongzhi, name)) or "")]
    assert not bare, "write a short example, in classroom size"


@pytest.mark.parametrize("kind", [gongzhi.GovernanceModel, gongzhi.District], ids=lambda kind: kind.__name__)
def test_what_a_model_and_a_district_can_do_has_examples(kind: type) -> None:
    bare = [
        name
        for name, thing in vars(kind).items()
        if name[0] != "_"
        and (inspect.isroutine(thing) or isinstance(thing, property | cached_property))
        and ">>>" not in (inspect.getdoc(getattr(thing, "__func__", thing)) or "")
    ]
    assert not bare, "write a short example, in classroom size"


def test_type_checkers_read_our_types() -> None:
    assert all((ROOT / package / "py.typed").is_file() for package in ("sim", "experiments", "gongzhi"))
