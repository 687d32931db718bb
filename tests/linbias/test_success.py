"""What a passed check shows: one line everywhere, and more in a notebook."""

from base64 import b64decode
from typing import Any

import pytest

from linbias.check import EXERCISES, check, success
from linbias.check.compare import Passed, examine
from linbias.check.picture import picture_of_right
from linbias.check.success import celebrate, told
from linbias.check.tasks import TASKS

LESSON = "02_causal_triangle"


def test_it_tells_points_progress_and_what_to_keep():
    html, text = told(LESSON, "bias_matrix", {"bias_matrix", "causal_mask"}, ("<img>", "a picture"))

    assert "2.3 · 3 points" in html
    assert "2 of 7 checks of this lesson pass." in html
    assert html.count("■") == 2
    assert html.count("□") == 5
    assert text.splitlines()[:2] == [
        "2.3 · 3 points: 0 on the diagonal, equal steps down to the left, -inf in the future.",
        "a picture",
    ]


def test_a_finished_lesson_is_praised():
    everything = {name for name, task in TASKS[LESSON].items() if task.points}

    _, text = told(LESSON, "bias_sum", everything, None)

    assert "All 7 checks of this lesson pass. Well done!" in text


def test_the_one_check_of_lesson_00_is_not_called_all():
    _, text = told("00_start_here", "bias_matrix", {"bias_matrix"}, None)

    assert text.endswith("This lesson's check passes. Well done!")


@pytest.mark.parametrize(("passed", "offered"), [({"a"}, False), ({"bias_matrix_no_loops"}, True)])
def test_a_solution_is_offered_when_it_gives_nothing_away(passed: set[str], offered: bool):
    assert ('solution("2.3")' in told(LESSON, "bias_matrix", passed, None)[1]) is offered


def test_an_optional_task_says_so_and_counts_for_nothing():
    html, _ = told("05_same_attention", "bf16_positions", set(), None)

    assert "optional" in html
    assert "0 of 5 checks" in html


def test_outside_of_a_notebook_a_pass_stays_one_line(capsys: pytest.CaptureFixture[str]):
    check(EXERCISES["causal_mask"].reference, (4,))

    assert len(capsys.readouterr().out.splitlines()) == 1


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a notebook would show."""
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.setattr(success, "in_notebook", lambda: True)
    found: list[str] = []
    monkeypatch.setattr(success, "show", lambda html, text: found.append(html))
    return found


def failing() -> Any:
    raise ZeroDivisionError


def test_a_picture_that_cannot_be_drawn_takes_no_success_away(shown: list[str]):
    celebrate("causal_mask", failing)

    assert "2.2 · 1 point" in shown[0]


def test_in_grading_nothing_is_drawn_or_shown(shown: list[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    celebrate("causal_mask", failing)

    assert shown == []


def passed(name: str) -> Passed:
    exercise = EXERCISES[name]
    found = examine(exercise, exercise.reference, exercise.cases)
    assert isinstance(found, Passed)
    return found


DRAWN = [name for name, row in EXERCISES.items() if row.axes or row.name in ("distance", "window")]


@pytest.mark.parametrize("name", DRAWN)
def test_the_picture_of_a_right_answer_shows_it_and_no_cross(name: str):
    html, words = picture_of_right(name, EXERCISES[name], passed(name)) or ("", "")

    assert "<img alt=" in html
    assert "✗" not in html
    assert "differs" not in words
    assert "expected" not in words
    assert words.startswith("Picture of ")


def test_a_small_number_is_not_shown_as_zero():
    """The last of 8 slopes is 1/256."""
    exercise = EXERCISES["slopes_power_of_two"]
    html, _ = picture_of_right("slopes_power_of_two", exercise, passed(exercise.name)) or ("", "")
    drawn = b64decode(html.split("base64,")[1].split('"')[0]).decode()

    assert ">0.004<" in drawn
    assert ">0<" not in drawn


def test_a_picture_is_drawn_in_place_of_a_call_that_had_to_fail():
    """The reference refuses 6 heads; there is nothing to see of that."""
    found = passed("slopes_power_of_two")

    assert type(found.attempt.right).__name__ == "ndarray"
