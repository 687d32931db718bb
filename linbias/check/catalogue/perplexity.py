"""Lesson 08: from losses to a number of choices."""

from typing import Any

import numpy as np

from linbias.check.exercise import Attempt, Case, Exercise, Mistake
from linbias.check.same import close
from linbias.check.values import number
from linbias.evaluation import perplexity


def _case(rng: np.random.Generator, count: int) -> Case:
    return (rng.uniform(0.3, 3.7, size=int(rng.integers(4, 8))).round(2),)


def _arithmetic(it: Attempt) -> str:
    losses = it.arguments["losses"]
    return f"The {len(losses)} losses sum to {number(float(np.sum(losses)))}."


def _mean(losses: Any) -> float:
    return float(np.mean(losses))


EXERCISE = Exercise(
    reference=perplexity,
    answer="number",
    cases=((np.array([0.5, 1.2, 2.4, 0.3]),), (np.array([1.6, 2.9, 0.7]),)),
    make_case=_case,
    arithmetic=_arithmetic,
    mistakes=(
        Mistake(
            "mean_returned",
            _mean,
            "That is the mean loss itself, in nats. Perplexity undoes the logarithm: between how "
            "many choices does the model waver?",
        ),
        Mistake(
            "mean_of_powers",
            lambda losses: float(np.mean(np.exp(losses))),
            "You took e to the power of each loss first and the mean afterwards: a single "
            "bad guess then counts far too much. First the mean, then e to its power.",
        ),
        Mistake(
            "base_two",
            lambda losses: 2 ** _mean(losses),
            "You used powers of 2. The losses are natural logarithms, in nats: which number is "
            "their base?",
        ),
        Mistake(
            "e_rounded",
            lambda losses: 2.72 ** _mean(losses),
            "2.72 is e, rounded, and the error grows with the power. np.exp takes e itself.",
            recognise=lambda it: bool(close(it.yours, 2.718 ** _mean(it.arguments["losses"]))),
        ),
        Mistake(
            "base_ten",
            lambda losses: 10 ** _mean(losses),
            "You used powers of 10. The losses are natural logarithms, in nats: which number is "
            "their base?",
        ),
        Mistake(
            "summed",
            lambda losses: float(np.exp(np.sum(losses))),
            "You took the sum of the losses: yours grows with the length of the text. Which value "
            "says how large a typical loss is?",
        ),
        Mistake(
            "sign_flipped",
            lambda losses: float(np.exp(-_mean(losses))),
            "Yours is below 1: that is a typical probability. A loss is minus a logarithm, so the "
            "minus sign is in it already.",
        ),
        Mistake(
            "mean_probability",
            lambda losses: float(1 / np.mean(np.exp(-np.asarray(losses)))),
            "You took the mean of the probabilities. Losses are logarithms: take the mean of the "
            "losses, then e to its power.",
        ),
        Mistake(
            "median",
            lambda losses: float(np.exp(np.median(losses))),
            "You took the median. The mean is asked for: every loss counts.",
        ),
        Mistake(
            "one_less",
            lambda losses: float(np.exp(np.sum(losses) / (len(losses) - 1))),
            "You divided by one less than the number of losses. Every loss is one prediction.",
        ),
        Mistake(
            "logarithm",
            lambda losses: float(np.log(_mean(losses))),
            "You took a logarithm of the loss, which is one already. What undoes a logarithm?",
        ),
        Mistake(
            "last_only",
            lambda losses: float(np.exp(losses[-1])),
            "Only the last loss counts in yours. Take the mean of all of them.",
        ),
        Mistake(
            "one_by_one",
            lambda losses: np.exp(losses),
            "You return a number for each loss. One number is asked for: the mean comes first.",
        ),
    ),
)
