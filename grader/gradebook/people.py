"""The students in the gradebook, and who is meant by an id, an address or a name."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from nbgrader.api import Student

# nbgrader's formgrader has students' names in its pages and scripts as they are, and its export in
# a table of which a spreadsheet takes what begins so for a formula.
_ACTIVE = frozenset('"&<>\\')
_FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Person:
    """A student as nbgrader knows one; empty where it does not know."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""

    @property
    def name(self) -> str:
        """First and last name."""
        return " ".join(part for part in (self.first_name, self.last_name) if part)


def people(gradebook: Any) -> list[Person]:
    """Return the gradebook's students, by id."""
    columns = (
        Student.id,
        Student.first_name,
        Student.last_name,
        Student.email,
        Student.lms_user_id,
    )
    rows = gradebook.db.query(*columns).order_by(Student.id)
    return [Person(*(value or "" for value in row)) for row in rows]


def unusable(student: str) -> str:
    """Return why a student cannot have this id; empty where it can.

    Examples
    --------
    >>> unusable("ada"), unusable("../ada")
    ('', 'cannot name a folder: use letters, digits and . _ @ + -')
    """
    if not student:
        return "is empty: each student needs one"
    if student.startswith(".") or "/" in student or not student.isprintable():
        return "cannot name a folder: use letters, digits and . _ @ + -"
    if _ACTIVE & set(student) or student.startswith(_FORMULA_SIGNS) or len(student) > 128:
        return "is not safe: use up to 128 letters, digits and . _ @ + -, a letter or digit first"
    return ""


def words(name: str) -> tuple[str, ...]:
    """Return a name's words in an order of their own, without accents and case.

    Examples
    --------
    >>> words("Noether, Émmy") == words("emmy NOETHER")
    True
    """
    return tuple(sorted(re.findall(r"\w+", _plain(name))))


def letters(name: str) -> str:
    """Return a name's letters and digits, without accents, case and all that is between them.

    Examples
    --------
    >>> letters("O'Brien, Ána")
    'obrienana'
    """
    return "".join(re.findall(r"[^\W_]+", _plain(name)))


# Letters that have no accent to take away, as people write them without them.
_SPELT = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})


def _plain(name: str) -> str:
    parts = unicodedata.normalize("NFKD", name.casefold().translate(_SPELT))
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def find(roster: Iterable[Person], name: str, lms_user_id: str = "") -> Sequence[Person]:
    """Return who may be meant, by what is surest: the LMS's number, an id, an address, a name.

    Parameters
    ----------
    name : str
        An id, an e-mail address, or a full name in any order, with or without accents and spaces.
    lms_user_id : str
        The LMS's number of the student, where it is known.

    Examples
    --------
    >>> ada, alan = Person("s1", "Ada", "Lovelace"), Person("s2", "Alan", "Turing")
    >>> [person.id for person in find([ada, alan], "lovelaceada")]
    ['s1']
    """
    known = list(roster)
    rules = (
        lambda one: lms_user_id and one.lms_user_id == lms_user_id,
        lambda one: one.id == name,
        lambda one: one.id.casefold() == name.casefold(),
        lambda one: one.email and one.email.casefold() == name.casefold(),
        lambda one: words(name) and words(one.name) == words(name),
        lambda one: letters(name) and letters(name) in _orders(one),
    )
    for rule in rules:
        found = [one for one in known if rule(one)]
        if found:
            return found
    return []


def _orders(person: Person) -> tuple[str, str]:
    first, last = person.first_name, person.last_name
    return letters(first + last), letters(last + first)
