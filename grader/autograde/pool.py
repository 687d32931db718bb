"""The pool: two fork servers, one for sessions and one for judges."""

import atexit
import base64
import json
import os
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from io import FileIO
from typing import Any

from grader.autograde.fork_client import ForkClient
from grader.course.lesson import SourceNotebook
from grader.judge.attempt import last_step
from grader.session.limits import Limits
from grader.session.wire import Channel, WireClosed, WireError, WireTimeout

EXTRA_SECONDS = 15.0
MOST_POOLS = 3
IDLE_SECONDS = 60.0  # a server that grades at a click is not to keep processes for the next term
MOMENT = 0.1

Answer = dict[str, Any]
Names = tuple[str, ...]
Ends = tuple[socket.socket, socket.socket]


class NotReady(Exception):
    """What was needed for one notebook was not there in time; another attempt may do."""


class Stopped(Exception):
    """Grading was stopped while a notebook was under way."""


class JudgeEnded(Exception):
    """A judge has ended, or was too late, without an answer.

    Parameters
    ----------
    step : int
        What it was at.
    """

    def __init__(self, reason: str, step: int) -> None:
        super().__init__(reason)
        self.step = step


@dataclass(frozen=True)
class Task:
    """One attempt to grade one notebook.

    Attributes
    ----------
    seconds : float
        The time for it, of what the limits give the notebook.
    without : dict of int to str
        The steps to leave out, and why.
    last : bool
        Whether the judge has to come to an end, also without a session.
    draw : bool
        Whether only the figures are wanted that are the same for all submissions.
    code : str
        The student's code, where tests ask for numbers of one's own.
    """

    submission: bytes
    source: SourceNotebook
    limits: Limits
    sandbox: bool
    seconds: float
    without: dict[int, str] = field(default_factory=dict)
    last: bool = False
    draw: bool = False
    code: str = ""

    @property
    def lock(self) -> dict[str, Any]:
        """How to lock the session: its ``limits``, and whether in a ``sandbox``."""
        return {"limits": asdict(self.limits), "sandbox": self.sandbox}

    @property
    def wire(self) -> dict[str, Any]:
        """What the judge gets."""
        return {
            "limits": asdict(self.limits) | {"notebook_seconds": self.seconds},
            "submission": base64.b64encode(self.submission).decode(),
            "without": list(self.without.items()),
            "last": self.last,
            "draw": self.draw,
            "code": self.code,
        }


class Pool:
    """Two fork servers, one for sessions and one for judges; threads may share them.

    Parameters
    ----------
    preload, hidden : tuple of str
        What both import beforehand, and what judges import, too: it tells of hidden tests.
    """

    def __init__(self, sealed: Names, preload: Names, secret: str, hidden: Names) -> None:
        self.users, self._stopped, self.used = 0, False, time.monotonic()
        self._spare: dict[str, list[Ends]] = {}
        self._taught: set[str] = set()
        self._teaching = threading.Lock()
        options = {"sealed": sealed, "preload": preload}
        self._session = ForkClient("session", options)
        self._judge = ForkClient("judge", options | {"preload": [*preload, *hidden]}, secret)
        for warm in (self._session, self._judge):
            warm.wait()

    def judge(self, task: Task) -> Answer:
        """Fork a session and a judge, introduce them, and wait for the judge's answer.

        Raises
        ------
        NotReady
            When a warm process has ended meanwhile, or the session was not ready in time.
        JudgeEnded
            When the judge has ended, or did not answer in time.
        """
        try:
            self._teach(task)
            return self._judge_one(task)
        except OSError as error:
            self._check(MOMENT)
            raise NotReady(f"a process for it could not be started: {error}") from error

    def _judge_one(self, task: Task) -> Answer:
        source, lock = task.source, task.lock
        with ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            wire, control = map(stack.enter_context, self._session_for(lock))
            job, judges_job = map(stack.enter_context, socket.socketpair())
            notes, judges_notes = map(stack.enter_context, _pipe())
            judges = {"source": source.digest, "folder": folder}
            self._judge.send(judges, judges_job, wire, control, judges_notes)
            for end in (judges_job, wire, control, judges_notes):
                end.close()
            self._lock_another(lock)
            return self._ask(Channel(job), notes, task)

    def _teach(self, task: Task) -> None:
        """Let the judges know a notebook and its figures; once, not for each submission."""
        source = task.source
        with self._teaching:
            if source.digest in self._taught:
                return
            self._tell(source, {})
            if source.figures and (drawn := self._draw(task)):
                self._tell(source, drawn)
            self._taught.add(source.digest)

    def _draw(self, task: Task) -> Answer:
        """Return the figures that are the same for all, drawn by a judge without a submission."""
        only_figures = replace(
            task,
            submission=b"",
            code="",
            draw=True,
            seconds=task.limits.notebook_seconds,
            without={},
        )
        with suppress(NotReady, JudgeEnded):  # each submission's judge draws them then
            return dict(self._judge_one(only_figures).get("drawn", {}))
        return {}

    def _tell(self, source: SourceNotebook, drawn: Answer) -> None:
        with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
            json.dump({"source": source.to_json(), "drawn": drawn}, file)
            file.seek(0)
            self._judge.send({"learn": True}, file)

    def _session_for(self, lock: dict[str, Any]) -> Ends:
        """Return the judge's ends of a session that is locked, or about to be."""
        try:
            return self._spare[json.dumps(lock)].pop()
        except (KeyError, IndexError):
            return self._fork_session(lock)

    def _lock_another(self, lock: dict[str, Any]) -> None:
        """Have a session locked for the next notebook while this one is judged."""
        key = json.dumps(lock)
        for other in self._spare.keys() - {key}:
            _close(self._spare.pop(other, []))
        spare = self._spare.setdefault(key, [])
        if lock["sandbox"] and len(spare) < self.users:
            spare.append(self._fork_session(lock))

    def _fork_session(self, lock: dict[str, Any]) -> Ends:
        wire, sessions_wire = socket.socketpair()
        control, sessions_control = socket.socketpair()
        with sessions_wire, sessions_control:
            self._session.send(lock, sessions_wire, sessions_control)
        return wire, control

    def _ask(self, job: Channel, notes: FileIO, task: Task) -> Answer:
        try:
            with suppress(WireClosed):  # where no judge could be started, the answer is there
                job.send(task.wire)
            answer = job.receive(task.seconds + EXTRA_SECONDS)
        except WireError as error:
            self._check(MOMENT)
            why = "did not end in time" if isinstance(error, WireTimeout) else "was ended"
            raise JudgeEnded(f"the process that judges it {why}", last_step(_read(notes))) from None
        # A session also ends with what it was forked from.
        self._check(MOMENT if "lost" in answer else 0.0)
        if "not ready" in answer:
            raise NotReady(answer["not ready"])
        return answer

    def _check(self, patience: float = 0.0) -> None:
        """Make sure of both warm processes: what they forked ends with them, and says nothing."""
        alive = self.alive(patience)
        if self._stopped:
            raise Stopped("grading was stopped")
        if not alive:
            raise NotReady("the process that notebooks are graded from was ended")

    def alive(self, patience: float = 0.0) -> bool:
        """Whether both warm processes are there, and still are a moment later."""
        return all(warm.alive(patience) for warm in (self._session, self._judge))

    def stop(self) -> None:
        """End what is under way, for good."""
        self._stopped = True
        self.close()

    def close(self) -> None:
        """End both warm processes, and with them what they forked."""
        for spare in self._spare.values():
            _close(spare)
        self._session.close()
        self._judge.close()


