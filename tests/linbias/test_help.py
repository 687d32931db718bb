"""Hints grow with the attempts, solutions open after a pass, and neither is there in grading."""

import re
from collections.abc import Iterator

import pytest

from linbias.check import EXERCISES, QUESTIONS, CheckFailed, check_answer, hint, progress, solution
from linbias.check.help import hints, source
from linbias.check.progress import Note
from linbias.check.tasks import TASKS, Task

HINTED = [(lesson, name) for lesson, tasks in TASKS.items() for name in tasks]


@pytest.fixture(autouse=True)
def noted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Note]]:
    """No notes, outside of grading."""
    before = progress._kept[:]
    progress._kept.clear()
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.delenv("LINBIAS_SOLUTIONS", raising=False)
    yield progress._kept
    progress._kept[:] = before


def told(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def slip() -> None:
    with pytest.raises(CheckFailed):
        check_answer("bias_5_2", 0.3)


def test_each_failed_check_adds_a_hint(capsys: pytest.CaptureFixture[str]) -> None:
    slip()
    told(capsys)
    hint()
    first = told(capsys)
    slip()
    hint()
    second = told(capsys)

    assert "Hint 1 of 2" in first
    assert "another try" in first
    assert "Hint 2 of 2" not in first
    assert first.splitlines()[0] in second
    assert "Hint 2 of 2" in second


@pytest.mark.parametrize("attempts", [1, 2, 3, 4])
def test_there_are_as_many_hints_as_attempts(attempts: int) -> None:
    said = hints(Task(hints=("a?", "b", "c")), attempts, done=False)

    assert sum(line.startswith("Hint") for line in said) == min(attempts, 3)


@pytest.mark.parametrize(
    ("given", "told_first"),
    [
        ("00009a", "bias_5_2: Your own numbers: Query"),
        ("00009b", "bias_5_2: The code '00009b' has a typing error."),
        ("", "bias_5_2: Your code is missing."),
    ],
)
def test_a_hint_begins_with_ones_own_numbers(
    given: str, told_first: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STUDENT_CODE", given)
    slip()
    told(capsys)
    hint("bias_5_2")

    assert told(capsys).startswith(told_first)


@pytest.mark.parametrize("name", ["bias_5_2", "visible_pairs_7", "bias_sum"])
def test_a_hint_has_no_numbers_where_they_are_ones_own(name: str) -> None:
    task = next(tasks[name] for tasks in TASKS.values() if name in tasks)
    printed = re.findall(r"\d+", QUESTIONS[name].asks)

    assert [one for one in re.findall(r"\d+", " ".join(task.hints)) if one in printed] == []


def test_without_an_attempt_there_is_no_hint(capsys: pytest.CaptureFixture[str]) -> None:
    hint("2.3")
    hint()
    said = told(capsys)

    assert "Try it first" in said
    assert "No check has failed yet" in said
    assert "Hint" not in said


def test_after_a_pass_nothing_is_left_to_hint_at(
    noted: list[Note], capsys: pytest.CaptureFixture[str]
) -> None:
    noted += [Note("02_causal_triangle", "bias_matrix", passed) for passed in (False, True)]
    hint("2.3")

    assert "nothing is left" in told(capsys)


@pytest.mark.parametrize("asked", ["1.2", "linear_bias"])
def test_a_task_is_found_by_its_number_and_its_name(
    asked: str, capsys: pytest.CaptureFixture[str]
) -> None:
    hint(asked)

    assert told(capsys).startswith("1.2 linear_bias: ")


@pytest.mark.parametrize("asked", ["9.9", "bias", ".", "first"])
def test_what_no_lesson_asks_is_refused_with_an_example(asked: str) -> None:
    for helping in (hint, solution):
        with pytest.raises(ValueError, match=r'such as hint\("2\.3"\)'):
            helping(asked)


def test_a_solution_opens_after_a_pass(
    noted: list[Note], capsys: pytest.CaptureFixture[str]
) -> None:
    noted.append(Note("02_causal_triangle", "bias_matrix", False))
    solution("2.3")
    assert "np.where" not in told(capsys)

    noted.append(Note("02_causal_triangle", "bias_matrix", True))
    solution()
    assert "It would give 2.4 away." in told(capsys)

    noted.append(Note("02_causal_triangle", "bias_matrix_no_loops", True))
    solution("2.3")
    said = told(capsys)
    assert "The idea: " in said
    assert "_arguments looks at" in said
    assert "np.where(visible, bias, -np.inf)" in said


def test_where_the_reference_would_give_a_later_lesson_away_there_is_none(
    noted: list[Note], capsys: pytest.CaptureFixture[str]
) -> None:
    noted.append(Note("00_start_here", "bias_matrix", True))
    solution("0.1")

    assert told(capsys).endswith("yours is as good as ours.\n")


def test_an_instructor_opens_all_solutions(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LINBIAS_SOLUTIONS", "open")
    solution("1.1")
    solution("bias_5_2")

    assert "return query - key" in told(capsys)


def test_before_any_pass_there_is_no_solution(capsys: pytest.CaptureFixture[str]) -> None:
    solution()

    assert "No check has passed yet" in told(capsys)


def test_in_grading_there_is_no_help(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    slip()
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    monkeypatch.setenv("LINBIAS_SOLUTIONS", "open")
    hint()
    hint("2.3")
    solution("2.3")

    assert set(told(capsys).splitlines()) == {"While a notebook is graded there is no help."}


@pytest.mark.parametrize("name", EXERCISES)
def test_the_worked_solution_is_code_without_its_docstring(name: str) -> None:
    code = source(name)

    assert code.startswith("def ")
    assert "Parameters" not in code
    assert '"""' not in code
    compile(code, name, "exec")


def test_the_worked_solution_brings_the_helpers_that_it_calls() -> None:
    assert "\ndef _log_shares(" in source("same_attention")


@pytest.mark.parametrize(("lesson", "name"), HINTED)
def test_a_hint_is_short_and_starts_with_a_question(lesson: str, name: str) -> None:
    task = TASKS[lesson][name]

    assert len(task.hints) == (2 if name in QUESTIONS else 3)
    assert "?" in task.hints[0]
    assert all(20 < len(one) <= 200 for one in task.hints)
    assert len(task.keep) <= 100
    assert bool(task.keep) == (name != "first_try")
    assert bool(task.idea) == (name in EXERCISES and lesson != "00_start_here")
    assert task.gives_away in {"", *TASKS[lesson]}


@pytest.mark.parametrize("name", [name for name, row in QUESTIONS.items() if row.is_number])
def test_no_hint_tells_a_number_that_is_asked_for(name: str) -> None:
    task = next(tasks[name] for tasks in TASKS.values() if name in tasks)
    numbers = [float(one) for one in re.findall(r"-?\d+(?:\.\d+)?", " ".join(task.hints))]

    assert QUESTIONS[name].right not in numbers
