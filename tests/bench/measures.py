"""The measured runs; each gives figures that are ratios within it."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from statistics import median
from typing import Any

import grader.autograde.run
from grader.autograde.pool import close_pools
from grader.autograde.run import autograde
from grader.course.course import Course
from grader.course.lesson import SourceNotebook
from grader.demo.students import CLASS, Student
from grader.outcome import Outcome
from linbias.widgets import beta_slider
from tests.bench.classes import (
    HONEST,
    MISHAPS,
    TAMPERED,
    cells_cpu,
    copies,
    course_of,
    course_with,
    own_seconds,
    scores,
)
from tests.bench.figures import (
    Figure,
    a_minute,
    differing,
    growth,
    last_over_first_tenth,
)
from tests.bench.load import load as load_of
from tests.bench.machine import Watch, cluster, cpu_seconds
from tests.courses.lessons import lessons, read_lesson

JOBS, ROUNDS = 2, 3
ORDINARY = ("library", "weather", "plots")
MANY_CALLS = 2000
CALLS = f"""
```python answer counter
class Counter:
    def __init__(self):
        self.count = 0

    def up(self):
        self.count += 1
```

```python test test_counter 1
counter = Counter()
for _ in range({MANY_CALLS}):
    counter.up()
assert counter.count == {MANY_CALLS}
```
"""
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


@dataclass(frozen=True)
class Bench:
    """What is measured, and where.

    Attributes
    ----------
    copies : int
        How many times the honest students hand in where speed is measured.
    many : int
        The submissions of the long run.
    students : int
        How many work at once on a hub.
    """

    here: Course
    lesson: str
    folder: Path
    copies: int = 20
    many: int = 500
    students: int = 60

    def course(self, name: str, students: Sequence[Student]) -> Course:
        """Make a course of its own."""
        return course_with(self.here, self.lesson, students, self.folder / name)

    def graded(self, course: Course, scheduler: str | None = None) -> tuple[float, list[Outcome]]:
        """Grade everything anew; return the seconds that it took, and the outcomes."""
        begin = time.perf_counter()
        outcomes = autograde(course, self.lesson, jobs=JOBS, scheduler=scheduler, force=True)
        return time.perf_counter() - begin, outcomes


def _nbgrader(bench: Bench, name: str, students: Sequence[Student]) -> tuple[float, float, Course]:
    """Grade with nbgrader's own autograde; return the seconds, those of CPU, and the course."""
    course = bench.course(name, students)
    with cpu_seconds() as used:
        return _by_nbgrader(course, bench.lesson), used(), course


def _by_nbgrader(course: Course, lesson: str) -> float:
    """Grade a lesson with nbgrader's own autograde; return the seconds."""
    (course.root / "nbgrader_config.py").write_text(PLAIN.format(root=str(course.root)))
    command = [sys.executable, "-m", "nbgrader", "autograde", lesson]
    begin = time.perf_counter()
    subprocess.run(command, cwd=course.root, capture_output=True, check=False)
    return time.perf_counter() - begin


def _against_nbgrader(
    bench: Bench, name: str, students: Sequence[Student], count: int, least: float | None
) -> tuple[Figure, Course, Course]:
    slow, their_cpu, theirs = _nbgrader(bench, f"{name}-nbgrader", students)
    ours = bench.course(name, copies(students, count))
    close_pools()  # what grades has to be started in the group that counts
    with cpu_seconds() as used:
        quick, outcomes = bench.graded(ours)
        our_cpu = used()
    rate, their_rate = a_minute(len(outcomes), quick), a_minute(len(students), slow)
    seen = (
        f"{rate:.0f} submissions a minute, nbgrader {their_rate:.1f}; CPU "
        f"{1000 * our_cpu / len(outcomes):.0f} ms, nbgrader {1000 * their_cpu / len(students):.0f}"
    )
    figure = Figure(f"{name} over nbgrader", rate / their_rate, "times", least, seen=seen)
    return figure, theirs, ours


