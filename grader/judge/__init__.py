"""The judge: one process for each submission that runs the tests and makes the verdicts."""
