"""Release, autograde and report nbgrader lessons; no verdict comes from a student's process."""
