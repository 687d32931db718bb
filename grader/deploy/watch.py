"""Grade on submit: collect, grade and give feedback on each submission that comes in.

What is done is read from the disk each time: a submission whose page lies in the exchange is done.
So nothing is lost when the watch is killed at any moment and started again.
"""

import fcntl
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbgrader.apps import NbGrader
from nbgrader.exchange.default import Exchange
from nbgrader.utils import notebook_hash

from grader.autograde.run import autograde, line
from grader.course.course import Course
from grader.course.reading import Unreadable
from grader.deploy.inbound import HandedIn, foreign, newest
from grader.deploy.take_in import identity, is_taken_in, take_in
from grader.errors import CourseError
from grader.gradebook.people import people
from grader.gradebook.totals import totals_of
from grader.pages.feedback import feedback
from grader.text import one_line
from grader.trouble import sentence
from grader.writing import write_whole

# What could not be done is tried again after so long; all else at the next look.
AGAIN_SECONDS = 60.0
# So many for each session at a time: the first ones have their page while others still wait.
_ROUND = 4

Say = Callable[[str], None]


def watch(course: Course, *, once: bool = False, say: Say | None = None) -> bool:
    """Look for submissions until the process ends; return whether all that waited is done.

    Parameters
    ----------
    once : bool
        Whether to end when nothing waits any more.
    say : callable, optional
        Tells a person one line; by default on the terminal.

    Raises
    ------
    CourseError
        When there is no exchange, or, with `once`, another process watches this course.
    """
    say = say or (lambda text: print(text, flush=True))
    with _alone(course, say, wait=not once):
        desk = Desk(course, say)
        if once:
            while desk.look():
                pass
            return not desk.later
        while True:
            if not desk.look_again():
                time.sleep(course.settings.watch_seconds)


