"""The sample class of `grader demo`; nothing else in the package imports it."""
