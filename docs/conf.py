"""How Sphinx builds the docs; `sh scripts/docs` runs it, and so does a test, with warnings as errors."""

from cell2grid import __version__

project = "cell2grid"
copyright = "2026, the cell2grid developers"
author = "the cell2grid developers"
release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.mathjax", "sphinx.ext.viewcode"]
myst_enable_extensions = ["dollarmath", "colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"cell2grid {release}"
html_static_path = []
autodoc_typehints = "description"
autodoc_member_order = "bysource"
napoleon_google_docstring = False
nitpicky = False
suppress_warnings = ["config.cache"]
