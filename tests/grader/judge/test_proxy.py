"""Stand-ins: a test calls a student's function as if it were here, and believes nothing else."""

import inspect
import signal
import time
from typing import Any

import pytest
from engine import answer, check, defines, graded, lesson, locked, output, passed, result, verdict
from scripted_session import says, session

from grader.autograde.grade import Terms
from grader.judge.callables import MOST_CALLS
from grader.judge.conversation import NotPlain, SessionEnded, TookTooLong
from grader.judge.proxy import ProxyFunction, ProxyObject
from grader.session.limits import Limits
from grader.session.wire import Channel

ECHO = "def f(*given, **named):\n    return (*given, *sorted(named.items()))"

# Calls that arrive


@pytest.mark.parametrize(
    "call",
    [
        "f() == ()",
        "f(1, 2.5, 'a', None, True) == (1, 2.5, 'a', None, True)",
        "f([1, (2,)], {'a': {3}}, b'x', 1j) == ([1, (2,)], {'a': {3}}, b'x', 1j)",
        "f(1, scale=3) == (1, ('scale', 3))",
        "f(*[1, 2], **{'a': 1, 'b': 2}) == (1, 2, ('a', 1), ('b', 2))",
        "f(10**30) == (10**30,)",
        "type(f(np.float32(1))[0]) is np.float32",
        "np.array_equal(f(np.eye(2))[0], np.eye(2))",
        "f(np.arange(3))[0].dtype == np.arange(3).dtype",
        "math.isnan(f(math.nan)[0])",
        "[f(x) for x in range(3)] == [(0,), (1,), (2,)]",
        "list(map(f, 'ab')) == [('a',), ('b',)]",
    ],
)
def test_arguments_go_there_and_values_come_back(call):
    assert passed(verdict(f"assert {call}", ECHO))


@pytest.mark.parametrize(
    "function",
    [
        "def f(x, *, scale=1): return x * scale",
        "f = lambda x, scale=1: x * scale",
        "class Times:\n    def __call__(self, x, scale=1): return x * scale\nf = Times()",
        "import functools\nf = functools.partial(lambda a, x, scale=1: x * scale, 0)",
    ],
    ids=["def", "lambda", "object", "partial"],
)
def test_anything_that_can_be_called_is_a_function_with_its_defaults(function):
    assert passed(verdict("assert (f(5), f(5, scale=2)) == (5, 10)", function))


def test_a_function_keeps_what_it_remembers_from_call_to_call():
    counts = "n = 0\ndef f():\n    global n\n    n += 1\n    return n"
    assert passed(verdict("assert [f(), f(), f()] == [1, 2, 3]", counts))


def test_a_function_has_the_name_that_the_test_knows_it_by_and_its_own_docstring():
    function = 'def square(x):\n    "Return x times x."\nf = square'
    test = "assert (f.__name__, f.__doc__) == ('f', 'Return x times x.')\nassert callable(f)"
    assert passed(verdict(test, function))


@pytest.mark.parametrize(
    ("value", "test"),
    [
        ("3", "x + 1 == 4"),
        ("'B'", "x == 'B'"),
        ("[1, {'a': (2,)}]", "x[1]['a'] == (2,)"),
        ("np.arange(3.0)", "x.sum() == 3"),
        ("np.float64(2)", "type(x) is np.float64"),
        ("None", "x is None"),
    ],
)
def test_a_plain_value_is_itself(value, test):
    assert passed(result(f"assert {test}", answer("a", "x = None"), a=f"x = {value}"))


def test_a_value_is_read_as_it_is_when_the_test_runs():
    first, second = answer("a", "x = 0"), answer("b", "x = 0")

    assert passed(result("assert x == 2", first, second, a="x = 1", b="x = x + 1"))


# In place