@contextmanager
def _alone(course: Course, say: Say, *, wait: bool) -> Iterator[None]:
    """Let one process at a time watch a course; the system forgets the lock with the process.

    A hub that was killed and started again starts a second watch, which takes over when the first
    one ends.
    """
    course.classroom.mkdir(exist_ok=True)
    with (course.classroom / "watch.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            told = f"Another process watches {course.root} already"
            if not wait:
                raise CourseError(f"{told}. End it first.") from None
            say(f"grader: {told}: this one waits until it ends.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Desk:
    """Takes submissions from the exchange, and puts the pages there.

    Attributes
    ----------
    later : dict of str to float
        By the folder's name, when what could not be done is tried again.
    """

    def __init__(
        self, course: Course, say: Say, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.course, self.say, self._clock = course, say, clock
        self._config = _with_exchange(course)
        root = Path(Exchange(config=self._config).root) / course.directory.course_id
        self.inbound, self.released = root / "inbound", root / "feedback"
        if not self.inbound.is_dir():
            raise CourseError(
                f"There is no exchange at {self.inbound}. Set c.Exchange.root and "
                "c.CourseDirectory.course_id, and release a lesson: nbgrader release_assignment."
            )
        self._done: set[str] = set()
        self.later: dict[str, float] = {}
        self._trouble = ""

    def look_again(self) -> bool:
        """Look; tell of trouble once and go on, as most trouble passes."""
        try:
            worked, trouble = self.look(), ""
        except (OSError, CourseError) as error:
            worked, trouble = False, sentence(error) or str(error)
        if trouble and trouble != self._trouble:
            self.say(f"grader: {trouble}")
        self._trouble = trouble
        return worked

    def look(self) -> bool:
        """Work on some of what waits; return whether there was anything."""
        waiting = self._waiting()
        if waiting:
            lesson = waiting[0].lesson
            most = _ROUND * self.course.settings.watch_sessions
            self._work(lesson, [one for one in waiting if one.lesson == lesson][:most])
        return bool(waiting)

    def _waiting(self) -> list[HandedIn]:
        now = self._clock()
        new = [
            one
            for one in newest(self.inbound)
            if one.path.name not in self._done and self.later.get(one.path.name, now) <= now
        ]
        waiting = []
        for one in new:
            if self._is_done(one):
                self._done.add(one.path.name)
            elif one.lesson in self.course.lessons():
                waiting.append(one)
        return self._of_the_class(waiting)

    def _of_the_class(self, waiting: Sequence[HandedIn]) -> list[HandedIn]:
        """Return those that come from a student of the class; tell of the others."""
        if not waiting:
            return []
        with self.course.gradebook() as gradebook:
            known = {person.id for person in people(gradebook)}
        theirs = []
        for one in waiting:
            if one.student not in known:
                self._postpone(one, f"{one.student} is not in the class: grader roster")
            elif why := foreign(one):
                self._postpone(one, why)
            else:
                theirs.append(one)
        return theirs

    def _is_done(self, one: HandedIn) -> bool:
        return is_taken_in(self.course, one) and all(page.exists() for _, page in self._pages(one))

    def _pages(self, one: HandedIn) -> Iterator[tuple[str, Path]]:
        """Give a lesson's notebooks, and where their pages for this submission belong.

        The name of a page is made of what only the student and the course know.
        """
        _, secret = identity(one.path)
        for source in sorted(self.course.folder("source", ".", one.lesson).glob("*.ipynb")):
            key = notebook_hash(secret=secret.decode("ascii", "replace"), notebook_id=source.stem)
            yield source.stem, self.released / f"{key}.html"

    def _work(self, lesson: str, waiting: Sequence[HandedIn]) -> None:
        taken = {one.student: one for one in waiting if self._take_in(one)}
        try:
            graded = self._grade(lesson, taken)
            if graded:
                feedback(self.course, lesson, list(graded), visible_only=True)
        except (OSError, CourseError) as error:
            for one in taken.values():
                self._postpone(one, sentence(error) or str(error))
            return
        for one in graded.values():
            self._release(one)

    def _take_in(self, one: HandedIn) -> bool:
        try:
            if not is_taken_in(self.course, one):
                folder = self.course.folder("submitted", one.student, one.lesson)
                take_in(one, folder, self.course.directory)
        except (OSError, Unreadable) as error:
            self._postpone(one, str(error))
            return False
        return True

    def _grade(self, lesson: str, taken: dict[str, HandedIn]) -> dict[str, HandedIn]:
        """Grade what was taken in; return what has a verdict."""
        if not taken:
            return {}
        outcomes = autograde(
            self.course, lesson, jobs=self.course.settings.watch_sessions, students=list(taken)
        )
        totals = totals_of(self.course, lesson)
        graded = {}
        for outcome in outcomes:
            self.say(f"{lesson}: {one_line(line(outcome, totals.get(outcome.student)))}")
            if outcome.status == "not graded":
                self._postpone(taken[outcome.student], outcome.reason)
            else:
                graded[outcome.student] = taken[outcome.student]
        return graded

    def _release(self, one: HandedIn) -> None:
        """Put a student's pages where their nbgrader looks for them."""
        made = self.course.folder("feedback", one.student, one.lesson)
        try:
            for name, page in self._pages(one):
                write_whole(page, (made / f"{name}.html").read_bytes())
                page.chmod(0o644)
        except (OSError, Unreadable) as error:
            self._postpone(one, f"its feedback cannot be released: {error}")
            return
        self._done.add(one.path.name)
        self.later.pop(one.path.name, None)

    def _postpone(self, one: HandedIn, why: str) -> None:
        if one.path.name not in self.later:
            self.say(f"grader: {one_line(one.path.name)} waits: {one_line(why)}")
        self.later[one.path.name] = self._clock() + AGAIN_SECONDS


def _with_exchange(course: Course) -> Any:
    """Return the course's settings over those that the hub or the machine gives to nbgrader."""
    app = NbGrader(log_level=logging.ERROR)
    app.load_cwd_config = False
    try:
        app.load_config_file(suppress_errors=False)
    except Exception as error:
        raise CourseError(f"nbgrader's settings cannot be read: {error}") from error
    config = app.config
    config.merge(course.config)
    return config
