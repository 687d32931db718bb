"""The conversation with a session: questions and answers, bounded in time, believed in nothing."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from grader.session.wire import Channel, WireClosed, WireError, WireTimeout

INTERRUPT_GRACE = 1.0
MOST_REFUSED = 10


class NoAnswer(BaseException):
    """The student's function has neither returned nor raised: nothing for a test to catch."""


class SessionEnded(NoAnswer):
    """The session is over; the text says why."""


class TookTooLong(NoAnswer):
    """A cell or a call ran out of time."""


class NotPlain(NoAnswer):
    """A test needs what cannot be carried from the session, or there; the text says what."""


@dataclass(eq=False)
class Conversation(ABC):
    """Asks the session, and answers when it calls back.

    Parameters
    ----------
    channel : Channel
        To the session.
    interrupt : callable
        Interrupts what the session does.
    why_ended : callable
        Returns how the session ended, as its supervisor saw it.
    cell_seconds, notebook_seconds : float
        The time for one answer, and for all.

    Attributes
    ----------
    ended : str
        Why there is no session any more; empty while there is one.
    closed : str
        Why nothing may be asked at present.
    unanswered : NoAnswer or None
        Why a test did not get an answer. A bare ``except`` of a test, or a default, may hide that:
        such a test is not passed all the same.
    """

    channel: Channel
    interrupt: Callable[[], None]
    why_ended: Callable[[], str]
    cell_seconds: float
    notebook_seconds: float

    def __post_init__(self) -> None:
        self._deadline = time.monotonic() + self.notebook_seconds
        self.ended = self.closed = ""
        self.unanswered: NoAnswer | None = None
        self._asking = False
        self._stop: TookTooLong | None = None

    @abstractmethod
    def call_back(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Call a function of the test that the session asks for, and return the reply.

        Raises
        ------
        WireError
            When the session asks for what it was not given, or too often.
        """

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
            return self._answer(message, min(self.cell_seconds, left))
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
                answer = self.channel.receive(seconds)
                while "back" in answer:
                    self.channel.send(self._call_back(answer), seconds)
                    left = deadline - time.monotonic()
                    if left <= 0:
                        raise WireTimeout("it called back until its time was used up")
                    answer = self.channel.receive(left)
            except WireTimeout:
                self.interrupt()
                self._await_end()
                raise _too_long(f"ran longer than {seconds:g} seconds") from None
        except WireTimeout:
            self._end(f"It ran longer than {seconds:g} seconds and could not be stopped")
        except WireClosed:
            self._end(_explain(self.why_ended()))
        except WireError as error:
            self._end(f"The session was ended: {error}")
        if answer.get("stopped") is True:
            raise _too_long("used up its CPU time")
        return answer

    def _call_back(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Call a function of the test, which may be stopped where the session may not."""
        self._asking = False
        try:
            return self.call_back(asked)
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
            answer = self.channel.receive(INTERRUPT_GRACE)
            if "back" not in answer:
                return
            self.channel.send({"call": answer.get("call"), "stop": True}, INTERRUPT_GRACE)
        raise WireTimeout("it calls back without end")

    def _send(self, message: dict[str, Any], seconds: float) -> None:
        try:
            self.channel.send(message, seconds)
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
        self.channel.socket.close()
        raise SessionEnded(self.ended)


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
