"""Whatever is handed in gets an outcome, and never more points than its answers deserve."""

import copy
import json
import os
import random
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from engine import answer, cells, check, defines, lesson, notebook, written

from grader.autograde.grade import Terms, grade
from grader.autograde.submission import read_submission
from grader.course.course import Course
from grader.judge.restore import DamagedSubmission, Step, restore
from grader.outcome import GradedNotebook
from grader.session.limits import Limits

SOURCE = lesson(
    defines("f"),
    check(
        "test_f",
        "assert f(3) == 9\n### BEGIN HIDDEN TESTS\nassert f(-4) == 16\n### END HIDDEN TESTS",
    ),
    defines("g"),
    check("test_g", "assert g(3) == 27"),
    answer("number"),
    check("test_number", "assert number == 42"),
    written("explain"),
)
# One answer is right, one wrong and one left out: only the first deserves its point.
RIGHT, WRONG = "def f(x):\n    return x * x", "def g(x):\n    return 0"
DESERVED = {"test_f": 1.0, "test_g": 0.0, "test_number": 0.0}
SUBMISSION = cells(SOURCE, f=RIGHT, g=WRONG)
TERMS = Terms(Limits(cell_seconds=5, notebook_seconds=10))

# On CI 600 submissions are restored and 100 graded. By hand: FUZZ=100 is a hundred times as many.
TIMES = int(os.environ.get("FUZZ", "1"))
RESTORED, GRADED, AT_A_TIME = 600 * TIMES, 100 * TIMES, 50

THINGS: tuple[Any, ...] = (
    None,
    True,
    -1,
    10**30,
    1e308,
    float("nan"),
    "",
    "\ud800",
    "x" * 5000,
    "test_f",
    [],
    {},
    [[[[]]]],
    {"nbgrader": {"grade_id": "test_g"}},
    {"nbgrader": {"grade_id": ["test_g"], "points": 99, "locked": "no"}},
)
Mutation = Callable[[random.Random, Any], Any]


def places(value: Any) -> list[tuple[Any, Any]]:
    """Return each place in a JSON value: what holds it, and the key or index there."""
    keys = list(value) if isinstance(value, dict) else range(len(value))
    found = [(value, key) for key in keys]
    for key in keys:
        if isinstance(value[key], dict | list):
            found += places(value[key])
    return found


def another_thing(rng: random.Random, made: Any) -> Any:
    """Put some other thing into some place."""
    holder, key = rng.choice(places(made))
    holder[key] = copy.deepcopy(rng.choice(THINGS))
    return made


def a_thing_of_its_own(rng: random.Random, made: Any) -> Any:
    """Put what stands in one place into another, too."""
    (holder, key), (other, its) = rng.sample(places(made), 2)
    holder[key] = copy.deepcopy(other[its])
    return made


def without_something(rng: random.Random, made: Any) -> Any:
    holder, key = rng.choice(places(made))
    del holder[key]
    return made


def other_key(rng: random.Random, made: Any) -> Any:
    found = [(holder, key) for holder, key in places(made) if isinstance(holder, dict)]
    holder, key = rng.choice(found)
    holder[rng.choice(("", "source", "cells", "metadata", "nbgrader", "\udfff"))] = holder.pop(key)
    return made


def cells_mixed(rng: random.Random, made: Any) -> Any:
    """Let cells change places, stand twice or be missing."""
    if isinstance(made.get("cells"), list):
        made["cells"] = rng.choices(made["cells"] or [{}], k=rng.randrange(12))
    return made


def old_format(rng: random.Random, made: Any) -> Any:
    made["nbformat"] = rng.choice((1, 2, 3, 3, 3, 4, 5, "4", 4.0))
    made["worksheets"] = [{"cells": made.get("cells"), "metadata": {}}]
    return made


MUTATIONS: tuple[Mutation, ...] = (
    another_thing,
    another_thing,
    a_thing_of_its_own,
    without_something,
    other_key,
    cells_mixed,
    old_format,
)


