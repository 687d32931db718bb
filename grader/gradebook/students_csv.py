"""Students from a CSV file: nbgrader's columns, or those that Moodle and Canvas export."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.errors import CourseError
from grader.gradebook.people import Person, unusable

# What each field may be called, the best first. Moodle: docs.moodle.org/en/Upload_users and its
# grade export; an export has no Username, so the next best column names a student.
_COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("id", "student_id", "username", "id number", "idnumber", "email address", "email"),
    "first_name": ("first_name", "first name", "firstname"),
    "last_name": ("last_name", "last name", "lastname", "surname"),
    "email": ("email", "email address", "e-mail"),
    "lms_user_id": ("lms_user_id", "id number", "idnumber"),
}
# Canvas's gradebook export has exactly these, in this case; see lib/gradebook_exporter.rb in the
# repository instructure/canvas-lms. Its ID is Canvas's own number of a user.
_CANVAS = {
    "id": ("sis login id", "sis user id", "id"),
    "first_name": ("firstname",),
    "last_name": ("lastname",),
    "email": ("email",),
    "lms_user_id": ("id",),
}


@dataclass(frozen=True)
class _Line:
    number: int
    cells: Mapping[str, str]


def read_students(content: bytes) -> list[Person]:
    """Return the students of a CSV file, in its order.

    Raises
    ------
    CourseError
        With the line's number, where a line is not as it has to be.

    Examples
    --------
    >>> read_students(b"Username;First name;Surname\\nada;Ada;Lovelace\\n")[0].name
    'Ada Lovelace'
    """
    text = _text(content)
    header, lines = _lines(text)
    canvas = {"student", "lastname"} & set(header) and "id" in header and "section" in header
    names = _CANVAS if canvas else _COLUMNS
    columns = {field: _present(names[field], header) for field in names}
    # One column names all: an empty cell is an error, and not a reason to look in another column.
    columns["id"] = columns["id"][:1]
    if not columns["id"]:
        raise CourseError(
            f"Line 1 names no column for the students' ids; it has: {', '.join(header)}. "
            "Name one `id`, or use what Moodle or Canvas exports, with its first line."
        )
    people: dict[str, tuple[int, Person]] = {}
    for line in lines:
        if canvas and _no_student(line.cells):
            continue
        person = _person(line, columns)
        if person.id in people:
            raise CourseError(
                f"Line {line.number} has the id {person.id!r}, as line {people[person.id][0]} has. "
                "Delete one of them."
            )
        people[person.id] = (line.number, person)
    return [person for _, person in people.values()]


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = content[: error.start].count(b"\n") + 1
        raise CourseError(
            f"Line {number} is not UTF-8 text. Save the file as CSV UTF-8 and try again."
        ) from None


def _lines(text: str) -> tuple[list[str], list[_Line]]:
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        start = 1
        for row in reader:
            rows.append((start, row))
            start = reader.line_num + 1
    except csv.Error as error:
        raise CourseError(f"Line {reader.line_num} is not CSV: {error}.") from None
    if not rows:
        raise CourseError("The file is empty: it needs a first line with the columns' names.")
    header = [name.strip().lower() for name in rows[0][1]]
    return header, [
        _line(number, header, row) for number, row in rows[1:] if any(map(str.strip, row))
    ]


def _line(number: int, header: Sequence[str], row: Sequence[str]) -> _Line:
    if len(row) > len(header):
        raise CourseError(
            f"Line {number} has {len(row)} columns and line 1 has {len(header)}: "
            "put a value with a comma between quotes."
        )
    # A column's name that comes twice stands for the first.
    cells = dict(reversed([*zip(header, map(str.strip, row), strict=False)]))
    return _Line(number, cells)


def _present(names: Sequence[str], header: Sequence[str]) -> list[str]:
    return [name for name in names if name in header]


def _no_student(cells: Mapping[str, str]) -> bool:
    """Whether a line of Canvas's export is none of a student."""
    name = cells.get("student") or cells.get("lastname", "")
    return name in ("", "Points Possible", "Student, Test")


def _person(line: _Line, columns: Mapping[str, Sequence[str]]) -> Person:
    fields = {field: _first(line.cells, names) for field, names in columns.items()}
    last, _, first = line.cells.get("student", "").partition(",")  # Canvas: "Lovelace, Ada"
    fields["first_name"] = fields["first_name"] or first.strip()
    fields["last_name"] = fields["last_name"] or last.strip()
    why = unusable(fields["id"])
    if why:
        raise CourseError(f"Line {line.number}: the id {fields['id']!r} {why}.")
    for field in _too_long(fields):
        raise CourseError(f"Line {line.number}: {field} is longer than 128 characters.")
    return Person(**fields)


def _first(cells: Mapping[str, str], names: Sequence[str]) -> str:
    return next((cells[name] for name in names if cells.get(name)), "")


def _too_long(fields: Mapping[str, str]) -> Iterator[str]:
    # nbgrader's columns hold as much; PostgreSQL refuses more.
    return (field for field, value in fields.items() if len(value) > 128)
