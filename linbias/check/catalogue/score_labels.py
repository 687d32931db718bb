"""Lesson 02: the scores of a causal model by their names."""

from typing import Any

from linbias.bias import score_labels
from linbias.check.catalogue import _make
from linbias.check.exercise import Attempt, Exercise, Mistake


def _names(n: int, row: Any, name: str = "q{i}k{j}") -> list[list[str]]:
    return [[name.format(i=i, j=j) for j in row(i)] for i in range(n)]


def _without(it: Attempt, letters: str) -> bool:
    """Whether the names are right once these letters are left out."""
    drop = str.maketrans("", "", letters)
    return bool([[name.translate(drop) for name in row] for row in it.yours] == it.right)


EXERCISE = Exercise(
    reference=score_labels,
    answer="labels",
    axes=("query", "key"),
    cases=((4,), (7,)),
    make_case=_make.length,
    mistakes=(
        Mistake(
            "transposed",
            lambda n: _names(n, lambda i: range(i + 1), "q{j}k{i}"),
            "Rows and columns changed places in the names: rows are queries. "
            "Every name in row i begins with q and i.",
        ),
        Mistake(
            "rows_are_keys",
            lambda n: [[f"q{i}k{j}" for i in range(j, n)] for j in range(n)],
            "You collected the scores by key. Rows are queries: "
            "row 0 belongs to query 0, and how many keys does that one see?",
        ),
        Mistake(
            "future_keys",
            lambda n: _names(n, lambda i: range(n)),
            "You named the future too: a full square. Query 0 sees one key only; "
            "how many does query i see?",
        ),
        Mistake(
            "self_missing",
            lambda n: _names(n, range),
            "Every row lacks its last name: a token sees itself. If you wrote range(i): it "
            "stops before i.",
        ),
        Mistake(
            "one_step_ahead",
            lambda n: _names(n, lambda i: range(min(i + 2, n))),
            "Your rows go one key too far, into the future of the query.",
        ),
        Mistake(
            "counted_from_one",
            lambda n: [[f"q{i + 1}k{j + 1}" for j in range(i + 1)] for i in range(n)],
            "You count from 1. The first token has position 0 here, as in Python.",
        ),
        Mistake(
            "key_first",
            lambda n: _names(n, lambda i: range(i + 1), "k{j}q{i}"),
            "The right pairs with the key named first. Write the query first.",
        ),
        Mistake(
            "reversed",
            lambda n: _names(n, lambda i: range(i, -1, -1)),
            "Each row runs backwards, from the token itself into the past. "
            "Column j belongs to key j.",
        ),
        Mistake(
            "flat",
            lambda n: [f"q{i}k{j}" for i in range(n) for j in range(i + 1)],
            "You put all names into one list. Give each query a list of its own.",
        ),
        Mistake(
            "one_row_missing",
            lambda n: _names(n - 1, lambda i: range(i + 1)),
            "A query is missing: {n} tokens ask {n} times.",
        ),
        Mistake(
            "f_forgotten",
            lambda n: [["q{i}k{j}"] * (i + 1) for i in range(n)],
            "The braces came back as they stand: the f before the quotes is missing.",
        ),
        Mistake(
            "with_transpose",
            lambda n: _names(n, lambda i: range(i + 1), "q{i}k{j}T"),
            "The right scores. The T for transposed belongs to the formula; the names here do "
            "without it.",
            recognise=lambda it: _without(it, "T"),
        ),
        Mistake(
            "with_space",
            lambda n: _names(n, lambda i: range(i + 1), "q{i} k{j}"),
            "The right scores, written with something in between: q, number, k, number, with no "
            "space and no sign.",
            recognise=lambda it: _without(it, " _,-.*·"),
        ),
        Mistake(
            "capitals",
            lambda n: _names(n, lambda i: range(i + 1), "Q{i}K{j}"),
            "The right scores in capital letters: write q and k small. Q and K will be whole "
            "matrices.",
        ),
        Mistake(
            "queries_from_one",
            lambda n: [[f"q{i}k{j}" for j in range(i)] for i in range(1, n + 1)],
            "Your queries start at 1, and the token itself is missing: the first row belongs to "
            "query 0, which sees key 0.",
        ),
        Mistake(
            "returned_in_loop",
            lambda n: [["q0k0"]],
            "Only the first row came back: return stands inside the loop. Move it to the left, "
            "below the loop.",
        ),
    ),
)
