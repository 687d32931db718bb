"""Objects of the instructor's own classes that a test gives to a student's function."""

from typing import Any

import pytest
from engine import answer, check, graded, lesson, locked, passed, proved
from scripted_session import says, session

from grader.course.lesson import SourceNotebook
from grader.judge.conversation import NotPlain
from grader.judge.proxy import ProxyFunction
from grader.outcome import CellResult

DOG = """
import enum


class Dog:
    def __init__(self, name, age=1, friend=None):
        self.name, self.age, self.friend = name, age, friend

    def bark(self):
        return f"{self.name}!"


class Puppy(Dog):
    pass


class Pack(list):
    pass


class Small:
    __slots__ = ("age",)


class Colour(enum.Enum):
    RED = 1
"""

TESTS = {
    "it is read": (
        "assert f(Dog('Rex', 3)) == ('Rex!', 3)",
        "def f(dog): return dog.bark(), dog.age",
        "def f(dog): return dog.bark(), 1",
    ),
    "it comes back": (
        "dogs = [Dog('a', 3), Dog('b', 5)]\nassert f(dogs) is dogs[1]",
        "def f(dogs): return max(dogs, key=lambda dog: dog.age)",
        "def f(dogs): return dogs[0]",
    ),
    "it is changed": (
        "dog = Dog('a')\nf(dog)\nassert dog.age == 2\nf(dog)\nassert dog.age == 3",
        "def f(dog): dog.age += 1",
        "def f(dog): dog.age = 2",
    ),
    "it gets what is new": (
        "dog = Dog('a')\nf(dog)\nassert dog.toys == ['ball'] and not hasattr(dog, 'age')",
        "def f(dog):\n    dog.toys = ['ball']\n    del dog.age",
        "def f(dog):\n    dog.toys = ['ball']",
    ),
    "it is of a class": (
        "assert f(Dog('a')) == [True, False] and f(Puppy('b')) == [True, True]",
        "def f(dog): return [isinstance(dog, Dog), isinstance(dog, Puppy)]",
        "def f(dog): return [True, True]",
    ),
    "it holds another": (
        "a = Dog('a', friend=Dog('b'))\nassert f(a) is a.friend and a.friend.age == 9",
        "def f(dog):\n    dog.friend.age = 9\n    return dog.friend",
        "def f(dog):\n    return dog.friend",
    ),
    "two hold each other": (
        "a, b = Dog('a'), Dog('b')\na.friend, b.friend = b, a\nassert f(a)",
        "def f(dog): return dog.friend.friend is dog",
        "def f(dog): return dog.friend is dog",
    ),
    "a long chain": (
        "dog = None\nfor n in range(200): dog = Dog(n, friend=dog)\nassert f(dog) == 200",
        "def f(dog):\n    n = 0\n    while dog: n, dog = n + 1, dog.friend\n    return n",
        "def f(dog): return 2",
    ),
    "the test changes it": (
        "dog = Dog('a')\nassert f(dog) == 1\ndog.age = 7\nassert f(dog) == 7",
        "def f(dog): return dog.age",
        "def f(dog): return 1",
    ),
    "a student's object keeps it": (
        "dog, home = Dog('a'), Home()\nhome.take(dog)\ndog.age = 5\nhome.birthday()\n"
        "assert dog.age == 6 and home.dogs[0] is dog and dog in home.dogs",
        "class Home:\n    def __init__(self): self.dogs = []\n"
        "    def take(self, dog): self.dogs.append(dog)\n"
        "    def birthday(self):\n        for dog in self.dogs: dog.age += 1",
        "class Home:\n    def __init__(self): self.dogs = []\n"
        "    def take(self, dog): self.dogs.append(dog)\n    def birthday(self): pass",
    ),
    "a test's function is given it": (
        "dog, seen = Dog('a'), []\nf(dog, lambda one: seen.append((one is dog, one.age)))\n"
        "assert seen == [(True, 2)]",
        "def f(dog, g):\n    dog.age = 2\n    g(dog)",
        "def f(dog, g):\n    g(dog)\n    dog.age = 2",
    ),
    "it gets a student's object": (
        "dog = Dog('a')\nf(dog)\nassert dog.friend.name == 'cat'",
        "class Cat: name = 'cat'\ndef f(dog): dog.friend = Cat()",
        "class Cat: name = 'dog'\ndef f(dog): dog.friend = Cat()",
    ),
}