def honest(bench: Bench) -> Iterator[Figure]:
    """Measure honest work against nbgrader: speed and scores."""
    figure, theirs, ours = _against_nbgrader(bench, "honest work", HONEST, bench.copies, 60)
    yield figure
    expected = {
        key: score for key, score in scores(theirs, bench.lesson).items() if key[0] not in TAMPERED
    }
    other = differing(expected, scores(ours, bench.lesson))
    seen = f"of {len(expected)} {other or ''}"
    yield Figure("scores that differ", len(other), most=0, seen=seen)


def ordinary(bench: Bench) -> Iterator[Figure]:
    """Measure lessons of ordinary tests, of classes, tables and plots, against nbgrader."""
    quick, slow, count = 0.0, 0.0, 0
    for lesson in [one for one in lessons() if one.name in ORDINARY]:
        theirs = course_of(lesson, 1, bench.folder / f"{lesson.name}-nbgrader")
        slow += bench.copies * _by_nbgrader(theirs, lesson.name)
        ours = course_of(lesson, bench.copies, bench.folder / lesson.name)
        begin = time.perf_counter()
        count += len(autograde(ours, lesson.name, jobs=JOBS))
        quick += time.perf_counter() - begin
    rate, their_rate = a_minute(count, quick), a_minute(count, slow)
    seen = f"{', '.join(ORDINARY)}: {rate:.0f} submissions a minute, nbgrader {their_rate:.1f}"
    yield Figure("ordinary tests over nbgrader", rate / their_rate, "times", 15, seen=seen)


def handles(bench: Bench) -> Iterator[Figure]:
    """Measure what a call of a method takes of an object that stays in the session."""
    course = course_of(read_lesson("calls", CALLS), bench.copies, bench.folder / "calls")
    outcomes = [one for one in autograde(course, "calls", jobs=1) if one.student[:5] == "right"]
    each = median(one.results[0].seconds / MANY_CALLS for one in outcomes)
    seen = f"{MANY_CALLS} calls of a method, {len(outcomes)} times"
    yield Figure("a handle's call", 1000 * each, "ms", most=0.3, seen=seen)


def mishaps(bench: Bench) -> Iterator[Figure]:
    """Measure endless loops, ended kernels and the like against nbgrader."""
    yield _against_nbgrader(bench, "mishaps", MISHAPS, 1, None)[0]


def cpu(bench: Bench) -> Iterator[Figure]:
    """Compare the machine's CPU time with what the cells themselves need."""
    course = bench.course("cpu", copies(HONEST, bench.copies))
    own = cells_cpu(course, bench.lesson, HONEST)
    close_pools()  # what grades has to be started in the group that counts
    with cpu_seconds() as used:
        bench.graded(course)  # until all is warm
        before = used()
        _, outcomes = bench.graded(course)
        spent = (used() - before) / len(outcomes)
    seen = f"{1000 * spent:.0f} ms for {1000 * own:.0f}"
    yield Figure("CPU time over the cells' own", spent / own, most=1.4, seen=seen)


def dask(bench: Bench) -> Iterator[Figure]:
    """Compare the pool with Dask; they take turns, so that what else runs falls on both."""
    course = bench.course("dask", copies(HONEST, bench.copies))
    seconds = {"pool": 0.0, "dask": 0.0}
    with cluster(JOBS) as address:
        schedulers = {"pool": None, "dask": address}
        for scheduler in schedulers.values():
            bench.graded(course, scheduler)
        for name in ("pool", "dask") * ROUNDS:
            seconds[name] += bench.graded(course, schedulers[name])[0]
    seen = f"{seconds['pool']:.1f} s and {seconds['dask']:.1f} s"
    yield Figure("Dask over the pool", seconds["pool"] / seconds["dask"], least=0.92, seen=seen)


