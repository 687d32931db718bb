"""What checks note of a student: in a plain file, never in grading, and never in the way."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from linbias.check import CheckFailed, check, check_answer, progress
from linbias.check.progress import Note
from linbias.check.tasks import TASKS


def distance(i: int, j: int) -> int:
    if j > i:
        raise ValueError("in the future")
    return i - j


def first_try(n: int, beta: float) -> list[list[float]]:
    return [[0.0] * n] * n


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty place for notes, outside of grading."""
    kept, file = progress._kept[:], tmp_path / "deep" / "progress.jsonl"
    progress._kept.clear()
    monkeypatch.setenv("LINBIAS_PROGRESS", str(file))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    yield file
    progress._kept[:] = kept


def slip() -> None:
    with pytest.raises(CheckFailed):
        check_answer("bias_5_2", 0.3)


def test_each_check_adds_a_line_of_json(file: Path) -> None:
    slip()
    check_answer("bias_5_2", -0.3)
    lines = [json.loads(line) for line in file.read_text().splitlines()]

    assert [(one["lesson"], one["passed"], one["mistake"]) for one in lines] == [
        ("01_one_pair", False, "sign_flipped"),
        ("01_one_pair", True, ""),
    ]
    assert progress.notes() == [Note(**line) for line in lines]


@pytest.mark.parametrize("kind", ["autograde", "validate"])
def test_nothing_is_noted_or_read_in_grading(
    file: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    slip()
    before = file.read_bytes()
    monkeypatch.setenv("NBGRADER_EXECUTION", kind)
    slip()
    check(distance, (5, 2))

    assert file.read_bytes() == before
    assert progress.notes() == []


def test_a_stub_is_no_try(file: Path) -> None:
    with pytest.raises(CheckFailed):
        check_answer("bias_5_2", None)

    assert progress.notes() == []


def unwritable(file: Path) -> None:
    file.parent.write_text("a file stands where the folder should be")


def a_folder(file: Path) -> None:
    file.mkdir(parents=True)


def full(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"\n" * (progress.MOST_BYTES + 1))


@pytest.mark.parametrize("break_it", [unwritable, a_folder, full])
def test_what_cannot_be_written_is_kept_until_the_kernel_ends(
    file: Path, break_it: Callable[[Path], None]
) -> None:
    break_it(file)
    slip()

    assert [one.mistake for one in progress.notes()] == ["sign_flipped"]


BROKEN: list[Any] = [
    b"\xff\xfe\x00",
    b"{",
    b"[1, 2]",
    b"[" * 100_000,
    b"null",
    b'{"lesson": "01_one_pair", "task": "distance", "passed": 1, "mistake": "", "time": ""}',
    b'{"lesson": "01_one_pair", "task": "distance"}',
    b'{"lesson": "99", "task": "distance", "passed": true, "mistake": "", "time": ""}',
    b'{"lesson": [], "task": {}, "passed": true, "mistake": "", "time": ""}',
]


@pytest.mark.parametrize("broken", BROKEN, ids=range(len(BROKEN)))
def test_a_broken_line_is_left_out_and_the_others_count(file: Path, broken: bytes) -> None:
    slip()
    with open(file, "ab") as lines:
        lines.write(broken + b"\n")
    check(distance, (5, 2))

    assert [one.task for one in progress.notes()] == ["bias_5_2", "distance"]


def test_without_a_notebook_no_file_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LINBIAS_PROGRESS")

    assert progress.place() is None


def test_without_a_home_there_is_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("LINBIAS_PROGRESS")
    monkeypatch.setattr(progress, "in_notebook", lambda: True)
    monkeypatch.setattr(Path, "home", homeless)

    assert progress.place() is None


SHARING = [lesson for lesson, tasks in TASKS.items() if "bias_matrix" in tasks]


@pytest.mark.parametrize("lesson", SHARING)
def test_a_task_of_several_lessons_belongs_to_the_one_whose_folder_it_is_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lesson: str
) -> None:
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    (tmp_path / lesson).mkdir()
    monkeypatch.chdir(tmp_path / lesson)

    assert progress.lesson_of("bias_matrix") == lesson


def test_the_notebooks_name_tells_the_lesson_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "course/03_scores_to_attention.ipynb")

    assert progress.lesson_of("bias_matrix") == "03_scores_to_attention"


def test_attempts_are_counted_from_the_last_pass_on() -> None:
    wrong, right = Note("01_one_pair", "row_4", False), Note("01_one_pair", "row_4", True)

    assert progress.attempts("01_one_pair", "row_4", [wrong, wrong]) == 2
    assert progress.attempts("01_one_pair", "row_4", [wrong, right, wrong]) == 1
    assert progress.attempts("01_one_pair", "distance", [wrong]) == 0


def test_the_check_that_is_shown_failing_is_no_mistake_of_the_students() -> None:
    with pytest.raises(CheckFailed):
        check(first_try, (4, 0.5))

    assert [one.task for one in progress.notes()] == ["first_try"]
    assert progress.students_own(progress.notes()) == []