@pytest.mark.parametrize(
    ("function", "test"),
    [
        ("def f(x): x.sort()", "x = [3, 1, 2]; f(x); assert x == [1, 2, 3]"),
        ("def f(x): x.append(4)", "x = []; same = x; f(x); assert same == [4]"),
        ("def f(x): x['a'] = 1", "x = {}; f(x); assert x == {'a': 1}"),
        ("def f(x): x.add(1)", "x = set(); f(x); assert x == {1}"),
        ("def f(x): x[0] = 7", "x = np.zeros(2); f(x); assert x.tolist() == [7, 0]"),
        ("def f(x): x[0][0] = 7", "x = [[1], [2]]; f(x); assert x == [[7], [2]]"),
        ("def f(x, y): y.clear()", "x, y = [1], [2]; f(x, y); assert (x, y) == ([1], [])"),
        ("def f(x): x = [5]", "x = [1]; f(x); assert x == [1]"),
        ("def f(x): return x[::-1]", "x = [1, 2]; assert f(x) == [2, 1] and x == [1, 2]"),
    ],
)
def test_what_a_function_changes_in_place_is_changed_in_the_test(function, test):
    assert passed(verdict(test, function))


# What it prints


def test_what_a_function_prints_can_be_caught_by_a_test():
    test = (
        "with contextlib.redirect_stdout(io.StringIO()) as out:\n    f()\n"
        "assert out.getvalue() == 'one\\ntwo\\n', out.getvalue()"
    )
    function = (
        "import sys\ndef f():\n    print('one')\n    print('two')\n    print(3, file=sys.stderr)"
    )
    assert passed(verdict(test, function))


def test_what_a_function_prints_stands_below_the_test_that_called_it():
    test = check("test", "f()\nprint('done')")
    found = graded(lesson(defines("f"), test), f="def f(): print('hello')")

    assert output(found) == [{"output_type": "stream", "name": "stdout", "text": "hello\ndone\n"}]


def test_a_function_that_prints_without_end_is_cut():
    test = (
        "with contextlib.redirect_stdout(io.StringIO()) as out:\n    f()\n"
        "assert len(out.getvalue()) == 100_000"
    )
    assert passed(verdict(test, "def f(): print('x' * 10**6)"))


# Errors


@pytest.mark.parametrize(
    ("raised", "caught"),
    [
        ("ValueError('no')", "ValueError"),
        ("KeyError('no')", "KeyError"),
        ("KeyError('no')", "LookupError"),
        ("ZeroDivisionError()", "ArithmeticError"),
        ("NotImplementedError('no')", "RuntimeError"),
        ("FileNotFoundError(2, 'no')", "OSError"),
        ("UnicodeDecodeError('utf-8', b'a', 0, 1, 'no')", "UnicodeDecodeError"),
        ("UnicodeDecodeError('utf-8', b'a', 0, 1, 'no')", "ValueError"),
        ("__import__('json').JSONDecodeError('no', 'a', 0)", "ValueError"),
        ("np.linalg.LinAlgError('no')", "np.linalg.LinAlgError"),
        ("type('TooSmall', (ValueError,), {})('no')", "ValueError"),
        ("type('TooSmall', (Exception,), {})('no')", "Exception"),
    ],
)
def test_an_error_arrives_as_one_that_the_test_can_catch(raised, caught):
    test = f"try:\n    f()\nexcept {caught}:\n    pass\nelse:\n    raise AssertionError('no error')"
    assert passed(verdict(test, f"def f(): raise {raised}"))


def test_an_error_is_not_taken_for_another_one():
    test = "try:\n    f()\nexcept KeyError:\n    pass"
    found = verdict(test, "def f(): raise IndexError('out of range')")

    assert found.points == 0
    assert found.message == "IndexError: out of range It happened in `f()`."


@pytest.mark.parametrize(
    ("raised", "arguments", "text"),
    [
        ("ValueError('x is 3', 3)", "('x is 3', 3)", "('x is 3', 3)"),
        ("KeyError('name')", "('name',)", "'name'"),
        ("OSError(2, 'gone')", "(2, 'gone')", "[Errno 2] gone"),
    ],
)
def test_an_error_keeps_its_arguments_and_its_text(raised, arguments, text):
    test = (
        f"try:\n    f()\nexcept Exception as error:\n"
        f"    assert error.args == {arguments}, error.args\n    assert str(error) == {text!r}"
    )
    assert passed(verdict(test, f"def f(): raise {raised}"))


RAISES_TOO_SMALL = "try:\n    f()\nexcept TooSmall as error:\n    assert 'no' in str(error)"


