"""Whether this notebook is being graded or validated."""

import os

# nbgrader sets it while it grades or validates a notebook, and so does this course's grader.
VARIABLE = "NBGRADER_EXECUTION"


def graded() -> bool:
    """Whether this notebook is being graded or validated."""
    return bool(os.environ.get(VARIABLE))
