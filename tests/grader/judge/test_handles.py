"""Handles: a test uses a student's classes and objects, which stay in the session."""

from typing import Any

import pytest
from engine import answer, check, graded, lesson, locked, passed, proved
from scripted_session import says, session

from grader.autograde.grade import Terms
from grader.course.lesson import SourceNotebook
from grader.judge.conversation import NotPlain
from grader.judge.handles import MOST_KINDS, Sites
from grader.judge.proxy import ProxyFunction
from grader.outcome import CellResult
from grader.session.limits import Limits
from grader.session.wire import WireError

ACCOUNT = '''
class Account:
    """What a customer has."""

    rate = 0.1

    def __init__(self, owner, balance=0):
        self.owner, self.balance, self.log = owner, balance, []

    def pay_in(self, amount):
        if amount < 0:
            raise ValueError("negative")
        self.balance += amount
        self.log.append(amount)
        return self

    @property
    def rich(self):
        return self.balance > 100

    @classmethod
    def empty(cls):
        return cls("nobody")

    @staticmethod
    def bank():
        return "B"

    def __eq__(self, other):
        return isinstance(other, Account) and other.balance == self.balance

    def __lt__(self, other):
        return self.balance < other.balance

    def __add__(self, other):
        more = other.balance if isinstance(other, Account) else other
        return Account(self.owner, self.balance + more)

    __radd__ = __add__

    def __iadd__(self, amount):
        self.balance += amount
        return self

    def __len__(self):
        return len(self.log)

    def __iter__(self):
        return iter(self.log)

    def __getitem__(self, place):
        return self.log[place]

    def __contains__(self, amount):
        return amount in self.log

    def __call__(self, factor):
        return self.balance * factor

    def __bool__(self):
        return self.balance != 0

    def __repr__(self):
        return f"Account({self.owner!r}, {self.balance})"


class Savings(Account):
    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.owner = str(error)
        return kind is ValueError


def make(count):
    return [Account(str(number), number) for number in range(count)]


def richest(accounts):
    return max(accounts, key=lambda one: one.balance)


def total(accounts, value):
    return sum(value(one) for one in accounts)


def open_for(accounts, name):
    accounts.append(Account(name))
'''
MADE = 'a = Account("Ada", 3)\n'

