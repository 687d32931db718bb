"""Proxies: what a test sees of a student's notebook; the real thing stays in the session."""

import builtins
import sys
import time
from collections.abc import Callable
from typing import Any, NoReturn

from grader.judge.arguments import Changes
from grader.judge.callables import CallsBack, TooManyCalls
from grader.judge.handles import FUNCTION_KINDS, Handles, NotAccepted, is_handle, number_of
from grader.judge.instances import Instances
from grader.judge.remote_errors import Kinds
from grader.judge.student_text import ProxyCode, StudentText
from grader.session.callables import BACK, BUILT_IN, OWN
from grader.session.handles import HANDLE
from grader.session.instances import INSTANCE
from grader.session.operations import refuse_operations
from grader.session.serve import origin
from grader.session.wire import Channel, WireClosed, WireError, WireTimeout, encode

INTERRUPT_GRACE = 1.0
MOST_REFUSED = 10
_CELL = "<cell "


def file_of(cell: str) -> str:
    """Return the file name that a cell's code is compiled with, to be known in tracebacks."""
    return f"{_CELL}{cell}>"


def is_cell(file: str) -> bool:
    """Whether some code is that of an instructor's cell."""
    return file.startswith(_CELL)


class NoAnswer(BaseException):
    """The student's function has neither returned nor raised: nothing for a test to catch."""


class SessionEnded(NoAnswer):
    """The session is over; the text says why."""


class TookTooLong(NoAnswer):
    """A cell or a call ran out of time."""


class NotPlain(NoAnswer):
    """A test needs what cannot be carried from the session, or there; the text says what."""


