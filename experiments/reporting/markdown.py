"""A table as Markdown, for the pages of the documentation."""

from __future__ import annotations

import pandas as pd

__all__ = ["markdown"]


def markdown(table: pd.DataFrame) -> str:
    """Write a table as Markdown.

    Examples
    --------
    >>> import pandas as pd
    >>> print(markdown(pd.DataFrame({"figure": ["reply"], "data": ["a|b"]})))
    | figure | data |
    |---|---|
    | reply | a\\|b |
    """
    rows = [[str(cell).replace("|", "\\|") for cell in row] for row in table.itertuples(index=False)]
    lines = [list(map(str, table.columns)), *rows]
    first, *rest = [f"| {' | '.join(cells)} |" for cells in lines]
    return "\n".join([first, f"|{'---|' * table.shape[1]}", *rest])
