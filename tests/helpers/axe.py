"""axe-core in a page: what it finds against WCAG 2.1, levels A and AA."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

_RUN = """async scope => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];
  const options = {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]};
  const found = await axe.run(scope, options);
  return found.violations.flatMap(
    one => one.nodes.map(node => `${one.id}: ${node.target.join(" ")} ${node.html.slice(0, 120)}`)
  );
}"""


def violations(page: Any, include: Sequence[str] = (), exclude: Sequence[str] = ()) -> list[str]:
    """Return what is wrong in a page, or in those parts of it that selectors name."""
    page.evaluate(f"{axe()}; 0")
    scope = {
        "include": [[one] for one in include or ["html"]],
        "exclude": [[one] for one in exclude],
    }
    return list(page.evaluate(_RUN, scope))


@cache
def axe() -> str:
    """Return axe-core, from the package that brings it."""
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
