"""nbgrader by its own commands: the course's folders, and grading by the isolated path."""

import fnmatch
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.converters.base import NbGraderException

from grader.course.release import GENERATE
from grader.pages.formgrader_list import mend_lists
from grader.pages.nbgrader_pages import protect


def configure(c: Any, root: Path) -> None:
    """Set nbgrader's course directory: lessons in the repository, students' work in classroom/.

    After this, `nbgrader autograde` and the formgrader's button grade as `grader autograde` does,
    and nbgrader's pages run nothing of what students hand in.

    Parameters
    ----------
    c : traitlets.config.Config
        The configuration that nbgrader_config.py fills.
    root : Path
        The course's folder.
    """
    if "course_id" not in c.CourseDirectory:  # a gradebook on PostgreSQL takes no empty one
        c.CourseDirectory.course_id = root.name
    c.CourseDirectory.root = str(root)
    c.CourseDirectory.source_directory = "solutions"
    c.CourseDirectory.release_directory = "notebooks"
    c.CourseDirectory.submitted_directory = "classroom/submitted"
    c.CourseDirectory.autograded_directory = "classroom/autograded"
    c.CourseDirectory.feedback_directory = "classroom/feedback"
    c.ZipCollectApp.downloaded_directory = "classroom/downloaded"
    # SQLite makes a missing gradebook, but not the folder for it.
    (root / "classroom").mkdir(exist_ok=True)
    c.CourseDirectory.db_url = f"sqlite:///{root}/classroom/gradebook.db"
    # nbgrader has no setting for another way to grade, only for steps of its own way, all of
    # which come after a notebook was read whole and most of which run in the student's kernel.
    Autograde.convert_notebooks = _convert_notebooks
    GenerateAssignment.start = _generate
    protect(c)
    mend_lists()


def _generate(self: Any) -> None:
    """Release as nbgrader does, then warn of what `grader release` would have refused."""
    from grader.autograde.prove import proved_lesson
    from grader.course.course import Course
    from grader.course.proof import refusal, remarks
    from grader.course.released import note_release, written_when
    from grader.errors import CourseError

    course, lesson = Course(Path(self.coursedir.root)), self.coursedir.assignment_id
    before = written_when(course, lesson)
    GENERATE(self)
    # nbgrader leaves a lesson that is there as it is, unless it is told --force.
    if written_when(course, lesson) != before:
        note_release(course, lesson)
    try:
        _, proof = proved_lesson(course, lesson, waive=True)
    except CourseError as error:
        self.log.warning("%s", error)
        return
    for text in [refusal(proof)] if proof.findings else remarks(proof):
        self.log.warning("%s", text)


def _convert_notebooks(self: Any) -> None:
    """Grade what nbgrader was asked to grade, in locked sessions."""
    from grader.autograde.misplaced import misplaced
    from grader.autograde.run import autograde, line
    from grader.course.course import Course
    from grader.course.released import changes_told
    from grader.errors import CourseError
    from grader.gradebook.gone import gone_told
    from grader.gradebook.totals import totals_of

    directory = self.coursedir
    try:
        course = Course(Path(directory.root))
        there = course.students(directory.assignment_id)
        wanted = fnmatch.filter(there, directory.student_id)
        excluded = set(directory.student_id_exclude.split(","))
        for tell in (misplaced, changes_told, gone_told):
            for text in tell(course, directory.assignment_id):
                self.log.warning("%s", text)
        outcomes = autograde(
            course,
            directory.assignment_id,
            jobs=1 if len(wanted) == 1 else None,
            students=[student for student in wanted if student not in excluded],
            force=self.force,
        )
    except CourseError as error:
        self.log.error(str(error))
        raise NbGraderException(str(error)) from error
    points = totals_of(course, directory.assignment_id)
    for outcome in outcomes:
        say = self.log.info if outcome.status == "graded" else self.log.warning
        say("%s", " ".join([line(outcome, points.get(outcome.student)), *outcome.notes]))
    failed = [outcome.student for outcome in outcomes if outcome.status == "not graded"]
    if failed:
        raise NbGraderException(f"Not graded: {', '.join(failed)}. Grade them again.")
