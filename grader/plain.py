"""nbgrader by its own commands: the course's folders, and grading by the isolated path."""

from typing import Any


def configure(c: Any) -> None:
    """Set nbgrader's course directory: lessons in the repository, students' work in classroom/.

    Parameters
    ----------
    c : traitlets.config.Config
        The configuration that nbgrader_config.py fills.
    """
    c.CourseDirectory.course_id = "linbias"
    c.CourseDirectory.source_directory = "solutions"
    c.CourseDirectory.release_directory = "notebooks"
    c.CourseDirectory.submitted_directory = "classroom/submitted"
    c.CourseDirectory.autograded_directory = "classroom/autograded"
    c.CourseDirectory.feedback_directory = "classroom/feedback"
    c.CourseDirectory.db_url = "sqlite:///classroom/gradebook.db"