def test_an_instructors_own_error_is_caught_by_its_class():
    own = locked("own", "class TooSmall(Exception):\n    pass")
    missed = f"{RAISES_TOO_SMALL}\nelse:\n    raise AssertionError"

    assert passed(result(missed, own, defines("f"), f="def f(): raise TooSmall('no')"))
    assert result(missed, own, defines("f"), f="def f(): raise ValueError('no')").points == 0


def test_a_students_own_error_is_caught_by_its_class():
    own = answer("own", "class TooSmall(Exception):\n    pass")
    written = "class TooSmall(ValueError):\n    pass"
    raising = "def f(): raise TooSmall('no')"

    assert passed(result(RAISES_TOO_SMALL, own, defines("f"), own=written, f=raising))


def test_an_error_of_a_students_own_kind_is_named_in_the_message():
    found = verdict("f()", "class Oops(Exception): pass\ndef f(): raise Oops('no luck')")

    assert found.message == "Oops: no luck It happened in `f()`."


def test_an_error_whose_text_cannot_be_had_is_an_error_all_the_same():
    function = "class Mute(Exception):\n    def __str__(self): raise self\ndef f(): raise Mute('a')"
    assert verdict("f()", function).message.startswith("Mute: (its text cannot be shown)")


@pytest.mark.parametrize("error", ["unittest.SkipTest", "unittest.case._ShouldStop"])
@pytest.mark.parametrize("how", ["", "class Own({error}): pass\n"])
def test_no_error_leaves_out_a_case_of_unittest(error, how):
    test = """import unittest
class Case(unittest.TestCase):
    def test_f(self): self.assertEqual(f(), 3)
outcome = unittest.TestResult()
Case("test_f").run(outcome)
assert outcome.wasSuccessful() and outcome.testsRun == 1"""
    own = how.format(error=error)
    function = f"import unittest.case\n{own}def f(): raise {'Own' if own else error}"

    assert passed(verdict(test, "def f(): return 3"))
    assert verdict(test, function).points == 0


@pytest.mark.parametrize("ending", ["StopIteration", "SystemExit", "GeneratorExit"])
def test_no_error_ends_a_tests_own_loop_in_silence(ending):
    test = "for value in map(f, [1, 2]):\n    assert value == 9"
    assert verdict(test, f"def f(x): raise {ending}").points == 0


def test_a_student_cannot_raise_an_error_of_the_graders_own():
    function = "def f(): raise type('X', (Exception,), {'__module__': 'grader.errors'})"
    test = "try:\n    f()\nexcept Exception as error:\n    assert type(error).__module__ != 'x'\n"
    assert passed(verdict(test, function))


# What has to stay there

OBJECT = "class Stack:\n    size = 3\nf = Stack()"


@pytest.mark.parametrize(
    "use",
    [
        "f.size == 3",
        "len(f) == 3",
        "f[0] == 1",
        "f == f",
        "f < 1",
        "-f == 1",
        "1 + f == 1",
        "f @ f",
        "bool(f)",
        "str(f) == 'Stack'",
        "f'{f}' == 'Stack'",
        "f() == 1",
        "1 in f",
        "list(f) == []",
        "isinstance(3, f)",
        "np.sum(f.size) == 3",
        "isinstance(f, int)",
        "isinstance(f, (list, dict))",
        "not isinstance(f, __import__('collections').abc.Sized)",
        "issubclass(f, int)",
        "f in [1, 2]",
        "f in {1, 2}",
        "hash(f)",
        "repr(f) == 'Stack'",
        "divmod(9, f) == 1",
        "type(f) is int",
        "f is None",
        "f.__class__ is int",
        "np.array_equal(f, [1])",
        "__import__('copy').deepcopy(f)",
        "round(f) == 3",
    ],
)
def test_a_test_that_needs_a_students_object_says_so(use):
    found = verdict(f"assert {use}", OBJECT)

    assert found.points is None
    assert "'f' is a Stack. Tests are run outside the student's process" in found.cause
    assert f"It happened in `assert {use}`." in found.cause


@pytest.mark.parametrize(
    "use",
    [
        "inspect.signature(f)",
        "inspect.getfullargspec(f)",
        "f.__code__.co_argcount == 1",
        "f.__code__.co_consts",
        "f.__globals__",
        "f.__closure__ is None",
        "f.__annotations__ == {}",
        "f.__defaults__ is None",
    ],
)
def test_a_test_that_looks_into_a_function_is_told_that_it_cannot(use):
    found = verdict(f"import inspect\nassert {use}", "exec('def f(x): return x')")

    assert found.points is None
    assert "Of 'f' a test wants its __" in found.cause
    assert "Proxy" not in found.cause


