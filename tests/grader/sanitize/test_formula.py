"""A formula stays where it stands, and lies on nothing around it."""

import re

import pytest

from grader.sanitize.formula import mathml


@pytest.mark.parametrize(
    "tex",
    [
        r"a\hspace{-90em}b",
        r"a\!b",
        r"\moveleft 90em x",
        r"\smash{x}",
        r"\rlap{x}",
        r"\llap{x}",
        r"\Huge x",
        r"\rule{3cm}{900cm}",
        r"a\hspace{900em}b",
    ],
)
def test_nothing_shifts_or_stretches_a_formula(tex: str) -> None:
    shown = mathml(tex)

    assert "<math" in shown
    assert not re.search(r"[a-z]+=\"(?!inline)", shown)


@pytest.mark.parametrize("tex", [r"a\quad b", r"\Bigg(", r"\begin{align}a&=b\end{align}"])
def test_ordinary_spaces_and_sizes_stay(tex: str) -> None:
    assert re.search(r"[a-z]+=\"[0-9.]+em", mathml(tex))
