"""Lesson 02: how many pairs there are and what they cost."""

from linbias.check.questions._question import Question, Wrong

QUESTIONS = {
    "visible_pairs_7": Question(
        asks="Seven tokens, causal attention: how many pairs of a query and a visible key?",
        right=28,
        hint="Query 0 sees one key, query 1 sees two. Add up the rows.",
        wrong=(
            Wrong(49, "no_mask", "That is the whole square. Which of its cells are visible?"),
            Wrong(21, "self_missing", "The diagonal is missing: every token sees itself."),
            Wrong(
                27, "one_too_few", "One is missing. Does query 0 see anything? Does the last one?"
            ),
            Wrong(7, "diagonal_only", "Those are the pairs of a token with itself."),
            Wrong(
                24.5, "half_square", "Half of the square cuts the diagonal in two; it counts fully."
            ),
            Wrong(36, "one_too_many", "That is one row too many: the queries are 0 to 6."),
        ),
    ),
    "bias_sum": Question(
        asks="Add up all visible biases for $n = 7$ and $\\beta = 0.5$. What do you get?",
        right=-28.0,
        hint="Go diagonal by diagonal: how many pairs lie 1 apart, 2 apart, ..., and what does "
        "each of them cost?",
        wrong=(
            Wrong(
                28.0,
                "sign_flipped",
                "The size is right. Can a sum of biases, none of them above 0, be positive?",
            ),
            Wrong(-56.0, "beta_ignored", "You added up the distances. What does each step cost?"),
            Wrong(56.0, "beta_ignored", "You added up the distances. What does each step cost?"),
            Wrong(
                -14.0,
                "beta_squared",
                "Half of what it should be. Is beta in there twice, or is half the triangle "
                "missing?",
            ),
            Wrong(
                -42.0,
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
    ),
}
