"""What the site adds to the pages while Sphinx reads them: the tree, docstrings, Chinese pages, search in Chinese."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from docutils import nodes
from pygments.lexers.special import TextLexer
from sphinx.search.zh import SearchChinese

from tools.docs_site.page_tree import ROOT, Page, chinese_words, pages, sections
from tools.docs_site.translations import translated_pages

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FRONT: Final = "docs/index"
CHEAT_SHEET: Final = "docs/cheatsheet"
SWITCH: Final = re.compile(r"^\*\[[^]]+\]\([\w./]+\.md\)\*\n", re.MULTILINE)
"""The line by which a page leads to its other language; on the site each page has a button for that."""
CHINESE_PAGE: Final = re.compile(r"(\]\([\w./-]+)\.zh\.(md|ipynb)")

CJK: Final = r"[\u3400-\u9fff]"


class SearchByPairs(SearchChinese):
    """Index Chinese by pairs of neighbouring characters: no dictionary is needed, and any word is found."""

    js_splitter_code = """
function splitQuery(query) {
  const words = [];
  for (const part of query.match(/[\\u3400-\\u9fff]+|[^\\s\\u3000-\\u303f\\uff00-\\uffef\\u3400-\\u9fff]+/g) || []) {
    if (!/[\\u3400-\\u9fff]/.test(part) || part.length < 2) { words.push(part); continue; }
    for (let i = 0; i + 1 < part.length; i++) words.push(part.slice(i, i + 2));
  }
  return words;
}
"""

    def split(self, input: str) -> list[str]:  # noqa: A002  Sphinx names it so
        """Return Latin words, and every two characters of Chinese."""
        words = re.findall(r"[A-Za-z0-9_]+", input)
        for run in re.findall(CJK + "+", input):
            words += [run] if len(run) == 1 else [run[at : at + 2] for at in range(len(run) - 1)]
        return words

    def word_filter(self, stemmed_word: str) -> bool:
        """Keep pairs; of Latin words what Sphinx keeps."""
        return bool(re.search(CJK, stemmed_word)) or super().word_filter(stemmed_word)


def _is_chinese(app: Sphinx) -> bool:
    return str(app.config.language).startswith("zh")


def _read(app: Sphinx, docname: str, content: list[str]) -> None:
    """Change the source of a page before it is parsed."""
    text = content[0]
    if _is_chinese(app):
        text = _in_chinese(docname) or _opened_in_chinese(docname, text)
    if not text.lstrip().startswith("{"):  # a notebook is JSON
        text = SWITCH.sub("", text)
        if app.builder.name != "gettext":  # docstrings and titles have translations of their own
            text = _with_docstrings(docname, text)
            text += _tree(docname, "zh" if _is_chinese(app) else "en")
    content[0] = CHINESE_PAGE.sub(r"\1.\2", text)


def _opened_in_chinese(docname: str, text: str) -> str:
    """Return a page that is not translated with a title and an introduction in Chinese, and a line that says so."""
    words = chinese_words()
    if docname in (FRONT, *translated_pages()):
        return text
    opening = words["openings"].get(docname, "")
    reason = words["printed" if docname in words["as_printed"] else "untranslated"]
    note = "" if docname in words["bilingual"] else f":::{{note}}\n{reason}\n:::\n"
    if text.lstrip().startswith("{"):
        notebook = json.loads(text)
        first = next(cell for cell in notebook["cells"] if cell["cell_type"] == "markdown")
        first["source"] = _retitled(docname, "".join(first["source"]), opening, note)
        return json.dumps(notebook)
    return _retitled(docname, text, opening, note)


def _retitled(docname: str, text: str, opening: str, note: str) -> str:
    title = next((page.chinese for page in pages() if page.name == docname), None)
    return re.sub(
        r"\A(.*?)^# ([^\n]+)$",
        lambda found: f"{found[1]}# {title or found[2]}\n\n{opening}\n\n{note}",
        text,
        count=1,
        flags=re.MULTILINE | re.DOTALL,
    )


def _in_chinese(docname: str) -> str:
    """Return the Chinese page where there is one, written or made from what is declared; else an empty text."""
    for suffix in (".zh.md", ".zh.ipynb"):
        path = ROOT / f"{docname}{suffix}"
        if path.is_file():
            return path.read_text(encoding="utf-8")
    from tools.docs_site.reference_pages import CHINESE

    return CHINESE[docname]() if docname in CHINESE else ""


HEADING: Final = re.compile(r"^#{1,4} (.+)$", re.MULTILINE)


@cache
def _english_headings() -> dict[str, str]:
    """Return the English heading of each heading of the whole Chinese pages that have as many."""
    paired: dict[str, str] = {}
    for page in pages():
        texts = [ROOT / f"{page.name}{suffix}" for suffix in (".zh.md", ".md")]
        if all(path.is_file() for path in texts):
            chinese, english = (HEADING.findall(path.read_text(encoding="utf-8")) for path in texts)
            if len(chinese) == len(english):
                paired |= dict(zip(chinese, english, strict=True))
    return paired


def slug(title: str) -> str:
    """Return the anchor of a heading: that of the English page, to which links in both languages lead."""
    from myst_parser.mdit_to_docutils.base import default_slugify

    return default_slugify(_english_headings().get(title, title))


def _tree(docname: str, lang: str) -> str:
    """Return the tree of what stands beneath a page."""
    beneath: list[Page] = []
    if docname == FRONT:
        beneath = [section.opening for section in sections()]
    for section in sections():
        if section.opening.name == docname:
            beneath = list(section.pages)
    if not beneath:
        return ""
    entries = [f"{title} </{page.name}>" if (title := page.heading(lang)) else f"/{page.name}" for page in beneath]
    return "\n\n```{toctree}\n:hidden:\n\n" + "\n".join(entries) + "\n```\n"


LISTED: Final = re.compile(r"^\| `([\w.]+)`", re.MULTILINE)


def _with_docstrings(docname: str, text: str) -> str:
    """Add to a page that lists public names in tables the docstring of each, below its table."""
    if not docname.startswith("docs/api-"):
        return text
    from tools.docs_site.public_names import directives

    parts = []
    for part in re.split(r"^(?=## )", text, flags=re.MULTILINE):
        shown = directives(LISTED.findall(part))
        parts.append(LISTED.sub(r"| {py:obj}`\1`", part))
        if shown:
            parts.append("\n```{eval-rst}\n" + "\n\n".join(shown) + "\n```\n\n")
    return "".join(parts)


def _complete(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Lead to the same page in the other language; the cheat sheet has a style of its own."""
    other = "en" if _is_chinese(app) else "zh"
    up = "../" * (page.count("/") + 1)
    context["other_language"] = f"{up}{other}/{page}.html"
    context["other_name"] = "English" if other == "en" else "中文"
    if page == CHEAT_SHEET:
        app.add_css_file("cheatsheet.css")


def setup(app: Sphinx) -> dict[str, bool]:
    """Join Sphinx."""
    app.add_search_language(SearchByPairs)
    app.add_lexer("csv", TextLexer)
    app.connect("source-read", _read)
    app.connect("html-page-context", _complete)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
