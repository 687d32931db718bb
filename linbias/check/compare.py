"""Comparing answers: what is wrong first, and which known mistake gives the same."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from linbias.check.call import attempt, call, changed, fresh
from linbias.check.exercise import Attempt, Case, Exercise, Mistake
from linbias.check.same import same
from linbias.check.stages import stage
from linbias.check.values import Plain, Raised, plain


@dataclass(frozen=True)
class Finding:
    """What a check found out about an answer that is not right.

    Attributes
    ----------
    stage : str
        One of `STAGES`.
    attempt : Attempt
        The first call that went wrong.
    right_calls, calls : int
        How many calls were right, and how many were made.
    mistake : Mistake or None
        The known mistake that gives the same.
    spoilt : tuple of str
        The array arguments that the function changed.
    """

    exercise: Exercise
    stage: str
    attempt: Attempt
    right_calls: int
    calls: int
    mistake: Mistake | None = None
    spoilt: tuple[str, ...] = ()


@dataclass(frozen=True)
class Passed:
    """Every call was right; `note` is what the success line adds."""

    calls: int
    note: str = ""


def examine(
    exercise: Exercise, function: Callable[..., Any], cases: Sequence[Case]
) -> Finding | Passed:
    """Call the function on each case and say how its answers compare with the reference's."""
    raw: list[Plain] = []
    spoilt: set[str] = set()
    for case in cases:
        given = fresh(case)
        raw.append(call(function, *given))
        spoilt |= {exercise.parameters[index] for index in changed(case, given)}
    right = [expected(exercise, case) for case in cases]
    yours = [exercise.settle(answer) for answer in raw]
    stages = [stage(*pair) for pair in zip(yours, right, strict=True)]
    if not any(stages):
        return Passed(len(cases), _note(exercise, function, raw, spoilt))
    bad = [index for index, found in enumerate(stages) if found]
    first = stages.index("not_attempted") if "not_attempted" in stages else bad[0]
    tried = Attempt(exercise.named(cases[first]), yours[first], right[first])
    mistake = None
    if stages[first] not in ("not_attempted", "no_value"):
        mistake = known_mistake(exercise, cases, yours, bad) or recognised(
            exercise, stages[first], tried
        )
    right_calls = len(cases) - len(bad)
    return Finding(
        exercise,
        stages[first],
        tried,
        right_calls,
        len(cases),
        mistake,
        tuple(sorted(spoilt)),
    )


def expected(exercise: Exercise, case: Case) -> Plain:
    """Return the reference's answer; its ValueError is one where the exercise says so."""
    try:
        return exercise.settle(plain(exercise.reference(*case)))
    except ValueError as error:
        if not exercise.refuses:
            raise
        return Raised("ValueError", str(error))


def known_mistake(
    exercise: Exercise, cases: Sequence[Case], yours: Sequence[Plain], bad: Sequence[int]
) -> Mistake | None:
    """Return the mistake that gives the same answers.

    On all calls if there is one; else on all wrong calls; else the only one that does on the first.
    """

    def gives(row: Mistake, calls: Iterable[int]) -> bool:
        # Each is computed when asked for: most rows part at the first wrong call.
        return all(same(yours[index], outcome(exercise, row, cases[index])) for index in calls)

    on_first = [row for row in exercise.mistakes if gives(row, bad[:1])]
    on_wrong = [row for row in on_first if gives(row, bad[1:])]
    right = [index for index in range(len(cases)) if index not in bad]
    everywhere = [row for row in on_wrong if gives(row, right)]
    if everywhere or on_wrong:
        return (everywhere or on_wrong)[0]
    return on_first[0] if len(on_first) == 1 else None


def outcome(exercise: Exercise, row: Mistake, case: Case) -> Plain:
    """Return what a wrong implementation gives on a case."""
    return exercise.settle(attempt(row.wrong, *fresh(case)))


def recognised(exercise: Exercise, found: str, attempt: Attempt) -> Mistake | None:
    """Return the first mistake that shows itself by a property of the attempt."""
    if found in ("raised", "other_error", "wrong_type", "bools_for_numbers"):
        return None
    # A vector's length is a property worth naming; of a matrix the rows ask for the right shape.
    if found == "wrong_shape" and not (
        exercise.answer == "vector" and isinstance(attempt.yours, np.ndarray)
    ):
        return None
    for row in exercise.mistakes:
        if row.recognise is not None and row.recognise(attempt):
            return row
    return None


def _note(
    exercise: Exercise, function: Callable[..., Any], raw: list[Plain], spoilt: set[str]
) -> str:
    notes = []
    if exercise.note is not None:
        notes.append(exercise.note(lambda *case: call(function, *case), raw))
    if exercise.answer == "whole" and any(type(answer) is float for answer in raw):
        notes.append("You return a float: accepted; an int is what the reference uses.")
    if spoilt:
        names = " and ".join(sorted(spoilt))
        notes.append(f"Your function changes its argument {names}: better work on a copy.")
    return " ".join(filter(None, notes))
