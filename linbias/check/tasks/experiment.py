"""Lesson 08: train short, test long."""

from linbias.check.tasks._task import Task

TASKS = {
    "perplexity": Task(
        number="8.1",
        hints=(
            "Which comes first: the mean, or the power of e?",
            "The mean of the losses first. Then undo the logarithm.",
            "np.mean takes all numbers at once; np.exp undoes a natural logarithm.",
        ),
        keep="Perplexity is e to the mean loss: among how many equal choices a model wavers.",
        idea="The mean of the losses, turned back from nats by e.",
    ),
    "loss_by_position": Task(
        number="8.2",
        hints=(
            "Which axis counts the pieces, and which the positions?",
            "The answer has one number for each position, so the pieces have to go.",
            "mean has an axis: the one that is averaged away. Pieces are the first, number 0.",
        ),
        keep="Before you average, ask what one mean would hide.",
        idea="A mean over the pieces leaves one number for each position.",
    ),
    "where_it_breaks": Task(
        hints=(
            "At which group of positions does the sinusoidal curve leave the others?",
            "Compare that place with the length of the pieces in training.",
        ),
        keep="Sinusoidal models break where they meet positions that training never showed.",
    ),
    "short_context_fraction": Task(
        number="8.3",
        hints=(
            "How many of the L predictions have at most c tokens before them? Can it be more than "
            "L?",
            "The predictions have 1, 2, ..., L tokens of context, so c of them have at most c.",
            "min keeps c from going above L. Then divide by L.",
        ),
        keep="Longer pieces have a smaller share of cursed predictions: c / L.",
        idea="Count those with little context, at most all, and divide by all.",
    ),
    "contexts": Task(
        number="8.4",
        points=2,
        hints=(
            "Which is the last token that the model may see before target t?",
            "The slice ends just before t, and a slice does not hold its end.",
            "For each target t the slice starts at t - c and ends at t. np.array makes rows of "
            "them.",
        ),
        keep="A fair test changes one thing: the same targets, another context.",
        idea="For each target, the slice of c tokens that ends just before it.",
    ),
    "survives_or_uses": Task(
        hints=(
            "If the model used the longer context, which way would its loss go?",
            "Flat means hardly worse, and not better. Which of the choices says just that?",
        ),
        keep="ALiBi survives longer texts; whether it uses them is another question.",
    ),
}
