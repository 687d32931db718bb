"""The words of a check: what was called, what came back, which mistake, what to think about."""

from typing import Any

import numpy as np

from linbias.check.compare import Finding
from linbias.check.exercise import Attempt, Exercise
from linbias.check.time_limit import SECONDS
from linbias.check.values import Raised, Unreadable, describe, holds_none, is_number, number

NUMBERS = ("one number", "one whole number")
# A larger array is named by its shape.
MOST_SHOWN = 9

NOT_ATTEMPTED = "Not attempted yet: write your answer in place of the line that raises."

# What a wrong value's row does not say: what keeps an answer from being compared at all.
SENTENCES = {
    "not_attempted": NOT_ATTEMPTED,
    "too_slow": "Is there a loop that never ends? Look at what should end it: does it change on "
    "every turn? The other calls were not made.",
    "raised": "The call ended in an error before there was an answer.",
    "other_error": "An error is right here, but a ValueError is asked for.",
    "error_expected": "This call has no right answer: raise ValueError.",
    "no_value": "None came back: does the function end with return?",
    "wrong_type": "Please return {wanted}.",
    "wrong_shape": "Please return {wanted}.",
    "numbers_for_bools": "Please return True and False, as a comparison gives them.",
    "bools_for_numbers": "True and False came back. They would count as 1 and 0: return numbers.",
    "nan": "NaN, not a number, is in your answer: 0 * inf, inf - inf, inf / inf and 0 / 0 give it.",
    "wrong_value": "",
}

# What often lies behind an error, by its type.
HINTS = {
    "NameError": "Is the name spelled as where you defined it, and has its cell been run?",
    "UnboundLocalError": "A name is used before it has a value.",
    "TypeError": "Are the arguments those of the signature, in the same order?",
    "IndexError": "An index went past the end: positions run from 0 to length - 1.",
    "ValueError": "Read the text of the error: did a function of your own raise it? Then look at "
    "what it was called with.",
    "AttributeError": "Is the value of the type you expect? Print type(...).",
    "ZeroDivisionError": "Something was divided by 0.",
    "OverflowError": "A number grew too large, or an infinity was turned into an int.",
    "RecursionError": "The function calls itself without end.",
    "ModuleNotFoundError": "NumPy, as np, is all you need.",
}


# What NumPy says when arrays do not fit or cannot be computed, and what to look at.
NUMPY_HINTS = {
    "matmul": "In a product A @ B the columns of A meet the rows of B. Print both shapes: does one "
    "need .T, or do the two stand in the wrong order?",
    "broadcast": "Cell by cell, as with * or -, the shapes have to match, or one side has length "
    "1: keepdims=True keeps row sums standing in a column. A matrix product is written @.",
    "Python scalar": "A function of math takes one number. np.exp, np.log and np.sqrt take a whole "
    "array.",
    "scalar variable": "One number has no entries to pick from: there is an index too many.",
    "too many indices": "There are more indices in the square brackets than the array has axes. "
    "Print its shape.",
    "scalar index": "Before the square brackets stands the array that is picked from, inside them "
    "the list of places.",
    "negative integer powers": "NumPy cannot raise a whole number to negative whole numbers: write "
    "2.0 in place of 2.",
}


def say(name: str, finding: Finding) -> tuple[str, str]:
    """Return the whole message and the sentence that teaches.

    Parameters
    ----------
    name : str
        What the student's function is called.
    """
    sentence = teach(finding)
    if finding.stage == "not_attempted":
        return f"{name}: {sentence}", sentence
    lines = [f"{name}: not yet.", "", f"You called  {show_call(name, finding.attempt)}"]
    lines += [f"Came back   {came_back(finding)}"]
    if isinstance(finding.attempt.yours, Raised) and finding.attempt.yours.line:
        lines += [f"            at {finding.attempt.yours.line}"]
    lines += [f"            {finding.right_calls} of {finding.calls} calls are right."] * (
        finding.right_calls > 0
    )
    if finding.spoilt:
        lines += [f"            Your function changes its argument {' and '.join(finding.spoilt)}."]
    advice = sentence or _unknown(finding.exercise)
    return "\n\n".join(filter(None, ["\n".join(lines), facts(finding), advice])), sentence


def teach(finding: Finding) -> str:
    """Return the sentence that teaches, "" when nothing is known about the answer."""
    if finding.mistake is not None:
        return finding.mistake.say(finding.attempt)
    sentence = SENTENCES[finding.stage].format(wanted=wanted(finding.exercise, finding.attempt))
    yours = finding.attempt.yours
    if isinstance(yours, Raised) and finding.stage == "raised":
        return f"{sentence} {_hint(yours)}".strip()
    if isinstance(yours, Unreadable):
        return f"{sentence} {yours.remedy}".strip()
    if finding.stage == "wrong_shape" and wanted(finding.exercise, finding.attempt) in NUMBERS:
        return f"{sentence} You returned an array: take the number out of it."
    if finding.exercise.blocks and holds_none(yours):
        return f"{sentence} None is no number: a blocked cell holds -np.inf."
    return sentence


