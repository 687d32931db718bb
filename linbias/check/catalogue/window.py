"""Lesson 04: how many of the nearest keys hold most of the weight."""

import math

import numpy as np

from linbias.check.exercise import Attempt, Case, Exercise, Mistake
from linbias.check.values import number
from linbias.effect import window

# With this slope one key holds exactly one half.
WHOLE = math.log(2)


def _case(rng: np.random.Generator, count: int) -> Case:
    if count == 1:
        # Here the number is whole before it is rounded: int(x) + 1 would be one key too many.
        return WHOLE, float(rng.choice([0.5, 0.75]))
    beta = round(float(rng.uniform(0.05, 0.45)), 3)
    return beta, round(float(rng.uniform(0.7, 0.98)), 2)


def _arithmetic(it: Attempt) -> str:
    held = 1 - float(np.exp(-it.arguments["beta"] * it.yours))
    keys = "key holds" if it.yours == 1 else f"{number(it.yours)} keys hold"
    return f"The nearest {keys} {number(held)} of the weight."


def _keys(beta: float, mass: float) -> float:
    return -math.log(1 - mass) / beta


EXERCISE = Exercise(
    reference=window,
    answer="whole",
    cases=((0.5, 0.95), (0.1, 0.95), (0.25, 0.8), (WHOLE, 0.5)),
    make_case=_case,
    arithmetic=_arithmetic,
    mistakes=(
        Mistake(
            "rounded_down",
            lambda beta, mass: math.floor(_keys(beta, mass)),
            "One key short: with so few keys a little of the mass {mass} is still missing. "
            "Which way do you have to round?",
        ),
        Mistake(
            "not_whole",
            _keys,
            "Keys come in whole numbers. Which way do you have to round to hold at least {mass}?",
        ),
        Mistake(
            "one_too_many",
            lambda beta, mass: math.ceil(_keys(beta, mass)) + 1,
            "One key more than needed: the nearest key, the token itself, counts as the first. "
            "Would one fewer still hold {mass}?",
        ),
        Mistake(
            "rounded",
            lambda beta, mass: round(_keys(beta, mass)),
            "round() goes to the nearest whole number, sometimes down, and then the keys hold too "
            "little. At least {mass} is asked for.",
        ),
        Mistake(
            "mass_for_rest",
            lambda beta, mass: math.ceil(-math.log(mass) / beta),
            "You took the logarithm of the mass. After k keys e^(-beta * k) is what is left over: "
            "how much may be left?",
        ),
        Mistake(
            "log_ten",
            lambda beta, mass: math.ceil(-math.log10(1 - mass) / beta),
            "That is a logarithm to base 10. The weights are powers of e.",
        ),
        Mistake(
            "log_two",
            lambda beta, mass: math.ceil(-math.log2(1 - mass) / beta),
            "That is a logarithm to base 2. The weights are powers of e.",
        ),
        Mistake(
            "multiplied_by_beta",
            lambda beta, mass: math.ceil(-math.log(1 - mass) * beta),
            "Yours grows with beta. With a steeper slope fewer keys hold the weight.",
        ),
        Mistake(
            "beta_ignored",
            lambda beta, mass: math.ceil(-math.log(1 - mass)),
            "Yours is the same for every beta. With a steeper slope fewer keys hold the weight.",
        ),
        Mistake(
            "linear",
            lambda beta, mass: math.ceil(mass / beta),
            "You shared the mass out evenly. Near keys hold more than far ones: "
            "k keys hold 1 - e^(-beta * k).",
        ),
        Mistake(
            "int_plus_one",
            lambda beta, mass: math.floor(_keys(beta, mass)) + 1,
            "Right unless the number is whole already: then int(...) + 1 is one key too many. "
            "np.ceil leaves a whole number as it is.",
        ),
        Mistake(
            "one_too_few",
            lambda beta, mass: math.ceil(_keys(beta, mass)) - 1,
            "One key short, also where nothing had to be rounded: the token itself is counted "
            "among the keys.",
        ),
        Mistake(
            "sign_flipped",
            lambda beta, mass: math.floor(-_keys(beta, mass)),
            "A number of keys cannot be negative: the logarithm of a number below 1 is.",
            recognise=lambda it: it.yours < 0,
        ),
        Mistake(
            "too_few",
            lambda beta, mass: math.ceil(_keys(beta, mass) / 2),
            "Too few keys: they hold less than {mass} of the weight.",
            recognise=lambda it: it.yours < it.right,
        ),
        Mistake(
            "too_many",
            lambda beta, mass: math.ceil(_keys(beta, mass) * 3),
            "Enough keys, but not the smallest number of them: fewer would hold {mass} too.",
            recognise=lambda it: it.yours > it.right,
        ),
    ),
)
