"""The seeds that a test sets: a student's function draws the numbers that follow from them.

The session is told the state that a test has seeded, before the next thing it does. Its own state
is never taken back: a student would choose the numbers that the instructor draws.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import numpy as np

from grader.session.wire import encode

_SEEDING = {"random": (random, ("seed", "setstate")), "numpy": (np.random, ("seed", "set_state"))}
_STATES: dict[str, Callable[[], Any]] = {
    "random": random.getstate,
    "numpy": lambda: np.random.get_state(legacy=False),
}


class Chance:
    """Knows which generators were seeded since the session was told."""

    def __init__(self) -> None:
        self._seeded: set[str] = set()

    def watch(self) -> None:
        """Take note from now on when something is seeded in this process."""
        for kind, (module, names) in _SEEDING.items():
            for name in names:
                setattr(module, name, self._noting(kind, getattr(module, name)))

    def _noting(self, kind: str, seed: Callable[..., None]) -> Callable[..., None]:
        @wraps(seed)
        def noting(*arguments: Any, **keywords: Any) -> None:
            seed(*arguments, **keywords)
            self._seeded.add(kind)

        return noting

    @contextmanager
    def ignored(self) -> Iterator[None]:
        """Take no note for a while: the session does the same by itself."""
        before = set(self._seeded)
        yield
        self._seeded = before

    def told(self) -> dict[str, Any]:
        """Return the states that the session is to take over, once."""
        states = {kind: encode(_STATES[kind]()) for kind in self._seeded}
        self._seeded.clear()
        return states