def _pipe() -> tuple[FileIO, FileIO]:
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    return FileIO(reader, "r"), FileIO(writer, "w")


def _read(notes: FileIO) -> bytes:
    return notes.read() or b""


def _close(sessions: list[Ends]) -> None:
    for end in (end for ends in sessions for end in ends):
        end.close()


# This process's pools, the one used last at the end.
_pools: dict[tuple[Any, ...], Pool] = {}
_watch: threading.Thread | None = None
_lock = threading.Lock()


@contextmanager
def a_pool(sealed: Names, preload: Names, secret: str, hidden: Names = ()) -> Iterator[Pool]:
    """Give a pool for notebooks that import these modules; it stays warm for the next one.

    One that has loaded more than is asked for serves as well.
    """
    key = _serving(sealed, preload, secret, hidden)
    with _lock:
        pool = _pools.pop(key, None)
        if pool and not pool.alive():
            pool.close()
            pool = None
        pool = _pools[key] = pool or Pool(sealed, preload, secret, hidden)
        pool.users += 1
        _close_idle()
    try:
        yield pool
    finally:
        with _lock:
            pool.users -= 1
            pool.used = time.monotonic()
        _watch_over()


def _watch_over() -> None:
    """See to it that pools are closed that nobody uses; one thread does so for all."""
    global _watch
    with _lock:
        if _pools and not (_watch and _watch.is_alive()):
            _watch = threading.Thread(target=_close_unused, daemon=True)
            _watch.start()


def _close_unused() -> None:
    """End pools when nobody has used them for a while, until there are none."""
    pools = True
    while pools:
        time.sleep(IDLE_SECONDS / 4)
        with _lock:
            since = time.monotonic() - IDLE_SECONDS
            unused = [key for key, one in _pools.items() if not one.users and one.used <= since]
            for key in unused:
                _pools.pop(key).close()
            pools = bool(_pools)


def _serving(sealed: Names, preload: Names, secret: str, hidden: Names) -> tuple[Any, ...]:
    """Return the key of a pool that has all these modules loaded, or of one to be made."""
    for key in reversed(_pools):  # the one used last knows the notebook
        process, blocked, loaded, seed, also = key
        same = (process, blocked, seed) == (os.getpid(), sealed, secret)
        if same and {*preload} <= {*loaded} and {*hidden} <= {*also}:
            return key
    return (os.getpid(), sealed, preload, secret, hidden)


def _close_idle() -> None:
    idle = [key for key, pool in _pools.items() if not pool.users]
    for key in idle[: max(len(_pools) - MOST_POOLS, 0)]:
        _pools.pop(key).close()


def close_pools() -> None:
    """End this process's warm processes, and with them what is under way."""
    with _lock:
        for pool in _pools.values():
            pool.stop()
        _pools.clear()


atexit.register(close_pools)
