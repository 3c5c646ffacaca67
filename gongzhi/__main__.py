"""``python -m gongzhi``: the command line."""

from __future__ import annotations

import gongzhi  # noqa: F401  finds its own packages before others of the same name

__all__ = ["main"]


def main() -> None:
    """Run the command line."""
    from experiments.cli.app import main as run

    run()


if __name__ == "__main__":
    main()
