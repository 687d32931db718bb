"""Seeds: a student's function draws what follows from a test's seed, and nothing comes back."""

import random
from typing import Any

import numpy as np
import pytest
from engine import answer, check, defines, graded, lesson, locked, passed

from grader.judge import chance
from grader.judge.chance import Chance

DRAWS = "import random\ndef f(n=1):\n    return [random.random() for _ in range(n)]"
DRAWS_ARRAYS = "def f(n=1):\n    return np.random.rand(n).tolist()"
RANDOM = locked("random", "import random")


def given(*tests: str, f: str = DRAWS, **answers: str) -> list[bool]:
    """Return which of some tests are passed."""
    cells = [check(f"test{place}", test) for place, test in enumerate(tests)]
    others = [answer(name) for name in answers]
    found = graded(lesson(RANDOM, defines("f"), *others, *cells), f=f, **answers)
    return [passed(one) for one in found.results]


PYTHON = ("random", DRAWS, "[random.random()]")
NUMPY = ("np.random", DRAWS_ARRAYS, "np.random.rand(1).tolist()")


@pytest.mark.parametrize(("module", "own", "draw"), [PYTHON, NUMPY])
@pytest.mark.parametrize(
    "test",
    [
        "{m}.seed(7)\ngot = f()\n{m}.seed(7)\nassert got == {draw}",
        "{m}.seed(7)\nfirst = f(2)\n{m}.seed(7)\nassert [*f(), *f()] == first",
        "{m}.seed(7)\nwant = {draw} + {draw}\n{m}.seed(7)\nassert {draw} == want[:1]\n"
        "assert f() == want[1:]",
    ],
)
def test_a_function_draws_what_follows_from_the_seed(
    module: str, own: str, draw: str, test: str
) -> None:
    assert given(test.format(m=module, draw=draw), f=own) == [True]


def test_a_constant_of_the_seed_is_expected() -> None:
    expected = random.Random(3).random()
    wrong = DRAWS.replace("random.random()", "1 - random.random()")

    assert given(f"random.seed(3)\nassert f() == [{expected!r}]") == [True]
    assert given(f"random.seed(3)\nassert f() == [{expected!r}]", f=wrong) == [False]


def test_a_seed_holds_until_somebody_draws() -> None:
    expected = [random.Random(3).random()]

    assert given("random.seed(3)", f"assert f() == {expected}") == [True, True]


def test_a_seed_of_a_locked_cell_is_the_sessions_own() -> None:
    seeded = locked("seeded", "random.seed(3)")
    generator = random.Random(3)
    drawn = [generator.random() for _ in range(3)]
    test = check("test", f"assert [x, *f(2)] == {drawn}")
    source = lesson(RANDOM, seeded, defines("f"), answer("x"), test)

    assert passed(graded(source, f=DRAWS, x="x = random.random()").results[0])


def test_a_function_does_not_choose_what_a_test_draws() -> None:
    own = "import random\ndef f(n=1):\n    random.seed(0)\n    return [0]"
    test = "random.seed(3)\nf()\nassert random.random() == {!r}"

    assert given(test.format(random.Random(3).random()), f=own) == [True]
    assert given(test.format(random.Random(0).random()), f=own) == [False]


def test_a_test_without_a_seed_tells_nothing_of_its_chance() -> None:
    own = "import random\nbefore = random.getstate()\ndef f(n=1):\n"
    own += "    return random.getstate() == before"

    assert given("random.random()\nassert f()", f=own) == [True]


def test_a_state_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, names in chance._SEEDING.values():
        for name in names:
            monkeypatch.setattr(module, name, getattr(module, name))
    watched = Chance()
    watched.watch()
    told: list[Any] = []
    for seed in (lambda: np.random.seed(1), lambda: random.seed(1), lambda: None):
        seed()
        told.append(list(watched.told()))
    with watched.ignored():
        random.seed(1)
    told.append(list(watched.told()))

    assert told == [["numpy"], ["random"], [], []]
