"""What a passed check shows in a notebook: its worth, the picture, what to keep, how far one is."""

from collections.abc import Callable
from html import escape

from linbias._graded import graded
from linbias.check import progress
from linbias.check.show import in_notebook, show
from linbias.check.tasks import TASKS

Picture = tuple[str, str]


def celebrate(name: str, draw: Callable[[], Picture | None] = lambda: None) -> None:
    """Note that a check passed, and show what that is worth; nothing in grading.

    Parameters
    ----------
    name : str
        The exercise's or the question's name.
    draw : callable
        Returns the picture of the answer, as HTML and as text.
    """
    if graded():
        return
    progress.note(name, passed=True)
    lesson = progress.lesson_of(name)
    if not lesson or not in_notebook():
        return
    try:
        drawn = draw()
    except Exception:  # a right answer stays right, whatever becomes of its picture
        drawn = None
    show(*told(lesson, name, progress.passed(lesson, progress.notes()), drawn))


def told(lesson: str, name: str, passed: set[str], drawn: Picture | None) -> Picture:
    """Return what to show, as HTML and as text."""
    task, all_tasks = TASKS[lesson][name], progress.counted(lesson)
    worth = {0: "optional", 1: "1 point"}.get(task.points, f"{task.points} points")
    head = " · ".join(filter(None, [task.number, worth]))
    how_far = f"{len(passed)} of {len(all_tasks)} checks of this lesson pass."
    if len(passed) == len(all_tasks):
        how_far = f"{_all(len(all_tasks))} Well done!"
    more = task.idea and task.number and task.gives_away in {"", *passed}
    compare = f'solution("{task.number}") shows another way to write it.' if more else ""
    squares = "".join("■" if one in passed else "□" for one in all_tasks)
    html = (
        '<div class="linbias-pass" style="border-left: 4px solid #00704f; padding: 2px 12px; '
        f'max-width: 760px"><b><span aria-hidden="true">✓ </span>{escape(head)}</b>'
        f'<p style="margin: 2px 0">{escape(task.keep)}</p>'
        f"{drawn[0] if drawn else ''}"
        f'<p style="margin: 2px 0"><span aria-hidden="true">{squares} </span>{how_far} '
        f"{escape(compare)}</p></div>"
    )
    lines = [f"{head}: {task.keep}", drawn[1] if drawn else "", how_far, compare]
    return html, "\n".join(filter(None, lines))


def _all(count: int) -> str:
    return (
        f"All {count} checks of this lesson pass." if count > 1 else "This lesson's check passes."
    )
