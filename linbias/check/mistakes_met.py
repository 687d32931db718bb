"""Which mistakes a student has met, and which of them are mended: by lesson and by exercise."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path

from linbias._graded import graded
from linbias.check import progress
from linbias.check.progress import Note
from linbias.check.tasks import TASKS

UNKNOWN = "another_slip"


@dataclass(frozen=True)
class Met:
    """A mistake that was met in a task.

    Attributes
    ----------
    lesson, task : str
        Where it was met.
    mistake : str
        Its slug.
    times : int
        How many checks it failed.
    mended : bool
        Whether the task's check has passed since.
    first, last : str
        When it was met, as ISO 8601.
    """

    lesson: str
    task: str
    mistake: str
    times: int
    mended: bool
    first: str
    last: str

    @property
    def name(self) -> str:
        """The mistake in words."""
        return in_words(self.mistake)


@dataclass(frozen=True, repr=False)
class Mastery:
    """How far a student is, and the mistakes on the way.

    Attributes
    ----------
    met : tuple of Met
        In the order of the course.
    passed, checks : mapping of str to int
        For each lesson, how many of its checks have passed, and how many it has.
    remark : str
        Why nothing is noted, where that has a reason.
    """

    met: tuple[Met, ...] = ()
    passed: Mapping[str, int] = field(default_factory=dict)
    checks: Mapping[str, int] = field(default_factory=dict)
    remark: str = ""

    def csv(self) -> str:
        """Return the mistakes as CSV, one line each below the names of the columns."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(one.name for one in fields(Met))
        writer.writerows(asdict(one).values() for one in self.met)
        return text.getvalue()

    def save(self, file: str) -> None:
        """Write the mistakes to a CSV file, which a spreadsheet opens."""
        Path(file).write_text(self.csv(), encoding="utf-8")
        print(f"Saved: {Path(file).resolve()}")

    def __repr__(self) -> str:
        """Say it all in words, lesson by lesson."""
        lines = [self.remark] * bool(self.remark)
        for lesson, count in self.checks.items():
            lines.append(f"{in_words(lesson)}: {self.passed.get(lesson, 0)} of {count} checks pass")
            lines += [_line(one) for one in self.met if one.lesson == lesson]
        return "\n".join(lines)


def mastery() -> Mastery:
    """Return which mistakes were noted on this computer, and how far each lesson is.

    Returns
    -------
    Mastery
        ``print(mastery())`` shows it in words, ``mastery().save("mastery.csv")`` exports it, and
        `linbias.plots.mastery_map` draws it. Empty while a notebook is graded.

    Examples
    --------
    >>> mastery().checks["08_train_short_test_long"]
    6
    """
    notes = progress.students_own(progress.notes())
    passed = {lesson: len(progress.passed(lesson, notes)) for lesson in TASKS}
    checks = {lesson: len(progress.counted(lesson)) for lesson in TASKS}
    remark = "While a notebook is graded, no notes are read." if graded() else ""
    return Mastery(met(notes), passed, checks, remark)


def met(notes: Iterable[Note]) -> tuple[Met, ...]:
    """Return each mistake of each task, in the order of the course.

    Examples
    --------
    >>> notes = [Note("01_one_pair", "distance", False, "swapped"),
    ...          Note("01_one_pair", "distance", True)]
    >>> [(one.name, one.times, one.mended) for one in met(notes)]
    [('swapped', 1, True)]
    """
    found: dict[tuple[str, str, str], Met] = {}
    for one in notes:
        here = (one.lesson, one.task)
        if one.passed:
            met_here = {key: known for key, known in found.items() if key[:2] == here}
            found |= {key: replace(known, mended=True) for key, known in met_here.items()}
            continue
        key = (*here, one.mistake or UNKNOWN)
        known = found.get(key, Met(*key, 0, False, one.time, one.time))
        found[key] = replace(known, times=known.times + 1, mended=False, last=one.time)
    return tuple(sorted(found.values(), key=_order))


def in_words(name: str) -> str:
    """Return a slug or a lesson's name as words.

    >>> in_words("sign_flipped")
    'sign flipped'
    """
    return name.replace("_", " ")


def _order(one: Met) -> tuple[int, int, str]:
    lessons = list(TASKS)
    return lessons.index(one.lesson), list(TASKS[one.lesson]).index(one.task), one.first


def _line(one: Met) -> str:
    times = "once" if one.times == 1 else f"{one.times} times"
    return f"    {one.task}: {one.name}, {times}, {'mended' if one.mended else 'still open'}"
