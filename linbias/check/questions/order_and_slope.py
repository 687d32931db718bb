"""Lessons 03 and 04: the order of the steps, and what beta does."""

from linbias.check.questions._question import Question, Wrong

ORDER = {
    "scale_order": Question(
        asks="Which order gives the attention of this course?",
        right="D",
        choices={
            "A": "add the bias, divide all by $\\sqrt d$, mask, softmax",
            "B": "divide by $\\sqrt d$, softmax, add the bias, mask",
            "C": "divide by $\\sqrt d$, add the bias, softmax, mask",
            "D": "divide by $\\sqrt d$, add the bias, mask, softmax",
        },
        wrong=(
            Wrong(
                "A",
                "bias_inside_root",
                "There the bias is divided too and becomes weaker the wider a head is. The book "
                "does so with a larger beta of its own; Falcon-RW does so with the usual slopes, "
                "so its bias really is weaker.",
            ),
            Wrong(
                "B",
                "bias_after_softmax",
                "After softmax the rows sum to 1. What do they sum to when you then add "
                "negative numbers?",
            ),
            Wrong(
                "C",
                "mask_after_softmax",
                "When softmax shares out the weight, the future is still there and takes some. "
                "Who gets it when you remove the future afterwards?",
            ),
        ),
    ),
}

SLOPE = {
    "beta_compare": Question(
        asks="One model has $\\beta = 1.0$, another $\\beta = 0.1$. How do they differ?",
        right="A",
        choices={
            "A": "With 1.0 the weights sit on the nearest keys unless a far key matches very well; "
            "with 0.1 they reach farther back.",
            "B": "With 1.0 the model looks farther back; with 0.1 it stays near.",
            "C": "With 1.0 the model can never attend to a key more than a few tokens away.",
            "D": "There is no difference: softmax takes away a common factor.",
        },
        wrong=(
            Wrong(
                "B",
                "upside_down",
                "The other way round: what does a step back cost with 1.0, and what with 0.1?",
            ),
            Wrong(
                "C",
                "wall",
                "The bias is a price, not a wall. A key at distance d needs a score that is "
                "beta * d higher: can content pay that?",
            ),
            Wrong(
                "D",
                "shift_for_factor",
                "Softmax does not see a constant that is added to a whole row. "
                "A factor changes the differences in the row, and those it sees.",
            ),
        ),
    ),
    "ruler": Question(
        asks="Halving $\\beta$ does what to the distance at which a weight has halved?",
        right="B",
        choices={
            "A": "halves it",
            "B": "doubles it",
            "C": "leaves it as it is",
            "D": "adds 2 tokens",
        },
        wrong=(
            Wrong(
                "A",
                "upside_down",
                "Steps that cost half as much: do you need fewer or more of them to lose half?",
            ),
            Wrong(
                "C",
                "beta_ignored",
                "The weight after d steps is e^(-beta * d) of the first one. beta does enter.",
            ),
            Wrong(
                "D",
                "sum_for_product",
                "Try it: compute half_distance for 0.2 and 0.1, then for 0.02 and 0.01.",
            ),
        ),
    ),
}