@pytest.mark.parametrize(
    "own",
    [
        "def f(x):\n    return x + 1",
        "# Mine\n%matplotlib inline\ndef f(x):\n    return x + 1",
        "def f(x):\n    return 0\ndef f(x):\n    return x + 1",
    ],
)
def test_a_test_may_read_a_functions_text(own):
    test = "import inspect\nassert inspect.getsource(f) == 'def f(x):\\n    return x + 1\\n'"

    assert passed(verdict(test, own))


def test_the_text_of_all_cells_up_to_the_test_is_one_file():
    test = "import inspect\nassert ''.join(inspect.findsource(f)[0]) == 'g = 1\\ndef f(): pass\\n'"
    cells = (answer("g"), defines("f"))

    assert passed(result(test, *cells, answer("later"), g="g = 1", f="def f(): pass", later="1 +"))


@pytest.mark.parametrize("own", ["exec('def f(): return 1')", "1 +", "x = 0 #" + "." * 100_000])
def test_text_that_is_not_there_is_not_made_up(own):
    found = verdict("import inspect\nassert inspect.getsource(f)", own)

    assert not found.points


@pytest.mark.parametrize(
    "test",
    [
        "import types\nassert isinstance(f, types.FunctionType)",
        "import inspect\nassert inspect.isfunction(f) and callable(f)",
        "assert not isinstance(f, (list, str, type))",
        "import functools\n@functools.wraps(f)\ndef g(x): return f(x)\nassert g(3) == 3",
        "import functools\nassert functools.partial(f, 3)() == 3",
        "assert np.vectorize(f)([1, 2]).tolist() == [1, 2]",
        "import copy\nassert copy.deepcopy([f])[0](3) == 3",
        "assert {f: 1}[f] == 1 and f in [f]",
    ],
)
def test_a_function_is_used_as_a_function(test):
    assert passed(verdict(test, "def f(x): return x"))


def test_what_is_called_like_a_function_may_be_another_thing():
    own = "class Times:\n    def __call__(self, x): return x\nf = Times()"
    found = verdict("import types\nassert isinstance(f, types.FunctionType)", own)

    assert "Of 'f' a test wants its kind" in found.cause


@pytest.mark.parametrize("use", ["f + 1", "len(f)", "f[0]", "f < f", "for x in f: pass"])
def test_a_wrong_use_of_a_function_is_told_as_pythons_own(use):
    assert "function" in verdict(use, "def f(x): return x").message
    assert "Proxy" not in verdict(use, "def f(x): return x").message


@pytest.mark.parametrize("guard", ["except:", "except BaseException:"])
@pytest.mark.parametrize(
    "own", ["def f(x): return print", "def f(x):\n    import os\n    os._exit(0)"]
)
def test_a_test_that_catches_everything_does_not_take_silence_for_an_error(guard, own):
    """With nbgrader a function that should raise and returns an object fails such a test."""
    test = f"try:\n    f(-1)\n{guard}\n    pass\nelse:\n    assert False"
    assert not verdict(test, own).points
    assert passed(verdict(test, "def f(x): raise ValueError"))


def test_a_test_that_fails_with_the_instructors_words_for_want_of_an_object_says_so():
    test = "assert type(f) is int, 'f should be a whole number'"
    assert "'f' is a Stack" in verdict(test, OBJECT).cause


def test_an_answer_that_nobody_has_written_yet_is_a_plain_value():
    assert result("assert x is not ..., 'write it'", answer("a", "x = ...")).message == "write it"


def test_what_is_too_large_to_be_carried_is_not_the_sessions_end():
    source = lesson(
        defines("f"),
        check("given", "assert f(np.zeros(5 * 10**6)) == 1"),
        check("returned", "assert len(f('large')) == 1"),
        check("value", "assert len(large)"),
        check("small", "assert f(1) == 1"),
    )
    own = "def f(x):\n    return 1 if x != 'large' else 'x' * 40_000_000\nlarge = f('large')"
    found = graded(source, f=own).results

    assert [one.points for one in found] == [None, None, None, 1]
    assert "too large: a message of" in found[0].cause
    assert "It cannot be checked here: a message of" in found[1].cause
    assert "cannot be carried: it is too large" in found[2].cause


