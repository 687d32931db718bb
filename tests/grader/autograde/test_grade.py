"""Grading one notebook: a cell costs only itself, and the grader's own failure is no grade."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import pytest
from engine import cells, check, defines, graded, lesson, notebook, output

from grader.autograde.grade import NotGraded, Terms, grade
from grader.autograde.pool import JudgeEnded, NotReady, Task
from grader.errors import SandboxMissing
from grader.judge.attempt import NO_STEP
from grader.judge.restore import EMPTY
from grader.outcome import GradedNotebook
from grader.session.limits import Limits

SOURCE = lesson(
    defines("f"),
    check("test_f", "assert f() == 3"),
    defines("g"),
    check("test_g", "assert g() == 4"),
    defines("h"),
    check("test_h", "assert h() == 5"),
)
RIGHT = {name: f"def {name}(): return {value}" for name, value in (("f", 3), ("g", 4), ("h", 5))}
QUICK = Terms(Limits(cell_seconds=1, notebook_seconds=60, memory=2**28))


def points(found: GradedNotebook) -> dict[str, float | None]:
    return {result.cell: result.points for result in found.results}


def message(found: GradedNotebook, test: str) -> str:
    return next(result.message for result in found.results if result.cell == test)


def with_right(**answers: str) -> GradedNotebook:
    return graded(SOURCE, QUICK, **RIGHT | answers)


# What ends a session, and how that is told
ENDS = {
    "exit": ("import os\nos._exit(0)", "Its code ended the whole process (exit status 0)."),
    "crash": ("import ctypes\nctypes.string_at(0)", "Its process was ended by SIGSEGV."),
    "hangs": ("sum(range(10**13))", "It ran longer than 1 seconds and could not be stopped."),
    "memory": (
        "import os, time\nfor _ in range(12):\n    if not os.fork():\n"
        "        held = bytearray(b'x') * 2**27\n        time.sleep(9)\ntime.sleep(9)",
        "It used more memory than a notebook may have, so it was ended.",
    ),
}


@pytest.mark.parametrize("end", ENDS)
def test_a_cell_that_ends_its_session_costs_only_its_own_test(end: str) -> None:
    code, why = ENDS[end]
    found = with_right(f=code)

    assert points(found) == {"test_f": 0, "test_g": 1, "test_h": 1}
    assert found.status == "graded with notes"
    assert found.notes == (f"The rest was graded without the cell f. {why}",)
    assert output(found, 1)[0]["evalue"] == why
    assert output(found, 4) == []


@pytest.mark.parametrize("end", ["exit", "hangs"])
def test_a_call_that_ends_its_session_costs_only_its_own_test(end: str) -> None:
    code, why = ENDS[end]
    found = with_right(g="def g():\n    " + code.replace("\n", "\n    "))

    assert points(found) == {"test_f": 1, "test_g": 0, "test_h": 1}
    assert message(found, "test_g") == why
    assert found.notes == (f"The rest was graded without the test test_g. {why}",)


def test_each_cell_that_ends_its_session_is_left_out() -> None:
    found = with_right(f=ENDS["exit"][0], h="def h():\n    import os\n    os._exit(2)")

    assert points(found) == {"test_f": 0, "test_g": 1, "test_h": 0}
    assert [note.split(".")[0] for note in found.notes] == [
        "The rest was graded without the cell f",
        "The rest was graded without the test test_h",
    ]


def test_a_cell_of_the_students_own_is_told_of_by_the_one_before_it() -> None:
    handed_in = cells(SOURCE, **RIGHT)
    own = {"cell_type": "code", "metadata": {}, "source": ENDS["exit"][0], "outputs": []}
    found = grade(notebook([*handed_in[:2], own, *handed_in[2:]]), SOURCE, QUICK)

    assert set(points(found).values()) == {1}
    assert found.notes[0].startswith("The rest was graded without the cell after f. Its code")


def test_with_more_such_cells_than_attempts_it_comes_to_an_end() -> None:
    names = [f"f{number}" for number in range(8)]
    pairs = [(defines(name), check(f"test_{name}", f"{name}()")) for name in names]
    source = lesson(*(cell for pair in pairs for cell in pair))
    answers = dict.fromkeys(names, ENDS["exit"][0]) | {"f0": "def f0(): pass"}
    found = graded(source, QUICK, **answers)

    assert points(found)["test_f0"] == 1
    assert sum(value or 0 for value in points(found).values()) == 1
    assert sum("graded without" in note for note in found.notes) == 5
    assert found.notes[-1] == f"A cell did not end: {ENDS['exit'][1]}"


def test_without_time_to_come_back_what_is_passed_stays_passed() -> None:
    slow = "import time\ntime.sleep(0.6)\n" + RIGHT["f"]
    terms = Terms(Limits(cell_seconds=1, notebook_seconds=2.5))
    found = graded(SOURCE, terms, **RIGHT | {"f": slow, "g": ENDS["hangs"][0]})

    assert points(found) == {"test_f": 1, "test_g": 0, "test_h": 0}


def test_a_locked_cell_that_ends_the_session_still_gives_the_tests_their_names() -> None:
    source = lesson(
        defines("f"),
        check("test_f", "import math\nassert f() == 3"),
        defines("g"),
        check("test_g", "assert math.floor(3.5) == 3\nassert g() == 4"),
    )
    found = graded(source, QUICK, f="def f():\n    import os\n    os._exit(0)", g=RIGHT["g"])

    assert points(found) == {"test_f": 0, "test_g": 1}


def test_a_test_that_a_students_value_ends_the_judge_in_costs_only_itself() -> None:
    source = lesson(
        defines("f"),
        check("test_f", "import os\nos._exit(f())"),
        defines("g"),
        check("test_g", "assert g() == 4"),
    )
    found = graded(source, QUICK, **RIGHT)

    assert points(found) == {"test_f": 0, "test_g": 1}
    assert message(found, "test_f") == "It did not end, or it ended the process that judges it."


def test_a_test_that_ends_every_judge_is_no_fault_of_a_submission() -> None:
    source = lesson(defines("f"), check("test", "__import__('os')._exit(1)"))

    with pytest.raises(NotGraded, match="so it was with an empty notebook"):
        graded(source, QUICK, **RIGHT)


# Which attempt is asked for, with a pool that only pretends

Answer = dict[str, Any] | Exception
DONE = {"graded": asdict(GradedNotebook("ps1", "graded"))}
KILLED = {"lost": 2, "reason": "Its process was ended by SIGKILL.", "left": 5.0}
EXITED = {"lost": 2, "reason": "Its code ended the whole process.", "left": 5.0}


class Pretends:
    """Gives answers one after the other, and keeps what it was asked."""

    def __init__(self, of_an_empty_notebook: Answer, *answers: Answer) -> None:
        self._empty, self._answers = of_an_empty_notebook, list(answers)
        self.asked: list[Task] = []

    def judge(self, task: Task) -> dict[str, Any]:
        if task.submission != EMPTY:
            self.asked.append(task)
        answer = self._empty if task.submission == EMPTY else self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def pretend(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Pretends]:
    def make(*answers: Answer, empty: Answer = DONE) -> Pretends:
        pool = Pretends(empty, *answers)

        @contextmanager
        def give(*_: Any) -> Iterator[Pretends]:
            yield pool

        monkeypatch.setattr("grader.autograde.grade.a_pool", give)
        return pool

    return make


def ended(step: int) -> JudgeEnded:
    return JudgeEnded("the process that judges it was ended", step)


def test_what_ends_a_session_is_left_out_at_once(pretend: Callable[..., Pretends]) -> None:
    pool = pretend(EXITED, DONE)
    grade(b"", SOURCE, QUICK)

    assert [task.without for task in pool.asked] == [{}, {2: EXITED["reason"]}]
    assert [task.seconds for task in pool.asked] == [60, 5]


@pytest.mark.parametrize("first", [KILLED, ended(2)])
def test_what_the_machine_may_have_ended_is_left_out_only_when_it_ends_again(
    pretend: Callable[..., Pretends], first: Answer
) -> None:
    pool = pretend(first, first, DONE)
    grade(b"", SOURCE, QUICK)

    assert [list(task.without) for task in pool.asked] == [[], [], [2]]


def test_what_ended_once_by_chance_loses_nothing(pretend: Callable[..., Pretends]) -> None:
    pool = pretend(KILLED, ended(4), DONE)
    grade(b"", SOURCE, QUICK)

    assert [task.without for task in pool.asked] == [{}, {}, {}]


def test_a_judge_that_always_ends_is_the_submissions_doing_where_an_empty_one_can_be_graded(
    pretend: Callable[..., Pretends],
) -> None:
    pretend(ended(NO_STEP), ended(NO_STEP))
    found = grade(b"", SOURCE, QUICK)

    assert found.status == "damaged"
    assert found.reason == "Whenever it is graded, the process that judges it was ended."
    assert set(points(found).values()) == {0}


@pytest.mark.parametrize("empty", [ended(NO_STEP), {"failed": "OSError: no space"}])
def test_a_judge_that_always_ends_is_the_machines_doing_where_no_notebook_can_be_graded(
    pretend: Callable[..., Pretends], empty: Answer
) -> None:
    pretend(ended(NO_STEP), ended(NO_STEP), empty=empty)

    with pytest.raises(NotGraded, match="was ended, and so it was with an empty notebook"):
        grade(b"", SOURCE, QUICK)


def test_an_error_of_the_judges_own_is_no_grade(pretend: Callable[..., Pretends]) -> None:
    pretend({"failed": "KeyError: 'cells'"})

    with pytest.raises(NotGraded, match="KeyError: 'cells'"):
        grade(b"", SOURCE, QUICK)


def test_what_is_never_ready_is_no_grade(pretend: Callable[..., Pretends]) -> None:
    pretend(NotReady("no memory"), NotReady("no memory"))

    with pytest.raises(NotReady, match="no memory"):
        grade(b"", SOURCE, QUICK)


def test_without_a_sandbox_there_is_no_grade(pretend: Callable[..., Pretends]) -> None:
    pretend({"not locked": "no namespaces"})

    with pytest.raises(SandboxMissing, match="no namespaces"):
        grade(b"", SOURCE, QUICK)


def test_a_lesson_can_tell_by_nbgrader_s_variable_that_it_is_graded() -> None:
    """Both where answers run and where tests do: so a long experiment need not be repeated."""
    graded_there = "import os\n\ndef f(): return os.environ.get('NBGRADER_EXECUTION')"
    test = "import os\nassert f() == os.environ['NBGRADER_EXECUTION'] == 'autograde'"
    found = graded(lesson(defines("f"), check("test_f", test)), QUICK, f=graded_there)

    assert points(found) == {"test_f": 1}


def test_a_warning_of_a_students_cell_stands_in_the_graded_notebook() -> None:
    warns = 'import warnings\n\nwarnings.warn("the tide is high")\n\n\ndef f(): return 3'

    (shown,) = output(with_right(f=warns), 1)

    assert shown["name"] == "stderr"
    assert "UserWarning: the tide is high" in shown["text"]
