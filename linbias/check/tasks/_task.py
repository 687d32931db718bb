"""What a task is: where it stands in the course, and what helps who is stuck."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Task:
    """One check of a lesson.

    Attributes
    ----------
    hints : tuple of str
        Each helps more than the one before: a question, a pointer, nearly the step. None of them
        is the answer.
    keep : str
        One sentence to take away, told when the check passes. It may tell the answer.
    number : str
        The exercise's number, such as "2.3"; questions and extras have none.
    points : int
        What it is worth; 0 when it is optional.
    idea : str
        What the worked solution does, in one sentence; "" where there is none to show.
    gives_away : str
        The later task of the same lesson whose answer the worked solution gives away.
    """

    hints: tuple[str, ...]
    keep: str = ""
    number: str = ""
    points: int = 1
    idea: str = ""
    gives_away: str = ""
