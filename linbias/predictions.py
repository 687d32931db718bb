"""The lessons' guesses: asked in a lesson by one name, so that its cell gives nothing away.

Each returns a form from `linbias.widgets.predict`: the figure unlocks when a guess is committed,
and what was guessed is told beside what is true.
"""

from typing import Any

from linbias.attention import softmax_rows
from linbias.bias import bias_matrix, linear_bias
from linbias.effect import weights_by_distance
from linbias.evaluation import perplexity
from linbias.experiment import NOT_REPEATED, Runs
from linbias.heads import slopes_power_of_two
from linbias.plots import (
    bias_by_distance,
    extrapolation,
    family,
    head_slopes,
    heatmap,
    row_weights,
    triangle,
)
from linbias.relatives import kerple_log
from linbias.same import key_only_bias
from linbias.widgets import Live, predict

WELL, NEAR = 0.051, 0.25
PAIRS, PAIRS_NEAR = 28, 7


def bias_of_two_distances() -> Live:
    """Return lesson 01's guess: the bias one step back, and six steps back.

    Examples
    --------
    >>> bias_of_two_distances()
    Beta is 0.25. What is the bias? Run this cell and commit your guess; then the figure unlocks.
    """
    beta, far = 0.25, 6

    def told(one: float, six: float) -> str:
        first, last = linear_bias(1, 0, beta), linear_bias(far, 0, beta)
        return (
            f"One step back: you guessed {one:g}, the formula gives {first:g}{_right(one, first)}. "
            f"{far} steps back: you guessed {six:g}, it gives {last:g}{_right(six, last)}. "
            "The lower line, the bias, is what is added; the upper one is its size, the penalty: "
            "1.4 tells the two apart."
        )

    return predict(
        "Beta is 0.25. What is the bias?",
        {"one step back": (-2.0, 2.0, 0.25), "six steps back": (-2.0, 2.0, 0.25)},
        lambda one, six: bias_by_distance([beta], guesses=[(1, one), (far, six)]),
        told,
    )


def visible_pairs() -> Live:
    """Return lesson 02's guess: how many of 49 pairs a causal model scores.

    The figure shows them and does not count them: that is a question of the lesson.

    Examples
    --------
    >>> visible_pairs().text.startswith("Of 49 pairs")
    True
    """

    def told(pairs: int) -> str:
        error = pairs - PAIRS
        word = "near" if abs(error) <= PAIRS_NEAR else "too high" if error > 0 else "too low"
        return f"Your guess is {word}. How many it really are you count yourself, after 2.1."

    return predict(
        "Of 49 pairs, how many does a causal model score?",
        {"pairs": (0, 49)},
        lambda pairs: triangle(7),
        told,
    )


def second_share() -> Live:
    """Return lesson 03's guess: what becomes of a share when all scores grow.

    Examples
    --------
    >>> second_share().text.startswith("The scores are now 1000 and 1001")
    True
    """
    rows = [[0, 1], [1000, 1001]]
    shares = softmax_rows(rows)
    names = [f"scores {first} and {second}" for first, second in rows]

    def told(share: float) -> str:
        right = round(100 * shares[1, 1])
        return (
            f"You guessed {share:g} %. It is {right} %, as before{_right(share, right)}. "
            "Both scores grew alike: only their difference counts."
        )

    return predict(
        "The scores are now 1000 and 1001. What is the second share, in percent?",
        {"second share": (0, 100)},
        lambda share: heatmap(
            shares,
            "Shares before and after",
            rows="",
            columns="",
            shares=True,
            names=(names, ["first", "second"]),
        ),
        told,
    )


def share_of_self() -> Live:
    """Return lesson 04's guess: how much of its attention a query gives itself.

    Examples
    --------
    >>> share_of_self().text.startswith("Which share does query 6 give itself")
    True
    """
    betas = (0.1, 1.0)

    def told(small: float, large: float) -> str:
        rights = [round(100 * weights_by_distance(7, beta)[0]) for beta in betas]
        lines = [
            f"With beta = {beta:g} you guessed {guess:g} %, it is {right} %{_right(guess, right)}."
            for beta, guess, right in zip(betas, (small, large), rights, strict=True)
        ]
        return " ".join([*lines, "Compare also the far end: what is left for key 0?"])

    return predict(
        "Which share does query 6 give itself, in percent?",
        {"beta = 0.1": (0, 100), "beta = 1.0": (0, 100)},
        lambda small, large: row_weights(6, betas, (small / 100, large / 100)),
        told,
    )