@contextmanager
def _all_inside() -> Iterator[None]:
    """Let all tests run in the session, whatever the proof of the lesson found."""
    module: Any = grader.autograde.run
    before = module.proved_lesson

    def read(*arguments: Any, **options: Any) -> Any:
        sources, proof = before(*arguments, **options)
        return [replace(source, **_tests_of(source)) for source in sources], proof

    module.proved_lesson = read
    try:
        yield
    finally:
        module.proved_lesson = before


def _tests_of(source: SourceNotebook) -> dict[str, tuple[str, ...]]:
    return {"inside": tuple(cell.cell for cell in source.cells if cell.is_test)}


def inside(bench: Bench) -> Iterator[Figure]:
    """Measure a lesson whose tests all run in the session against nbgrader."""
    if "inside" not in {field.name for field in fields(SourceNotebook)}:
        return
    with _all_inside():
        yield _against_nbgrader(bench, "inside tests", HONEST, bench.copies, 15)[0]


def many(bench: Bench) -> Iterator[Figure]:
    """Grade many submissions in one run and compare its end with its beginning."""
    course = bench.course("many", copies(CLASS[:1], bench.many))
    watch = Watch()
    with watch.looking():
        outcomes = autograde(course, bench.lesson, jobs=JOBS)
    ended = {
        course.outcome_file(outcome.student, bench.lesson).stat().st_mtime: own_seconds([outcome])
        for outcome in outcomes
    }
    seen = f"{len(outcomes)} submissions"
    tenths = last_over_first_tenth(ended)
    yield Figure("last tenth over the first", tenths, most=1.05, seen=seen)
    yield Figure("the grader grew by", growth(watch.own), "MB", most=20, seen=seen)
    yield Figure("a submission under way takes", watch.forked / JOBS, "MB", most=60)


def release(bench: Bench) -> Iterator[Figure]:
    """Measure the release of all lessons, with their proof, beyond the time of their cells."""
    lessons, own = bench.here.lessons(), 0.0
    perfect_and_empty = [CLASS[0], next(one for one in HONEST if "berg" in one.id)]
    for lesson in lessons:
        course = course_with(
            bench.here, lesson, perfect_and_empty, bench.folder / f"release-{lesson}"
        )
        own += cells_cpu(course, lesson, perfect_and_empty) * len(perfect_and_empty)
    root = bench.folder / "release"
    shutil.copytree(bench.here.root / "solutions", root / "solutions")
    shutil.copy(bench.here.root / "nbgrader_config.py", root)
    begin = time.perf_counter()
    command = [sys.executable, "-m", "grader", "release"]
    subprocess.run(command, cwd=root, capture_output=True, check=True)
    seconds = time.perf_counter() - begin
    beyond = (seconds - own) / len(lessons)
    seen = f"{seconds:.1f} s for {len(lessons)} lessons, the cells' own {own:.1f} s"
    yield Figure("release of a lesson beyond its cells", beyond, "s", most=2, seen=seen)


def slider(_: Bench) -> Iterator[Figure]:
    """Measure how often lesson 04's slider redraws its two figures."""
    control, places = beta_slider().box.children[0].children[1], [step * 0.05 for step in range(41)]
    begin = time.process_time()
    for place in places:
        control.value = place
    each = (time.process_time() - begin) / len(places)
    seen = f"{1000 * each:.0f} ms of CPU time a step"
    yield Figure("slider redraws", 1 / each, "a second", least=20, seen=seen)


def load(bench: Bench) -> Iterator[Figure]:
    """A class at once on a hub on loopback."""
    yield from load_of(bench.here, bench.folder, bench.students)


PARTS: dict[str, Callable[[Bench], Iterator[Figure]]] = {
    "honest": honest,
    "ordinary": ordinary,
    "handles": handles,
    "mishaps": mishaps,
    "cpu": cpu,
    "dask": dask,
    "inside": inside,
    "load": load,
    "many": many,
    "release": release,
    "slider": slider,
}
