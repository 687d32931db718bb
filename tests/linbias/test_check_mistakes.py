"""Every known mistake is told its own sentence and no other, and no message tells the answer."""

import re
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from linbias.check import CASES, EXERCISES, CheckFailed, check, draw
from linbias.check.call import quiet
from linbias.check.compare import Finding, examine, expected, outcome
from linbias.check.exercise import Exercise, Mistake
from linbias.check.message import say
from linbias.check.same import same
from linbias.check.values import Raised, number

# The second exercise on the bias matrix has the same rows under another name.
OWN = {name: row for name, row in EXERCISES.items() if name == row.name}
ROWS = [
    pytest.param(name, row, id=f"{name}-{row.slug}")
    for name, exercise in OWN.items()
    for row in exercise.mistakes
]
MANY_CELLS = [
    row for row in ROWS if OWN[str(row.values[0])].answer in ("vector", "matrix", "heads")
]
SECRETS = [f"term {number}" for number in range(50)]


def named(name: str, function: Any) -> Any:
    """Return the function under the name that students give it."""

    def student(*arguments: Any) -> Any:
        return function(*arguments)

    student.__name__ = name
    return student


def failure(name: str, function: Any, cases: Any) -> CheckFailed:
    with pytest.raises(CheckFailed) as error:
        check(named(name, function), *cases)
    return error.value


@pytest.mark.parametrize("name", EXERCISES)
def test_the_reference_passes(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    check(named(name, EXERCISES[name].reference), *CASES[name])

    assert capsys.readouterr() == (f"{name}: right, {len(CASES[name])} calls checked.\n", "")


@pytest.mark.parametrize(("name", "row"), ROWS)
def test_a_mistake_is_told_its_own_sentence(name: str, row: Mistake) -> None:
    error = failure(name, row.wrong, CASES[name])

    assert error.mistake == row.slug
    assert error.sentence in str(error)
    assert error.sentence.startswith(row.sentence.split("{")[0].rstrip())
    assert error.exercise == name


@pytest.mark.parametrize("name", OWN)
def test_drawn_cases_tell_each_mistake(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for secret in SECRETS[:3]:
        monkeypatch.setenv("COURSE_SECRET", secret)
        cases = draw(name, EXERCISES[name].fewest, "01")
        for row in EXERCISES[name].mistakes:
            with quiet():
                finding = examine(EXERCISES[name], row.wrong, cases)
            assert isinstance(finding, Finding), (row.slug, cases)
            assert finding.mistake is row, (row.slug, finding.mistake, cases)


@pytest.mark.parametrize("name", OWN)
def test_no_two_mistakes_are_alike_on_the_visible_cases(name: str) -> None:
    assert not alike(EXERCISES[name], CASES[name])


@pytest.mark.parametrize("name", OWN)
def test_no_two_mistakes_are_alike_under_fifty_secrets(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for secret in SECRETS:
        monkeypatch.setenv("COURSE_SECRET", secret)
        assert not alike(EXERCISES[name], draw(name, EXERCISES[name].fewest, "01")), secret


def alike(exercise: Exercise, cases: Any) -> list[tuple[str, str]]:
    """Return the pairs that give the same on all cases; they would have to share a row."""
    with quiet():
        answers = {"right": [expected(exercise, case) for case in cases]}
        for row in exercise.mistakes:
            answers[row.slug] = [outcome(exercise, row, case) for case in cases]
        return [
            pair
            for pair in combinations(answers, 2)
            if all(map(same, answers[pair[0]], answers[pair[1]]))
        ]


@pytest.mark.parametrize("name", OWN)
def test_slugs_are_unique_and_sentences_differ(name: str) -> None:
    rows = EXERCISES[name].mistakes

    assert len({row.slug for row in rows}) == len(rows)
    assert len({row.sentence for row in rows}) == len(rows)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            lambda n, beta: np.where(later(n) >= 0, beta * later(n), -np.inf),
            lambda n, beta: np.where(later(n) >= 0, -beta * -later(n), -np.inf),
            id="sign flipped is i and j swapped",
        ),
        pytest.param(
            lambda n, beta: np.where(later(n) >= 0, -beta * (later(n) + 1), -np.inf),
            lambda n, beta: np.where(later(n) >= 0, -beta * (later(n + 1)[1:, :-1]), -np.inf),
            id="one too many is counting from 1",
        ),
        pytest.param(
            lambda n, beta: np.tril(-beta * later(n)),
            lambda n, beta: np.where(later(n) >= 0, -beta * later(n), 0.0),
            id="np.tril is zeros outside",
        ),
    ],
)
def test_two_ways_to_the_same_matrix_share_one_row(one: Any, other: Any) -> None:
    cases = CASES["bias_matrix"]
    first, second = (failure("bias_matrix", wrong, cases) for wrong in (one, other))

    assert first.mistake == second.mistake is not None
    assert first.sentence == second.sentence


def later(n: int) -> Any:
    return np.arange(n)[:, None] - np.arange(n)[None, :]


@pytest.mark.parametrize(("name", "row"), MANY_CELLS)
def test_a_message_gives_no_other_expected_number_away(name: str, row: Mistake) -> None:
    """It speaks of one cell; the other numbers in it are the student's own or in the call."""
    with quiet():
        finding = examine(EXERCISES[name], row.wrong, CASES[name])
    assert isinstance(finding, Finding)
    it = finding.attempt
    others = decimals(it.right)
    if finding.stage == "wrong_value":
        others -= decimals(it.right[it.cell])
    own = decimals(it.yours) | decimals(list(it.arguments.values())) | set(numbers(row.say(it)))

    assert not set(numbers(say(name, finding)[0])) & (others - own)


def decimals(values: Any) -> set[str]:
    """Return the numbers with a decimal point in values, as a message would write them."""
    if values is None or isinstance(values, Raised):
        return set()
    if isinstance(values, list):
        return {text for value in values for text in decimals(value)}
    return {number(abs(value)) for value in np.ravel(values).tolist() if value % 1}


def numbers(text: str) -> list[str]:
    return re.findall(r"\d+\.\d+", text)
