"""The margin: how small a difference must be so that it does not matter, unless a user says otherwise."""

from typing import Final

MARGIN: Final = 0.02
"""Share of the mean of what an arm is compared with."""