def test_a_test_that_needs_a_students_class_says_so():
    found = verdict("assert f(3).size == 3", "class f:\n    def __init__(self, n): self.size = n")

    assert "It returned what cannot be checked here: a f is not plain data" in found.cause


def test_a_test_that_needs_an_unlocked_import_says_where_to_put_it():
    unlocked = result("assert js.dumps(1) == '1'", answer("a", "js = None"), a="import json as js")

    assert unlocked.points is None
    assert "the module json, imported in a cell that students may change" in unlocked.cause


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("import json as js", "import math as js"),
        ("from json import JSONDecoder as js", "class js: pass"),
        ("from json import JSONDecodeError as js", "class js(ValueError): pass"),
    ],
)
def test_something_else_by_the_name_of_an_import_gets_no_point(right, wrong):
    test = "assert js.__name__ in ('json', 'JSONDecoder', 'JSONDecodeError')"
    own = answer("a", "js = None", right)

    assert passed(result(test, own, a=right))
    assert not result(test, own, a=wrong).points


@pytest.mark.parametrize(
    ("function", "kind"),
    [
        ("def f(): yield 1", "a generator"),
        ("def f(): return object()", "a object"),
        ("def f(): return [object()]", "a object"),
        ("def f():\n    class list(set): pass\n    return list([object()])", "a list"),
    ],
)
def test_a_function_that_returns_what_is_not_plain_is_told_so(function, kind):
    found = verdict("assert f() == 1", function)

    assert f"It returned what cannot be checked here: {kind} is not" in found.cause


def test_an_argument_that_is_not_plain_is_refused_here():
    found = verdict("assert f(object())", ECHO)

    assert "f cannot be given this argument in a test" in found.cause


# A session that cannot be believed


@pytest.mark.parametrize("claim", [5, "function", None, ["is"], True])
def test_a_name_told_of_in_another_form_is_not_defined(claim):
    with session(says(f=claim)) as remote:
        assert remote.proxies(["f"]) == {}


def test_only_names_that_were_asked_for_are_taken():
    with session(says(f={"is": "value", "value": 1}, assert_equal={"is": "function"})) as remote:
        assert remote.proxies(["f", "g"]) == {"f": 1}


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ({"is": "function", "name": 5, "doc": 5}, ProxyFunction),
        ({"is": "other", "type": ["x"]}, ProxyObject),
        ({"is": "pickle"}, ProxyObject),
        ({}, ProxyObject),
        ({"value": True}, ProxyObject),
    ],
)
def test_a_strange_claim_is_at_most_a_stand_in(told, kind):
    with session(says(f=told)) as remote:
        assert type(remote.proxies(["f"])["f"]) is kind


def test_a_value_in_another_form_is_an_error():
    with (
        session(says(f={"is": "value", "value": {"t": "pickle"}})) as remote,
        pytest.raises(NotPlain),
    ):
        remote.proxies(["f"])


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        ({}, NotPlain),
        ({"value": {"t": "tuple"}}, NotPlain),
        ({"unplain": 5}, NotPlain),
        ({"error": 5}, Exception),
        ({"error": {"kinds": 5, "text": 5, "args": 5}}, Exception),
        ({"error": {"kinds": ["", "."] * 99}}, Exception),
        ({"error": {"kinds": ["builtins.BaseException"]}}, Exception),
        ({"error": {"kinds": ["builtins.int", "builtins.exec"]}}, Exception),
        ({"value": 1, "after": {"t": "set", "v": 5}}, NotPlain),
        ({"function": "0"}, NotPlain),
        ({"back": 0}, SessionEnded),
        ({"back": -1}, SessionEnded),
        ({"back": True}, SessionEnded),
        ({"back": "print"}, SessionEnded),
    ],
)
def test_a_reply_in_another_form_is_an_error(reply, error):
    with session(says(**reply)) as remote, pytest.raises(error):
        ProxyFunction(remote, "f", {}, True, key="f", site="f")([1])


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"args": [1], "kwargs": {"t": "dict", "v": []}}, TookTooLong),
        ({"args": [], "kwargs": {"t": "dict", "v": []}}, TookTooLong),
        ({"args": 5, "kwargs": {"t": "dict", "v": []}}, SessionEnded),
        ({"args": [{"t": "pickle"}], "kwargs": {"t": "dict", "v": []}}, SessionEnded),
        ({"args": [], "kwargs": []}, SessionEnded),
        ({}, SessionEnded),
    ],
)
def test_a_session_that_calls_back_without_end_or_sense_is_stopped(form, error):
    calls = []

    def script(channel, message):
        calls.append(message)
        return {"value": 1} if message.get("stop") else {"back": 0, "call": 1, **form}

    with session(script) as remote, pytest.raises(error):
        ProxyFunction(remote, "f", {}, True, key="f", site="f")(lambda x: x)
    assert len(calls) < MOST_CALLS


