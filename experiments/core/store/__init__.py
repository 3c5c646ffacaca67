"""Where results are kept: a folder that is whole at every moment, whatever happens to the processes that write it."""

from experiments.core.store.store import FORMAT, Status, Store

__all__ = ["FORMAT", "Status", "Store"]