def bytes_changed(rng: random.Random, content: bytes) -> bytes:
    """Change, take out or repeat some bytes."""
    data = bytearray(content)
    for _ in range(rng.randrange(1, 4)):
        begin = rng.randrange(len(data) + 1)
        end = min(len(data), begin + rng.choice((0, 1, 1, 9, 500)))
        data[begin:end] = rng.choice((b"", b'"', b"{", b"\0", b"\xff\xfe", data[begin:end] * 2))
    return bytes(data)


def mutated(seed: int) -> bytes:
    """Return one mutated submission; the same seed gives the same."""
    rng = random.Random(seed)
    made: Any = json.loads(notebook(copy.deepcopy(SUBMISSION)))
    for _ in range(rng.randrange(1, 5)):
        if isinstance(made, dict) and places(made):
            made = rng.choice(MUTATIONS)(rng, made)
    content = json.dumps(made).encode()
    return content if rng.random() < 0.7 else bytes_changed(rng, content)


def restored(content: bytes) -> list[Step] | None:
    """Return the cells of a submission; None where it is damaged."""
    try:
        return restore(content, SOURCE)[0]
    except DamagedSubmission:
        return None


@pytest.mark.parametrize("first", range(0, RESTORED, AT_A_TIME))
def test_any_submission_is_damaged_or_has_each_of_the_instructors_cells_once(first: int) -> None:
    for seed in range(first, first + AT_A_TIME):
        steps = restored(mutated(seed))
        if steps is not None:
            known = [step.known for step in steps if step.known]
            assert [cell.cell for cell in known] == [cell.cell for cell in SOURCE.cells], seed


@pytest.mark.parametrize("first", range(0, RESTORED, AT_A_TIME))
def test_what_is_locked_is_run_as_the_instructor_wrote_it(first: int) -> None:
    for seed in range(first, first + AT_A_TIME):
        for step in restored(mutated(seed)) or []:
            if step.known and step.known.locked:
                assert (step.source, step.cell_type) == (step.known.source, step.known.cell_type)


@pytest.mark.parametrize("first", range(0, GRADED, AT_A_TIME // 5))
def test_any_submission_gets_an_outcome_and_no_more_than_it_deserves(first: int) -> None:
    for seed in range(first, first + AT_A_TIME // 5):
        graded = grade(mutated(seed), SOURCE, TERMS)

        assert_fair(graded, seed)
        assert GradedNotebook.of(asdict(graded)) == graded
        assert graded.ipynb.encode()


def assert_fair(graded: GradedNotebook, seed: int) -> None:
    points = {result.cell: result.points for result in graded.results}

    assert set(points) == {*DESERVED, "explain"}, seed
    assert not points["explain"], seed
    assert all((points[test] or 0) <= DESERVED[test] for test in DESERVED), seed
    assert graded.status != "damaged" or not any(points.values()), seed
    assert graded.status != "damaged" or graded.reason, seed


def test_the_mutations_are_of_all_kinds() -> None:
    """Some are damaged, some are whole, and some still have their point."""
    found = [restored(mutated(seed)) for seed in range(RESTORED)]
    right = [steps for steps in found if steps and any(step.source == RIGHT for step in steps)]

    assert 0.1 < sum(steps is None for steps in found) / RESTORED < 0.6
    assert 0.2 < len(right) / RESTORED < 0.9
    assert len({mutated(seed) for seed in range(RESTORED)}) > 0.9 * RESTORED


def test_the_submission_itself_gets_what_it_deserves() -> None:
    graded = grade(notebook(SUBMISSION), SOURCE, TERMS)

    assert {result.cell: result.points for result in graded.results} == DESERVED | {"explain": 0}


TIMES = "0123456789-: TZ+.,/aAmMpPUTC日\x00\ud800\n"


@pytest.mark.parametrize("seed", range(5))
def test_any_timestamp_is_a_time_or_a_note(released_course: Course, seed: int) -> None:
    rng = random.Random(seed)
    folder = released_course.folder("submitted", "ada", "ps1")
    folder.mkdir(parents=True)
    for _ in range(100):
        text = "".join(rng.choices(TIMES, k=rng.randrange(30)))
        Path(folder / "timestamp.txt").write_bytes(text.encode("utf-8", "surrogatepass"))
        found = read_submission(released_course, "ada", "ps1", {}, 1000)

        assert (found.timestamp is None) == bool(found.notes), text
