"""What a student's object keeps of a test's list is the list itself, as in a notebook."""

from typing import Any

import pytest
from engine import answer, check, graded, lesson, passed, proved
from scripted_session import says, session

from grader.judge.conversation import NotPlain
from grader.judge.proxy import ProxyFunction

COPIES = """
class Bag:
    def __init__(self, items): self.items = {}(items)
    def add(self, place, item): self.items[place] = item
"""
KEEPS = COPIES.replace("{}(items)", "items")
GIVEN = {
    "a list": ("[1, 2]", "list"),
    "a dict": ("{0: 1, 1: 2}", "dict"),
    "an array": ("np.array([1, 2])", "np.array"),
}
CHANGES = "bag.add(0, 5)\nassert given[0] == 1 and bag.items[0] == 5"
IS_CHANGED = "given[0] = 5\nassert bag.items[0] == 1"


def lesson_of(test: str, official: str) -> Any:
    return proved(lesson(answer("a"), check("test", test)), a=official)


@pytest.mark.parametrize("test", [CHANGES, IS_CHANGED])
@pytest.mark.parametrize(("given", "copy"), GIVEN.values(), ids=GIVEN)
def test_a_test_notices_that_an_object_has_no_copy(given: str, copy: str, test: str) -> None:
    copies = COPIES.replace("{}", copy)
    begin = f"given = {given}\nbag = Bag(given)\n"
    source = lesson_of(begin + test, copies)

    assert passed(graded(source, a=copies).results[0])
    assert graded(source, a=KEEPS).results[0].points == 0


def test_an_object_shares_what_the_solution_shares() -> None:
    test = "given = [1]\nbag = Bag(given)\nbag.add(0, 5)\nassert given == [5]\n"
    source = lesson_of(f"{test}given[0] = 7\nassert bag.items == [7]", KEEPS)

    assert passed(graded(source, a=KEEPS).results[0])
    assert graded(source, a=COPIES.replace("{}", "list")).results[0].points == 0


def test_nothing_is_won_by_spoiling_a_list_later() -> None:
    test = "given = [1, 2]\nbag = Bag(given)\nassert bag.total() == sum(given)"
    right = "class Bag:\n    def __init__(self, items): self.items = list(items)\n"
    right += "    def total(self): return sum(self.items)"
    wrong = right.replace("list(items)", "items").replace("return sum(self.items)", "{}")
    source = lesson_of(test, right)

    assert passed(graded(source, a=right).results[0])
    assert graded(source, a=wrong.format("self.items[:] = []; return 0")).results[0].points == 0


def test_what_a_test_has_no_use_for_costs_nothing() -> None:
    test = "bag = Bag([0])\nbag.add(0, 1)\nassert bag.items[0] == 1"
    source = lesson_of(test, COPIES.replace("{}", "list"))
    odd = KEEPS + "    count = 0\n    def __getattr__(self, name): raise AttributeError(name)\n"
    odd = odd.replace("= item\n", "= object(); self.items = [item]\n")

    assert passed(graded(source, a=odd).results[0])


@pytest.mark.parametrize(
    "reply",
    [
        {"retained": 5},
        {"retained": [[1, 0]]},
        {"retained": [[True, 0]]},
        {"retained": [[0, 5]]},
        {"retained": [[0, 0], [0, 0, 0]]},
        {"kept": [[0, [5]]]},
        {"kept": [["0", [5]]]},
    ],
)
def test_a_reply_in_another_form_changes_nothing(reply: dict[str, Any]) -> None:
    given = [1]
    with session(says(value=7, **reply)) as remote:
        f = ProxyFunction(remote, "f", {}, True, key="f", site="f")
        with pytest.raises(NotPlain):
            f(given)
    assert given == [1]
