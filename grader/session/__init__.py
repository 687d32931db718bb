"""The student's side of grading: a locked process that runs cells and answers calls."""
