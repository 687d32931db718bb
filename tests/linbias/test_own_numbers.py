"""Numbers of one's own: they follow from the code, and slips on them are known, too."""

import hashlib
import re

import pytest

import linbias
from linbias.check import QUESTIONS, CheckFailed, check_answer, own_numbers

NAMES = ["bias_5_2", "visible_pairs_7", "bias_sum"]


def code(word: str) -> str:
    return word + hashlib.sha256(word.encode()).hexdigest()[:2]


def refused(question: str, answer: object) -> CheckFailed:
    with pytest.raises(CheckFailed) as error:
        check_answer(question, answer)
    return error.value


@pytest.fixture
def mine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUDENT_CODE", code("mine"))


@pytest.fixture(autouse=True)
def no_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STUDENT_CODE", raising=False)


@pytest.mark.parametrize("name", QUESTIONS)
def test_without_a_code_a_question_is_as_printed(name: str) -> None:
    assert own_numbers.question(name) is QUESTIONS[name]
    assert "Your own numbers" not in str(refused(name, None))


@pytest.mark.usefixtures("mine")
@pytest.mark.parametrize("name", NAMES)
def test_an_answer_to_ones_own_numbers_passes(name: str) -> None:
    asked = own_numbers.question(name)

    assert asked.right != QUESTIONS[name].right
    check_answer(name, asked.right)


@pytest.mark.usefixtures("mine")
@pytest.mark.parametrize("name", NAMES)
def test_a_slip_on_ones_own_numbers_is_told_its_own_sentence(name: str) -> None:
    asked = own_numbers.question(name)

    for row in asked.wrong:
        error = refused(name, row.answer)
        assert (error.mistake, error.sentence) == (row.slug, row.sentence)
        assert own_numbers.asks(name) in str(error)


@pytest.mark.usefixtures("mine")
@pytest.mark.parametrize("name", NAMES)
def test_the_answer_to_the_printed_numbers_is_told_apart(name: str) -> None:
    error = refused(name, QUESTIONS[name].right)

    assert error.mistake == "numbers_of_text"
    assert own_numbers.asks(name) in str(error)


@pytest.mark.usefixtures("mine")
@pytest.mark.parametrize("name", NAMES)
def test_an_empty_answer_is_told_its_numbers(name: str) -> None:
    assert own_numbers.asks(name) in str(refused(name, None))


def test_ones_own_numbers_are_told_in_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUDENT_CODE", code("mine"))

    assert re.fullmatch(
        r"Your own numbers: Query \d+ looks at key \d and β = 0\.\d+\. What is the bias\?",
        own_numbers.asks("bias_5_2"),
    )
    assert "for n = 6 and β = 0.05." in own_numbers.asks("bias_sum")


@pytest.mark.usefixtures("mine")
def test_other_questions_stay_as_printed() -> None:
    assert own_numbers.question("row_4") is QUESTIONS["row_4"]
    check_answer("memory_ratio", 2048)


@pytest.mark.parametrize("name", NAMES)
def test_a_class_has_many_different_answers(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def right(student: int) -> float | str:
        monkeypatch.setenv("STUDENT_CODE", code(f"s{student}"))
        return own_numbers.question(name).right

    assert len({right(student) for student in range(60)}) > 15


@pytest.mark.parametrize(
    ("given", "told"), [("", "Your code is missing"), ("sb8970bdd9d", "typing error")]
)
def test_a_missing_or_mistyped_code_is_asked_for(
    given: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STUDENT_CODE", given)
    error = refused("bias_5_2", -0.3)

    assert error.mistake == "not_attempted"
    assert told in str(error)
    check_answer("row_4", "B")


def test_the_numbers_follow_from_the_reference() -> None:
    matrix = linbias.bias_matrix(9, 0.3)

    assert own_numbers.bias_of_pair(8, 3, 0.3).right == pytest.approx(
        linbias.linear_bias(8, 3, 0.3)
    )
    assert own_numbers.visible_pairs(9).right == linbias.causal_mask(9).sum()
    assert own_numbers.sum_of_biases(9, 0.3).right == pytest.approx(matrix[matrix > -99].sum())
