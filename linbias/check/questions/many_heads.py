"""Lesson 06: a formula that is wrong, grouped keys, and memory."""

from linbias.check.questions._question import Question, Wrong

QUESTIONS = {
    "neighbour_formula": Question(
        asks="Work out $1/2^{8/k}$ for $k = 1, 2, \\ldots, 8$. Which of these are true?",
        right="AC",
        several=True,
        choices={
            "A": "The slopes rise from head to head.",
            "B": "From each head to the next the ratio is the same.",
            "C": "The first head gets 1/256.",
            "D": "They are the slopes of the paper's models with 8 heads.",
        },
        wrong=(
            Wrong(
                "A",
                "upside_down",
                "Look at A again: compare k = 1 with k = 8. Which of the two exponents is larger, "
                "and what does a larger exponent do below the line?",
            ),
            Wrong(
                "B",
                "ratio_assumed",
                "Look at B again: divide the second slope by the first, and the third by the "
                "second.",
            ),
            Wrong("C", "first_head", "Look at C again: for k = 1 the exponent 8/k is 8."),
            Wrong(
                "D",
                "formula_trusted",
                "Look at D again: the paper's second slope is 1/4. Which k gives 1/4 here?",
            ),
        ),
    ),
    "grouped_slopes": Question(
        asks="A model has 8 query heads, and 4 of them share each of its 2 heads of keys and "
        "values. How many slopes does ALiBi need?",
        right="C",
        choices={
            "A": "2, one for each head of keys",
            "B": "4, one for each query head of a group",
            "C": "8, one for each query head",
            "D": "16, one for each pair of a query head and a head of keys",
        },
        wrong=(
            Wrong(
                "A",
                "key_heads",
                "Then the four query heads of a group would look equally far back. The bias is "
                "added to scores: how many tables of scores are there?",
            ),
            Wrong(
                "B",
                "group_repeated",
                "Then both groups would have the same slopes. How many tables of scores are there, "
                "and does each have a slope of its own?",
            ),
            Wrong(
                "D",
                "all_pairs",
                "Each query head meets only one head of keys, that of its group.",
            ),
        ),
    ),
    "memory_ratio": Question(
        asks="A model has 16 heads and 2048 tokens. How many times as much memory do the full bias "
        "matrices take as one row $\\beta j$ for each head?",
        right=2048,
        hint="Count the numbers: heads times queries times keys, against heads times keys.",
        wrong=(
            Wrong(
                16,
                "heads_counted",
                "Both forms need a slope for each of the 16 heads. Which of the three axes is "
                "missing in the rows?",
            ),
            Wrong(
                4194304,
                "one_number",
                "That is a whole matrix against one number. A row holds a number for each key.",
            ),
            Wrong(
                32768,
                "heads_counted_twice",
                "The 16 heads stand on both sides and cancel. What is left?",
            ),
            Wrong(
                67108864,
                "not_divided",
                "So many numbers the full matrices hold. How many do the rows hold?",
            ),
            Wrong(
                1024,
                "half_square",
                "The blocked half of a matrix takes memory, too.",
            ),
            Wrong(
                1 / 2048,
                "upside_down",
                "The other way round: the full matrices are the larger ones.",
            ),
        ),
    ),
}
