"""Stand-ins: what a test sees of a student's notebook; the real thing stays in the session."""

import sys
import time
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from grader.judge.remote_errors import Kinds
from grader.session.operations import refuse_operations
from grader.session.wire import Channel, WireClosed, WireError, WireTimeout, decode, encode

INTERRUPT_GRACE = 1.0


class NoAnswer(BaseException):
    """The student's function has neither returned nor raised: nothing for a test to catch."""


class SessionEnded(NoAnswer):
    """The session is over; the text says why."""


class TookTooLong(NoAnswer):
    """A cell or a call ran out of time."""


class NotPlain(NoAnswer):
    """A test needs something that is not plain data."""


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

    def ask(self, **message: Any) -> dict[str, Any]:
        """Send one question and return the answer.

        Raises
        ------
        TookTooLong
            When it had to be interrupted.
        SessionEnded
            When there is no session any more.
        """
        if self.closed or self.ended:
            raise SessionEnded(self.closed or self.ended)
        left = self._deadline - time.monotonic()
        if left <= 0:
            self._end("The notebook's time was used up")
        self._asking = True
        try:
            return self._answer(message, min(self._cell_seconds, left))
        finally:
            self._asking = False
            if self._stop:
                stop, self._stop = self._stop, None
                raise stop

    def _answer(self, message: dict[str, Any], seconds: float) -> dict[str, Any]:
        try:
            self._channel.send(message, seconds)
            try:
                answer = self._channel.receive(seconds)
            except WireTimeout:
                self._interrupt()
                self._channel.receive(INTERRUPT_GRACE)
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
        """Return stand-ins for those of the names that the student has defined.

        Parameters
        ----------
        write_back : bool
            Whether a function may change the lists and arrays that it is given.
        """
        answer = self.ask(do="names", names=names)
        return {
            name: _proxy(self, name, answer[name], write_back)
            for name in names
            if type(answer.get(name)) is dict
        }


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


def _proxy(remote: Remote, name: str, told: dict[str, Any], write_back: bool) -> Any:
    kind = told.get("is")
    if kind == "value":
        return decode(told.get("value"))
    if kind == "function":
        doc = told.get("doc")
        return ProxyFunction(remote, name, doc if type(doc) is str else None, write_back)
    if kind == "exception":
        return remote.kinds.kind(told.get("kinds"))
    return ProxyObject(name, _what(kind, str(told.get("type", "thing"))[:80]))


def _what(kind: Any, own: str) -> str:
    if kind == "module":
        return f"the module {own}, imported in a cell that students may change, not in a locked one"
    return "a class" if kind == "class" else f"a {own}"


class ProxyObject:
    """Stands for what is neither plain data nor a function; whoever uses it is told so."""

    __slots__ = ("_what",)

    def __init__(self, name: str, what: str) -> None:
        self._what = (
            f"'{name}' is {what}. Tests are run outside the student's process and can call "
            "functions and read plain values, but not use such an object."
        )

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise NotPlain(self._what)

    def __getattr__(self, name: str) -> NoReturn:
        raise NotPlain(self._what)

    __hash__ = None  # type: ignore[assignment]


refuse_operations(ProxyObject, ProxyObject._refuse, "bool eq exit format ne str")


class ProxyFunction:
    """Calls the student's function in the session: plain arguments there, plain values back."""

    def __init__(self, remote: Remote, name: str, doc: str | None, write_back: bool = True) -> None:
        self._remote, self._may_write_back = remote, write_back
        # The name that the test knows it by: a check may choose by it what to compare with.
        self.__name__ = self.__qualname__ = name
        self.__doc__ = doc

    def __repr__(self) -> str:
        return f"<function {self.__name__}>"

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """Call it; raises what the student's function raised."""
        try:
            sent = {"args": encode(list(arguments)), "kwargs": encode(keywords)}
        except WireError as error:
            raise NotPlain(
                f"{self.__name__} cannot be given this argument in a test: {error}. Tests are run "
                "outside the student's process."
            ) from None
        answer = self._remote.ask(do="call", name=self.__name__, **sent)
        if type(printed := answer.get("printed")) is str:
            sys.stdout.write(printed)
        if "error" in answer:
            raise _error(self._remote.kinds, answer["error"])
        if "unplain" in answer:
            raise NotPlain(str(answer["unplain"])[:1000])
        try:
            if "after" in answer and self._may_write_back:
                _write_back(arguments, decode(answer["after"]))
            if "value" not in answer:
                raise WireError("a reply is not in the form that the session writes")
            return decode(answer["value"])
        except WireError as error:
            raise NotPlain(f"{self.__name__}: {error}") from None


def _write_back(arguments: tuple[Any, ...], after: Any) -> None:
    """Let a function that changes its arguments in place change the test's own."""
    if type(after) is not list or len(after) != len(arguments):
        return
    for given, changed in zip(arguments, after, strict=True):
        if type(given) is not type(changed):
            continue
        if type(given) is list:
            given[:] = changed
        elif type(given) in (dict, set):
            given.clear()
            given.update(changed)
        elif type(given) is np.ndarray and given.shape == changed.shape:
            np.copyto(given, changed, casting="unsafe")


def _error(kinds: Kinds, told: Any) -> BaseException:
    if type(told) is dict and told.get("kinds", [""])[:1] == ["builtins.KeyboardInterrupt"]:
        return TookTooLong("It was stopped.")
    return kinds.error(told)
