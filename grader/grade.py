"""Grade one notebook: bytes in, verdicts out; no database, no shared file system.

`grade` is a pure function of its arguments. It may run here, in a pool of processes or on a Dask
worker; each such process keeps two warm processes to fork from.
"""

import atexit
import base64
import json
import os
import socket
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass, field
from typing import Any

from grader.errors import SandboxMissing
from grader.lesson import SourceNotebook
from grader.notebook import write_notebook
from grader.outcome import CellResult, GradedNotebook
from grader.restore import Step
from grader.session.lock import Limits
from grader.session.wire import Channel, WireError, WireTimeout

WARM_SECONDS = 120.0
EXTRA_SECONDS = 15.0


@dataclass(frozen=True)
class Terms:
    """How to grade: the same for every submission of a run.

    Attributes
    ----------
    sealed : tuple of str
        Modules that refuse to compute for a student's function.
    secret : str
        Of it hidden tests make their cases; only the judge ever has it.
    """

    limits: Limits = field(default_factory=Limits)
    sealed: tuple[str, ...] = ()
    secret: str = ""
    sandbox: bool = True


def grade(submission: bytes, source: SourceNotebook, terms: Terms) -> GradedNotebook:
    """Grade one notebook.

    Parameters
    ----------
    submission : bytes
        The submitted ``.ipynb`` file.
    source : SourceNotebook
        The instructor's cells.

    Raises
    ------
    SandboxMissing
        When the session cannot be locked and `terms` ask for it.
    """
    try:
        return _place(terms, source).grade(submission, source, terms)
    except OSError:  # a warm process was ended, such as for want of memory: warm up once more
        close_places()
        return _place(terms, source).grade(submission, source, terms)


def damaged(source: SourceNotebook, reason: str) -> GradedNotebook:
    """Return the outcome of a notebook that cannot be graded: no points, and why."""
    results = tuple(
        CellResult(cell.cell, 0.0, float(cell.points), reason)
        for cell in source.cells
        if cell.points is not None
    )
    steps = [Step("markdown", f"**Not graded.** {reason}", None)]
    steps += [Step(cell.cell_type, cell.source, cell) for cell in source.cells]
    return GradedNotebook(
        source.name,
        "damaged",
        reason,
        results=results,
        ipynb=write_notebook(steps, [[] for _ in steps]),
    )


def grade_json(submission: bytes, source: str, terms: str) -> str:
    """Do `grade` with everything but the submission as JSON: what a worker is asked to do."""
    given = json.loads(terms)
    graded = grade(
        submission,
        SourceNotebook.from_json(source),
        Terms(Limits(**given["limits"]), tuple(given["sealed"]), given["secret"], given["sandbox"]),
    )
    return graded.to_json()


class Place:
    """Two warm processes, one for sessions and one for judges, in one worker."""

    def __init__(self, sealed: tuple[str, ...], preload: list[str], secret: str) -> None:
        options = json.dumps({"sealed": list(sealed), "preload": preload})
        self._session = _Warm("session", options, {})
        self._judge = _Warm("judge", options, {"COURSE_SECRET": secret} if secret else {})
        for warm in (self._session, self._judge):
            warm.wait()

    def grade(self, submission: bytes, source: SourceNotebook, terms: Terms) -> GradedNotebook:
        """Fork a session and a judge, introduce them, and wait for the verdict."""
        job, judges_job = socket.socketpair()
        judges_wire, sessions_wire = socket.socketpair()
        judges_control, sessions_control = socket.socketpair()
        limits = asdict(terms.limits)
        with job, judges_job, judges_wire, sessions_wire, judges_control, sessions_control:
            self._session.fork(
                {"limits": limits, "sandbox": terms.sandbox}, sessions_wire, sessions_control
            )
            self._judge.fork({}, judges_job, judges_wire, judges_control)
            for end in (judges_job, judges_wire, sessions_wire, judges_control, sessions_control):
                end.close()
            return _verdict(Channel(job), submission, source, limits)

    def close(self) -> None:
        """End both warm processes."""
        self._session.close()
        self._judge.close()


def _verdict(
    job: Channel, submission: bytes, source: SourceNotebook, limits: dict[str, Any]
) -> GradedNotebook:
    task = {
        "source": source.to_json(),
        "limits": limits,
        "submission": base64.b64encode(submission).decode(),
    }
    try:
        job.send(task)
        answer = job.receive(limits["notebook_seconds"] + EXTRA_SECONDS)
    except WireTimeout:
        return damaged(source, "Its tests did not end in time, even when they were stopped.")
    except WireError as error:
        return damaged(source, f"Its tests ended the process that judges them ({error}).")
    if "not locked" in answer:
        raise SandboxMissing(
            f"A session cannot be locked on this machine: {answer['not locked']}. Grading needs "
            "Linux with user namespaces (see the README, 'You administer'). To grade "
            "without protection, submissions that you trust, say --no-sandbox."
        )
    if "damaged" in answer:
        return damaged(source, answer["damaged"])
    return GradedNotebook.from_json(answer["graded"])


class _Warm:
    """One warm process and its control socket."""

    def __init__(self, kind: str, options: str, environment: dict[str, str]) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "grader.session.warm", kind, str(theirs.fileno()), options],
                env=_ENVIRONMENT | environment,
                cwd="/",
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def wait(self) -> None:
        self._control.settimeout(WARM_SECONDS)
        if self._control.recv(16) != b"warm":
            raise RuntimeError("The process that sessions are forked from could not start.")
        self._control.settimeout(None)

    def fork(self, message: dict[str, Any], *ends: socket.socket) -> None:
        descriptors = [end.fileno() for end in ends]
        socket.send_fds(self._control, [json.dumps(message).encode()], descriptors)

    def close(self) -> None:
        self._control.close()
        self._process.wait()


_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    # Python and Matplotlib read files there, so it must be no folder that others can write to.
    "HOME": os.path.expanduser("~"),
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONWARNINGS": "ignore",
}
_places: dict[tuple[Any, ...], Place] = {}
_making = threading.Lock()


def _place(terms: Terms, source: SourceNotebook) -> Place:
    """Return this process's warm pair for these terms and this lesson's imports."""
    preload = source.imports()
    key = (os.getpid(), terms.sealed, terms.secret, *preload)
    with _making:  # a Dask worker may have several threads
        if key not in _places:
            close_places()
            _places[key] = Place(terms.sealed, preload, terms.secret)
        return _places[key]


def close_places() -> None:
    """End this process's warm processes."""
    for key in list(_places):
        place = _places.pop(key)
        if key[0] == os.getpid():
            place.close()


atexit.register(close_places)