USES = {
    "attributes": 'assert a.owner == "Ada" and a.balance == 3 and a.log == []',
    "a method that returns the object": "assert a.pay_in(5) is a and a.balance == 8",
    "one call after another": "assert a.pay_in(1).pay_in(2).log == [1, 2]",
    "a property": "assert not a.rich and Account('b', 101).rich",
    "a static method": 'assert Account.bank() == a.bank() == "B"',
    "a class method": 'assert Account.empty().owner == "nobody"',
    "a keyword": 'assert Account(owner="b", balance=2).balance == 2',
    "an unbound method": "Account.pay_in(a, 4)\nassert a.balance == 7",
    "an attribute is set": "a.balance = 9\nassert a.balance == 9 and a.pay_in(1).balance == 10",
    "an attribute is deleted": "del a.owner\nassert not hasattr(a, 'owner')",
    "hasattr": "assert hasattr(a, 'pay_in') and not hasattr(a, 'pay_out')",
    "getattr": "assert getattr(a, 'balance') == 3 and getattr(a, 'nothing', 5) == 5",
    "vars": 'assert vars(a) == {"owner": "Ada", "balance": 3, "log": []} == a.__dict__',
    "dir": "assert 'pay_in' in dir(a)",
    "names": "assert type(a).__name__ == a.__class__.__name__ == Account.__name__ == 'Account'",
    "a docstring": "assert 'customer' in Account.__doc__",
    "types": "assert type(a) == type(Account('b')) == Account\nassert type(a) != Savings",
    "isinstance": "assert isinstance(a, Account) and not isinstance(a, (Savings, int))",
    "a subclass": "assert isinstance(Savings('s'), Account) and issubclass(Savings, Account)",
    "a class": "import inspect\nassert inspect.isclass(Account) and isinstance(Account, type)",
    "comparisons": "assert a == Account('b', 3) and a != Account('b', 4) and not a == 3",
    "order": "assert a < Account('b', 4) and sorted([Account('x', 9), a])[0] is a",
    "sums": "assert (a + 1).balance == (1 + a).balance == 4\nassert sum([a, a]).balance == 6",
    "in place": "b = a\nb += 2\nassert b is a and a.balance == 5",
    "a container": "a.pay_in(5)\nassert len(a) == 1 and a[0] == 5 and 5 in a and list(a) == [5]",
    "unpacking": "a.pay_in(5).pay_in(6)\nfirst, second = a\nassert (first, second) == (5, 6)",
    "an index that is not there": "import pytest\nwith pytest.raises(IndexError):\n    a[9]",
    "a call": "assert a(2) == 6 and callable(a)",
    "truth": "assert a and not Account('b')",
    "text": "assert repr(a) == str(a) == f'{a}'\nassert str(a) == \"Account('Ada', 3)\"",
    "not hashable": "import pytest\nwith pytest.raises(TypeError, match='unhashable'):\n    {a}",
    "no operation": "import pytest\nwith pytest.raises(TypeError):\n    a * 2",
    "an error": "import pytest\nwith pytest.raises(ValueError, match='neg'):\n    a.pay_in(-1)",
    "with": "with Savings('s') as s:\n    s.pay_in(2)\nassert s.balance == 2",
    "with an error": "with Savings('s') as s:\n    raise ValueError('no')\nassert s.owner == 'no'",
    "copies": "import copy\nb, c = copy.copy(a), copy.deepcopy(a)\nb.balance = 5\nc.log.append(1)\n"
    "assert a.balance == 3 and a.log == [] and c.balance == 3",
    "objects in a list": "assert [one.balance for one in make(3)] == [0, 1, 2]",
    "objects go back": "many = make(3)\nassert richest(many) is many[2]",
    "objects are called with": "assert total(make(4), lambda one: one.balance) == 6",
    "an object is added": "many = make(1)\nopen_for(many, 'new')\nassert many[1].owner == 'new'",
    "objects in a dict": "assert {one.owner: one for one in make(2)}['1'].balance == 1",
}


@pytest.fixture(scope="module")
def accounts() -> SourceNotebook:
    tests = [check(name, MADE + use) for name, use in USES.items()]
    return proved(lesson(answer("account"), *tests), account=ACCOUNT)


@pytest.fixture(scope="module")
def right(accounts: SourceNotebook) -> dict[str, CellResult]:
    return {one.cell: one for one in graded(accounts, account=ACCOUNT).results}


@pytest.mark.parametrize("use", USES)
def test_a_test_uses_a_students_object(right: dict[str, CellResult], use: str) -> None:
    assert passed(right[use]), right[use].message


@pytest.mark.parametrize(
    ("wrong", "fails"),
    [
        (("balance += amount", "balance = amount"), {"one call after another", "attributes"}),
        (("return self\n\n    @property", "return 5\n\n    @property"), {"with"}),
    ],
)
def test_a_wrong_class_loses_its_points(
    accounts: SourceNotebook, wrong: tuple[str, str], fails: set[str]
) -> None:
    found = graded(accounts, account=ACCOUNT.replace(*wrong))

    assert {one.cell for one in found.results if not one.points}
    assert all(one.points is not None for one in found.results)


def both(test: str, official: str, *students: str) -> list[CellResult]:
    """Return the verdicts of one test on some answers, where this is the official solution."""
    source = proved(lesson(answer("a"), check("test", test)), a=official)
    return [graded(source, a=one).results[0] for one in students]


