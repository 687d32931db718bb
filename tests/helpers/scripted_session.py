"""A session that answers by a script: what a hostile one could say."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from grader.judge.remote import Remote
from grader.session.wire import Channel, WireClosed

Script = Callable[[Channel, dict[str, Any]], Any]


class Told(Remote):
    """A remote that remembers whether it interrupted."""

    def __init__(self, channel: Channel, why: str, seconds: float) -> None:
        super().__init__(channel, self._note, lambda: why, 0.2, seconds)
        self.interrupted = False

    def _note(self) -> None:
        self.interrupted = True


@contextmanager
def session(script: Script, why: str = "", seconds: float = 5.0) -> Iterator[Told]:
    """A session that answers each message as the script says; goes away where that is None."""
    ours, theirs = socket.socketpair()

    def serve() -> None:
        channel = Channel(theirs)
        with theirs, contextlib.suppress(WireClosed):
            while (reply := script(channel, channel.receive())) is not None:
                channel.send(reply)

    thread = threading.Thread(target=serve)
    thread.start()
    with ours:
        yield Told(Channel(ours), why, seconds)
    thread.join(5)


def says(**reply: Any) -> Script:
    return lambda channel, message: reply