def share_with_key_only() -> Live:
    """Return lesson 05's guess: what a query gives itself when beta * j is added.

    Examples
    --------
    >>> share_with_key_only().text.startswith("The biases are now 0, 0.5, 1, 1.5")
    True
    """
    beta, words = 0.5, ["The", "cat", "sat", "on"]
    shares = softmax_rows([bias_matrix(4, beta)[-1], key_only_bias(4, beta)[-1]])

    def told(share: float) -> str:
        right = round(100 * shares[1, 3])
        return (
            f"You guessed {share:g} %. It is {right} %, as before{_right(share, right)}. "
            "Each of the four biases grew by 1.5, and softmax sees only how they differ."
        )

    return predict(
        "The biases are now 0, 0.5, 1, 1.5. What does the word on give itself, in percent?",
        {"share of itself": (0, 100)},
        lambda share: heatmap(
            shares,
            "Shares of query 3, on",
            rows="",
            columns="",
            shares=True,
            names=(["with −β(i − j)", "with +βj"], words),
        ),
        told,
    )


def first_slope() -> Live:
    """Return lesson 06's guess: the steepest slope of a model with 16 heads.

    Examples
    --------
    >>> first_slope().text.startswith("A model has 16 heads")
    True
    """
    right = float(slopes_power_of_two(16)[0])

    def told(slope: float) -> str:
        return (
            f"You guessed {slope:.2f}. It is {right:.3f}{_right(slope, right)}. That is steeper "
            "than with 8 heads, and the last slope is 1/256 again: more heads fill the same range "
            "more densely."
        )

    return predict(
        "A model has 16 heads. What is its first, steepest slope?",
        {"first slope": (0.0, 1.0, 0.01)},
        lambda slope: head_slopes([8, 16], slope),
        told,
    )


def share_beyond_100() -> Live:
    """Return lesson 07's guess: how much weight a line and a logarithm leave to far keys.

    Examples
    --------
    >>> share_beyond_100().text.startswith("Which share do the keys beyond distance 100 get")
    True
    """
    biases = {"ALiBi": bias_matrix(1000, 1 / 16), "logarithm": kerple_log(1000, 1, 1)}

    def reveal(*_: float) -> Any:
        return family()

    def told(*guesses: float) -> str:
        lines = []
        for (name, bias), guess in zip(biases.items(), guesses, strict=True):
            share = 100 * softmax_rows(bias[-1:])[0, :-101].sum()
            right = round(share, 1 if share < 1 else 0)
            lines.append(
                f"{name}: you guessed {guess:g} %, it is {right:g} %{_right(guess, right)}."
            )
        return " ".join([*lines, "The two biases are nearly equal at distance 64."])

    return predict(
        "Which share do the keys beyond distance 100 get, in percent?",
        {"ALiBi": (0, 100), "logarithm": (0, 100)},
        reveal,
        told,
    )


def perplexity_at_512(runs: Runs) -> Live:
    """Return lesson 08's guess: what becomes of three kinds of models on pieces of 512.

    Parameters
    ----------
    runs : Runs
        What the experiment gave; the figure is drawn from it after the guess.

    Examples
    --------
    >>> perplexity_at_512(Runs()).text.startswith("What is the perplexity on pieces of 512")
    True
    """
    names, longest = ("ALiBi", "sinusoidal", "no position"), 512

    def reveal(*guesses: float) -> Any:
        return extrapolation(runs, guesses=dict(zip(names, guesses, strict=True)))

    def told(*guesses: float) -> str:
        if not runs.models:
            return NOT_REPEATED
        lines = []
        for name, guess in zip(names, guesses, strict=True):
            found = [perplexity(model.losses[longest].ravel()) for model in runs.of(name)]
            lines.append(
                f"{name}: you guessed {guess:g}, it is {min(found):.1f} to {max(found):.1f}."
            )
        return " ".join([*lines, "Diamonds show your guess."])

    return predict(
        "What is the perplexity on pieces of 512?",
        dict.fromkeys(names, (1, 40)),
        reveal,
        told,
    )


def _right(guess: float, right: float) -> str:
    """Return what to say of a guess: how near it is, or on which side it lies."""
    error = (guess - right) / max(1, abs(right))
    if abs(error) <= WELL:
        return ": well guessed"
    if abs(error) <= NEAR:
        return ": near"
    return ": your guess is too high" if error > 0 else ": your guess is too low"
