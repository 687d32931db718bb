"""Lesson 07: KERPLE's power of the distance."""

from typing import Any

import numpy as np

from linbias.check.catalogue import _make
from linbias.check.catalogue._relatives import arithmetic, causal, of_sign_and_mask, steps
from linbias.check.exercise import Attempt, Case, Exercise, Mistake
from linbias.relatives import kerple_power


def _case(rng: np.random.Generator, count: int) -> Case:
    # Exponents near 1 would look like ALiBi.
    exponent = (0.45, 1.6, 1.35)[count % 3] + float(rng.integers(1, 9)) / 100
    return int(rng.integers(5, 8)), _make.beta(rng), exponent


def _bias(d: Any, beta1: float, beta2: float) -> Any:
    return -beta1 * d**beta2


def _powers(x: Any, power: float) -> Any:
    with np.errstate(invalid="ignore"):
        return x**power


def _nan_for_visible(it: Attempt) -> bool:
    visible = np.tril(np.ones_like(it.yours), -1) > 0
    return bool(np.isnan(it.yours[visible]).all() and not np.isnan(it.yours[~visible]).any())


EXERCISE = Exercise(
    reference=kerple_power,
    answer="matrix",
    blocks=True,
    axes=("query", "key"),
    cases=((5, 0.5, 1.5), (6, 0.37, 0.6)),
    make_case=_case,
    arithmetic=arithmetic,
    mistakes=(
        *of_sign_and_mask(_bias),
        Mistake(
            "exponent_ignored",
            lambda n, beta1, beta2: causal(-beta1 * steps(n)),
            "That is ALiBi, the exponent 1. Where does beta2 enter?",
        ),
        Mistake(
            "multiplied",
            lambda n, beta1, beta2: causal(-beta1 * beta2 * steps(n)),
            "You multiplied by beta2. It is an exponent: ** in Python.",
        ),
        Mistake(
            "minus_inside",
            lambda n, beta1, beta2: causal(_powers(-beta1 * steps(n), beta2)),
            "NaN comes from a negative number to a power that is not whole: your minus sign is "
            "raised, too. Raise the distance alone, then multiply by -beta1.",
            recognise=_nan_for_visible,
        ),
        Mistake(
            "price_inside",
            lambda n, beta1, beta2: causal(-((beta1 * steps(n)) ** beta2)),
            "You took the power of beta1 as well. Only the distance is raised to beta2.",
        ),
        Mistake(
            "exchanged",
            lambda n, beta1, beta2: causal(-beta2 * steps(n) ** beta1),
            "The two betas have changed places: beta1 is the price, beta2 the exponent.",
        ),
        Mistake(
            "base_for_exponent",
            lambda n, beta1, beta2: causal(-beta1 * (beta2 ** steps(n))),
            "You raised beta2 to the distance. It is the other way round: the distance is raised "
            "to beta2.",
        ),
        Mistake(
            "price_ignored",
            lambda n, beta1, beta2: causal(-(steps(n) ** beta2)),
            "Where does beta1 enter? It says what the first step costs.",
        ),
    ),
)
