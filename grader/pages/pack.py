"""Feedback packed as Moodle and Canvas take it back."""

import os
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath

from grader.course.course import Course
from grader.errors import CourseError
from grader.gradebook.received import Received, read_received


def pack(
    course: Course, lesson: str, pages: Collection[Path], system: str
) -> tuple[Path, list[str]]:
    """Pack feedback pages, and return the archive and the students who are not in it.

    Parameters
    ----------
    pages : collection of Path
        As `grader.pages.feedback.feedback` returns them.
    system : str
        ``moodle`` or ``canvas``; the lesson must have been collected from it.

    Raises
    ------
    CourseError
        When nothing of the lesson was collected from that system.
    """
    received = [one for one in read_received(course, lesson) if one.system == system]
    if not received:
        raise CourseError(
            f"Nothing of {lesson} was collected from {system.title()}, so there are no names to "
            f"pack feedback under. Run `grader collect ARCHIVE {lesson}` first."
        )
    by_student = {path.parent.parent.name for path in pages}
    packed = dict(packed_names(received, pages))
    archive = course.classroom / "reports" / lesson / f"feedback-{system}.zip"
    archive.parent.mkdir(parents=True, exist_ok=True)
    fresh = archive.with_suffix(".new")
    with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as file:
        for name, page in sorted(packed.items()):
            file.write(page, name)
    os.replace(fresh, archive)
    inside = {page.parent.parent.name for page in packed.values()}
    return archive, sorted(by_student - inside)


def packed_names(
    received: Collection[Received], pages: Collection[Path]
) -> Iterator[tuple[str, Path]]:
    """Give each page its name in the archive.

    Notes
    -----
    Moodle's "Upload multiple feedback files in a zip" knows a student by the folder
    (mod/assign/feedback/file/importziplib.php). Canvas's "Upload Submissions" knows student and
    file by the two numbers in the name (``infer_comment_context_from_filename`` of its
    app/models/assignment.rb), so the name stays and only its ending is the page's.
    """
    for page in pages:
        student = page.parent.parent.name
        own = [one for one in received if one.student == student]
        if not own:
            continue
        if own[0].system == "moodle":
            yield f"{own[0].prefix}_/{page.name}", page
            continue
        same = [one for one in own if PurePosixPath(one.file).stem == page.stem]
        original = PurePosixPath((same or own)[0].original)
        yield f"{original.stem}.html", page
