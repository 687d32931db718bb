"""Lesson 08: what the curves show, and what they do not."""

from linbias.check.questions._question import Question, Wrong

QUESTIONS = {
    "where_it_breaks": Question(
        asks="In pieces of 64, which predictions of the **sinusoidal** models are bad?",
        right="C",
        choices={
            "A": "all of them, about equally",
            "B": "those at the beginning of a piece, with hardly any context",
            "C": "those with more than 32 characters of context",
            "D": "none: the models of this kind are the best at every position",
        },
        wrong=(
            Wrong(
                "A",
                "all_alike",
                "One number for the whole piece hides it. Look at the figure: what is the loss "
                "with 17 to 32 characters of context?",
            ),
            Wrong(
                "B",
                "early_tokens",
                "These are hard for every model: with one character nobody can guess well. Where "
                "is one kind of model alone in being bad?",
            ),
            Wrong(
                "D",
                "best_in_training",
                "Up to the training length that is so. Look at the right end of the figure.",
            ),
        ),
    ),
    "survives_or_uses": Question(
        asks="From 32 characters of context on, ALiBi's curve hardly moves. What does this show?",
        right="B",
        choices={
            "A": "The model uses all 256 characters: otherwise its loss would rise.",
            "B": "More context hardly harms, and it does not help.",
            "C": "ALiBi cannot see beyond 32 characters: they are masked.",
            "D": "The text is so simple that no model could gain from more context.",
        },
        wrong=(
            Wrong(
                "A",
                "flat_means_used",
                "A context that is used makes predictions better. Does the loss fall between 32 "
                "and 256?",
            ),
            Wrong(
                "C",
                "wall",
                "Nothing but the future is masked. A far key has a low bias, not minus infinity: "
                "a price, not a wall.",
            ),
            Wrong(
                "D",
                "text_blamed",
                "That may be or not: this figure cannot tell. It shows only what these models do "
                "with the context that they get.",
            ),
        ),
    ),
}
