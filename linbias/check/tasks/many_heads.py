"""Lesson 06: a slope for each head."""

from linbias.check.tasks._task import Task

TASKS = {
    "slopes_power_of_two": Task(
        number="6.1",
        points=2,
        hints=(
            "Does h count from 0 or from 1? Which slope does the last head have?",
            "The exponents are equal steps from -8/H down to -8.",
            "np.arange(1, H + 1) holds h. Is H a power of two? Halve it until it is odd: what "
            "has to be left? If it is not, raise ValueError.",
        ),
        keep="Slopes are a geometric row: the same ratio from each head to the next.",
        idea="2 to equal steps of exponents, after a look at whether H is a power of two.",
        gives_away="slopes_paper",
    ),
    "neighbour_formula": Task(
        hints=(
            "What are the exponents 8/k for k = 1, 2, 4 and 8?",
            "Divide neighbours: 1/2 to what power for k = 1 to 2, and for k = 4 to 8?",
        ),
        keep="1/2^(8/k) runs upward with unequal ratios: it is not the paper's row.",
    ),
    "slopes_paper": Task(
        number="6.3",
        hints=(
            "What does the paper's sentence ask of a number of heads that is no power of two?",
            "Nothing changes but the test: start and ratio are 2^(-8/H).",
            "It is your answer of 6.1 without the error.",
        ),
        keep="By the paper's sentence every H has one geometric row that ends at 1/256.",
        idea="The same powers of 2 for any H, as no step needs a power of two.",
    ),
    "slopes_official": Task(
        number="6.4",
        points=3,
        hints=(
            "Which is the largest power of two that is not above H? For how many heads does it do?",
            "Those heads get their own row. The others take every second slope of the row for "
            "twice as many heads, from its first on, unsorted.",
            "2 ** (H.bit_length() - 1) is that power. Of the longer row, [0::2] takes every "
            "second; cut it to the H - power heads that are left, and np.concatenate both.",
        ),
        keep="For 12 heads the code takes 8 slopes and then 4 in between: not the paper's row.",
        idea="The row of the power of two below, then every second slope of the next longer row.",
    ),
    "alibi_bias": Task(
        number="6.5",
        points=2,
        hints=(
            "Which axis counts the heads, and what differs from head to head?",
            "All heads share one table of j - i and one mask; each multiplies by its own slope.",
            "slopes[:, None, None] has the shape (H, 1, 1). It meets the (n, n) table, and "
            "np.where does the mask as before.",
        ),
        keep="One table of distances, one slope for each head: shape (H, n, n).",
        idea="The slopes stand on an axis of their own and meet one table of distances.",
    ),
    "grouped_slopes": Task(
        hints=(
            "Who looks: a head of queries or a head of keys?",
            "Heads that share keys still have queries of their own. Do they look equally far?",
        ),
        keep="Slopes belong to query heads, also where keys are shared.",
    ),
    "memory_ratio": Task(
        hints=(
            "How many numbers has one full matrix, and how many has one row?",
            "The heads stand in both counts. What is left when you divide?",
        ),
        keep="The row of keys alone saves a factor as large as the text is long.",
    ),
}
