"""Lesson 03: from scores to attention."""

from linbias.check.tasks import causal_triangle
from linbias.check.tasks._task import Task

TASKS = {
    "bias_matrix": Task(
        number="3.0",
        hints=causal_triangle.TASKS["bias_matrix"].hints,
        keep="Your own bias matrix: the attention below is built on it.",
        idea=causal_triangle.TASKS["bias_matrix"].idea,
    ),
    "softmax_rows": Task(
        number="3.1",
        points=2,
        hints=(
            "Which numbers have to add up to 1: those of a row or those of a column?",
            "e to each score, divided by the sum of its row. For scores near 1000 e overflows: "
            "what may be taken off a whole row without a change?",
            "Take each row's maximum off first. With axis=1, keepdims=True, max and sum stay a "
            "column that fits.",
        ),
        keep="Softmax sees differences only: take the largest score off, and nothing overflows.",
        idea="Take off each row's maximum, raise e to it, and divide by the sum of the row.",
    ),
    "scale_order": Task(
        hints=(
            "In the paper's form, does sqrt(d) divide the bias, too?",
            "Softmax comes last: what it is to turn into shares has to be there before it.",
        ),
        keep="Scale, add the bias, mask, softmax.",
    ),
    "attention_weights": Task(
        number="3.2",
        points=3,
        hints=(
            "In which order do scaling, bias, mask and softmax come? Which of them is yours late?",
            "Your bias_matrix brings bias and mask at once, and your softmax_rows does the rest.",
            "The scores are Q @ K.T. Divide them alone by np.sqrt(d); d is Q.shape[1]. What is "
            "added then goes into softmax_rows with them.",
        ),
        keep="The bias is added to the scaled scores, before softmax.",
        idea="Scaled scores plus bias matrix, through softmax: the -inf in it is the mask.",
    ),
    "attend": Task(
        number="3.3",
        hints=(
            "Which row of weights belongs to output row i, and what does it mix?",
            "Row i of the output is a weighted mean of the rows of V. That is a matrix product.",
            "A product has the weights on the left and V on the right; V itself stays as it is.",
        ),
        keep="The bias changes the shares, never the values.",
        idea="A matrix product of weights and values mixes, for each query, what it may see.",
    ),
}