class Remote:
    """The session as the verdict sees it: bounded in time, believed in nothing.

    Parameters
    ----------
    channel : Channel
        To the session.
    interrupt : callable
        Interrupts what the session does.
    why_ended : callable
        Returns how the session ended, as its supervisor saw it.

    Attributes
    ----------
    ended : str
        Why there is no session any more; empty while there is one.
    closed : str
        Why nothing may be asked at present.
    """

    def __init__(
        self,
        channel: Channel,
        interrupt: Callable[[], None],
        why_ended: Callable[[], str],
        cell_seconds: float,
        notebook_seconds: float,
    ) -> None:
        self._channel, self._interrupt, self._why_ended = channel, interrupt, why_ended
        self._cell_seconds = cell_seconds
        self._deadline = time.monotonic() + notebook_seconds
        self.ended = self.closed = ""
        self._asking = False
        self._stop: TookTooLong | None = None
        self.kinds = Kinds(lambda module, name: None)
        self.handles = Handles(
            self.use,
            self._function,
            self._sent,
            self.give_up,
            lambda module, name: self.kinds.known(module, name),
        )
        self._functions: dict[Any, ProxyFunction] = {}
        # What the instructor imports by a name, for what the session says to have by it.
        self.imported: Callable[[str], Any] = lambda name: None
        self.changes = Changes(self.handles.value, self.form)
        self.instances = Instances(self.handles.value, self.form)
        self.text = StudentText()
        self.begin_test()

    def begin_test(self) -> None:
        """Forget what an earlier test could not learn.

        A bare ``except`` of a test, or a default, may hide that it did not get an answer: with
        `unanswered` set it is not passed all the same. With a `doubt`, a test that fails may have
        failed for that reason.
        """
        self.unanswered: NoAnswer | None = None
        self.doubt = ""
        self.calls_back = CallsBack(self.handles.value, self.form)

    def give_up(self, reason: str) -> NoReturn:
        """Say that a test needs what cannot be carried."""
        self.unanswered = NotPlain(reason)
        raise self.unanswered

    def ask(self, **message: Any) -> dict[str, Any]:
        """Send one question and return the answer.

        Raises
        ------
        NotPlain
            When the question is too large to be sent.
        TookTooLong
            When it had to be interrupted.
        SessionEnded
            When there is no session any more.
        """
        try:
            return self._ask(message)
        except NoAnswer as error:
            self.unanswered = error
            raise

    def _ask(self, message: dict[str, Any]) -> dict[str, Any]:
        if self.closed or self.ended:
            raise SessionEnded(self.closed or self.ended)
        left = self._deadline - time.monotonic()
        if left <= 0:
            self._end("The notebook's time was used up")
        before, self._asking = self._asking, True
        try:
            return self._answer(message, min(self._cell_seconds, left))
        finally:
            self._asking = before
            if self._stop and not before:
                stop, self._stop = self._stop, None
                raise stop

    def _answer(self, message: dict[str, Any], seconds: float) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        try:
            self._send(message, seconds)
            try:
                answer = self._channel.receive(seconds)
                while "back" in answer:
                    self._channel.send(self._call_back(answer), seconds)
                    left = deadline - time.monotonic()
                    if left <= 0:
                        raise WireTimeout("it called back until its time was used up")
                    answer = self._channel.receive(left)
            except WireTimeout:
                self._interrupt()
                self._await_end()
                raise _too_long(f"ran longer than {seconds:g} seconds") from None
        except WireTimeout:
            self._end(f"It ran longer than {seconds:g} seconds and could not be stopped")
        except WireClosed:
            self._end(_explain(self._why_ended()))
        except WireError as error:
            self._end(f"The session was ended: {error}")
        if answer.get("stopped") is True:
            raise _too_long("used up its CPU time")
        return answer

    def _call_back(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Call a function of the test, which may be stopped where the session may not."""
        self._asking = False
        try:
            self._heed(asked)
            return self.calls_back.call(asked) | self._told()
        except TooManyCalls as error:
            self._end(str(error))
        except SessionEnded:
            raise
        except NoAnswer as error:
            self.unanswered = error
            self._stop = error if isinstance(error, TookTooLong) else None
            return {"call": asked.get("call"), "stop": True}
        finally:
            self._asking = True

    def _await_end(self) -> None:
        """Receive the answer to a question that was interrupted, and no call back any more."""
        for _ in range(MOST_REFUSED):
            answer = self._channel.receive(INTERRUPT_GRACE)
            if "back" not in answer:
                return
            self._channel.send({"call": answer.get("call"), "stop": True}, INTERRUPT_GRACE)
        raise WireTimeout("it calls back without end")

    def _send(self, message: dict[str, Any], seconds: float) -> None:
        try:
            self._channel.send(message, seconds)
        except (WireTimeout, WireClosed):
            raise
        except WireError as error:  # nothing of it has been sent
            raise NotPlain(
                f"What a test gives to the student's process is too large: {error}."
            ) from None

    def stop(self, error: TookTooLong) -> None:
        """Stop a test, but not amid an answer: a part of it would stay for the next question."""
        if not self._asking:
            raise error
        self._stop = error

    def _end(self, reason: str) -> NoReturn:
        self.ended = f"{reason}."
        self._channel.socket.close()
        raise SessionEnded(self.ended)

    def proxies(self, names: list[str], write_back: bool = True) -> dict[str, Any]:
        """Return proxies for those of the names that the student has defined.

        Parameters
        ----------
        write_back : bool
            Whether a function may change the lists and arrays that it is given.
        """
        answer = self.ask(do="names", names=names)
        if type(answer.get("unplain")) is str:
            self.give_up(
                f"What {' and '.join(names)} stand for cannot be carried: it is too large."
            )
        return {
            name: self._proxy(name, answer[name], write_back)
            for name in names
            if type(answer.get(name)) is dict
        }

    def _proxy(self, name: str, told: dict[str, Any], write_back: bool) -> Any:
        kind, own = told.get("is"), self.imported(name)
        if own is not None and (kind in _IMPORTED or told.get("from") == origin(own)):
            return own
        if "value" in told:
            try:
                return self.handles.value(told["value"], name, name)
            except NotAccepted:  # the official solution has no such object by this name
                pass
            except WireError as error:
                self.give_up(f"'{name}' cannot be read: {error}.")
        if kind == "function":
            return self._known_function(name, told, name, write_back)
        if kind == "exception":
            return self.kinds.kind(told.get("kinds"))
        return ProxyObject(self, name, _what(kind, str(told.get("type", "thing"))[:80]))

    def _function(self, form: dict[str, Any], site: str, name: str) -> "ProxyFunction":
        own = form.get("name")
        name = own if type(own) is str and own.isidentifier() else name
        return self._known_function(form["v"], form, site, True, name)

    def _known_function(
        self, key: Any, told: dict[str, Any], site: str, write_back: bool, name: str = ""
    ) -> "ProxyFunction":
        """Return what stands for a function: the same for the same one."""
        made = ProxyFunction(self, name or key, told, write_back, key=key, site=site)
        self._functions[repr(key)] = made
        return made

    def _sent(self, form: dict[str, Any]) -> Any:
        """Return what a test has sent, from the form that it was sent in."""
        kind, what = form["t"], form.get("v")
        if kind == INSTANCE:
            return self.instances.thing(what)
        if kind == OWN and repr(what) in self._functions:
            return self._functions[repr(what)]
        if kind == BACK:
            return self.calls_back.function(what)
        if kind == BUILT_IN and type(what) is str and what in vars(builtins):
            return getattr(builtins, what)
        raise WireError(f"a reply claims to be a {kind[:40]!r}, which is not plain data")

    def form(self, thing: Any) -> Any:
        """Return how something travels: plain data, or in parts as functions and handles."""
        return encode(thing, other=self._form)

    def _form(self, thing: Any) -> dict[str, Any]:
        if is_handle(thing):
            return {"t": HANDLE, "v": number_of(thing)}
        if type(thing) is ProxyFunction:
            return {"t": OWN, "v": thing.key}
        return self.instances.form(thing) or self.calls_back.form(thing)

    def _told(self) -> dict[str, Any]:
        """Return the states of a test's objects that a message has to tell of."""
        changed = self.instances.changed()
        return {"states": changed} if changed else {}

    def _heed(self, message: dict[str, Any]) -> None:
        """Give a test's objects the states that a message tells of."""
        if "states" in message:
            try:
                self.changes.add(self.instances.take(message["states"]))
            except ValueError as error:
                raise WireError(f"a reply without its states: {error}") from None

    def use(
        self,
        key: Any,
        operation: str,
        site: str,
        arguments: tuple[Any, ...],
        keywords: dict[str, Any],
        *,
        write_back: bool = True,
        name: str = "",
    ) -> Any:
        """Have the session call a function, or do something else with what it keeps.

        Parameters
        ----------
        key : str, int or list
            What the session knows it by.
        operation : str
            One of `grader.session.handles.OPERATIONS`.
        site : str
            Where the result comes from.
        name : str
            What it is called in errors; by default its site.

        Raises
        ------
        Exception
            What the student's code raised.
        """
        name = name or site
        try:
            sent = {
                "args": [self.form(one) for one in arguments],
                "kwargs": {keyword: self.form(one) for keyword, one in keywords.items()},
            }
            sent |= self._told()
        except WireError as error:
            self.give_up(
                f"{name} cannot be given this argument in a test: {error}. Tests are run "
                "outside the student's process."
            )
        answer = self.ask(do="call", name=key, op=operation, **sent)
        if type(printed := answer.get("printed")) is str:
            sys.stdout.write(printed)
        if "unplain" in answer:
            self.give_up(str(answer["unplain"])[:1000])
        did = "changed what it was given to"
        try:
            self._heed(answer)
            if write_back:
                self.changes.write_back(name, arguments, keywords, answer)
            did = "returned"
            if "error" in answer:
                raise self.error(answer["error"])
            if operation == "next" and answer.get("end") is True:
                raise StopIteration
            if operation == "getattr" and type(told := answer.get("method")) is dict:
                return self._known_function([key, *arguments], told, site, write_back, arguments[0])
            if "value" not in answer:
                raise WireError("a reply is not in the form that the session writes")
            value = self.handles.value(answer["value"], site, name)
        except NotAccepted as error:
            self.give_up(f"It {did} what cannot be checked here: {error}.")
        except WireError as malformed:
            self.give_up(f"{name}: {malformed}")
        return self.changes.same(arguments, answer, value) if write_back else value

    def error(self, told: Any) -> BaseException:
        """Return what a student's function raised, as the session tells of it."""
        if type(told) is dict and told.get("kinds", [""])[:1] == ["builtins.KeyboardInterrupt"]:
            self.unanswered = TookTooLong("It was stopped.")
            return self.unanswered
        error = self.kinds.error(told)
        error.of_student = True  # type: ignore[attr-defined]
        return error


# What is nothing but an import may bring; a function may be the answer.
_IMPORTED = ("module", "class", "exception")


def _too_long(what: str) -> TookTooLong:
    return TookTooLong(f"It {what} and was stopped. Look for a loop that never ends.")


def _explain(end: str) -> str:
    kind, _, detail = end.partition(" ")
    if kind == "memory":
        return "It used more memory than a notebook may have, so it was ended"
    if kind == "exit":
        return f"Its code ended the whole process (exit status {detail})"
    if kind == "signal":
        return f"Its process was ended by {detail}"
    return "Its process is gone"


def _what(kind: Any, own: str) -> str:
    if kind == "module":
        return f"the module {own}, imported in a cell that students may change, not in a locked one"
    return "a class" if kind == "class" else f"a {own}"


class ProxyObject:
    """Stands for what is neither plain data nor a function; whoever uses it is told so.

    It answers nothing, not even what it is an instance of: a wrong ``False`` would fail a test
    with the instructor's own words.
    """

    __slots__ = ("_remote", "_what")

    def __init__(self, remote: Remote, name: str, what: str) -> None:
        self._remote = remote
        self._what = (
            f"'{name}' is {what}. Tests are run outside the student's process and can call "
            "functions and read plain values, but not use such an object."
        )
        # ``type(x) is list`` and ``x is y`` cannot be refused.
        remote.doubt = remote.doubt or self._what

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        self._remote.give_up(self._what)

    def __getattr__(self, name: str) -> NoReturn:
        self._remote.give_up(self._what)

    __class__ = property(_refuse)


_OTHERS = """
    aenter aexit aiter anext array await bool bytes ceil complex copy deepcopy dir divmod eq exit
    floor format fspath hash instancecheck length_hint lshift ne rdivmod reduce_ex repr rlshift
    round rrshift rshift str subclasscheck trunc
"""
refuse_operations(ProxyObject, ProxyObject._refuse, _OTHERS)

# A function's own code and signature, which other code reads of it.
_OF_CODE = """
    __builtins__ __closure__ __code__ __defaults__ __func__ __globals__ __kwdefaults__ __self__
    __signature__ __text_signature__
"""


class ProxyFunction:
    """Calls the student's function in the session: plain arguments there, plain values back.

    Parameters
    ----------
    told : dict
        What the session says of it: its ``doc`` and its ``type``.
    key : str, int or list
        What the session knows it by: its name, its number where a student's function has returned
        it, or the number of an object and the name of its method.
    site : str
        Where the test got it.
    """

    def __init__(
        self,
        remote: Remote,
        name: str,
        told: dict[str, Any],
        write_back: bool,
        *,
        key: Any,
        site: str,
    ) -> None:
        self._remote, self._may_write_back = remote, write_back
        self.key, self._site = key, site
        self._kind = str(told.get("type"))
        # The name that the test knows it by: a check may choose by it what to compare with.
        self.__name__ = self.__qualname__ = name
        self.__module__ = "__main__"
        self.__doc__ = doc if type(doc := told.get("doc")) is str else None

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        """What ``isinstance`` asks for."""
        kind = FUNCTION_KINDS.get(self._kind)
        return kind or self._refuse("its kind")

    def __getattr__(self, name: str) -> Any:
        by_name = name == "__code__" and type(self.key) is str
        line = self._remote.text.line_of(self.__name__) if by_name else 0
        if line:
            return ProxyCode(self.__name__, line, self._refuse)
        if name in _OF_CODE.split():
            self._refuse(f"its {name}")
        if not name.startswith("_"):
            site = f"{self._site}.{name}"
            return self._remote.use(self.key, "getattr", site, (name,), {}, name=site)
        # Python's own modules ask for other names of any object, and do without them.
        if is_cell(sys._getframe(1).f_code.co_filename):
            self._remote.doubt = self._remote.doubt or self._why(f"its {name}")
        raise AttributeError(f"'function' object has no attribute '{name}'")

    def _refuse(self, what: str) -> NoReturn:
        self._remote.give_up(self._why(what))

    def _why(self, what: str) -> str:
        return (
            f"Of '{self.__name__}' a test wants {what}, which only the student's process has. "
            "Tests are run outside of it: they can call functions and read their text."
        )

    def __copy__(self) -> "ProxyFunction":
        return self

    def __deepcopy__(self, memo: Any) -> "ProxyFunction":
        return self

    def __repr__(self) -> str:
        return f"<function {self.__name__}>"

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """Call it; raises what the student's function raised."""
        return self._remote.use(
            self.key,
            "call",
            f"{self._site}()",
            arguments,
            keywords,
            write_back=self._may_write_back,
            name=self.__name__,
        )


# What Python says of a wrong use, such as adding to it, it says of a function.
ProxyFunction.__name__ = ProxyFunction.__qualname__ = "function"


def is_students(error: BaseException) -> bool:
    """Whether a student's function raised an error."""
    return getattr(error, "of_student", False) is True
