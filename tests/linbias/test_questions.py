"""The questions: right answers pass, wrong ones are told why, and clumsy ones how to write them."""

from typing import Any

import numpy as np
import pytest

import linbias
from linbias.check import QUESTIONS, CheckFailed, check_answer
from linbias.check.questions import Question, Wrong

SEVERAL = {name: asked for name, asked in QUESTIONS.items() if asked.several}
ONE = {name: asked for name, asked in QUESTIONS.items() if not asked.several}
LETTERS = {name: asked for name, asked in ONE.items() if not asked.is_number}
WRONG = [
    pytest.param(name, row, id=f"{name}-{row.answer}")
    for name, asked in ONE.items()
    for row in asked.wrong
]
MISPLACED = [
    pytest.param(name, row, id=f"{name}-{row.answer}")
    for name, asked in SEVERAL.items()
    for row in asked.wrong
]


def refused(question: str, answer: Any) -> CheckFailed:
    with pytest.raises(CheckFailed) as error:
        check_answer(question, answer)
    return error.value


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_right_answer_passes(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    check_answer(name, QUESTIONS[name].right)

    assert capsys.readouterr() == (f"{name}: right.\n", "")


@pytest.mark.parametrize(("name", "row"), WRONG)
def test_a_wrong_answer_is_told_its_own_sentence(name: str, row: Wrong) -> None:
    error = refused(name, row.answer)

    assert (error.mistake, error.sentence) == (row.slug, row.sentence)
    assert error.exercise == name
    assert row.sentence in str(error)


@pytest.mark.parametrize("name", LETTERS)
def test_every_choice_is_right_or_has_a_sentence(name: str) -> None:
    asked = LETTERS[name]

    assert {row.answer for row in asked.wrong} | {asked.right} == set(asked.choices)
    assert len({row.sentence for row in asked.wrong}) == len(asked.wrong)


@pytest.mark.parametrize(("name", "row"), WRONG)
def test_no_sentence_gives_the_right_answer_away(name: str, row: Wrong) -> None:
    asked = QUESTIONS[name]
    secret = asked.choices.get(str(asked.right)) or str(asked.right)

    assert secret not in row.sentence
    assert secret not in asked.hint


@pytest.mark.parametrize(("name", "row"), MISPLACED)
def test_a_choice_on_the_wrong_side_is_told_its_own_sentence(name: str, row: Wrong) -> None:
    asked = QUESTIONS[name]
    chosen = "".join(sorted(set(str(asked.right)) ^ {str(row.answer)}))
    error = refused(name, chosen)

    assert error.mistake == row.slug
    assert error.sentence == f"3 of 4 are where they belong. {row.sentence}"


def test_of_two_choices_on_the_wrong_side_the_first_is_told() -> None:
    error = refused("museum_one", "BD")

    assert error.sentence.startswith("2 of 4 are where they belong. Look at A again")


@pytest.mark.parametrize("name", SEVERAL)
def test_where_several_fit_every_choice_has_a_sentence(name: str) -> None:
    asked = SEVERAL[name]

    assert "".join(str(row.answer) for row in asked.wrong) == "".join(asked.choices)
    assert 0 < len(str(asked.right)) < len(asked.choices)


@pytest.mark.parametrize("answer", ["AD", "DA", "a, d", ["A", "D"], "(A)(D)"])
def test_several_letters_pass_in_any_form(answer: Any) -> None:
    check_answer("museum_one", answer)


@pytest.mark.parametrize("answer", ["AX", 1, ["A", 2], "A and D", {}])
def test_what_is_no_row_of_letters_is_told_how_to_write_it(answer: Any) -> None:
    error = refused("museum_one", answer)

    assert error.mistake == "wrong_type"
    assert 'such as "AB"' in str(error)


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_answer_is_not_answered_yet(name: str) -> None:
    for nothing in (None, ...):
        error = refused(name, nothing)

        assert error.mistake == "not_attempted"
        assert "Not answered yet" in str(error)


def test_the_numbers_follow_from_the_reference() -> None:
    matrix = linbias.bias_matrix(7, 0.5)

    assert QUESTIONS["bias_5_2"].right == pytest.approx(linbias.linear_bias(5, 2, 0.1))
    assert QUESTIONS["visible_pairs_7"].right == linbias.causal_mask(7).sum()
    assert QUESTIONS["bias_sum"].right == matrix[np.isfinite(matrix)].sum()
    assert linbias.half_distance(0.1) == 2 * linbias.half_distance(0.2)
    assert QUESTIONS["memory_ratio"].right == linbias.bias_matrix(2048, 0.5)[:, 0].size


@pytest.mark.parametrize("answer", [-0.3, np.float64(-0.3), np.float32(-0.3), np.array(-0.3)])
def test_a_number_passes_in_any_form(answer: Any) -> None:
    check_answer("bias_5_2", answer)


@pytest.mark.parametrize(
    "answer", ["false", "False", " FALSE ", False, np.False_, '"false"', "F", "f"]
)
def test_false_passes_in_any_form(answer: Any) -> None:
    check_answer("penalty_shrinks", answer)


@pytest.mark.parametrize("answer", ["B", "b", " b ", "(B)", "B.", "b)"])
def test_a_letter_passes_in_any_form(answer: str) -> None:
    check_answer("row_4", answer)


class Liar:
    """Says that it equals everything."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return True


@pytest.mark.parametrize(
    ("name", "answer", "remedy"),
    [
        ("bias_5_2", "-0.3", "without quotes"),
        ("bias_5_2", (0, 3), "write a decimal point"),
        ("bias_5_2", [-0.3], "An array that holds one number came"),
        ("bias_5_2", True, "Give one number"),
        ("bias_5_2", Liar(), "A Liar came"),
        ("bias_5_2", {}, "A dict came"),
        ("row_4", "E", 'Give "A", "B", "C" or "D", with the quotes'),
        ("row_4", 1, "none of the choices"),
        ("row_4", True, "none of the choices"),
        ("row_4", ["B"], "A list with one entry is none of the choices"),
        ("row_4", "Row B", "The text 'Row B' is none of the choices"),
        ("row_4", Liar(), "none of the choices"),
        ("row_4", "the second one, I think", "none of the choices"),
        ("penalty_shrinks", 0, 'Give "true" or "false"'),
    ],
)
def test_a_clumsy_answer_is_told_how_to_write_it(name: str, answer: Any, remedy: str) -> None:
    error = refused(name, answer)

    assert error.mistake == "wrong_type"
    assert remedy in str(error)


def test_an_unknown_number_gets_the_hint() -> None:
    error = refused("bias_sum", 3)

    assert error.mistake is None
    assert error.sentence == QUESTIONS["bias_sum"].hint


@pytest.mark.parametrize("answer", [float("nan"), float("inf"), 10**400])
def test_an_absurd_number_is_no_right_answer(answer: Any) -> None:
    refused("visible_pairs_7", answer)


def test_an_unknown_question_is_the_authors_mistake() -> None:
    with pytest.raises(ValueError, match=r"no question 'bias'.*bias_5_2"):
        check_answer("bias", 1)


@pytest.mark.parametrize("name", QUESTIONS)
def test_markdown_holds_the_question_and_all_its_choices(name: str) -> None:
    asked: Question = QUESTIONS[name]

    assert asked.markdown.startswith(asked.asks)
    assert all(
        f"- **{letter}**: {text}" in asked.markdown
        for letter, text in asked.choices.items()
        if text
    )
    assert asked.hint or not asked.is_number
