"""Progress bars: drawn by the browser in a notebook, as text elsewhere, and none where nobody watches.

`TQDM_DISABLE=1` in the environment hides them all, as where a notebook is run to be kept.
"""

from __future__ import annotations

import sys
import warnings
from typing import Any

__all__ = ["in_notebook", "progress_bar", "watched"]


def in_notebook() -> bool:
    """Return whether this runs in the kernel of a notebook.

    Examples
    --------
    >>> in_notebook()
    False
    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None and hasattr(ipython, "get_ipython") else None
    return shell is not None and "IPKernelApp" in getattr(shell, "config", ())


def watched() -> bool:
    """Return whether a person sees what is written while it runs: at a terminal, or in a notebook."""
    return sys.stderr.isatty() or in_notebook()


def progress_bar(*args: Any, hidden: bool = False, **settings: Any) -> Any:
    """Make a bar of tqdm, of the kind that fits the place.

    Parameters
    ----------
    *args, **settings
        As tqdm takes them.
    hidden
        Whether nothing is to be seen of it.
    """
    if hidden:  # otherwise left to the environment, which an explicit `disable` would overrule
        settings["disable"] = True
    if not in_notebook():
        from tqdm import tqdm

        return tqdm(*args, **settings)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # without ipywidgets tqdm advises to install them, and draws text
        from tqdm.auto import tqdm as fitting

        return fitting(*args, **settings)
