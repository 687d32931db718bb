"""Lesson 01: the bias of one pair and of one row."""

from linbias.check.questions._question import Question, Wrong

TRUE_OR_FALSE = {"true": "", "false": ""}


def bias_of_pair(query: int, key: int, beta: float) -> Question:
    """Return the question for one pair's bias, with the answers that known slips give."""
    distance = query - key

    def wrong(answer: float, slug: str, sentence: str) -> Wrong:
        return Wrong(round(float(answer), 6), slug, sentence)

    return Question(
        asks=f"Query {query} looks at key {key} and $\\beta = {beta}$. What is the bias?",
        right=round(-beta * distance, 6),
        hint=f"Two steps: first the distance of key {key} from query {query}, then what so many "
        "steps take off.",
        wrong=(
            wrong(
                beta * distance,
                "sign_flipped",
                f"The size is right. Added to the score, your number would reward key {key} for "
                "being far away: which sign takes something off?",
            ),
            wrong(
                -beta * (distance + 1),
                "one_too_many",
                f"One step too many: from key {key} forward to query {query}, how often do you "
                "step?",
            ),
            wrong(
                -beta * (distance - 1),
                "one_too_few",
                "One step too few, or counted from the first token to the key: count the steps "
                f"from key {key} to query {query}.",
            ),
            wrong(
                -(beta**2) * distance,
                "beta_squared",
                "beta is in there twice. Each step costs beta, once.",
            ),
            wrong(-distance, "beta_ignored", "You counted the steps. What does each of them cost?"),
            wrong(distance, "distance_returned", "That is the distance. What does each step cost?"),
            wrong(-beta * query, "query_only", "You counted from position 0. Count from the key."),
            wrong(
                -beta * (query + key),
                "positions_added",
                "You added the positions. A distance is a difference.",
            ),
        ),
    )


QUESTIONS = {
    "bias_5_2": bias_of_pair(5, 2, 0.1),
    "penalty_shrinks": Question(
        asks="True or false: the farther apart query and key are, the **smaller** the penalty.",
        right="false",
        choices=TRUE_OR_FALSE,
        wrong=(
            Wrong(
                "true",
                "value_for_size",
                "Tell value and size apart. The bias, a value, falls from 0 to -0.1 to -0.2; "
                "the penalty is how much is taken off. Does that get smaller?",
            ),
        ),
    ),
    "interpret_bias": Question(
        asks="With $\\beta = 0.2$ a pair has the bias $-0.8$. What do you know about it?",
        right="C",
        choices={
            "A": "The key lies 4 tokens after the query.",
            "B": "The key is the token at position 4.",
            "C": "The key lies 4 tokens before the query.",
            "D": "The query pays this much attention to the key, less than nothing.",
        },
        wrong=(
            Wrong(
                "A",
                "future_allowed",
                "Four tokens is right, the direction is not: keys after the query are masked, "
                "they have no such bias.",
            ),
            Wrong(
                "B",
                "key_only",
                "The bias depends on how far apart the two are, not on where the key stands. "
                "Pairs (4, 0) and (9, 5) have the same bias.",
            ),
            Wrong(
                "D",
                "bias_for_weight",
                "A bias is no weight. It is added to a score, and what comes out of softmax "
                "is never negative.",
            ),
        ),
    ),
    "row_4": Question(
        asks="Query 4 looks at the keys 0, 1, 2, 3, 4, in this order. Which list holds its biases?",
        right="B",
        choices={
            "A": "$[0, -\\beta, -2\\beta, -3\\beta, -4\\beta]$",
            "B": "$[-4\\beta, -3\\beta, -2\\beta, -\\beta, 0]$",
            "C": "$[4\\beta, 3\\beta, 2\\beta, \\beta, 0]$",
            "D": "$[-5\\beta, -4\\beta, -3\\beta, -2\\beta, -\\beta]$",
        },
        wrong=(
            Wrong(
                "A",
                "reversed",
                "The right numbers by distance, self first. The list goes by key: "
                "how far is key 0 from query 4?",
            ),
            Wrong(
                "C",
                "sign_flipped",
                "Here key 0, the farthest, gets the largest bonus. Which key should lose?",
            ),
            Wrong(
                "D",
                "one_too_many",
                "Here the token pays for looking at itself. How far is key 4 from query 4?",
            ),
        ),
    ),
}
