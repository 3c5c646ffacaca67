"""Sign maps: where a policy helps, where it does nothing that matters, and where it harms."""

from experiments.lab.signmap.map import SignMap, signmap

__all__ = ["SignMap", "signmap"]
