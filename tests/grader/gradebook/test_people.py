"""Who is meant: by number, id, address or name; in doubt all who may be."""

import pytest

from grader.gradebook.people import Person, find

ADA = Person("ada", "Ada", "Lovelace", "ada@example.org", "1001")
EMMY = Person("s7", "Émmy", "Noether", "emmy@example.org", "1002")
JOSE = Person("s8", "José María", "de la Cruz-Núñez", "", "1003")
TWIN = Person("s9", "Ada", "Lovelace", "twin@example.org", "1004")
ROSTER = [ADA, EMMY, JOSE]


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("ada", ADA),
        ("ADA", ADA),
        ("Ada@Example.org", ADA),
        ("Ada Lovelace", ADA),
        ("Lovelace, Ada", ADA),
        ("lovelaceada", ADA),
        ("Emmy Noether", EMMY),
        ("E\u0301mmy NOETHER", EMMY),
        ("noetheremmy", EMMY),
        ("noetherémmy", EMMY),
        ("Jose Maria de la Cruz-Nunez", JOSE),
        ("delacruznunezjosemaria", JOSE),
    ],
)
def test_a_name_is_known_in_any_order_with_or_without_accents(name, who):
    assert find(ROSTER, name) == [who]


def test_the_number_of_the_lms_decides_before_the_name():
    assert find([*ROSTER, TWIN], "Ada Lovelace", "1004") == [TWIN]


def test_two_students_of_one_name_are_both_returned():
    assert find([*ROSTER, TWIN], "Ada Lovelace") == [ADA, TWIN]


@pytest.mark.parametrize("name", ["", "Lovelace", "Ada Lovelace Byron", "_"])
def test_part_of_a_name_is_nobody(name):
    assert find([*ROSTER, Person("x")], name) == []
