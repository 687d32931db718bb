"""Errors that a person has to mend; each text says what is wrong and what to do."""


class CourseError(Exception):
    """The course, or what was asked of it, is not as it has to be."""


class SandboxMissing(CourseError):
    """The system cannot lock a session."""
