"""Courses to measure with: a copy of this one, with made-up students, as many as are wanted."""

import gc
import os
import shutil
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import nbformat

from grader.autograde.prove import release_proved
from grader.course.course import Course
from grader.course.source import read_lesson
from grader.demo import submissions
from grader.demo.students import CLASS, Student, make_class
from grader.judge.restore import CODE, restore
from grader.outcome import Outcome
from grader.session.serve import warm_up
from grader.session.shell import SessionShell, make_shell, run_cell, take_over, use_inline_figures
from tests.courses.lessons import Lesson
from tests.helpers.tiny_course import CONFIG, write_notebook

HONEST = tuple(student for student in CLASS if not student.mishap)
# nbgrader grades nobody any more after a notebook in which a cell stands twice.
MISHAPS = tuple(
    student
    for student in CLASS
    if student.mishap and student.habit is not submissions.answer_copied
)
# nbgrader gives points for a test that a tag has kept from running.
TAMPERED = {student.id for student in CLASS if student.habit is submissions.tests_skipped}


def copies(students: Sequence[Student], count: int) -> tuple[Student, ...]:
    """Return a class `count` times as large."""
    return tuple(
        replace(student, id=f"{student.id}-{number}" if number else student.id)
        for number in range(count)
        for student in students
    )


def course_with(here: Course, lesson: str, students: Sequence[Student], folder: Path) -> Course:
    """Make a copy of the course in which the students have handed in a lesson."""
    folder.mkdir()
    shutil.copy(here.root / "nbgrader_config.py", folder)
    source = here.folder("source", ".", lesson)
    shutil.copytree(source, folder / source.relative_to(here.root))
    course = Course(folder)
    release_proved(course, lesson)
    make_class(course, lesson, students)
    return course


def course_of(lesson: Lesson, count: int, folder: Path) -> Course:
    """Make a course of one lesson, which each of its made-up students hands in `count` times."""
    folder.mkdir()
    (folder / "nbgrader_config.py").write_text(CONFIG)
    course = Course(folder)
    lesson.write(course.folder("source", ".", lesson.name))
    release_proved(course, lesson.name)
    released = course.folder("release", ".", lesson.name) / f"{lesson.name}.ipynb"
    for student, notebook in lesson.handed_in(nbformat.read(released, as_version=4)).items():
        for number in range(count):
            submitted = course.folder("submitted", f"{student}-{number}", lesson.name)
            write_notebook(notebook, submitted / released.name)
    return course


def own_seconds(outcomes: Sequence[Outcome]) -> float:
    """Return the wall time that the cells themselves took."""
    return sum(notebook.cell_seconds for outcome in outcomes for notebook in outcome.notebooks)


def scores(course: Course, lesson: str) -> dict[tuple[str, str], float]:
    """Return every cell's score in the gradebook, by student and cell."""
    with course.gradebook() as gradebook:
        return {
            (submission.student_id, grade.name): grade.score
            for submission in gradebook.assignment_submissions(lesson)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def cells_cpu(course: Course, lesson: str, students: Sequence[Student]) -> float:
    """Return the CPU seconds that a submission's cells need in a plain forked process, on average.

    Tests included; without a sandbox, a judge, a gradebook and a notebook to write.
    """
    sources = read_lesson(course, lesson)
    notebooks = []
    for student in students:
        folder = course.folder("submitted", student.id, lesson)
        for source in sources:
            steps, _ = restore((folder / f"{source.name}.ipynb").read_bytes(), source)
            notebooks.append([step.source for step in steps if step.cell_type == CODE])
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(_cpu_of, notebooks).result() / len(students)


def _cpu_of(notebooks: list[list[str]]) -> float:
    shell = make_shell(room=2**30)
    use_inline_figures(shell)
    warm_up(shell)
    take_over(shell)
    for source in notebooks[0]:  # so that all is imported
        run_cell(shell, source)
    shell.reset(new_session=True, aggressive=False)
    gc.freeze()
    return sum(_cpu_of_one(shell, cells) for cells in notebooks)


def _cpu_of_one(shell: SessionShell, cells: list[str]) -> float:
    """Run cells in a forked process, which finds all imported and copies what it changes."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        begin = time.process_time()
        for source in cells:
            run_cell(shell, source)
        os.write(writer, str(time.process_time() - begin).encode())
        os._exit(0)
    os.waitpid(child, 0)
    seconds = float(os.read(reader, 99))
    os.close(reader)
    os.close(writer)
    return seconds
