"""Lesson 04: the slope as a ruler."""

from linbias.check.tasks._task import Task

TASKS = {
    "weights_by_distance": Task(
        number="4.1",
        points=2,
        hints=(
            "What does softmax make of a bias? And do your numbers add up to 1?",
            "All scores are equal, so the biases 0, -beta, -2 beta, ... alone decide.",
            "np.arange(n) holds the distances. Raise e to each bias, then divide by the sum.",
        ),
        keep="With equal contents the weights fall by the same factor at each step.",
        idea="e to the bias at each distance, divided by the sum of all.",
    ),
    "half_distance": Task(
        number="4.2",
        hints=(
            "After how many steps has e^(-beta d) fallen to one half?",
            "Solve e^(-beta d) = 1/2 for d: take the natural logarithm of both sides.",
            "ln(1/2) is -0.693, so beta times d is 0.693. What is left to do to have d alone?",
        ),
        keep="A weight halves every ln 2 / beta tokens: beta is a ruler.",
        idea="The logarithm turns the equation for one half into a division.",
    ),
    "window": Task(
        number="4.3",
        points=2,
        hints=(
            "What share do the k nearest keys hold together? Is k a whole number, and which way "
            "is it rounded?",
            "k keys hold 1 - e^(-beta k). Set this equal to the mass, and solve for k.",
            "e^(-beta k) = 1 - mass, so k is a logarithm divided by beta. At least this many keys "
            "are needed: np.ceil, then int.",
        ),
        keep="A few nearest keys hold nearly all of the weight; halve beta, and they double.",
        idea="Solve 1 - e^(-beta k) = mass for k, and round up to whole keys.",
    ),
    "ruler": Task(
        hints=(
            "Where does beta stand in the formula of the half distance?",
            "Put in numbers: the half distance for beta = 1 and for beta = 0.5.",
        ),
        keep="Half the slope looks twice as far.",
    ),
    "content_needed": Task(
        number="4.4",
        hints=(
            "How much does the key at distance d pay, and how much does the token itself?",
            "A better match has to make up for the whole price of the way.",
            "The price is beta for each of the d steps.",
        ),
        keep="ALiBi is a preference, not a wall: a good match buys any distance.",
        idea="What content has to add is exactly what distance takes off.",
    ),
    "beta_compare": Task(
        hints=(
            "What is the half distance for 1.0, and what is it for 0.1?",
            "Can a very high score make up for a long way? Look at 4.4.",
        ),
        keep="A large beta prefers the nearest keys; a good match still wins over it.",
    ),
}