OTHERS = {
    "a generator": (
        "g = f(3)\nassert next(g) == 0 and list(g) == [1, 2] and iter(g) is g",
        "def f(n):\n    yield from range(n)",
        "def f(n):\n    yield from range(1, n + 1)",
    ),
    "the end of a generator": (
        "g = f(1)\nassert next(g) == 0 and next(g, 5) == 5\nassert hasattr(g, 'send')",
        "def f(n):\n    yield from range(n)",
        "def f(n):\n    while True: yield 0",
    ),
    "a generator's kind": (
        "import types\nfrom collections.abc import Iterator\n"
        "assert isinstance(f(1), types.GeneratorType) and isinstance(f(1), Iterator)",
        "def f(n):\n    yield n",
        "def f(n): return [n]",
    ),
    "what is sent to a generator": (
        "g = f()\nnext(g)\nassert g.send(3) == 6",
        "def f():\n    got = 1\n    while True: got = yield 2 * got",
        "def f():\n    got = 1\n    while True: got = yield got",
    ),
    "a context manager": (
        "with f() as x:\n    assert x == 1 and log() == ['in']\nassert log() == ['in', 'out']",
        "import contextlib\nseen = []\ndef log(): return seen\n@contextlib.contextmanager\n"
        "def f():\n    seen.append('in')\n    yield 1\n    seen.append('out')",
        "import contextlib\nseen = []\ndef log(): return seen\n@contextlib.contextmanager\n"
        "def f():\n    seen.append('in')\n    yield 1",
    ),
    "a named tuple": (
        "p = f()\nx, y = p\nassert p.x == x == 1 and p == (1, 2) and isinstance(p, tuple)",
        "import collections\nP = collections.namedtuple('P', 'x y')\ndef f(): return P(1, 2)",
        "import collections\nP = collections.namedtuple('P', 'x y')\ndef f(): return P(2, 1)",
    ),
    "a data class": (
        "import dataclasses\nassert P(1) == P(1) and repr(P(2)) == 'P(x=2)'\n"
        "assert dataclasses.is_dataclass(P)",
        "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int",
        "class P:\n    def __init__(self, x): self.x = x",
    ),
    "an enum": (
        "assert Colour.RED.value == 1 and Colour(1) is Colour.RED and len(Colour) == 2\n"
        "assert [one.name for one in Colour] == ['RED', 'BLUE']",
        "import enum\nclass Colour(enum.Enum):\n    RED = 1\n    BLUE = 2",
        "import enum\nclass Colour(enum.Enum):\n    RED = 2\n    BLUE = 1",
    ),
    "a list of its own as an argument": (
        "s = Stack()\nf(s, [1, 2])\nassert list(s) == [1, 2] and s[0] == 1",
        "class Stack(list): pass\ndef f(s, xs): s.extend(xs)",
        "class Stack(list): pass\ndef f(s, xs): s.extend(xs[1:])",
    ),
    "a list of its own": (
        "s = Stack()\ns.push(1)\nassert s == [1] and len(s) == 1 and isinstance(s, list)",
        "class Stack(list):\n    push = list.append",
        "class Stack(list):\n    def push(self, x): pass",
    ),
    "an abstract class": (
        "try:\n    Shape()\nexcept TypeError:\n    pass\nelse:\n    assert False\n"
        "assert Square(2).area() == 4 and isinstance(Square(2), Shape)",
        "import abc\nclass Shape(abc.ABC):\n    @abc.abstractmethod\n    def area(self): ...\n"
        "class Square(Shape):\n    def __init__(self, a): self.a = a\n"
        "    def area(self): return self.a ** 2",
        "class Shape: pass\nclass Square(Shape):\n    def __init__(self, a): self.a = a\n"
        "    def area(self): return self.a ** 2",
    ),
    "a counter of calls": (
        "g = f(lambda: 7)\nassert g() == 7 and g() == 7 and g.calls == 2",
        "def f(g):\n    def h():\n        h.calls += 1\n        return g()\n    h.calls = 0\n"
        "    return h",
        "def f(g):\n    def h():\n        return g()\n    h.calls = 0\n    return h",
    ),
    "a cache": (
        "assert fib(20) == 6765 and fib.cache_info().hits > 0",
        "import functools\n@functools.lru_cache\ndef fib(n):\n"
        "    return n if n < 2 else fib(n - 1) + fib(n - 2)",
        "import functools\n@functools.lru_cache\ndef fib(n):\n    return n",
    ),
    "linked nodes": (
        "node, seen = f([1, 2, 3]), []\nwhile node is not None:\n    seen.append(node.value)\n"
        "    node = node.next\nassert seen == [1, 2, 3]",
        "class Node:\n    def __init__(self, value, next):\n"
        "        self.value, self.next = value, next\n"
        "def f(values):\n    node = None\n    for value in reversed(values):\n"
        "        node = Node(value, node)\n    return node",
        "class Node:\n    def __init__(self, value, next):\n"
        "        self.value, self.next = value, next\n"
        "def f(values):\n    node = None\n    for value in values:\n"
        "        node = Node(value, node)\n    return node",
    ),
}


