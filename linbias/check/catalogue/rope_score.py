"""Lesson 07: turning queries and keys instead of adding a bias."""

from typing import Any

import numpy as np

from linbias.check.catalogue import _make
from linbias.check.exercise import Attempt, Case, Exercise, Mistake
from linbias.relatives import rope_score


def _case(rng: np.random.Generator, count: int) -> Case:
    q, k = rng.uniform(0.4, 1.9, (2, 2)).round(2) * [[1, -1], [1, 1]]
    j = int(rng.integers(1, 4))
    return q, k, j + int(rng.integers(1, 5)), j, _make.beta(rng)


def _arithmetic(it: Attempt) -> str:
    i, j, speed = (it.arguments[name] for name in ("i", "j", "speed"))
    return f"The query is turned by {i} * {speed:g}, the key by {j} * {speed:g}, in radians."


def _turn(x: Any, angle: float) -> Any:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([cos * x[0] - sin * x[1], sin * x[0] + cos * x[1]])


def _product(q: Any, k: Any, of_query: float, of_key: float) -> float:
    return float(_turn(q, of_query) @ _turn(k, of_key))


EXERCISE = Exercise(
    reference=rope_score,
    answer="number",
    cases=(
        (np.array([1.0, 0.5]), np.array([0.8, -1.2]), 5, 2, 0.4),
        (np.array([0.3, -1.1]), np.array([0.9, 0.7]), 4, 1, 0.25),
    ),
    make_case=_case,
    arithmetic=_arithmetic,
    mistakes=(
        Mistake(
            "not_turned",
            lambda q, k, i, j, speed: float(np.dot(q, k)),
            "That is the product without any turning: the positions do not enter.",
        ),
        Mistake(
            "query_only",
            lambda q, k, i, j, speed: _product(q, k, i * speed, 0),
            "You turned the query only. The key is turned, too, by its own position: only then "
            "the distance alone counts.",
        ),
        Mistake(
            "key_only",
            lambda q, k, i, j, speed: _product(q, k, 0, j * speed),
            "You turned the key only. The query is turned, too, by its own position.",
        ),
        Mistake(
            "opposite",
            lambda q, k, i, j, speed: _product(q, k, i * speed, -j * speed),
            "The two turn in opposite directions: then the sum of the positions counts, not their "
            "difference. Turn both the same way.",
        ),
        Mistake(
            "turned_back",
            lambda q, k, i, j, speed: _product(q, k, j * speed, i * speed),
            "The wrong way round: either both turn clockwise, with the minus sign at the other "
            "sine, or the query turns by the key's position and the key by the query's.",
        ),
        Mistake(
            "same_angle",
            lambda q, k, i, j, speed: float(np.dot(q, k)) * float(np.cos((i - j) * speed)),
            "You multiplied the product by a cosine. Turning mixes the two features: each new one "
            "is made of both old ones.",
        ),
        Mistake(
            "speed_ignored",
            lambda q, k, i, j, speed: _product(q, k, i, j),
            "Where does the speed enter? The angle is the position times the speed.",
        ),
        Mistake(
            "degrees",
            lambda q, k, i, j, speed: _product(
                q, k, float(np.radians(i * speed)), float(np.radians(j * speed))
            ),
            "np.cos takes radians, and the angle is in radians already: leave out np.radians.",
        ),
        Mistake(
            "bias_added",
            lambda q, k, i, j, speed: float(np.dot(q, k)) - speed * (i - j),
            "That is ALiBi: a bias is added. Here nothing is added; query and key are turned.",
        ),
        Mistake(
            "reflected",
            lambda q, k, i, j, speed: float(_mirror(q, i * speed) @ _mirror(k, j * speed)),
            "One minus sign is missing or stands in the wrong place: that reflects the pair. New "
            "features: cos * x0 - sin * x1, and sin * x0 + cos * x1.",
        ),
    ),
)


def _mirror(x: Any, angle: float) -> Any:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([cos * x[0] + sin * x[1], sin * x[0] + cos * x[1]])
