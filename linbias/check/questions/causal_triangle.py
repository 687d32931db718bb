"""Lesson 02: how many pairs there are and what they cost."""

from linbias.check.questions._question import Question, Wrong

_IN_WORDS = {7: "Seven"}


def visible_pairs(n: int) -> Question:
    """Return the question for the pairs of n tokens, with the answers that known slips give."""
    right = n * (n + 1) // 2
    return Question(
        asks=f"{_IN_WORDS.get(n, n)} tokens, causal attention: how many pairs of a query and a "
        "visible key?",
        right=right,
        hint="Query 0 sees one key, query 1 sees two. Add up the rows.",
        wrong=(
            Wrong(n * n, "no_mask", "That is the whole square. Which of its cells are visible?"),
            Wrong(right - n, "self_missing", "The diagonal is missing: every token sees itself."),
            Wrong(
                right - 1,
                "one_too_few",
                "One is missing. Does query 0 see anything? Does the last one?",
            ),
            Wrong(n, "diagonal_only", "Those are the pairs of a token with itself."),
            Wrong(
                n * n / 2,
                "half_square",
                "Half of the square cuts the diagonal in two; it counts fully.",
            ),
            Wrong(
                right + n + 1,
                "one_too_many",
                f"That is one row too many: the queries are 0 to {n - 1}.",
            ),
        ),
    )


def sum_of_biases(n: int, beta: float) -> Question:
    """Return the question for the sum of all biases, with the answers that known slips give."""
    steps = n * (n * n - 1) // 6
    right = round(-beta * steps, 6)
    return Question(
        asks=f"Add up all visible biases for $n = {n}$ and $\\beta = {beta}$. What do you get?",
        right=right,
        hint="Go diagonal by diagonal: how many pairs lie 1 apart, 2 apart, ..., and what does "
        "each of them cost?",
        wrong=(
            Wrong(
                -right,
                "sign_flipped",
                "The size is right. Can a sum of biases, none of them above 0, be positive?",
            ),
            Wrong(
                float(-steps),
                "beta_ignored",
                "You added up the distances. What does each step cost?",
            ),
            Wrong(
                float(steps),
                "beta_ignored",
                "You added up the distances. What does each step cost?",
            ),
            *_beta_twice(right, beta),
            Wrong(
                round(right - beta * n * (n + 1) / 2, 6),
                "one_too_many",
                "The diagonal pays in your sum: a token is at distance 0 from itself.",
            ),
            Wrong(
                0.0, "no_mask", "The future took part with positive biases and cancelled the past."
            ),
            Wrong(
                float("-inf"),
                "masked_added",
                "-inf belongs to blocked cells. Add up the visible ones only.",
            ),
        ),
    )


def _beta_twice(right: float, beta: float) -> tuple[Wrong, ...]:
    """Return what to say of half the sum and of beta squared, which may be the same number."""
    if beta == 0.5:
        return (
            Wrong(
                right / 2,
                "beta_squared",
                "Half of what it should be. Is beta in there twice, or is half the triangle "
                "missing?",
            ),
        )
    return (
        Wrong(
            right / 2, "half_missing", "Half of what it should be. Is half the triangle missing?"
        ),
        Wrong(
            round(right * beta, 6),
            "beta_squared",
            "beta is in there twice. Each step costs beta, once.",
        ),
    )


QUESTIONS = {"visible_pairs_7": visible_pairs(7), "bias_sum": sum_of_biases(7, 0.5)}
