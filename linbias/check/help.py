"""Help in steps: hints after failed checks, a worked solution after a passed one.

The curtain in front of a worked solution keeps it out of sight, no more: the reference stands in
this package for everyone to read, and so does the file of the notes.
"""

import inspect
import os
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from linbias._graded import graded
from linbias.check import own_numbers, progress
from linbias.check.catalogue import EXERCISES
from linbias.check.failed import in_lines
from linbias.check.questions import QUESTIONS
from linbias.check.show import show
from linbias.check.tasks import TASKS, Task

# An instructor who opens the worked solutions sets it to "open".
VARIABLE = "LINBIAS_SOLUTIONS"

_NO_ATTEMPT = "Try it first: run its check with an answer of your own. Then hint() helps."
_GRADED = "While a notebook is graded there is no help."
_PASSED = "Its check passes: nothing is left to hint at."
_CLOSED = "A worked solution opens when the check passes. Until then, hint() helps."
_NONE = "Here is no other solution to show: yours is as good as ours."
_CHECKED = "_arguments looks at what a function is given, and refuses what makes no sense."


class NoSuchTask(ValueError):
    """A task was asked for that no lesson has."""

    def _render_traceback_(self) -> list[str]:
        return in_lines(f"ValueError: {self}")


def hint(task: str = "") -> None:
    """Show hints for an exercise or a question: one more after each failed check, up to three.

    Parameters
    ----------
    task : str
        Its number or its name; without it, the task whose check failed last.

    Raises
    ------
    ValueError
        If there is no such task.

    Notes
    -----
    While a notebook is graded there is no help.

    Examples
    --------
    >>> hint("2.3")
    2.3 bias_matrix: Try it first: run its check with an answer of your own. Then hint() helps.
    """
    if graded():
        print(_GRADED)
        return
    notes = progress.notes()
    lesson, name = _find(task) if task else _last(notes, passed=False)
    if not name:
        _tell("hint", ['No check has failed yet. hint("2.3") asks for an exercise by its number.'])
        return
    found = TASKS[lesson][name]
    count = progress.attempts(lesson, name, notes)
    said = hints(found, count, done=progress.passes(lesson, name, notes))
    _tell(_title(name, found), [*_own(name), *said])


def _own(name: str) -> list[str]:
    """Return what a student whose numbers differ has to know first."""
    if own_numbers.code_is_missing(name):
        return [own_numbers.code_remedy()]
    return [own_numbers.asks(name)] if own_numbers.asks(name) else []


def hints(task: Task, attempts: int, *, done: bool) -> list[str]:
    """Return what `hint` says after so many failed checks.

    Examples
    --------
    >>> hints(Task(hints=("Which sign?", "Look at row 1.")), 1, done=False)
    ['Hint 1 of 2: Which sign?', 'The next hint comes after another try.']
    """
    if not attempts:
        return [_PASSED if done else _NO_ATTEMPT]
    count = len(task.hints)
    shown = [f"Hint {k} of {count}: {text}" for k, text in enumerate(task.hints[:attempts], 1)]
    return shown + ["The next hint comes after another try."] * (attempts < count)


def solution(task: str = "") -> None:
    """Show one way to solve a task, once its check has passed or the instructor opens it.

    Parameters
    ----------
    task : str
        Its number or its name; without it, the task whose check passed last.

    Raises
    ------
    ValueError
        If there is no such task.

    Notes
    -----
    It is the reference that answers are compared with, so it also checks what it is given. An
    instructor opens all of them by the environment variable ``LINBIAS_SOLUTIONS=open``. While a
    notebook is graded there is no help.

    Examples
    --------
    >>> solution("2.3")
    2.3 bias_matrix: A worked solution opens when the check passes. Until then, hint() helps.
    """
    if graded():
        print(_GRADED)
        return
    notes = progress.notes()
    lesson, name = _find(task) if task else _last(notes, passed=True)
    if not name:
        _tell("solution", ["No check has passed yet. After that, a worked solution opens."])
        return
    lines, code = solved(lesson, name, notes)
    _tell(_title(name, TASKS[lesson][name]), lines, code)


def solved(lesson: str, name: str, notes: Sequence[progress.Note]) -> tuple[list[str], str]:
    """Return what `solution` says of a task, and the code that it shows."""
    task, is_open = TASKS[lesson][name], os.environ.get(VARIABLE) == "open"
    if not (is_open or progress.passes(lesson, name, notes)):
        return [_CLOSED], ""
    if name in QUESTIONS:
        return [f"Right is {own_numbers.question(name).right}. {task.keep}"], ""
    if not task.idea:
        return [_NONE], ""
    later = task.gives_away
    if later and not (is_open or progress.passes(lesson, later, notes)):
        return [f"It would give {TASKS[lesson][later].number} away. It opens when that passes."], ""
    code = source(name)
    return [f"The idea: {task.idea}", *([_CHECKED] * ("_arguments." in code))], code


def source(exercise: str) -> str:
    """Return the code of an exercise's reference and its helpers, without docstrings.

    Examples
    --------
    >>> print(source("pairs_at_distance"))
    def pairs_at_distance(n: Any, d: Any) -> int:
        return max(_arguments.whole("n", n, 1) - _arguments.whole("d", d, 0), 0)
    """
    reference = EXERCISES[exercise].reference
    private = [name for name in reference.__code__.co_names if name.startswith("_")]
    helpers = [reference.__globals__[name] for name in private]
    functions: list[Any] = [reference, *filter(inspect.isfunction, helpers)]
    return "\n\n\n".join(map(_without_docstring, functions))


def _without_docstring(function: Callable[..., Any]) -> str:
    code = inspect.getsource(function).rstrip()
    before, found, rest = code.partition('    """')
    return before + rest.partition('"""\n')[2] if found else code


def _last(notes: Sequence[progress.Note], *, passed: bool) -> tuple[str, str]:
    """Return the lesson and the name of the task whose check passed, or failed, last."""
    last = next((one for one in reversed(notes) if one.passed == passed), None)
    return (last.lesson, last.task) if last else ("", "")


def _find(asked: str) -> tuple[str, str]:
    """Return the lesson and the name of a task, by its number or its name."""
    for lesson, tasks in TASKS.items():
        for name, task in tasks.items():
            if task.number and task.number == asked:
                return lesson, name
    lesson = progress.lesson_of(asked)
    if not lesson:
        raise NoSuchTask(
            f'There is no task {asked!r}. Give its number in quotes, such as hint("2.3"), or its '
            'name, such as hint("bias_matrix").'
        )
    return lesson, asked


def _title(name: str, task: Task) -> str:
    return f"{task.number} {name}".strip()


def _tell(title: str, lines: list[str], code: str = "") -> None:
    text = "\n".join([f"{title}: {lines[0]}", *lines[1:], *([code] * bool(code))])
    paragraphs = "".join(f'<p style="margin: 2px 0">{escape(line)}</p>' for line in lines)
    block = (
        f'<pre style="margin: 6px 0 0; white-space: pre-wrap"><code>{escape(code)}</code></pre>'
        if code
        else ""
    )
    show(
        f'<div class="linbias-help" style="border-left: 4px solid #0067a5; padding: 2px 12px; '
        f'max-width: 760px"><b>{escape(title)}</b>{paragraphs}{block}</div>',
        text,
    )
