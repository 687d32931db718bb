"""Whether this machine, container or pod can lock students' sessions."""

from grader.autograde.grade import NotGraded, Terms, grade
from grader.autograde.pool import NotReady
from grader.course.lesson import SourceNotebook
from grader.errors import SandboxMissing
from grader.judge.restore import EMPTY


def why_no_lock() -> str:
    """Return why a session cannot be locked here; empty where an empty notebook can be graded."""
    try:
        grade(EMPTY, SourceNotebook("empty", "empty", ()), Terms())
    except (SandboxMissing, NotGraded, NotReady) as error:
        return str(error)
    return ""
