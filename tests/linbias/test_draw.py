"""Hidden cases follow from the secret, and no wrong answer survives them."""

from typing import Any

import numpy as np
import pytest

from linbias.check import EXERCISES, draw
from linbias.check.call import quiet
from linbias.check.draw import DEFAULT_SECRET, alike
from linbias.check.exercise import Case


def flat(cases: list[Case]) -> list[list[Any]]:
    return [[np.asarray(value).tolist() for value in case] for case in cases]


@pytest.fixture(autouse=True)
def no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COURSE_SECRET", raising=False)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_same_secret_draws_the_same_cases(name: str) -> None:
    count = EXERCISES[name].fewest
    first, second = draw(name, count, "02"), draw(name, count, "02")

    assert flat(first) == flat(second)
    assert len(first) == count


@pytest.mark.parametrize("name", EXERCISES)
def test_another_secret_label_or_exercise_draws_other_cases(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = max(4, EXERCISES[name].fewest)
    drawn = [flat(draw(name, count, "02")), flat(draw(name, count, "03"))]
    monkeypatch.setenv("COURSE_SECRET", "this term")
    drawn.append(flat(draw(name, count, "02")))

    assert drawn[0] != drawn[1]
    assert drawn[0] != drawn[2]


def test_exercises_with_the_same_arguments_have_cases_of_their_own() -> None:
    assert draw("bias_matrix", 3, "02") != draw("bias_matrix_no_loops", 3, "02")


def test_without_a_secret_the_documented_default_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = draw("bias_matrix", 3, "02")
    monkeypatch.setenv("COURSE_SECRET", DEFAULT_SECRET)

    assert draw("bias_matrix", 3, "02") == drawn


def test_an_empty_secret_is_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = draw("bias_matrix", 3, "02")
    monkeypatch.setenv("COURSE_SECRET", "")

    assert draw("bias_matrix", 3, "02") == drawn


def test_who_changes_a_drawn_array_does_not_change_the_next_draw() -> None:
    before = flat(draw("attend", 2, "03"))
    for array in draw("attend", 2, "03")[0][:3]:
        array *= 0

    assert flat(draw("attend", 2, "03")) == before


def test_drawn_slopes_are_never_whole_and_matrices_never_small(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for term in range(50):
        monkeypatch.setenv("COURSE_SECRET", f"term {term}")
        for n, beta in draw("bias_matrix", 3, "02"):
            assert n >= 4
            assert beta % 1 != 0
        for queries, _, beta in draw("attention_weights", 3, "03"):
            assert queries.shape[0] >= 4
            assert queries.shape[1] > 1
            assert beta % 1 != 0


@pytest.mark.parametrize(
    ("name", "cases"),
    [
        ("bias_matrix", [(1, 0.5)]),
        ("bias_matrix", [(2, 0.5)]),
        ("bias_matrix", [(5, 0.0)]),
        ("bias_matrix", [(5, 1.0)]),
        ("bias_matrix", [(5, 2.0)]),
        ("attention_weights", [(np.zeros((5, 3)), np.ones((5, 3)), 0.3)]),
        ("attention_weights", [(np.eye(5)[:, :1], np.eye(5)[:, 1:2], 0.3)]),
        ("window", [(0.5, 0.95)]),
        ("distance", [(5, 2)]),
    ],
)
def test_blind_cases_are_recognised_as_blind(name: str, cases: list[Case]) -> None:
    with quiet():
        assert alike(EXERCISES[name], tuple(cases)) is not None


def test_too_few_cases_are_refused_with_the_pair_that_they_confuse() -> None:
    with pytest.raises(ValueError, match=r"1 case of distance cannot tell .* apart: ask for more"):
        draw("distance", 1, "01")


def test_an_unknown_exercise_is_refused_with_the_names() -> None:
    with pytest.raises(ValueError, match=r"no exercise 'bias'.*bias_matrix"):
        draw("bias", 3, "02")
