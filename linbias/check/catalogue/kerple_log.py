"""Lesson 07: KERPLE's logarithm of the distance."""

from typing import Any

import numpy as np

from linbias.check.catalogue import _make
from linbias.check.catalogue._relatives import arithmetic, causal, of_sign_and_mask, steps
from linbias.check.exercise import Case, Exercise, Mistake
from linbias.relatives import kerple_log


def _case(rng: np.random.Generator, count: int) -> Case:
    return int(rng.integers(5, 8)), _make.beta(rng) + 0.3, _make.beta(rng) + (1.2, 0.1)[count % 2]


def _bias(d: Any, beta1: float, beta2: float) -> Any:
    return -beta1 * np.log1p(beta2 * d)


EXERCISE = Exercise(
    reference=kerple_log,
    answer="matrix",
    blocks=True,
    axes=("query", "key"),
    cases=((5, 0.5, 2.0), (6, 1.3, 0.7)),
    make_case=_case,
    arithmetic=arithmetic,
    mistakes=(
        *of_sign_and_mask(_bias),
        Mistake(
            "one_missing",
            lambda n, beta1, beta2: causal(-beta1 * np.log(beta2 * steps(n))),
            "The diagonal is infinite: there you take the logarithm of 0. The formula adds 1 "
            "first.",
        ),
        Mistake(
            "log_ten",
            lambda n, beta1, beta2: causal(-beta1 * np.log10(1 + beta2 * steps(n))),
            "That is a logarithm to base 10. Here log is the natural one: np.log.",
        ),
        Mistake(
            "log_two",
            lambda n, beta1, beta2: causal(-beta1 * np.log2(1 + beta2 * steps(n))),
            "That is a logarithm to base 2. Here log is the natural one: np.log.",
        ),
        Mistake(
            "exchanged",
            lambda n, beta1, beta2: causal(_bias(steps(n), beta2, beta1)),
            "The two betas have changed places: beta1 stands before the logarithm, beta2 in it.",
        ),
        Mistake(
            "bend_ignored",
            lambda n, beta1, beta2: causal(-beta1 * np.log1p(steps(n))),
            "Where does beta2 enter? It multiplies the distance inside the logarithm.",
        ),
        Mistake(
            "bend_outside",
            lambda n, beta1, beta2: causal(-beta1 * beta2 * np.log1p(steps(n))),
            "beta2 belongs inside the logarithm: it multiplies the distance.",
        ),
        Mistake(
            "price_inside",
            lambda n, beta1, beta2: causal(-np.log1p(beta1 * beta2 * steps(n))),
            "beta1 belongs in front of the logarithm, not inside.",
        ),
        Mistake(
            "price_ignored",
            lambda n, beta1, beta2: causal(-np.log1p(beta2 * steps(n))),
            "Where does beta1 enter? It stands in front of the logarithm.",
        ),
        Mistake(
            "without_log",
            lambda n, beta1, beta2: causal(-beta1 * beta2 * steps(n)),
            "Your bias falls in a straight line, as ALiBi's does. The logarithm bends it.",
        ),
    ),
)
