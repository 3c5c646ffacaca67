"""Sign maps: where a policy helps, where it does nothing that matters, and where it harms."""

from experiments.analyses.signmap.sign_map import SignMap, signmap

__all__ = ["SignMap", "signmap"]
