"""Lesson 05: other matrices with the same attention."""

from linbias.check.tasks._task import Task

TASKS = {
    "same_attention": Task(
        number="5.1",
        points=3,
        hints=(
            "What can be added to a row of scores without a change of its shares?",
            "Compare what softmax makes of both. Two biases with the same shares are the same "
            "for any scores.",
            "Take the softmax of each row of A and of B, as in lesson 03, and compare them with "
            "np.allclose.",
        ),
        keep="A constant may be added to each row, one of its own: softmax does not see it.",
        idea="Softmax takes off whatever is constant along a row, so compare after it.",
    ),
    "key_only_bias": Task(
        number="5.2",
        points=2,
        hints=(
            "Does the query's position stand anywhere in beta * j?",
            "Every visible row starts with 0 and grows. What stands above the diagonal is as in "
            "2.3.",
            "np.where again: the same condition, the same -np.inf, but beta times the key's "
            "position in place of the bias.",
        ),
        keep="+beta j acts as -beta(i - j): row i differs by the constant beta i.",
        idea="One row of beta times the key's position serves all queries; the mask stays.",
    ),
    "bias_with_cache": Task(
        number="5.3",
        points=3,
        hints=(
            "Which position in the whole text does the first new query have?",
            "The last n_q of n_k tokens are new. The last query stands at n_k - 1.",
            "Add n_k - n_q to the queries np.arange(n_q)[:, None]. From there on it is the bias "
            "of 2.4, with n_k keys.",
        ),
        keep="With a cache, row r belongs to position r + n_k - n_q.",
        idea="Shift the queries to their true positions, then all is as before.",
    ),
    "left_padding": Task(
        hints=(
            "By how much do the two programs' numbers differ for The, for cat and for sat?",
            "Two rows that differ by a constant: what does softmax make of that?",
        ),
        keep="Where counting starts does not matter: only differences do.",
    ),
    "museum_one": Task(
        hints=(
            "For each change: what is added to a row, and is it the same along the row?",
            "A sign and a factor change the steps from key to key. A constant does not.",
        ),
        keep="Ask of each change: does it alter the steps from key to key?",
    ),
    "bf16_positions": Task(
        points=0,
        hints=(
            "Which whole numbers can bfloat16 hold exactly? It has 8 bits for the digits.",
            "Up to 256 all of them; then every second one up to 512, every fourth one up to 1024.",
            "For each position find the step between neighbours, round to a multiple of it, and "
            "count the different results with np.unique.",
        ),
        keep="Large numbers in few bits lose their neighbours: 641 of 2049 positions remain.",
        idea="Round every position as bfloat16 does, then count the different ones.",
    ),
    "museum_two": Task(
        points=0,
        hints=(
            "For each change: are the steps from key to key as they were?",
            "A single number for all keys has no steps. And what did bf16 do to large positions?",
        ),
        keep="The same formula can still differ in its numbers: rounding counts, too.",
    ),
}
