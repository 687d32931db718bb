"""Measure how fast submissions are graded: ratios in one run, on this machine, of this course.

Run as ``python -m tests.bench``; takes some minutes. The course is copied to a temporary folder,
so nothing of a real class is touched.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from grader.autograde.run import autograde
from grader.course.course import Course
from grader.course.release import release
from grader.demo import submissions
from grader.demo.students import CLASS, Student, make_class
from grader.outcome import Outcome

JOBS, ROUNDS = 2, 3
PLAIN = """
c = get_config()
c.CourseDirectory.root = {root!r}
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
c.CourseDirectory.submitted_directory = "classroom/submitted"
c.CourseDirectory.autograded_directory = "classroom/autograded"
c.CourseDirectory.feedback_directory = "classroom/feedback"
c.CourseDirectory.db_url = "sqlite:///{root}/classroom/gradebook.db"
"""
# nbgrader grades nobody any more after a notebook in which a cell stands twice.
GRADABLE = tuple(student for student in CLASS if student.habit is not submissions.answer_copied)
# nbgrader gives points for a test that a tag has kept from running, none for one that was deleted.
TAMPERED = {
    student.id
    for student in CLASS
    if student.habit in (submissions.tests_skipped, submissions.a_test_gone)
}


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
    release(course, lesson)
    make_class(course, lesson, students)
    return course


def timed(course: Course, lesson: str, scheduler: str | None = None) -> tuple[float, list[Outcome]]:
    """Grade everything anew; return the seconds that it took, and the outcomes."""
    begin = time.perf_counter()
    outcomes = autograde(course, lesson, jobs=JOBS, scheduler=scheduler, force=True)
    return time.perf_counter() - begin, outcomes


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


def against_nbgrader(here: Course, lesson: str, folder: Path, count: int) -> str:
    """Compare submissions a minute, and the scores, with nbgrader's own autograde."""
    theirs = course_with(here, lesson, GRADABLE, folder / "nbgrader")
    (theirs.root / "nbgrader_config.py").write_text(PLAIN.format(root=str(theirs.root)))
    begin = time.perf_counter()
    command = [sys.executable, "-m", "nbgrader", "autograde", lesson]
    subprocess.run(command, cwd=theirs.root, capture_output=True, check=False)
    slow = (time.perf_counter() - begin) / len(GRADABLE)
    ours = course_with(here, lesson, copies(GRADABLE, count), folder / "ours")
    seconds, outcomes = timed(ours, lesson)
    quick = seconds / len(outcomes)
    their_scores, our_scores = scores(theirs, lesson), scores(ours, lesson)
    honest = {key: score for key, score in their_scores.items() if key[0] not in TAMPERED}
    other = [key for key, score in honest.items() if our_scores[key] != score]
    return (
        f"{60 / quick:.0f} submissions a minute ({len(outcomes)} in {seconds:.1f} s), nbgrader"
        f" {60 / slow:.1f}: {slow / quick:.1f} times as many (aim: 20)\n"
        f"of {len(honest)} scores of honest submissions {len(other)} differ {other or ''}"
    )


def over_the_cells(here: Course, lesson: str, folder: Path, count: int) -> str:
    """Compare the wall time with the cells' own, and the pool with Dask, when both are warm.

    They take turns, so that what else the machine does falls on both.
    """
    honest = [student for student in CLASS if not student.mishap]
    course = course_with(here, lesson, copies(honest, count), folder / "cells")
    few = course_with(here, lesson, honest[:JOBS], folder / "few")
    own, seconds = 0.0, {"pool": 0.0, "dask": 0.0}
    with cluster(JOBS) as address:
        schedulers = {"pool": None, "dask": address}
        for scheduler in schedulers.values():
            timed(few, lesson, scheduler)
        for name in ("pool", "dask") * ROUNDS:
            took, outcomes = timed(course, lesson, schedulers[name])
            seconds[name] += took
            own += own_seconds(outcomes) * (name == "pool")
    return (
        f"wall time is {seconds['pool'] * JOBS / own:.2f} times the cells' own time (aim: 1.3)\n"
        f"Dask grades {seconds['pool'] / seconds['dask']:.2f} times as many as the pool (aim: 0.9)"
    )


class Watch:
    """Looks at the memory of this process, and of what it forks for submissions, now and then."""

    def __init__(self) -> None:
        self.own: list[int] = []
        self.forked = 0
        self._end = threading.Event()

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Look every tenth of a second."""
        thread = threading.Thread(target=self._look, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._end.set()
            thread.join()

    def _look(self) -> None:
        while not self._end.wait(0.1):
            self.own.append(_megabytes(os.getpid(), "VmRSS", "status"))
            parents = _children()
            warm = {pid for pid in parents if b"grader.judge.fork_server" in _command(pid)}
            forked = [pid for pid in warm if parents[pid] in warm]
            total = sum(_megabytes(pid, "Private_Dirty", "smaps_rollup") for pid in forked)
            self.forked = max(self.forked, total)


def _children() -> dict[int, int]:
    found = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            found[int(name)] = int(
                Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()[1]
            )
        except OSError:
            continue
    return found


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _megabytes(pid: int, what: str, file: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith(f"{what}:")) // 1024


def many(here: Course, lesson: str, folder: Path, count: int) -> str:
    """Grade `count` submissions in one run and compare its end with its beginning.

    Costs are compared over the cells' own time, which all that slows the machine slows as well.
    """
    course = course_with(here, lesson, copies(CLASS[:1], count), folder)
    watch = Watch()
    with watch.looking():
        outcomes = autograde(course, lesson, jobs=JOBS)
    ended = {
        course.outcome_file(outcome.student, lesson).stat().st_mtime: own_seconds([outcome])
        for outcome in outcomes
    }
    ends, tenth = sorted(ended), max(2, count // 10)
    early, late = (
        (times[-1] - times[0]) / sum(ended[time] for time in times[1:])
        for times in (ends[:tenth], ends[-tenth:])
    )
    quarter = len(watch.own) // 4
    return (
        f"{count} submissions: the last tenth cost {late / early:.2f} times as much as the first"
        f" (aim: 0.9 to 1.1); the grader grew by"
        f" {max(watch.own[-quarter:]) - max(watch.own[quarter : 2 * quarter])} MB;"
        f" at most {watch.forked / JOBS:.0f} MB more for a submission under way (aim: 60)"
    )


@contextmanager
def cluster(workers: int) -> Iterator[str]:
    """Start a Dask scheduler and workers on this machine; give the scheduler's address."""
    address = "tcp://127.0.0.1:8799"
    dask = str(Path(sys.executable).with_name("dask"))
    here = ["--host", "127.0.0.1", "--no-dashboard"]
    commands = [[dask, "scheduler", *here, "--port", "8799"]]
    commands += [[dask, "worker", address, *here, "--nthreads", "1"]] * workers
    running = [subprocess.Popen(command, stderr=subprocess.DEVNULL) for command in commands]
    try:
        time.sleep(5)
        yield address
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait()


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--lesson", default="02", help="the lesson to grade (default: 02)")
    parser.add_argument("--many", type=int, default=1000, help="submissions of the long run")
    options = parser.parse_args()
    here = Course.here()
    lesson = here.lesson(options.lesson)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        print(f"{lesson}, {JOBS} jobs, sandbox on", flush=True)
        print(against_nbgrader(here, lesson, folder, 12), flush=True)
        print(over_the_cells(here, lesson, folder, 10), flush=True)
        print(many(here, lesson, folder / "many", options.many), flush=True)


if __name__ == "__main__":
    main()
