"""The roster: the gradebook's students made to be those of a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from nbgrader.api import Student

from grader.course.course import Course
from grader.gradebook.people import Person, people
from grader.gradebook.withdraw import is_withdrawn, restore, unlist, withdraw


@dataclass(frozen=True)
class Change:
    """What happens to one student.

    Attributes
    ----------
    action : str
        ``added``, ``restored``, ``changed``, ``unchanged``, ``withdrawn`` or ``not in the file``.
    """

    student: Person
    action: str
    details: str = ""


def set_roster(
    course: Course, wanted: Sequence[Person], *, withdraw_missing: bool, dry_run: bool
) -> list[Change]:
    """Add, change and withdraw students, and return what was done, or would be, with each.

    Parameters
    ----------
    wanted : sequence of Person
        The students of the file. An empty value changes nothing.
    withdraw_missing : bool
        Withdraw who is in the gradebook and not in the file.
    dry_run : bool
        Only say what would be done.

    Notes
    -----
    The gradebook is written in one transaction. Withdrawn work is moved first: where a command is
    stopped, the same command goes on.
    """
    with course.gradebook() as gradebook:
        changes = planned(people(gradebook), wanted, withdraw_missing=withdraw_missing)
        back = {
            change.student.id
            for change in changes
            if change.action == "added" and is_withdrawn(course, change.student.id)
        }
        changes = [
            replace(change, action="restored", details="with what was handed in and graded")
            if change.student.id in back
            else change
            for change in changes
        ]
        if not dry_run:
            _carry_out(course, gradebook, changes)
    return changes


def planned(
    there: Sequence[Person], wanted: Sequence[Person], *, withdraw_missing: bool
) -> list[Change]:
    """Return what has to be done with each student, by id.

    Examples
    --------
    >>> ada, alan = Person("ada"), Person("alan")
    >>> changes = planned([ada], [alan], withdraw_missing=True)
    >>> [(change.student.id, change.action) for change in changes]
    [('ada', 'withdrawn'), ('alan', 'added')]
    """
    before = {person.id: person for person in there}
    listed = {person.id for person in wanted}
    changes = [_change(before, person) for person in wanted]
    gone = "withdrawn" if withdraw_missing else "not in the file"
    hint = "" if withdraw_missing else "stays; --withdraw-missing withdraws"
    changes += [Change(person, gone, hint) for person in there if person.id not in listed]
    return sorted(changes, key=lambda change: change.student.id)


def _change(before: Mapping[str, Person], person: Person) -> Change:
    old = before.get(person.id)
    if old is None:
        return Change(person, "added", _perhaps_renamed(before, person))
    new = {
        field.name: value
        for field in fields(Person)
        if (value := getattr(person, field.name)) and value != getattr(old, field.name)
    }
    said = "; ".join(f"{name}: {getattr(old, name)!r} → {value!r}" for name, value in new.items())
    return Change(replace(old, **new), "changed" if new else "unchanged", said)


def _perhaps_renamed(before: Mapping[str, Person], person: Person) -> str:
    same = sorted(
        old.id
        for old in before.values()
        if person.email and old.email.casefold() == person.email.casefold()
    )
    return f"has the e-mail address of {', '.join(same)}; see grader rename" if same else ""


def _carry_out(course: Course, gradebook: Any, changes: Sequence[Change]) -> None:
    gone = [change.student.id for change in changes if change.action == "withdrawn"]
    for student in gone:
        withdraw(course, gradebook, student)
    database = gradebook.db
    try:
        for change in changes:
            if change.action in ("added", "restored", "changed"):
                values = {key: value or None for key, value in vars(change.student).items()}
                database.merge(Student(**values))
        for student in gone:
            unlist(database, student)
        database.commit()
    except BaseException:
        database.rollback()
        raise
    for change in changes:
        if change.action == "restored":
            restore(course, gradebook, change.student.id)
