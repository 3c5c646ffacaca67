"""Where a policy helps, does nothing that matters, and harms: maps of signs, and the search for regions of a sign."""

from experiments.analyses.signmap.region_search import RegionSearch, search_regions
from experiments.analyses.signmap.sign_map import SignMap, signmap

__all__ = ["RegionSearch", "SignMap", "search_regions", "signmap"]
