"""Submissions that try to cheat or to do harm, written to be handed in to our own grader."""
