"""Templates: the pages of reports, and every sentence of an analysis.

A file of sentences, ``ablation.j2``, has a macro for each of them; the lines of a macro are sentences that follow each
other, so that nobody has to think of the space between them, which Chinese does not have.  What stands in
``{% trans %}`` is a message of the catalogue.  A file of parts of pages, ``sections.html.j2``, has a macro for each
part: it escapes what is not marked as HTML, and has no message of its own but ``say("limits.forecast")``.  A value that
a template lacks, and one that it does not ask for, are errors.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup as Html

from experiments.core.margin import MARGIN
from experiments.reporting.catalogue import CATALOGUE, gap
from experiments.reporting.filters import filters
from sim.core.message_catalogue import LANGUAGES

if TYPE_CHECKING:
    from jinja2 import Environment

HOME: Final = Path(__file__).parent


def from_template(message: str) -> str:
    """Return a message of a template, whose places are ``%(name)s``, as the catalogue has it.

    Examples
    --------
    >>> from_template("%(share)s of 100%% {so}")
    '{share} of 100% {{so}}'
    """
    text = message.replace("{", "{{").replace("}", "}}").replace("%%", "\0")
    return re.sub(r"%\((\w+)\)s", r"{\1}", text).replace("\0", "%")


def to_template(message: str) -> str:
    """Return a message of the catalogue as a template fills it.

    Examples
    --------
    >>> to_template("{share} of 100% {{so}}")
    '%(share)s of 100%% {so}'
    """
    text = message.replace("%", "%%").replace("{{", "\0").replace("}}", "\1")
    return re.sub(r"\{(\w+)\}", r"%(\1)s", text).replace("\0", "{").replace("\1", "}")


@cache
def _environment(lang: str) -> Environment:
    """Return what fills templates in a language."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # the help of a command fills none

    def translated(message: str, context: str | None = None) -> str:
        plain = from_template(message)
        return to_template(CATALOGUE.translation(lang, plain, context) or plain)

    environment = Environment(
        loader=FileSystemLoader(HOME / "templates", encoding="utf-8"),
        undefined=StrictUndefined,
        autoescape=lambda name: bool(name and ".html" in name),
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        translated,
        lambda singular, plural, number: translated(singular if number == 1 else plural),
        newstyle=True,
        pgettext=lambda context, message: translated(message, context),
        npgettext=lambda context, singular, plural, number: translated(singular if number == 1 else plural, context),
    )
    environment.filters.update(filters(lang))
    for name in ("clause", "clauses", "changes"):
        environment.filters[name] = partial(_worded, lang, "clauses.j2", name)
    environment.globals.update(
        lang=lang,
        gap=gap(lang),
        style=style,
        script=script,
        say=partial(sentence, lang),
        labels=partial(labels, lang),
        MARGIN=MARGIN,
    )
    return environment


@cache
def _module(lang: str, file: str) -> Any:
    """Return the macros of a template, and what it sets."""
    environment = _environment(lang)
    if ".html" in file:
        environment = environment.overlay(trim_blocks=True)
    return environment.get_template(file).module


def spaced(text: str) -> str:
    """Set names in Latin letters, such as a user's own arm, apart from the Chinese around them.

    Examples
    --------
    >>> spaced("mine\u4e0b") == "mine \u4e0b", spaced("\u4e0bmine_2") == "\u4e0b mine_2"
    (True, True)
    """
    return re.sub(r"([A-Za-z_]\d*)(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])(?=[A-Za-z_])", r"\1 ", text)


def _worded(lang: str, file: str, macro: str, *arguments: Any, **values: Any) -> str:
    """Return the lines of a macro as sentences that follow each other."""
    lines = str(getattr(_module(lang, file), macro)(*arguments, **values)).splitlines()
    text = gap(lang).join(filter(None, map(str.strip, lines)))
    return spaced(text) if lang == "zh" else text


def sentence(lang: str, id: str, /, **values: Any) -> str:
    """Return a sentence, or several that follow each other.

    The id is ``template.macro``, with what the macro takes, or ``template.table.key`` for a label that a template sets.
    """
    name, _, rest = id.partition(".")
    macro, _, key = rest.partition(".")
    if not key:
        return _worded(lang, f"{name}.j2", macro, **values)
    entry = getattr(_module(lang, f"{name}.j2"), macro)
    return key if "." in key and key not in entry else str(entry[key])  # a parameter's name is its own label


def labels(lang: str, id: str) -> Mapping[str, str]:
    """Return all labels of a table that a template sets, by key; the id is ``template.table``."""
    name, _, table = id.partition(".")
    entries: Mapping[str, str] = getattr(_module(lang, f"{name}.j2"), table)
    return entries


def part_of_page(lang: str, id: str, /, **values: Any) -> Html:
    """Return a part of a page, ``template.macro`` of a template ``NAME.html.j2``; what is no HTML is escaped."""
    name, _, macro = id.partition(".")
    return Html(getattr(_module(lang, f"{name}.html.j2"), macro)(**values))


def markdown(name: str, lang: str, **values: Any) -> str:
    """Fill a page of Markdown, the template ``NAME.md.j2``."""
    return _environment(lang).get_template(f"{name}.md.j2").render(**values)


def in_language(page: Path, lang: str) -> Path:
    """Return the path of a page of the documentation in a language.

    Examples
    --------
    >>> in_language(Path("docs/studies.md"), "zh").name
    'studies.zh.md'
    """
    return page if lang == LANGUAGES[0] else page.with_suffix(f".{lang}{page.suffix}")


def style() -> Html:
    """Return the style sheet of all reports."""
    return Html((HOME / "report.css").read_text(encoding="utf-8"))


def script() -> Html:
    """Return the script of all reports, which sorts tables and moves sliders."""
    return Html((HOME / "report.js").read_text(encoding="utf-8"))
