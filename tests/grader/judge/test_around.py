"""What a test puts around a call: input, output, chance, and what it reads."""

import io
import sys
from typing import Any

import pytest
from engine import check, defines, graded, lesson, passed, verdict

from grader.autograde.grade import Terms
from grader.judge.around import Around
from grader.judge.border import Border
from grader.judge.callables import MOST_PRINTED, CallsBack
from grader.session.limits import Limits

# The same for all, so that one pair of warm processes serves them.
HEAD = "import builtins\nimport random\nimport sys\nfrom unittest.mock import call, patch\n"
ASKS = 'def f():\n    return int(input("a? ")) + int(input("b? "))'
TELLS = "def f(x):\n    print('x is', x, sep='=')"


@pytest.mark.parametrize(
    "test",
    [
        "with patch('builtins.input', side_effect=['3', '4']):\n    assert f() == 7, 'no'",
        "answers = iter('34')\nbuiltins.input = lambda prompt='': next(answers)\n"
        "assert f() == 7, 'no'",
        "@patch('builtins.input', return_value='2')\ndef run(fake):\n    assert f() == 4, 'no'\n"
        "    assert fake.call_args_list == [call('a? '), call('b? ')], 'no'\nrun()",
        "sys.stdin, before = io.StringIO('3\\n4\\nrest'), sys.stdin\n"
        "assert f() == 7, 'no'\nassert sys.stdin.read() == 'rest'\nsys.stdin = before",
    ],
)
def test_a_test_answers_what_a_function_asks(test: str) -> None:
    assert passed(verdict(HEAD + test, ASKS))
    wrong = verdict(HEAD + test, "def f():\n    return int(input()) - int(input())")
    assert (wrong.points, wrong.message) == (0, "no")


@pytest.mark.parametrize("body", ["sys.stdin.readline()", "next(sys.stdin)", "sys.stdin.read(2)"])
def test_a_function_reads_the_input_that_a_test_has_written(body: str) -> None:
    own = f"import sys\ndef f():\n    return {body}"
    test = "sys.stdin = io.StringIO('3\\n4\\n')\nassert f() == '3\\n'"

    assert passed(verdict(f"{HEAD}{test}\nassert sys.stdin.read() == '4\\n'", own))


def test_an_input_that_is_at_its_end_says_so() -> None:
    test = "sys.stdin = io.StringIO('3')\ntry:\n    f()\nexcept EOFError:\n    pass\n"

    assert passed(verdict(HEAD + test + "else:\n    assert False", ASKS))


def test_without_a_tests_answers_nobody_answers() -> None:
    assert "input() does not work while" in verdict(HEAD + "f()", ASKS).message


def test_the_input_of_one_test_is_not_that_of_the_next_one() -> None:
    first = HEAD + "builtins.input = lambda prompt: '1'\nassert f() == 2"
    source = lesson(defines("f"), check("first", first), check("second", "assert f() == 2"))

    assert [passed(one) for one in graded(source, f=ASKS).results] == [True, False]


def test_questions_and_what_is_printed_keep_their_order() -> None:
    own = "def f():\n    print('first')\n    input('second')\n    print('third')"
    test = """builtins.input = print
with contextlib.redirect_stdout(io.StringIO()) as out:
    f()
assert out.getvalue() == 'first\\nsecond\\nthird\\n', out.getvalue()"""

    assert passed(verdict(HEAD + test, own))


@pytest.mark.parametrize(
    "test",
    [
        "with contextlib.redirect_stdout(io.StringIO()) as out:\n    f(3)\n"
        "assert out.getvalue() == 'x is=3\\n', 'no'",
        "with patch('sys.stdout', new_callable=io.StringIO) as out:\n    f(3)\n"
        "assert out.getvalue() == 'x is=3\\n', 'no'",
        "with patch('builtins.print') as fake:\n    f(3)\n"
        "assert fake.mock_calls == [call('x is', 3, sep='=')], 'no'",
        "seen, own = [], print\n"
        "builtins.print = lambda *x, **y: seen.append((x, y))\nf(3)\nbuiltins.print = own\n"
        "assert seen == [(('x is', 3), {'sep': '='})], 'no'",
    ],
)
def test_a_test_sees_what_a_function_prints(test: str) -> None:
    assert passed(verdict(HEAD + test, TELLS))
    wrong = verdict(HEAD + test, "def f(x):\n    print('x is', x)")
    assert (wrong.points, wrong.message) == (0, "no")


def test_what_was_printed_before_an_error_is_seen_as_well() -> None:
    test = """with contextlib.redirect_stdout(io.StringIO()) as out:
    try:
        f()
    except ValueError:
        pass
assert out.getvalue() == 'before\\n'"""

    assert passed(verdict(HEAD + test, "def f():\n    print('before')\n    raise ValueError"))


def test_what_is_printed_and_cannot_be_carried_waits_for_a_person() -> None:
    found = verdict(
        HEAD + "with patch('builtins.print') as fake:\n    f()\nassert fake.called",
        "def f(): print(object())",
    )

    assert (found.points, "a object is not plain data" in found.cause) == (None, True)


def test_a_test_replaces_chance_and_sleep() -> None:
    own = "import random, time\ndef f():\n    time.sleep(99)\n    return random.randint(1, 6)"
    test = "with patch('random.randint', return_value=4) as fake, "
    test += "patch('time.sleep'):\n    assert f() == 4\nfake.assert_called_once_with(1, 6)"

    assert passed(verdict(HEAD + test, own))
    assert not passed(verdict(HEAD + test, "def f(): return 4"))


def test_all_is_as_before_after_a_call() -> None:
    own = "import builtins, random\ndef f():\n    return input is now, random.random is chance\n"
    own += "now, chance = builtins.input, random.random"
    test = "with patch('builtins.input'), patch('random.random'):\n"
    test += "    assert f() == (False, False)\nassert f() == (True, True)"

    assert passed(verdict(HEAD + test, own))


LIES = [
    "def f():\n    input('a? ')\n    input('b? ')\n    return 8",
    "def f():\n    while True: input()",
    "def f():\n    while True: print('x' * 10**5); input()",
]


@pytest.mark.parametrize("own", LIES)
def test_a_lying_function_gains_nothing_by_what_it_asks(own: str) -> None:
    test = "with patch('builtins.input', side_effect=['3', '4']) as fake:\n    assert f() == 7\n"

    source = lesson(defines("f"), check("test", f"{HEAD}{test}assert fake.call_count == 2"))

    terms = Terms(Limits(cell_seconds=1))
    assert not passed(graded(source, terms, f=own).results[0])


def nothing(*given: Any) -> None:
    """Stand for what carries values: none is carried."""


@pytest.mark.parametrize(
    ("left", "rest"),
    [(3, "345"), (0, ""), (-9, ""), (10**9, "12345"), (True, "12345"), ("0", "12345")],
)
def test_no_more_is_read_than_there_was(
    left: Any, rest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("012345"))
    sys.stdin.read(1)
    around = Around()
    around.heed(around.told(CallsBack(Border(nothing, nothing))), {"after it": {"stdin": left}})

    assert sys.stdin.read() == rest


def test_a_test_is_not_flooded_with_what_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    back = CallsBack(Border(nothing, nothing))
    for text in ("x" * (MOST_PRINTED - 1), "yz", "z", 5):
        back.write({"printed": text})

    assert capsys.readouterr().out == "x" * (MOST_PRINTED - 1) + "y"
