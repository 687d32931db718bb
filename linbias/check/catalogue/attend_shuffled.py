"""Lesson 01: words change places, each with its key and its value."""

from functools import cache
from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linbias.attention import attend_shuffled
from linbias.check.catalogue import _make
from linbias.check.exercise import Attempt, Case, Exercise, Mistake
from linbias.check.same import close


@cache
def _orders(n: int) -> list[list[int]]:
    """Return the orders of n words that no other way to use them leads to."""
    return [
        list(order)
        for order in permutations(range(n))
        if len({order, *_other_ways(order)}) == 1 + len(_other_ways(order))
    ]


def _other_ways(order: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Return an order undone, done twice, turned round, and not done at all."""
    n = len(order)
    undone = tuple(map(order.index, range(n)))
    return [undone, tuple(order[p] for p in order), tuple(range(n))[::-1], tuple(range(n))]


def _case(rng: np.random.Generator, count: int) -> Case:
    n = int(rng.integers(4, 6))
    order = _orders(n)[int(rng.integers(len(_orders(n))))]
    return _words(rng, n, order)


def _words(rng: np.random.Generator, n: int, order: list[int]) -> Case:
    # As many features as words: a function that mixes the two up ends in a number, not an error.
    # Scores near 0 and whole values make shares and products that print well.
    query = (0.6 * rng.standard_normal(n)).round(2)
    return query, _make.normal(rng, n, n), rng.integers(1, 10, (n, n)) * 1.0, order


def _fixed(order: list[int]) -> Case:
    return _words(np.random.default_rng(order), len(order), order)


def _arithmetic(it: Attempt) -> str:
    place = it.cell[0]
    return f"Place {place} now holds word {it.arguments['order'][place]}, its share and its value."


def _read(query: Any, keys: Any, values: Any) -> Any:
    return attend_shuffled(query, keys, values, range(len(keys)))


def _matches(it: Attempt) -> NDArray[np.bool_]:
    """Return, for each row of yours, which word's share times which word's value it is."""
    shares = _read(it.arguments["query"], it.arguments["keys"], np.ones_like(it.arguments["keys"]))
    products = shares[:, :1, None] * it.arguments["values"]
    return np.asarray(close(it.yours[:, None, None, :], products).all(axis=-1))


def _of_one_word(it: Attempt) -> NDArray[np.bool_]:
    return np.asarray(_matches(it).diagonal(axis1=1, axis2=2).any(axis=1))


def _parted(it: Attempt) -> bool:
    """Whether each row is a share times a value, of two words in some row."""
    return bool(_matches(it).any(axis=(1, 2)).all() and not _of_one_word(it).all())


EXERCISE = Exercise(
    reference=attend_shuffled,
    answer="matrix",
    axes=("place", "feature"),
    cases=(_fixed([1, 2, 3, 0]), _fixed([3, 0, 4, 1, 2])),
    make_case=_case,
    arithmetic=_arithmetic,
    traits={
        "the sum over all places": lambda it: bool(
            np.all(close(it.yours.sum(axis=0), it.right.sum(axis=0)))
        )
    },
    mistakes=(
        Mistake(
            "only_keys",
            lambda query, keys, values, order: _read(query, keys[order], values),
            "Only the keys changed places, so a share meets the value of another word. A word "
            "takes both along: what about the values?",
        ),
        Mistake(
            "only_values",
            lambda query, keys, values, order: _read(query, keys, values[order]),
            "Only the values changed places, so a share meets the value of another word. A word "
            "takes both along: what about the keys?",
        ),
        Mistake(
            "order_ignored",
            lambda query, keys, values, order: _read(query, keys, values),
            "The words stand where they stood. An index alone moves nothing: its result needs a "
            "name, as in a = a[::-1].",
        ),
        Mistake(
            "undone",
            lambda query, keys, values, order: _read(
                query, keys[np.argsort(order)], values[np.argsort(order)]
            ),
            "Keys and values moved together, but the other way: word p went to place order[p]. "
            "Which word does place p get?",
        ),
        Mistake(
            "shuffled_twice",
            lambda query, keys, values, order: _read(
                query, keys[order][order], values[order][order]
            ),
            "The words changed places twice. Once is asked for.",
        ),
        Mistake(
            "other_order",
            lambda query, keys, values, order: _read(query, keys[::-1], values[::-1]),
            "Keys and values moved together, as they should, but into another order than the one "
            "that was given. Where does order enter?",
            recognise=lambda it: bool(_of_one_word(it).all()),
        ),
        Mistake(
            "parted",
            lambda query, keys, values, order: _read(query, keys[order], values[::-1]),
            "Keys and values went to different places, so a share meets the value of another "
            "word. Both take one and the same order.",
            recognise=_parted,
        ),
        Mistake(
            "query_shuffled",
            lambda query, keys, values, order: _read(query[order], keys[order], values[order]),
            "You put the query's numbers into another order, too. It has one number for each "
            "feature and none for a word: leave it as it is.",
        ),
        Mistake(
            "only_query",
            lambda query, keys, values, order: _read(query[order], keys, values),
            "Only the query's numbers changed places, and they belong to features, not to words. "
            "Which of the arguments have a row for each word?",
        ),
        Mistake(
            "columns_shuffled",
            lambda query, keys, values, order: _read(query, keys[:, order], values[:, order]),
            "You moved columns, which are features. A word is a row: the first index picks rows.",
        ),
        Mistake(
            "returned_early",
            lambda query, keys, values, order: np.array([keys[order], values[order]]),
            "Keys and values are in their new order, but a return of your own ends the function "
            "before its last lines. Give each of the two its old name again instead.",
        ),
        Mistake(
            "summed_up",
            lambda query, keys, values, order: _read(query, keys, values).sum(axis=0),
            "That is the mean that is read, the sum over all places. Here one row for each place "
            "is asked for; the lesson sums them up below.",
        ),
    ),
)
