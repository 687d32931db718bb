"""What this student's checks gave, noted on this computer only.

Each check of a lesson that runs in a notebook adds a line of JSON to a file in the student's home.
No check needs it: where it cannot be written the notes are kept until the kernel ends, lines that
cannot be read are left out, and nothing is noted or read while a notebook is graded.
"""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path

from linbias._graded import graded
from linbias.check.show import in_notebook
from linbias.check.tasks import DEMONSTRATION, TASKS

# Names another file; "off" keeps all notes in memory.
VARIABLE = "LINBIAS_PROGRESS"
OFF = "off"
# More than this is no student's work: some loop has checked all night.
MOST_BYTES = 1_000_000
# What a check says of a stub, which is no try.
_STUB = "not_attempted"


@dataclass(frozen=True)
class Note:
    """What one check gave.

    Attributes
    ----------
    lesson : str
        The lesson that asks for it, such as "02_causal_triangle".
    task : str
        The exercise's or the question's name.
    passed : bool
        Whether it was right.
    mistake : str
        The slug of the mistake; "" for none that is known.
    time : str
        When, as ISO 8601 in local time.
    """

    lesson: str
    task: str
    passed: bool
    mistake: str = ""
    time: str = ""


_kept: list[Note] = []


def place() -> Path | None:
    """Return the file of the notes; None where there is none."""
    named = os.environ.get(VARIABLE, "")
    # A script that calls a check leaves no trace.
    if named == OFF or not (named or in_notebook()):
        return None
    try:
        return Path(named) if named else Path.home() / ".linbias" / "progress.jsonl"
    except RuntimeError:  # this user has no home
        return None


def note(task: str, passed: bool, mistake: str = "") -> None:
    """Note what a check gave; nothing while a notebook is graded, nor of a stub."""
    lesson = lesson_of(task)
    if graded() or not lesson or mistake == _STUB:
        return
    now = datetime.now().isoformat(timespec="seconds")
    one = Note(lesson, task, passed, mistake, now)
    if not _written(one):
        _kept.append(one)


def notes() -> list[Note]:
    """Return all notes, the oldest first; none while a notebook is graded."""
    return [] if graded() else [*_read(place()), *_kept]


def lesson_of(task: str) -> str:
    """Return the lesson that asks a task; "" for none.

    Where several lessons ask it, the one whose name the notebook or its folder has.
    """
    asking = [lesson for lesson, tasks in TASKS.items() if task in tasks]
    here = _here() if len(asking) > 1 else ""
    return next((lesson for lesson in asking if lesson in here), asking[0] if asking else "")


def passed(lesson: str, found: Iterable[Note]) -> set[str]:
    """Return the tasks of a lesson that count and have passed."""
    done = {one.task for one in found if one.passed and one.lesson == lesson}
    return done & set(counted(lesson))


def passes(lesson: str, task: str, found: Iterable[Note]) -> bool:
    """Whether a task has ever passed."""
    return any(one.passed for one in found if (one.lesson, one.task) == (lesson, task))


def counted(lesson: str) -> list[str]:
    """Return the tasks of a lesson that give points."""
    return [name for name, task in TASKS[lesson].items() if task.points]


def attempts(lesson: str, task: str, found: Iterable[Note]) -> int:
    """Return how often a task has failed since it last passed."""
    count = 0
    for one in found:
        if (one.lesson, one.task) == (lesson, task):
            count = 0 if one.passed else count + 1
    return count


def students_own(found: Iterable[Note]) -> list[Note]:
    """Return the notes without those of the check that a lesson shows failing."""
    return [one for one in found if one.task != DEMONSTRATION]


def _here() -> str:
    """Return the notebook's path, as far as it is known, and its folder."""
    try:
        folder = os.getcwd()
    except OSError:  # it has been deleted
        folder = ""
    return f"{os.environ.get('JPY_SESSION_NAME', '')}\n{folder}"


def _written(one: Note) -> bool:
    file = place()
    if file is None:
        return False
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists() and file.stat().st_size > MOST_BYTES:
            return False
        # One short write at the end of the file: two notebooks at a time do not mix their lines.
        with open(file, "a", encoding="utf-8") as lines:
            lines.write(json.dumps(asdict(one)) + "\n")
    except OSError:
        return False
    return True


def _read(file: Path | None) -> Iterator[Note]:
    if file is None:
        return
    try:
        with open(file, "rb") as lines:
            text = lines.read(2 * MOST_BYTES).decode(errors="replace")
    except OSError:
        return
    for line in filter(None, text.splitlines()):
        one = _parsed(line)
        if one is not None:
            yield one


def _parsed(line: str) -> Note | None:
    """Return the note in a line; None where there is none of a lesson that is known."""
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return None
    kinds = {one.name: bool if one.name == "passed" else str for one in fields(Note)}
    if not isinstance(told, dict) or {key: type(told.get(key)) for key in kinds} != kinds:
        return None
    one = Note(**{key: told[key] for key in kinds})
    return one if one.task in TASKS.get(one.lesson, ()) else None
