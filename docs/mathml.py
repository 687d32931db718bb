"""Formulas as MathML: a page needs no script and no font for them."""

from typing import Any

from docutils import nodes

from grader.sanitize.formula import mathml


def setup(app: Any) -> None:
    """Let Sphinx write formulas as the feedback pages do."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))


def _inline(self: Any, node: nodes.Element) -> None:
    self.body.append(mathml(node.astext()))
    raise nodes.SkipNode


def _block(self: Any, node: nodes.Element) -> None:
    self.body.append(f'<div class="formula">{mathml(node.astext(), block=True)}</div>')
    raise nodes.SkipNode
