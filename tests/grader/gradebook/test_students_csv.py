"""Students' lists are read as nbgrader, Moodle and Canvas write them, and errors name the line."""

import pytest

from grader.errors import CourseError
from grader.gradebook.people import Person
from grader.gradebook.students_csv import read_students

ADA = Person("ada", "Ada", "Lovelace", "ada@example.org", "1001")

NBGRADER = "id,first_name,last_name,email,lms_user_id\nada,Ada,Lovelace,ada@example.org,1001\n"
MOODLE = (
    '"First name",Surname,"ID number",Institution,Username,"Email address","Quiz: 1 (Real)"\r\n'
    "Ada,Lovelace,1001,,ada,ada@example.org,-\r\n"
)
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,ps1 (77),Final Score\n"
    ",,,,,Manual Posting,\n"
    "    Points Possible,,,,,6.00,(read only)\n"
    '"Lovelace, Ada",1001,S-9,ada,Autumn,5.00,83.3\n'
    '"Student, Test",3009,,0af21,Autumn,,\n'
)


@pytest.mark.parametrize("text", [NBGRADER, MOODLE], ids=["nbgrader", "moodle"])
def test_the_columns_of_nbgrader_and_moodle_are_read(text):
    assert read_students(text.encode()) == [ADA]


def test_the_gradebook_that_canvas_exports_is_read_without_its_own_rows():
    assert read_students(CANVAS.encode()) == [Person("ada", "Ada", "Lovelace", "", "1001")]


def test_canvas_with_two_columns_for_the_name_is_read():
    text = "LastName,FirstName,ID,SIS Login ID,Section\nLovelace,Ada,1001,ada,Autumn\n"

    assert read_students(text.encode()) == [Person("ada", "Ada", "Lovelace", "", "1001")]


def test_without_a_user_name_moodles_id_number_names_a_student():
    text = "First name,Last name,ID number,Email address\nAda,Lovelace,1001,ada@example.org\n"

    assert read_students(text.encode())[0] == Person(
        "1001", "Ada", "Lovelace", "ada@example.org", "1001"
    )


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_excels_separators_and_its_mark_of_utf8_are_understood(separator):
    text = NBGRADER.replace(",", separator).replace("Ada", "Áda")

    assert read_students(text.encode("utf-8-sig"))[0].first_name == "Áda"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("name\nAda\n", "Line 1 names no column for the students' ids"),
        ("id,email\nada,\n\nada,\n", "Line 4 has the id 'ada', as line 2 has"),
        ("id,first_name\nada,Ada\n,Grace\n", "Line 3: the id '' is empty"),
        ("Username,ID number\n,1001\n", "Line 2: the id '' is empty"),
        ("id\n../ada\n", "Line 2: the id '../ada' cannot name a folder"),
        ("id\n<b>\n", "Line 2: the id '<b>' is not safe"),
        ("id\n=1+1\n", "Line 2: the id '=1+1' is not safe"),
        ("id,email\nada,a@b,c\n", "Line 2 has 3 columns and line 1 has 2"),
        (f"id,email\nada,{'x' * 129}\n", "Line 2: email is longer than 128"),
        ('id,first_name\nada,"Ada\n', "is not CSV"),
    ],
)
def test_a_bad_file_is_an_error_that_names_the_line(text, said):
    with pytest.raises(CourseError) as error:
        read_students(text.encode())

    assert said in str(error.value)


def test_the_line_that_is_not_utf8_is_named():
    with pytest.raises(CourseError, match="Line 3 is not UTF-8"):
        read_students("id,first_name\nada,Ada\nemmy,Émmy\n".encode("latin-1"))
