"""What do the data show, and what not?

`gongzhi validate` sets the model beside data, and beside rivals in which one mechanism at a time is taken out.  Each
rival is fitted again, by what the model itself was fitted by (the seven rates of incidents and how fast parties are
met), so that it fails by its structure and not by its level.  What a rival reproduces is no evidence for what it lacks.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from experiments.analyses.validation.validation import Null

__all__ = ["NULLS", "RIVALS"]

RIVALS = Path(__file__).with_name("rivals.toml")
"""The rivals as they are written down."""

NULLS = {
    name: Null(**{**row, "tuned": tuple(row.get("tuned", Null.tuned))})
    for name, row in tomllib.loads(RIVALS.read_text(encoding="utf-8")).items()
}
"""The rivals, by the name of their arm."""
