"""The teachers' guide: what Sphinx needs to know, and what it makes from the code."""

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from docs import generated, mathml  # noqa: E402 - they lie in the folder named above

project = "linbias"
author = "linbias contributors"
copyright = "linbias contributors, BSD 3-Clause License"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build", "own_lesson"]
myst_enable_extensions = ["deflist", "dollarmath"]
myst_heading_anchors = 3
# The lessons are shown as students get them: nothing is run.
nb_execution_mode = "off"
# myst-nb would link to a script elsewhere where a notebook has widgets.
nb_ipywidgets_js = {}

default_role = "code"
smartquotes = False  # what is quoted is often code
add_module_names = False
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings say the types

html_theme = "furo"
html_title = "linbias for teachers"
html_static_path = ["_static"]
html_css_files = ["guide.css"]
html_math_renderer = "mathml"
html_copy_source = False
html_show_sphinx = False
# A page opened from a file cannot read another one, so results are shown without an excerpt.
html_show_search_summary = False


def setup(app: Any) -> None:
    """Connect what is generated: formulas, tables, the lessons."""
    mathml.setup(app)
    generated.setup(app)
