"""The documentation site: `make docs` builds it in English and in Chinese.

The pages stay plain Markdown that reads well on any Git host. What only the site needs is added here while it is built:
the tree of pages and their Chinese titles (site.toml), docstrings beneath the lists of names, Chinese pages in place of
English ones where there are any, and a line on every page that has none.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from sim import __version__  # noqa: E402

project = "Gongzhi"
author = "The Gongzhi authors"
project_copyright = author
version = release = __version__

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "tools.docs_site.sphinx_extension"]
root_doc = "docs/index"
include_patterns = ["README.md", "CHANGELOG.md", "docs/*.md", "docs/howto/*.md", "notebooks/*.ipynb"]
exclude_patterns = ["**/*.zh.md", "**/*.zh.ipynb"]

language = "en"
figure_language_filename = "{path}{language}/{basename}{ext}"  # docs/figures/zh_CN, where a figure is drawn in Chinese
locale_dirs = ["docs/locale"]  # from the top of the repository, where the pages are read from
gettext_compact = False
gettext_uuid = False
gettext_location = False
gettext_last_translator = gettext_language_team = ""

nb_execution_mode = "off"  # outputs are stored; the tests run the notebooks
nb_ipywidgets_js: dict[str, dict[str, str]] = {}  # no script from elsewhere
myst_heading_anchors = 4
myst_heading_slug_func = "tools.docs_site.sphinx_extension.slug"
myst_enable_extensions = ["colon_fence"]

smartquotes = False  # what is typed on a command line is shown as it is typed

nitpicky = True
nitpick_ignore_regex = [(r"py:.*", r".*")]  # types of other libraries: their pages are not fetched
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_rtype = False

html_theme = "pydata_sphinx_theme"
html_static_path = ["_static"]
templates_path = ["_templates"]
html_css_files = ["site.css"]
html_title = "Gongzhi · 共治"
html_sidebars = {"docs/gallery": [], "docs/faq": []}  # nothing stands beneath them
html_show_sourcelink = False
html_copy_source = False
html_show_sphinx = False
html_theme_options = {
    "logo": {"text": "Gongzhi · 共治"},
    "navbar_align": "left",
    "header_links_before_dropdown": 9,
    "navbar_end": ["language", "theme-switcher"],
    "navbar_persistent": ["search-button"],
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "show_prev_next": True,
    "show_nav_level": 1,
    "navigation_depth": 3,
    "use_edit_page_button": False,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