@pytest.mark.parametrize("after", [5, [], [1], [[1], 2, 3], ["ab", 3], [{"t": "tuple", "v": []}]])
def test_changes_in_place_in_another_form_change_nothing(after):
    given = [0]
    with session(says(value=7, after=after)) as remote:
        assert ProxyFunction(remote, "f", {}, True, key="f", site="f")(given, 1) == 7
    assert given == [0]


@pytest.mark.parametrize(
    ("why", "text"),
    [
        ("memory", "It used more memory than a notebook may have, so it was ended."),
        ("exit 3", "Its code ended the whole process (exit status 3)."),
        ("signal SIGKILL", "Its process was ended by SIGKILL."),
        ("", "Its process is gone."),
    ],
)
def test_a_session_that_ends_says_why_and_stays_ended(why, text):
    with session(lambda channel, message: None, why) as remote:
        for _ in range(2):
            with pytest.raises(SessionEnded) as error:
                remote.ask(do="call")
            assert str(error.value) == text


def garbage(channel: Channel, message: dict[str, Any]) -> None:
    channel.socket.sendall(b"\0\0\0\1{")


def test_a_session_that_does_not_keep_to_the_form_is_ended():
    with session(garbage) as remote:
        for _ in range(2):
            with pytest.raises(SessionEnded, match="The session was ended: a reply is not JSON"):
                remote.ask(do="call")


def slowly(channel: Channel, message: dict[str, Any]) -> dict[str, Any]:
    time.sleep(0.5)
    return {"late": True}


def test_what_takes_too_long_is_interrupted_and_the_session_goes_on():
    with session(slowly) as remote:
        with pytest.raises(TookTooLong, match="was stopped"):
            remote.ask(do="call")
        assert remote.interrupted
        with pytest.raises(TookTooLong):
            remote.ask(do="call")


def never(channel: Channel, message: dict[str, Any]) -> None:
    time.sleep(1.5)


def test_what_cannot_be_interrupted_ends_the_session():
    with session(never) as remote:
        begin = time.monotonic()
        with pytest.raises(
            SessionEnded, match=r"longer than 0\.2 seconds and could not be stopped"
        ):
            remote.ask(do="call")
        assert time.monotonic() - begin < 1.4


def test_a_session_that_does_not_read_is_ended():
    with session(lambda channel, message: time.sleep(1)) as remote:  # type: ignore[func-returns-value]
        remote.channel.send({"first": True})
        with pytest.raises(SessionEnded, match="could not be stopped"):
            remote.ask(do="cell", source="x" * 10**7)


def test_an_alarm_does_not_leave_an_answer_behind_for_the_next_question():
    def echo(channel: Channel, message: dict[str, Any]) -> dict[str, Any]:
        time.sleep(0.1)
        return message

    with session(echo) as remote:
        before = signal.signal(signal.SIGALRM, lambda *_: remote.stop(TookTooLong("alarm")))
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        with pytest.raises(TookTooLong, match="alarm"):
            remote.ask(do="first")
        signal.signal(signal.SIGALRM, before)
        assert remote.ask(do="second") == {"do": "second"}
    with pytest.raises(TookTooLong, match="at once"):
        remote.stop(TookTooLong("at once"))