@pytest.mark.parametrize(("test", "right", "wrong"), OTHERS.values(), ids=OTHERS)
def test_what_else_courses_ask_for(test: str, right: str, wrong: str) -> None:
    good, bad = both(test, right, right, wrong)

    assert passed(good), good.message
    assert not bad.points


def test_a_student_may_name_a_class_as_they_like() -> None:
    official = "class Node:\n    size = 3\ndef f(): return Node()"

    (found,) = both("assert f().size == 3", official, official.replace("Node", "Knot"))
    assert passed(found)


def test_an_object_of_the_instructors_class_is_known_as_one() -> None:
    given = locked("given", "class Animal:\n    legs = 4")
    test = check("test", "assert isinstance(Cat(), Animal) and Cat().legs == 4")
    source = proved(lesson(given, answer("a"), test), a="class Cat(Animal): pass")

    assert passed(graded(source, a="class Cat(Animal): pass").results[-1])
    assert not graded(source, a="class Cat:\n    legs = 4").results[-1].points


# Nothing is won by it

YES = """
class Yes:
    def _yes(self, *_): return True
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = __contains__ = _yes
    def __getattr__(self, name): return self
    def __getitem__(self, place): return self
    def __call__(self, *_): return self
    def __len__(self): return 3
"""
REFUSED = {
    "where the solution gives a number": (
        "assert f() == 3",
        "def f(): return 3",
        "def f(): return Yes()",
    ),
    "where an attribute is a number": (
        "assert A().x == 3",
        "class A: x = 3",
        "class A: x = Yes()",
    ),
    "where a method gives a number": (
        "assert A().x() == 3",
        "class A:\n    def x(self): return 3",
        "class A:\n    def x(self): return Yes()",
    ),
    "where the items are numbers": (
        "assert list(A()) == [3]",
        "class A:\n    def __iter__(self): yield 3",
        "class A:\n    def __iter__(self): yield Yes()",
    ),
    "where a list holds numbers": (
        "assert f()[0] == 3 and g().x == 3",
        "class A: x = 3\ndef f(): return [3]\ndef g(): return A()",
        "class A: x = 3\ndef f(): return [Yes()]\ndef g(): return A()",
    ),
    "where another function gives an object": (
        "assert f() == 3 and g().x == 3",
        "class A: x = 3\na = A()\ndef f(): return 3\ndef g(): return a",
        "a = Yes()\na.x = 3\ndef f(): return a\ndef g(): return a",
    ),
    "where an object gives another": (
        "assert f().x.y == 3",
        "class A: pass\ndef f():\n    a, b = A(), A()\n    a.x, b.y = b, 3\n    return a",
        "class A: pass\ndef f():\n    a, b = A(), A()\n    a.x, b.y = b, Yes()\n    return a",
    ),
    "where a test's function is given a number": (
        "seen = []\nf(seen.append)\nassert seen == [3]",
        "def f(g): g(3)",
        "def f(g): g(Yes())",
    ),
    "where a list is given numbers": (
        "xs = []\nf(xs)\nassert xs == [3]",
        "def f(xs): xs.append(3)",
        "def f(xs): xs.append(Yes())",
    ),
    "by a name": ("assert x == 3", "x = 3", "x = Yes()"),
    "as a function where the solution gives a table": (
        "import pandas as pd\nassert f().equals(pd.DataFrame({'a': [3]}))",
        "import pandas as pd\ndef f(): return pd.DataFrame({'a': [3]})",
        "def yes(): pass\nyes.equals = lambda other: True\ndef f(): return yes",
    ),
    "as a function by a name": (
        "assert x.isdigit()",
        "x = '3'",
        "def x(): pass\nx.isdigit = lambda: True",
    ),
    "by leaving a with-statement in spite of its error": (
        "with A(): assert f() == 3",
        "class A:\n    def __enter__(self): pass\n    def __exit__(self, *_): pass\n"
        "def f(): return 3",
        "class A:\n    def __enter__(self): pass\n    def __exit__(self, *_): return True\n"
        "def f(): return 4",
    ),
    "as a method": (
        "assert A().x.isdigit()",
        "class A: x = '3'",
        "class A:\n    def x(self): pass\n    x.isdigit = lambda: True",
    ),
    "as the score": ("f()", "def f(): return 1", "class A: pass\ndef f(): return A()"),
}


