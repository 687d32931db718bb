"""Lesson 02: all pairs of queries and keys."""

from linbias.check.tasks._task import Task

TASKS = {
    "score_labels": Task(
        number="2.1",
        hints=(
            "Which keys exist when query 0 looks? And when query 2 looks?",
            "One list for each query; it holds one name for each key from 0 up to the query.",
            "Two loops, or two comprehensions, one inside the other: the inner one over "
            'range(i + 1). An f-string such as f"q{i}k{j}" makes a name.',
        ),
        keep="A causal model computes a triangle of scores: row i has i + 1 of them.",
        idea="For each query, a name for each key that is not later.",
    ),
    "visible_pairs_7": Task(
        hints=(
            "How many keys does query 0 see, how many query 1, and how many the last one?",
            "Add up the rows. The first has one pair, and each further row has one more.",
        ),
        keep="n tokens have n(n + 1)/2 visible pairs: half of the square and half of its diagonal.",
    ),
    "causal_mask": Task(
        number="2.2",
        hints=(
            "May a query see itself? May it see the next token?",
            "True stands where the key is not later than the query: on the diagonal and left of "
            "it.",
            "Start with np.zeros((n, n), dtype=bool). In row i, the columns from 0 up to and "
            "including i become True.",
        ),
        keep="True means visible: the diagonal and all that is left of it.",
        idea="Compare each key's position with each query's: a row meets a column.",
        gives_away="bias_matrix_no_loops",
    ),
    "bias_matrix": Task(
        number="2.3",
        points=3,
        hints=(
            "Which cells hold a number at all, and what holds in the others?",
            "You have both parts: bias_row gives the numbers of row i, and causal_mask tells "
            "where they stand. All other cells hold -np.inf.",
            "Start with np.full((n, n), -np.inf). Then fill, row by row, the cells with j <= i: "
            "minus beta for each step from j to i.",
        ),
        keep="0 on the diagonal, equal steps down to the left, -inf in the future.",
        idea="Compute the bias of all pairs, then choose: the bias where visible, else -inf.",
        gives_away="bias_matrix_no_loops",
    ),
    "bias_matrix_no_loops": Task(
        number="2.4",
        points=2,
        hints=(
            "What does NumPy make of a column of shape (n, 1) and a row of shape (1, n)?",
            "The column holds the queries, the row holds the keys. Their difference is a whole "
            "table of distances.",
            "np.arange(n)[:, None] is such a column, [None, :] gives the row. np.where(condition, "
            "one, other) chooses cell by cell: the condition compares row and column.",
        ),
        keep="A column meets a row: NumPy does all pairs at once.",
        idea="A column of queries meets a row of keys, so one subtraction gives all distances.",
    ),
    "pairs_at_distance": Task(
        number="2.5",
        hints=(
            "How many pairs lie 0 apart, how many 1 apart? Count with n = 4.",
            "Each step away from the diagonal loses one pair.",
            "The answer is a subtraction, but never below 0: max(..., 0) sees to that.",
        ),
        keep="Each diagonal is one pair shorter than the one before.",
        idea="The main diagonal has n cells, and every step away from it loses one.",
    ),
    "bias_sum": Task(
        hints=(
            "How many pairs lie 1 apart, how many 2 apart, and so on up to the farthest pair?",
            "For each diagonal: its number of pairs times its distance. Add these up, then "
            "multiply once by the price of a step, with its sign.",
        ),
        keep="Count along diagonals: all cells of one cost the same.",
    ),
}