def source_of(*tests: str) -> SourceNotebook:
    cells = [check(f"test{number}", test) for number, test in enumerate(tests)]
    return lesson(locked("dog", DOG), answer("a"), *cells)


@pytest.mark.parametrize(("test", "right", "wrong"), TESTS.values(), ids=TESTS)
def test_an_object_of_the_instructors_is_given(test: str, right: str, wrong: str) -> None:
    source = proved(source_of(test), a=right)
    good, bad = (graded(source, a=one).results[0] for one in (right, wrong))

    assert passed(good), good.message
    assert bad.points == 0


def test_a_failed_test_leaves_it_as_it_was() -> None:
    tests = "f(given)\nassert given.age == 5", "assert given.age == 1"
    source = lesson(
        locked("dog", f"{DOG}\ngiven = Dog('a')"),
        answer("a"),
        *(check(f"test{number}", test) for number, test in enumerate(tests)),
    )
    first, second = graded(source, a="def f(dog): dog.age = 4").results

    assert not first.points
    assert passed(second)


def test_a_class_of_a_module_beside_the_notebook_is_on_both_sides() -> None:
    files = (("dogs.py", "Y2xhc3MgRG9nOgogICAgYWdlID0gMwo="),)  # class Dog: age = 3
    test = "import dogs\nassert f(dogs.Dog()) == 3"
    source = lesson(answer("a"), check("test", test), files=files)
    own = "import dogs\ndef f(dog): return dog.age if isinstance(dog, dogs.Dog) else 0"

    assert passed(graded(source, a=own).results[0])


@pytest.mark.parametrize(
    "test",
    [
        "class Cat: pass\nf(Cat())",  # of the test alone: the session does not have it
        "f(Pack())",
        "f(Small())",
        "f(Colour.RED)",
        "class Cat(Dog): pass\nf(Cat('a'))",
        "class Dog: pass\nf(Dog())",
    ],
)
def test_what_cannot_go_over_is_left_to_a_person(test: str) -> None:
    (found,) = graded(source_of(test), a="def f(thing): pass").results

    assert found.points is None
    assert "cannot be given this argument" in found.cause


HOSTILE: list[Any] = [
    5,
    [5],
    [[0]],
    [[0, {"t": "dict", "v": []}, 3]],
    [["0", {"t": "dict", "v": []}]],
    [[True, {"t": "dict", "v": []}]],
    [[1, {"t": "dict", "v": []}]],
    [[-1, {"t": "dict", "v": []}]],
    [[0, []]],
    [[0, {"t": "dict", "v": [[1, 2]]}]],
    [[0, {"t": "pickle"}]],
]


class Dog:
    """One of the instructor's."""

    def __init__(self) -> None:
        self.age = 1


@pytest.mark.parametrize("name", ["bark", "__array_interface__", "__array__"])
def test_an_attribute_hides_no_method_and_is_none_of_pythons_own(name: str) -> None:
    """With a function in a method's place, or a place in memory, it could say yes to all."""
    test = "dog = Dog('a')\nf(dog)\nassert dog.bark() == 'b!'"
    wrong = f"def f(dog): vars(dog)[{name!r}] = lambda: 'b!'"
    source = proved(source_of(test), a="def f(dog): dog.name = 'b'")
    (found,) = graded(source, a=wrong).results

    assert found.points is None
    assert f"hides {name} of the class Dog" in found.cause


@pytest.mark.parametrize("states", HOSTILE)
def test_states_in_another_form_change_nothing(states: Any) -> None:
    dog = Dog()
    with session(says(value=7, states=states)) as remote:
        remote.instances.is_own = lambda kind: kind is Dog
        f = ProxyFunction(remote, "f", {}, True, key="f", site="f")
        with pytest.raises(NotPlain):
            f(dog)
    assert vars(dog) == {"age": 1}


def test_an_object_that_was_not_given_is_none() -> None:
    with session(says(value={"t": "instance", "v": 0})) as remote:
        f = ProxyFunction(remote, "f", {}, True, key="f", site="f")
        with pytest.raises(NotPlain, match="was not given"):
            f()


def test_a_students_own_class_of_that_name_gets_no_point() -> None:
    test = "assert f(Dog('a', 3)) == 3"
    own = "class Dog:\n    age = 3\ndef f(dog): return 3 if type(dog) is Dog else 4"
    source = proved(source_of(test), a="def f(dog): return dog.age")
    found: CellResult = graded(source, a=own).results[0]

    assert found.points is not None
