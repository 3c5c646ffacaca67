"""The documentation site: every page, public name, command and figure has its place, and Chinese is complete.

The site itself is built by `make docs`; the test that does so is slow, and left out where Sphinx is not installed.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.support.repository import ROOT
from tests.support.style_sheets import contrast
from tools.docs_site import public_names, reference_pages
from tools.docs_site.link_check import problems
from tools.docs_site.page_tree import chinese_words, pages
from tools.docs_site.translations import catalogue_of, translated_pages, unfinished


def test_every_page_stands_in_the_tree_once() -> None:
    written = {path.relative_to(ROOT) for folder in ("docs", "docs/howto") for path in (ROOT / folder).glob("*.md")}
    written |= {path.relative_to(ROOT) for path in (ROOT / "notebooks").glob("*.ipynb")}
    names = {path.with_suffix("").as_posix() for path in written if ".zh" not in path.suffixes}
    listed = [page.name for page in pages()]
    assert sorted(listed) == sorted({*names, "README", "CHANGELOG"} - {"docs/index"}), "see docs/site.toml"


def test_every_listed_page_has_a_title_in_both_languages() -> None:
    assert all(page.heading("en") and page.heading("zh") for page in pages() if not page.name.startswith("notebooks/"))


def test_every_public_name_has_an_entry() -> None:
    listed = public_names.listed()
    assert not set(public_names.public()) - set(listed), "add them to docs/api-model.md or docs/api-laboratory.md"
    assert len(listed) == len(set(listed))
    assert all(public_names.found(name).__doc__ for name in listed)


@pytest.mark.parametrize("name", reference_pages.PAGES)
def test_pages_made_from_declarations_are_today_s(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8") == reference_pages.PAGES[name](), "run: make parameters"


def test_every_outcome_and_every_parameter_has_an_entry() -> None:
    from sim import Scenario
    from sim.outcomes import DEFINITIONS

    entries = {name: (ROOT / f"docs/{name}.md").read_text(encoding="utf-8") for name in ("outcomes", "parameters")}
    assert all(f"| `{name}` |" in entries["outcomes"] for name in DEFINITIONS)
    assert all(f"| `{row['name'].partition('.')[2]}` |" in entries["parameters"] for row in Scenario().parameters())
    chinese = {name: page() for name, page in reference_pages.CHINESE.items()}
    assert all(f"| `{name}` |" in chinese["docs/outcomes"] for name in DEFINITIONS)
    assert "| `weeks` |" in chinese["docs/parameters"]


def test_the_gallery_shows_every_figure_with_the_command_that_makes_it() -> None:
    text = (ROOT / "docs/gallery.md").read_text(encoding="utf-8")
    shown = re.findall(r"!\[[^\]]+\]\(figures/([\w-]+\.png)\)\n\n```sh\ngongzhi \w+", text)
    assert sorted(shown) == sorted(path.name for path in (ROOT / "docs/figures").glob("*.png"))


@pytest.mark.parametrize("page", translated_pages())
def test_chinese_is_complete(page: str) -> None:
    assert catalogue_of(page).is_file(), "run: make docs-catalogues"
    assert not list(unfinished(page))


@pytest.mark.parametrize("page", translated_pages())
def test_a_translation_leads_where_the_sentence_does(page: str) -> None:
    """Sphinx finds the page in the language of the reader; a link to another file leads nowhere."""
    from babel.messages.pofile import read_po

    link = re.compile(r"\]\(([^)\s]+)\)")
    with catalogue_of(page).open("rb") as file:
        pairs = [(str(one.id), str(one.string)) for one in read_po(file) if one.id]
    assert not [text for text, other in pairs if sorted(link.findall(text)) != sorted(link.findall(other))]


def test_every_page_that_is_not_translated_opens_in_chinese() -> None:
    opened = {*chinese_words()["openings"], *reference_pages.CHINESE, *translated_pages()}
    whole = {page.name for page in pages() if (ROOT / f"{page.name}.zh.md").exists()}
    closed = {page.name for page in pages() if not page.name.startswith("notebooks/")} - opened - whole
    assert not closed, "add an introduction to docs/site.toml"


def test_the_lock_of_the_site_holds_its_packages_and_no_address() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    lock = (ROOT / "docs/requirements.lock").read_text(encoding="utf-8")
    locked = set(re.findall(r"^([\w.-]+)==", lock, re.MULTILINE))
    assert {re.split(r"[^\w-]", line)[0].lower() for line in extras["docs"]} <= locked
    assert "://" not in lock and "--" not in lock


def test_dead_links_and_resources_from_elsewhere_are_found(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<p id="here"><a href="b.html#there">b</a><a href="c.html">c</a>', encoding="utf-8"
    )
    (tmp_path / "b.html").write_text(
        '<a href="a.html#here">a</a><script src="//x.org/y.js"></script>', encoding="utf-8"
    )
    (tmp_path / "s.css").write_text("body { background: url(https://x.org/z.png) }", encoding="utf-8")
    assert problems(tmp_path) == [
        "a.html: b.html#there is no place on that page",
        "a.html: c.html leads nowhere",
        "b.html: fetches //x.org/y.js",
        "s.css: fetches https://x.org/z.png",
    ]


@pytest.mark.parametrize(("theme", "ground"), [("light", "#f3f4f5"), ("dark", "#29313d")])
def test_code_is_read_in_both_themes_of_the_site(theme: str, ground: str) -> None:
    """On the theme's ground of code, which stands in its style sheet as `--pst-color-surface`."""
    pytest.importorskip("a11y_pygments")
    from pygments.styles import get_style_by_name

    (name,) = re.findall(rf'"pygments_{theme}_style": "([\w-]+)"', (ROOT / "docs/conf.py").read_text(encoding="utf-8"))
    pale = {
        str(token): contrast(f"#{look['color']}", ground)
        for token, look in get_style_by_name(name)
        if look["color"] and contrast(f"#{look['color']}", ground) < 4.5
    }
    assert pale == {}


@pytest.mark.slow
def test_the_site_is_built_without_warnings_and_its_catalogues_are_today_s(tmp_path: Path) -> None:
    pytest.importorskip("sphinx")
    pytest.importorskip("myst_nb")
    from babel.messages.pofile import read_po

    from tools.docs_site.__main__ import build
    from tools.docs_site.translations import extract

    assert build(tmp_path / "site") == 0
    assert not problems(tmp_path / "site")
    extract(tmp_path / "pot")
    for page in translated_pages():
        with (tmp_path / f"pot/{page}.pot").open("rb") as template, catalogue_of(page).open("rb") as file:
            needed, present = ({one.id for one in read_po(source) if one.id} for source in (template, file))
        assert needed == present, f"{page}: run make docs-catalogues"
