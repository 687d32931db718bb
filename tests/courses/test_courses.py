"""The lessons of this folder get the points that they should get, and that nbgrader gives."""

import pytest

from tests.courses.grading import Graded, grade_all
from tests.courses.lessons import Lesson, lessons, read_lesson
from tests.courses.places import places, share_outside
from tests.courses.stock import is_current, kept

# What was measured; more tests may come to run outside, none may come to run inside.
LEAST_OUTSIDE = 0.96

LESSONS = {lesson.name: lesson for lesson in lessons()}
each_lesson = pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Graded]:
    return grade_all([*LESSONS.values()], tmp_path_factory.mktemp("courses"))


def test_there_are_tests_of_many_kinds_each_with_a_wrong_answer():
    tests = [(lesson, test) for lesson in LESSONS.values() for test in lesson.tests]
    failed = {(lesson.name, test) for lesson, test in tests if _somebody_fails(lesson, test)}

    assert len(tests) >= 120
    assert len({lesson.examples[test] for lesson, test in tests}) >= 40
    assert failed == {(lesson.name, test) for lesson, test in tests}


def _somebody_fails(lesson: Lesson, test: str) -> bool:
    return any(
        one.scores.get(test, lesson.tests[test]) < lesson.tests[test] for one in lesson.wrong
    )


@each_lesson
def test_each_student_gets_what_the_lesson_says(graded: dict[str, Graded], lesson: Lesson):
    assert graded[lesson.name].points == lesson.expected


@each_lesson
def test_each_student_gets_what_nbgrader_gives(graded: dict[str, Graded], lesson: Lesson):
    stock = kept()[lesson.name]

    assert is_current(lesson, stock), "Run `python -m tests.courses` and commit stock.json."
    assert graded[lesson.name].points == stock.scores


@each_lesson
def test_each_lesson_is_proved(graded: dict[str, Graded], lesson: Lesson):
    assert graded[lesson.name].proof.findings == ()


def test_as_many_points_as_before_rest_on_tests_outside(graded: dict[str, Graded]):
    found = [place for one in LESSONS.values() for place in places(one, graded[one.name])]

    assert share_outside(found) >= LEAST_OUTSIDE


# The lessons' own form

SQUARE = """
# Squares

```python answer square
### BEGIN SOLUTION
square = 9
### END SOLUTION
```

```python test test_square 2
assert square == 9
```
"""


def wrong(told: str) -> str:
    return f"{SQUARE}\n```python wrong {told}\nsquare = 6\n```\n"


def test_a_wrong_answer_gets_what_is_said_and_all_else_full_points():
    lesson = read_lesson("squares", wrong("square: test_square=1"))

    assert lesson.answers["wrong-1"] == {"square": "square = 6"}
    assert lesson.expected == {
        "right": {"test_square": 2},
        "empty": {"test_square": 0},
        "wrong-1": {"test_square": 1},
    }


def test_another_right_answer_gets_full_points():
    lesson = read_lesson("squares", f"{SQUARE}\n```python right square\nsquare = 3 * 3\n```\n")

    assert lesson.answers["wrong-1"] == {"square": "square = 3 * 3"}
    assert lesson.expected["wrong-1"] == {"test_square": 2}


def test_the_digest_changes_with_a_wrong_answer_and_not_with_a_heading():
    lesson = read_lesson("squares", SQUARE)

    assert read_lesson("squares", wrong("square: test_square")).digest != lesson.digest
    assert read_lesson("squares", SQUARE.replace("Squares", "Areas")).digest == lesson.digest


@pytest.mark.parametrize("told", ["circle: test_square", "square: test_circle", "square:"])
def test_a_wrong_answer_to_nothing_is_refused(told: str):
    with pytest.raises(ValueError, match=r"squares\.md has no (circle|test_circle|a test)"):
        read_lesson("squares", wrong(told))


def test_an_unknown_kind_of_block_is_refused():
    with pytest.raises(ValueError, match=r"squares\.md has a block 'tset test_square 2'"):
        read_lesson("squares", SQUARE.replace("python test", "python tset"))
