"""Release, autograde and report nbgrader lessons; verdicts are made outside the student's process."""
