"""Comparing answers: what is wrong first, and which known mistake gives the same."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from linbias.check.call import attempt, call, changed, fresh
from linbias.check.exercise import Attempt, Case, Exercise, Mistake
from linbias.check.general import CONSTANT_FACTOR, another, argument_unused, constant_factor
from linbias.check.same import same
from linbias.check.source import calls_package
from linbias.check.stages import UNANSWERED, stage
from linbias.check.values import Plain, Raised, plain

# The stage of an answer with nothing wrong.
RIGHT = "right"


@dataclass(frozen=True)
class Finding:
    """What a check found out about an answer.

    Attributes
    ----------
    stage : str
        One of `STAGES`, or `RIGHT`.
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

    @property
    def right(self) -> bool:
        """Whether nothing is wrong."""
        return self.stage == RIGHT

    @property
    def sign(self) -> str:
        """A tick or a cross."""
        return "✓" if self.right else "✗"


@dataclass(frozen=True)
class Passed:
    """Every call was right.

    Attributes
    ----------
    attempt : Attempt
        A call to show.
    note : str
        What the success line adds.
    """

    calls: int
    attempt: Attempt
    note: str = ""


def examine(
    exercise: Exercise, function: Callable[..., Any], cases: Sequence[Case]
) -> Finding | Passed:
    """Call the function on each case and say how its answers compare with the reference's."""
    raw, spoilt = _answers(exercise, function, cases)
    # After a call that did not end there are no others.
    cases = cases[: len(raw)]
    right = [expected(exercise, case) for case in cases]
    yours = [exercise.settle(answer) for answer in raw]
    stages = [stage(*pair) for pair in zip(yours, right, strict=True)]
    if not any(stages):
        shown = next((index for index, one in enumerate(right) if type(one) is not Raised), 0)
        attempt = Attempt(exercise.named(cases[shown]), yours[shown], right[shown])
        return Passed(len(cases), attempt, _note(exercise, function, raw, spoilt))
    bad = [index for index, found in enumerate(stages) if found]
    first = next((stages.index(found) for found in UNANSWERED if found in stages), bad[0])
    tries = [Attempt(exercise.named(cases[index]), yours[index], right[index]) for index in bad]
    mistake = None
    if stages[first] not in (*UNANSWERED, "no_value"):
        mistake = (
            known_mistake(exercise, cases, yours, bad)
            or recognised(exercise, [stages[index] for index in bad], tries)
            or general_mistake(exercise, function, cases[first], stages[first], tries)
        )
    return Finding(
        exercise,
        stages[first],
        tries[bad.index(first)],
        len(cases) - len(bad),
        len(cases),
        mistake,
        tuple(sorted(spoilt)),
    )


def _answers(
    exercise: Exercise, function: Callable[..., Any], cases: Sequence[Case]
) -> tuple[list[Plain], set[str]]:
    """Return what came back from each call, and which arguments the function changed."""
    raw: list[Plain] = []
    spoilt: set[str] = set()
    for case in cases:
        given = fresh(case)
        raw.append(call(function, *given))
        spoilt |= {exercise.parameters[index] for index in changed(case, given)}
        if stage(raw[-1], None) == "too_slow":
            break
    return raw, spoilt


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
    """Return the mistake that gives the same answers, on every wrong call.

    One that gives the same on all calls is surest. One that would also spoil calls which are right
    is named only if it is the only one: a function may go wrong in some cases only. Of yes and no
    there is one wrong answer to a call, so there only all calls together tell a mistake.
    """

    def gives(row: Mistake, calls: Iterable[int]) -> bool:
        # Each is computed when asked for: most rows part at the first wrong call.
        return all(same(yours[index], outcome(exercise, row, cases[index])) for index in calls)

    on_wrong = [row for row in exercise.mistakes if gives(row, bad)]
    right = [index for index in range(len(cases)) if index not in bad]
    everywhere = [row for row in on_wrong if gives(row, right)]
    if everywhere:
        return everywhere[0]
    return on_wrong[0] if len(on_wrong) == 1 and exercise.answer != "truth" else None


def outcome(exercise: Exercise, row: Mistake, case: Case) -> Plain:
    """Return what a wrong implementation gives on a case."""
    return exercise.settle(attempt(row.wrong, *fresh(case)))


def recognised(
    exercise: Exercise, stages: Sequence[str], tries: Sequence[Attempt]
) -> Mistake | None:
    """Return the first mistake that shows itself by a property of every wrong call."""
    calls = list(zip(stages, tries, strict=True))
    if not all(_has_properties(exercise, *pair) for pair in calls):
        return None
    for row in exercise.mistakes:
        if row.recognise is not None and all(row.recognise(attempt) for attempt in tries):
            return row
    return None


def _has_properties(exercise: Exercise, found: str, attempt: Attempt) -> bool:
    """Whether a wrong call can be told by its properties."""
    if found in (*UNANSWERED, "raised", "other_error", "no_value", "wrong_type"):
        return False
    # A vector's shape is a property worth naming; of a matrix the rows ask for the right shape.
    vector = exercise.answer == "vector" and isinstance(attempt.yours, np.ndarray)
    return found != "bools_for_numbers" and (found != "wrong_shape" or vector)


def general_mistake(
    exercise: Exercise,
    function: Callable[..., Any],
    case: Case,
    found: str,
    tries: Sequence[Attempt],
) -> Mistake | None:
    """Return a mistake that any exercise may show: a constant factor, an argument not used."""
    if found != "wrong_value":
        return None
    if exercise.answer in ("number", "vector", "matrix", "heads") and constant_factor(tries):
        return CONSTANT_FACTOR
    names = unused(exercise, function, case)
    return argument_unused(names) if names else None


def unused(exercise: Exercise, function: Callable[..., Any], case: Case) -> list[str]:
    """Return the numbers among the arguments that do not change what the function returns."""
    names = []
    before = exercise.settle(call(function, *fresh(case)))
    for index, value in enumerate(case):
        other = another(value)
        if other is None:
            continue
        changed_case = (*case[:index], other, *case[index + 1 :])
        if same(expected(exercise, case), expected(exercise, changed_case)):
            continue
        if same(before, exercise.settle(call(function, *fresh(changed_case)))):
            names.append(exercise.parameters[index])
    return names


def _note(
    exercise: Exercise, function: Callable[..., Any], raw: list[Plain], spoilt: set[str]
) -> str:
    notes = []
    if exercise.note is not None:
        notes.append(exercise.note(lambda *case: call(function, *case), raw))
    if calls_package(function):
        notes.append(
            "But it takes its answer from linbias, which refuses to compute in grading: "
            "write it yourself, or it gets no points."
        )
    if exercise.answer == "whole" and any(type(answer) is float for answer in raw):
        notes.append("You return a float: accepted; an int is what the reference uses.")
    if spoilt:
        names = " and ".join(sorted(spoilt))
        notes.append(f"Your function changes its argument {names}: better work on a copy.")
    return " ".join(filter(None, notes))
