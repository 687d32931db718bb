"""nbgrader's own pages made safe: the formgrader's, and what ``generate_feedback`` writes."""

import base64
import hashlib
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from jinja2 import pass_context

from grader.course.cells import Delimiters, is_task, split
from grader.pages.templating import POLICY, TEMPLATES
from grader.sanitize.markdown_html import markdown2html as sanitized

_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
_HANDLER = re.compile(r"\son[a-z]+=\"([^\"{}]*)\"")


def protect(c: Any) -> None:
    """Make every page of nbgrader show notebooks without running or loading anything of theirs.

    Parameters
    ----------
    c : traitlets.config.Config
        The configuration that nbgrader_config.py fills.

    Notes
    -----
    A notebook is made inert before it becomes a page, whichever program graded it; Markdown is
    rendered as clean HTML; and should something slip through both, the page's policy forbids
    scripts in a notebook's part. Formulas are MathML; MathJax is not fetched.
    """
    from nbgrader.server_extensions.formgrader.handlers import template_path

    c.HTMLExporter.preprocessors = ["grader.sanitize.notebook.SafeNotebook"]
    c.HTMLExporter.filters = {
        "markdown2html": markdown_for_teachers(c),
        "page_policy": "grader.pages.nbgrader_pages.page_policy",
    }
    c.HTMLExporter.extra_template_basedirs = [str(TEMPLATES / "nbgrader"), template_path]
    c.HTMLExporter.exclude_anchor_links = True
    c.GenerateFeedback.exporter_class = "grader.pages.feedback.FeedbackExporter"


def markdown_for_teachers(c: Any) -> Callable[[Any, str], str]:
    """Return what renders Markdown as clean HTML, with a heading above a task's mark scheme.

    Parameters
    ----------
    c : traitlets.config.Config
        Asked for the delimiters when a page is made: they may be set after all this.
    """

    @pass_context
    def markdown2html(context: Any, source: str) -> str:
        if not is_task(context.get("cell") or {}):
            return str(sanitized(context, source))
        asked, scheme = split(source, Delimiters.of(c).mark_scheme)
        parts = ["\n".join(asked), *(["**Mark scheme**", "\n".join(scheme)] if scheme else [])]
        return str(sanitized(context, "\n\n".join(parts)))

    return markdown2html


@cache
def page_policy(page: str) -> str:
    """Return the content security policy of one of nbgrader's pages.

    Parameters
    ----------
    page : str
        ``feedback`` or ``formgrade``, nbgrader's names of its templates.

    Notes
    -----
    The formgrader's page keeps what its own navigation bar needs below the policy: the handlers
    and the script that stand in nbgrader's template, by their hashes.
    """
    if page == "feedback":
        return POLICY
    allowed = " ".join(f"'sha256-{digest}'" for digest in _navigation_hashes())
    return (
        "default-src 'none'; connect-src 'self'; font-src 'self'; img-src 'self' data:; "
        f"style-src 'self' 'unsafe-inline'; script-src 'unsafe-hashes' {allowed}; "
        "base-uri 'none'; form-action 'none'"
    )


def _navigation_hashes() -> list[str]:
    from nbgrader.server_extensions.formgrader.handlers import template_path

    with open(f"{template_path}/formgrade/formgrade_macros.html.j2", encoding="utf-8") as file:
        source = file.read()
    navigation = source[source.index("macro nav(") :]
    scripts = [text for text in _INLINE_SCRIPT.findall(navigation) if "{" + "{" not in text]
    return sorted({_sha256(text) for text in [*scripts, *_HANDLER.findall(navigation)]})


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