def _hint(error: Raised) -> str:
    """Return what often lies behind an error."""
    if error.type_name in ("ValueError", "TypeError", "IndexError"):
        for word, hint in NUMPY_HINTS.items():
            if word in error.text:
                return hint
    return HINTS.get(error.type_name, "")


def _unknown(exercise: Exercise) -> str:
    """Return what to do with an answer that no known slip gives."""
    if exercise.answer == "labels":
        return (
            "Compare your first two rows with those in the docstring, letter by letter: "
            "q, the query's number, k, the key's number, nothing else."
        )
    return "No known slip gives this. Work it out by hand, step by step."


def came_back(finding: Finding) -> str:
    """Return what the call gave."""
    yours = finding.attempt.yours
    if isinstance(yours, Raised):
        if finding.stage == "too_slow":
            return f"nothing: it was stopped after {SECONDS:g} seconds,"
        return f"{yours.type_name}: {yours.text}" if yours.text else yours.type_name
    return describe(yours)


def facts(finding: Finding) -> str:
    """Return what agrees, how much differs, and one place to look at."""
    it, exercise = finding.attempt, finding.exercise
    if finding.stage == "nan" and isinstance(it.yours, np.ndarray):
        cells = np.argwhere(np.isnan(it.yours))
        first = place(exercise, tuple(map(int, cells[0])))
        return f"NaN stands in {len(cells)} of {it.yours.size} cells, first at {first}."
    if finding.stage != "wrong_value":
        return ""
    if exercise.answer == "labels" or not isinstance(it.right, np.ndarray):
        return example(finding)
    count = f"{int(it.differs.sum())} of {it.right.size} cells differ."
    return f"{_agreement(exercise, it)}{count} For example {example(finding)}"


def example(finding: Finding) -> str:
    """Return one place where a wrong value stands, and how a value comes about there."""
    it, exercise = finding.attempt, finding.exercise
    if exercise.answer == "labels":
        return _labels(it)
    arithmetic = exercise.arithmetic(it) if exercise.arithmetic else ""
    if not isinstance(it.right, np.ndarray):
        return arithmetic
    yours = show(it.yours[it.cell].item())
    return f"{place(exercise, it.cell)}: yours is {yours}. {arithmetic}".rstrip()


def place(exercise: Exercise, cell: tuple[int, ...]) -> str:
    """Return the name of a cell, such as 'query 3, key 1'."""
    return ", ".join(f"{axis} {index}" for axis, index in zip(exercise.axes, cell, strict=True))


def wanted(exercise: Exercise, it: Attempt) -> str:
    """Return what the exercise asks for, in words."""
    if exercise.answer == "labels":
        return "a list of lists of text, one list for each query"
    if exercise.answer == "truth":
        return "True or False"
    if not isinstance(it.right, np.ndarray):
        return NUMBERS[exercise.answer == "whole"]
    content = "True and False" if it.right.dtype == bool else "numbers"
    if it.right.ndim == 1:
        return f"{it.right.size} {content}, one for each {exercise.axes[0]}"
    *heads, rows, columns = it.right.shape
    *_, first, second = exercise.axes
    if heads:
        return (
            f"an array of {content} of the shape {it.right.shape}: for each {exercise.axes[0]} one "
            f"table, with one row for each {first} and one column for each {second}"
        )
    return (
        f"an array of {content} with {rows} rows and {columns} columns: "
        f"one row for each {first}, one column for each {second}"
    )


def show_call(name: str, it: Attempt) -> str:
    """Return a call as it is written; arrays by their shape, unless it is a single small one."""
    arrays = [value for value in it.arguments.values() if isinstance(value, np.ndarray)]
    short = len(arrays) > 1 or any(array.size > MOST_SHOWN for array in arrays)
    shown = [f"{key}={_argument(value, short)}" for key, value in it.arguments.items()]
    return f"{name}({', '.join(shown)})"


def show(value: Any) -> str:
    """Return one cell, short."""
    return number(value) if is_number(value) else str(value)


def _argument(value: Any, short: bool) -> str:
    if not isinstance(value, np.ndarray):
        return number(value, 6) if is_number(value) else str(value)
    if short and value.ndim == 1:
        return f"<array of {value.size}>"
    if short:
        return f"<{'x'.join(map(str, value.shape))} array>"
    return str(value.tolist())


def _agreement(exercise: Exercise, it: Attempt) -> str:
    holds = [name for name, test in (exercise.traits or {}).items() if test(it)]
    return f"Right already: {', '.join(holds)}. " if holds else ""


def _labels(it: Attempt) -> str:
    if len(it.yours) != len(it.right):
        return f"Yours has {len(it.yours)} rows for {len(it.right)} queries."
    row = next(i for i, names in enumerate(it.yours) if names != it.right[i])
    return f"Row {row} is the first that differs: yours is {', '.join(it.yours[row]) or 'empty'}."
