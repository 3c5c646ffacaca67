"""The laboratory's messages; see `sim.core.message_catalogue`."""

from pathlib import Path
from typing import Final

from sim.core.message_catalogue import LANGUAGES, N_, Catalogue, gap
from sim.core.refusals import CATALOGUES

__all__ = ["CATALOGUE", "LANGUAGES", "N_", "gap", "gettext", "ngettext", "pgettext"]

CATALOGUE: Final = Catalogue(Path(__file__).parent)
gettext, ngettext, pgettext = CATALOGUE.gettext, CATALOGUE.ngettext, CATALOGUE.pgettext

if CATALOGUE not in CATALOGUES:
    CATALOGUES.append(CATALOGUE)  # errors of the laboratory are looked up there