@pytest.mark.parametrize(("test", "official", "wrong"), REFUSED.values(), ids=REFUSED)
def test_an_object_that_says_yes_to_all_gets_nothing(test: str, official: str, wrong: str) -> None:
    good, bad = both(test, official, official, YES + wrong)

    assert passed(good)
    assert not bad.points


@pytest.mark.parametrize(
    ("test", "official", "student"),
    [
        (
            "a, b = f()\nassert f() == (a, b) == (1, 2)",
            "def f(): return 1, 2",
            "from collections import namedtuple\nP = namedtuple('P', 'x y')\n"
            "def f(): return P(1, {})",
        ),
        (
            "assert [f(), g()] == [2, {'a': 1}] and len(h) == 2",
            "def f(): return 2\ndef g(): return {'a': 1}\nh = [1, 2]",
            "import enum\nclass E(enum.IntEnum): a = {}\nclass D(dict): pass\n"
            "class L(list): pass\ndef f(): return E.a\ndef g(): return D(a=1)\nh = L([1, 2])",
        ),
        (
            "assert list(f(3)) == [0, 1, 2]",
            "def f(n): yield from range(n)",
            "class f:\n    def __init__(self, n): self.rest = [*range(n)]\n"
            "    def __iter__(self): return self\n"
            "    def __next__(self):\n        if len(self.rest) == 2 - {}: raise StopIteration\n"
            "        return self.rest.pop(0)",
        ),
        (
            "add = f(1)\nassert add(2) == 3 and callable(add)",
            "def f(n): return lambda x: x + n",
            "class f:\n    def __init__(self, n): self.n = n\n"
            "    def __call__(self, x): return self.n + x + 2 - {}",
        ),
    ],
    ids=["a named tuple", "classes of one's own", "an iterator", "what can be called"],
)
def test_a_right_answer_may_be_of_another_kind(test: str, official: str, student: str) -> None:
    right, wrong = both(test, official, student.replace("{}", "2"), student.replace("{}", "1"))

    assert passed(right), right.cause
    assert wrong.points == 0


def test_an_object_is_no_place_in_the_judges_memory() -> None:
    test = "assert np.allclose(np.asarray(A()), [1.0, 2.0])"
    official = "class A:\n    def __array__(self, *_, **__): return np.array([1.0, 2.0])"
    place = "{'shape': (2,), 'typestr': '<f8', 'data': (id(A), False), 'version': 3}"
    wrong = f"class A:\n    @property\n    def __array_interface__(self): return {place}"

    good, bad, same = both(test, official, official, wrong, wrong.replace("@property\n    ", ""))
    assert passed(good)
    for one in (bad, same):
        assert one.points == 0
        assert "TypeError" in one.message


def test_a_test_reads_attributes_of_a_function_where_the_solution_has_them() -> None:
    test = "f()\nassert f.calls == 1"
    official = "def f(): f.calls += 1\nf.calls = 0"
    good, bad = both(test, official, official, official.replace("+= 1", "+= 2"))

    assert passed(good)
    assert bad.points == 0


def test_an_object_that_claims_to_be_a_number_is_no_score() -> None:
    official = "class A(int): pass\ndef f(): return A(1)"
    half, claims = both("f() + 0\nf()", official, official, official.replace("A(1)", "A(0)"))

    assert passed(half)
    assert passed(claims)  # as an object that is shown, it says nothing of the points


TERMS = Terms(Limits(cell_seconds=1, notebook_seconds=20))


