"""Checks that teach: compare a student's answer with the reference and say which slip it shows.

A lesson calls `check(function, case, case, ...)` and `check_answer(question, answer)`. Both print
one line when the answer is right, and show and raise what to think about when it is not. `hint`
and `solution` help who is stuck, and who wants to compare.
"""

from collections.abc import Callable
from typing import Any

from linbias.check import progress
from linbias.check.answers import check_answer
from linbias.check.call import quiet
from linbias.check.catalogue import EXERCISES
from linbias.check.compare import Finding, examine
from linbias.check.draw import draw
from linbias.check.exercise import Case
from linbias.check.failed import CheckFailed
from linbias.check.friendly_errors import explain_errors
from linbias.check.help import hint, solution
from linbias.check.message import say
from linbias.check.mistakes_met import mastery
from linbias.check.picture import picture, picture_of_right
from linbias.check.questions import QUESTIONS
from linbias.check.show import show
from linbias.check.source import loops
from linbias.check.success import celebrate

# The cases that the lessons' visible checks use: on them every known mistake shows itself.
CASES: dict[str, tuple[Case, ...]] = {name: row.cases for name, row in EXERCISES.items()}

explain_errors({*EXERCISES, *QUESTIONS})


def check(student_function: Callable[..., Any], *cases: Case) -> None:
    """Compare a student's function with the reference of the same name.

    Parameters
    ----------
    student_function : callable
        Its ``__name__`` says which exercise it answers.
    *cases : tuple
        The arguments of each call.

    Raises
    ------
    CheckFailed
        If the answer is not right, after the picture was shown.
    ValueError
        If no case is given.

    Examples
    --------
    >>> def distance(i, j):
    ...     if j > i:
    ...         raise ValueError("the key is in the future")
    ...     return i - j
    >>> check(distance, (5, 2), (2, 5))
    distance: right, 2 calls checked.
    """
    name = _name(student_function)
    if not cases:
        raise ValueError(f"check({name}) needs at least one case, such as {CASES[name][0]}.")
    try:
        with quiet():
            failed = _failed(name, student_function, cases)
    except KeyboardInterrupt:
        # The way through this package would be most of the traceback.
        raise KeyboardInterrupt(f"{name} was interrupted before it had answered.") from None
    if failed is not None:
        raise failed from None


def _failed(
    name: str, student_function: Callable[..., Any], cases: tuple[Case, ...]
) -> CheckFailed | None:
    """Say that the answer is right; or show the picture and return what to raise."""
    found = examine(EXERCISES[name], student_function, cases)
    if not isinstance(found, Finding):
        looping = "" if EXERCISES[name].loops else loops(student_function)
        if looping:
            return _noted(_loops_used(name, looping))
        calls = "1 call" if found.calls == 1 else f"{found.calls} calls"
        print(f"{name}: right, {calls} checked. {found.note}".rstrip())
        celebrate(name, lambda: picture_of_right(name, EXERCISES[name], found))
        return None
    text, sentence = say(name, found)
    drawn = picture(name, found)
    if drawn:
        show(*drawn)
    slug = found.mistake.slug if found.mistake else found.stage
    return _noted(
        CheckFailed(
            text,
            exercise=name,
            mistake=None if slug == "wrong_value" else slug,
            sentence=sentence,
            picture=drawn[0] if drawn else "",
        )
    )


def _noted(failed: CheckFailed) -> CheckFailed:
    progress.note(failed.exercise, passed=False, mistake=failed.mistake or "")
    return failed


def _loops_used(name: str, looping: str) -> CheckFailed:
    where = "it has a loop" if looping == name else f"it calls {looping}, which has a loop"
    sentence = (
        f"Every number is right, but {where}: a for, a while or a comprehension. Here NumPy has to "
        "do all pairs at once: let a column meet a row, as in the example."
    )
    return CheckFailed(
        f"{name}: not yet.\n\n{sentence}",
        exercise=name,
        mistake="loop_used",
        sentence=sentence,
    )


def _name(student_function: Any) -> str:
    """Return the name of the exercise that a function answers."""
    if not callable(student_function):
        text = (
            f"A function is needed, and this is {type(student_function).__name__}: "
            "define it with def and give its name to check, without brackets."
        )
        raise CheckFailed(text, mistake="not_callable", sentence=text)
    name = getattr(student_function, "__name__", None)
    if type(name) is not str:
        text = (
            f"A {type(student_function).__name__} has no name of its own, and check finds the "
            "exercise by the name after def. Define the function with def."
        )
        raise CheckFailed(text, mistake="unknown_name", sentence=text)
    if name not in EXERCISES:
        text = (
            f"No exercise is called {name[:60]!r}: check finds the exercise by the name after "
            "def. Keep the name that the lesson gives, and write def, not lambda."
        )
        raise CheckFailed(text, mistake="unknown_name", sentence=text)
    return name


__all__ = [
    "CASES",
    "EXERCISES",
    "QUESTIONS",
    "CheckFailed",
    "check",
    "check_answer",
    "draw",
    "hint",
    "mastery",
    "solution",
]
