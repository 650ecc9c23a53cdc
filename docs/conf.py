"""The site of the documents: ``tox -e docs`` builds it, and a warning is an error.

Sphinx, since it has releases, reads docstrings itself, and MyST lets the pages be Markdown that
GitHub shows as well. MkDocs has had no release since 2024, the maintenance of its theme Material
ended in November 2026, and their successor Zensical is below version 1.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ["COLUMNS"] = "88"  # for help texts

import threadprims

project = "threadprims and threadlab"
version = release = threadprims.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinxcontrib.programoutput"]
exclude_patterns = ["changes"]
html_theme = "furo"
html_title = project
default_role = "code"  # docstrings have single backticks where Markdown has them
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints = "description"
