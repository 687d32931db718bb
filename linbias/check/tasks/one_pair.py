"""Lesson 01: one query and one key."""

from linbias.check.tasks._task import Task

TASKS = {
    "attend_shuffled": Task(
        number="1.0",
        hints=(
            "Which word stands at place 0 afterwards? What does it take along?",
            "Square brackets with a list of places pick rows of an array, in the list's order.",
            "Two lines: keys becomes its own rows in the new order, and values does the same with "
            "the same list. The query stays.",
        ),
        keep="Attention by itself is blind to order: shares move along with their values.",
        idea="One order for keys and values, so that each share still meets its own value.",
    ),
    "distance": Task(
        number="1.1",
        hints=(
            "How many steps is it from the key to the query? And which of the two stands later?",
            "Count from the key up to the query. When the key stands later, there is no distance: "
            "such a call has to end in an error.",
            "Two lines: first an if that compares j with i and raises ValueError, then the "
            "difference of the two positions, the larger one first.",
        ),
        keep="A distance is never negative: the query comes last, and the future has none.",
        idea="Refuse a key in the future first; then a subtraction is all that is left.",
    ),
    "bias_5_2": Task(
        hints=(
            "How many tokens does the query look back to reach the key?",
            "Multiply these steps by beta. Is a price added or taken off?",
        ),
        keep="Distance first, then the price, then the minus sign.",
    ),
    "linear_bias": Task(
        number="1.2",
        points=2,
        hints=(
            "Do the worked example again with your own function: which of its three steps differs?",
            "Your distance gives the number of steps. Each step costs beta.",
            "Call distance(i, j), multiply by beta, and mind the sign: a price is taken off.",
        ),
        keep="Every step costs the same: that is what linear means.",
        idea="The distance, times the price of a step, with a minus sign in front.",
    ),
    "row_4": Task(
        hints=(
            "Which key stands first in the list, and how far is it from query 4?",
            "The last entry is query 4 looking at itself. What does that cost?",
        ),
        keep="A row is read by key: the farthest key comes first, the token itself last.",
    ),
    "bias_row": Task(
        number="1.3",
        points=2,
        hints=(
            "How many keys does query i see, and which of them comes first?",
            "Go through the keys 0, 1, ..., i. For each, linear_bias gives the entry.",
            "range stops before its end, so it has to be told i + 1. Collect linear_bias(i, j, "
            "beta) for each j.",
        ),
        keep="Query i sees i + 1 keys; entry j belongs to key j.",
        idea="One bias for each visible key, in the order of the keys.",
    ),
    "penalty_shrinks": Task(
        hints=(
            "Is it the bias or the size of the price that is asked for?",
            "Compare distance 1 with distance 6: which of them pays more?",
        ),
        keep="The bias falls with the distance; the penalty, its size, grows.",
    ),
    "interpret_bias": Task(
        hints=(
            "How many steps of 0.2 make 0.8?",
            "A bias knows the distance only. Can it lie in the future? Is it a share of attention?",
        ),
        keep="A bias tells how far back a key lies, not where it stands.",
    ),
}
