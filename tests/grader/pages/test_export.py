"""Grades leave in the columns that a spreadsheet, Moodle and Canvas read."""

import csv
import io

import pytest
from small_class import enrol, graded, hand_in_graded

from grader.gradebook.people import Person
from grader.gradebook.totals import ClassTotals, Total
from grader.pages.export import canvas, export, moodle, spreadsheet

ADA = Person("ada", "Ada", "Lovelace", "ada@example.org", "1001")
BOB = Person("bob", "Bob", "Ray", "bob@example.org", "1002")
TOTALS = ClassTotals(
    (ADA, BOB),
    {"ps1": 6.0, "ps2": 4.0},
    {("ada", "ps1"): Total(4.5, 6.0, penalty=1.5, seconds_late=60.0), ("bob", "ps2"): Total(0, 4)},
)


def test_a_spreadsheet_has_a_line_for_each_student_and_lesson():
    head, *lines = spreadsheet(TOTALS)

    assert dict(zip(head, lines[0], strict=True)) == {
        "lesson": "ps1",
        "student": "ada",
        "last_name": "Lovelace",
        "first_name": "Ada",
        "email": "ada@example.org",
        "points": "4.5",
        "max_points": "6",
        "handed_in": "yes",
        "seconds_late": "60",
        "late_penalty": "1.5",
        "points_that_wait_for_a_teacher": "0",
    }
    assert [(line[0], line[1], line[5], line[7]) for line in lines[1:]] == [
        ("ps1", "bob", "0", "no"),
        ("ps2", "ada", "0", "no"),
        ("ps2", "bob", "0", "yes"),
    ]


def test_moodle_gets_a_column_a_lesson_and_nothing_for_no_grade():
    assert moodle(TOTALS) == [
        ["First name", "Last name", "Username", "ID number", "Email address", "ps1", "ps2"],
        ["Ada", "Lovelace", "ada", "1001", "ada@example.org", "4.5", ""],
        ["Bob", "Ray", "bob", "1002", "bob@example.org", "", "0"],
    ]


def test_moodle_gets_no_identifier_that_a_student_lacks():
    some = ClassTotals((ADA, Person("bob", "Bob", "Ray")), {"ps1": 6.0}, {})

    assert moodle(some)[0] == ["First name", "Last name", "Username", "ps1"]


def test_canvas_gets_its_columns_in_its_order_and_the_points_possible():
    assert canvas(TOTALS) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "ps1", "ps2"],
        ["Points Possible", "", "", "", "", "6", "4"],
        ["Lovelace, Ada", "1001", "", "ada", "", "4.5", ""],
        ["Ray, Bob", "1002", "", "bob", "", "", "0"],
    ]


@pytest.mark.parametrize("form", ["csv", "moodle", "canvas"])
def test_the_gradebooks_points_are_written_and_no_cell_is_a_formula(released_course, form):
    enrol(released_course, ("ada", '=HYPERLINK("x")', "Lovelace", "", ""))
    hand_in_graded(released_course, graded("ada", 2.0, None))

    text, notes = export(released_course, ["ps1"], form)

    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert "3" in cells
    assert not [cell for cell in cells if cell.startswith("=")]
    assert "answers of 1 student wait for a teacher" in notes[0]


def test_a_lesson_that_is_not_released_is_named(released_course):
    text, notes = export(released_course, ["ps1", "ps2"], "moodle")

    assert text == "First name,Last name,Username,ID number,Email address,ps1\r\n"
    assert notes == ["ps2 is not in the gradebook: `grader release ps2`"]
