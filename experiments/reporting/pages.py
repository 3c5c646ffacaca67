"""Pages from templates: HTML is escaped unless it is marked as such, and a value that a template lacks is an error."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["render", "style"]

HOME: Final = Path(__file__).parent


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(HOME / "templates", encoding="utf-8"), undefined=StrictUndefined,
        autoescape=lambda name: bool(name and ".html" in name), trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True)


def render(template: str, **values: Any) -> str:
    """Fill a template.

    Parameters
    ----------
    template
        Name of a file in `templates`; one of HTML escapes what is not marked as HTML.
    values
        What it names.
    """
    return _environment().get_template(template).render(**values)


def style() -> str:
    """Return the style sheet of all reports."""
    return (HOME / "report.css").read_text(encoding="utf-8")