def test_a_notebook_has_so_much_time_and_no_more():
    with session(says(), seconds=0.1) as remote:
        assert remote.ask(do="call") == {}
        time.sleep(0.12)
        with pytest.raises(SessionEnded, match="The notebook's time was used up"):
            remote.ask(do="call")


# A function that does not end, for real

SHORT = Terms(Limits(cell_seconds=0.5, notebook_seconds=10))


def test_a_call_that_does_not_end_is_stopped_and_the_next_test_is_run():
    source = lesson(defines("f"), check("first", "f(0)"), check("second", "assert f(2) == 4"))
    function = "def f(x):\n    while not x: pass\n    return x * x"
    first, second = graded(source, SHORT, f=function).results

    assert (first.points, second.points) == (0, 1)
    assert first.message == (
        "It ran longer than 0.5 seconds and was stopped. Look for a loop that never ends."
    )


@pytest.mark.parametrize("end", ["", "\nif not os.getpid() == 1:\n    raise ValueError"])
def test_a_process_that_a_cell_forks_does_not_answer_in_its_place(end):
    test = "for number in range(50):\n    assert f(number) == number"
    source = lesson(defines("f"), check("test", test))
    answer = f"import os\ndef f(x):\n    return x\nfor _ in range(4):\n    os.fork()\n{end}"

    assert graded(source, SHORT, f=answer).results[0].points == 1


QUICK = Terms(Limits(cell_seconds=4, cpu_seconds=0.3, notebook_seconds=20))


def test_a_call_that_uses_up_its_cpu_time_is_stopped_before_its_wall_time_is_over():
    source = lesson(defines("f"), check("first", "f(0)"), check("second", "assert f(2) == 4"))
    function = "def f(x):\n    while not x: pass\n    return x * x"
    first, second = graded(source, QUICK, f=function).results

    assert first.message == (
        "It used up its CPU time and was stopped. Look for a loop that never ends."
    )
    assert first.seconds < 3
    assert (first.points, second.points) == (0, 1)


def test_a_cell_that_uses_up_its_cpu_time_is_stopped_and_the_notebook_goes_on():
    source = lesson(defines("f"), check("test", "assert f() == 4"))
    found = graded(source, QUICK, f="def f():\n    return 4\nwhile True: pass")

    assert found.results[0].points == 1
    assert "A cell did not end: It used up its CPU time" in found.notes[0]


def test_waiting_uses_up_no_cpu_time():
    """So a busy machine, where a cell waits for its turn, costs nobody points."""
    answer = "import time\ndef f():\n    time.sleep(1)\n    return 4"
    source = lesson(defines("f"), check("test", "assert f() == 4"))

    assert graded(source, QUICK, f=answer).results[0].points == 1


def test_who_counts_no_cpu_time_still_has_a_wall_time():
    """The session counts it, so a student can put that off; the wall time is counted outside."""
    answer = (
        "import signal\nsignal.signal(signal.SIGPROF, signal.SIG_IGN)\ndef f():\n"
        "    while True: pass"
    )
    source = lesson(defines("f"), check("test", "f()"))
    limits = Limits(cell_seconds=1, cpu_seconds=0.3, notebook_seconds=20)
    found = graded(source, Terms(limits), f=answer).results[0]

    assert "It ran longer than 1 seconds" in found.message


@pytest.mark.parametrize(
    "function",
    [
        "def f():\n    while True: pass",
        "def f(): return print",
        "import os\ndef f(): os._exit(0)",
    ],
    ids=["endless", "not plain", "ended"],
)
def test_where_a_function_gave_no_answer_there_is_nothing_to_catch(function):
    test = "try:\n    f()\nexcept Exception:\n    pass\nelse:\n    raise AssertionError('no error')"
    source = lesson(defines("f"), check("test", test))

    assert not graded(source, SHORT, f=function).results[0].points


def test_a_function_that_ends_its_process_is_told_so():
    found = verdict("f()", "import os\ndef f(): os._exit(3)")

    assert found.points == 0
    assert found.message == "Its code ended the whole process (exit status 3)."


def test_a_stand_in_function_shows_itself_as_a_function():
    remote: Any = None
    function = ProxyFunction(remote, "square", {"doc": "Doc."}, True, key="square", site="square")

    assert repr(function) == "<function square>"
    assert inspect.getdoc(function) == "Doc."