@pytest.mark.parametrize(
    "hostile",
    [
        "def __iter__(self):\n        while True: yield 1",
        "def __iter__(self):\n        import os; os._exit(0)",
        "def __iter__(self): return self\n    def __next__(self): raise MemoryError",
        "def __len__(self): return 10**18\n    def __iter__(self): return iter([1, 2])",
        "def __iter__(self): return iter([[0] * 10**7] * 100)",
        "def __iter__(self): raise KeyboardInterrupt",
        "def __iter__(self): raise StopIteration",
    ],
)
def test_an_object_that_does_not_play_fair_costs_only_itself(hostile: str) -> None:
    official = "class A:\n    def __iter__(self): return iter([1])"
    tests = check("test", "assert list(A()) == [1]"), check("other", "assert f() == 3")
    other = "def f(): return 3"
    source = proved(lesson(answer("a"), answer("f"), *tests), a=official, f=other)
    bad, good = graded(source, TERMS, a=f"class A:\n    {hostile}", f=other).results

    assert not bad.points
    assert passed(good)


KIND = {"v": 1, "names": ["__main__.A"], "has": []}


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"v": True},
        {"v": -1},
        {"v": 10**9},
        {"v": "0"},
        {"v": 0, "kind": None},
        {"v": 0, "kind": {"v": "1"}},
        {"v": 0, "kind": KIND | {"names": 5}},
        {"v": 0, "kind": KIND | {"names": [5]}},
        {"v": 0, "kind": KIND | {"names": ["x"] * 1000}},
        {"v": 0, "kind": KIND | {"has": "len"}},
        {"v": 0, "is": "function", "doc": 5, "type": 5, "t": "pickle"},
    ],
)
def test_a_handle_in_another_form_is_refused(form: dict[str, Any]) -> None:
    reply = {"t": "handle", "is": "object", **form}
    with session(says(value=reply)) as remote:
        remote.handles.sites = Sites(None)
        f = ProxyFunction(remote, "f", {}, True, key="f", site="f")
        with pytest.raises(NotPlain):
            f()


@pytest.mark.parametrize(
    "form",
    [{"plain": {"t": "handle", "v": 0}}, {"plain": {"t": "pickle"}}, {"plain": [object]}, {}],
)
def test_what_stands_for_an_object_in_another_form_is_refused(form: dict[str, Any]) -> None:
    """Also where the object itself was known before, and its class is not told again."""
    reply = {"t": "handle", "v": 0, "is": "object", "kind": KIND}
    again = {"t": "handle", "v": 0, "is": "object", **form}
    with session(says(value=reply)) as remote:
        remote.handles.sites = Sites({("f()", "A")})
        assert type(remote.handles.value(reply, "f()", "f")).__name__ == "A"
        with pytest.raises(WireError):
            remote.handles.value(again, "g()", "g")


def handle_of(remote: Any, **kind: Any) -> Any:
    """Return a handle of an object that says this of its class."""
    remote.handles.sites = Sites(None)
    form = {"t": "handle", "v": kind.get("v", 0), "is": "object", "kind": KIND | kind}
    return remote.handles.value(form, "f()", "f")


@pytest.mark.parametrize("name", ["getattribute", "class", "reduce_ex", "init", "del", "", "a b"])
def test_a_class_has_nothing_but_pythons_operations(name: str) -> None:
    with session(says(value=7)) as remote:
        handle = handle_of(remote, has=[name])

        assert type(type(handle).__dict__.get(f"__{name}__")) is type(None)


@pytest.mark.parametrize(
    ("names", "shown"),
    [(["builtins.int"], "int"), (["x" * 10**5], "x" * 80), (["a b"], "object"), ([], "object")],
)
def test_a_class_has_a_short_name(names: list[str], shown: str) -> None:
    with session(says(value=7)) as remote:
        assert type(handle_of(remote, names=names)).__name__ == shown


@pytest.mark.parametrize(
    ("use", "claim"),
    [(len, True), (len, "3"), (str, 3), (hash, [1]), (bool, 1), (int, 1.5), (dir, {"t": "set"})],
)
def test_an_operation_gives_just_its_type(use: Any, claim: Any) -> None:
    with session(says(value=claim)) as remote:
        handle = handle_of(remote, has=["len", "str", "hash", "bool", "int"])
        with pytest.raises(NotPlain):
            use(handle)


def test_there_are_not_more_classes_than_any_lesson_has() -> None:
    with session(says(value=7)) as remote:
        for number in range(MOST_KINDS):
            handle_of(remote, v=number)
        with pytest.raises(WireError, match="classes were asked for"):
            handle_of(remote, v=MOST_KINDS)
