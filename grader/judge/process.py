"""The judge: one process per submission that leads the notebook through and makes the verdicts.

It is forked from a fork server, belongs to the grader, and never runs a line of the student's.
"""

import base64
import fcntl
import gc
import json
import logging
import os
import resource
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, NoReturn

from grader.course.lesson import SourceCell, SourceNotebook
from grader.course.student_code import STUDENT_CODE
from grader.judge.attempt import Attempt, Lost
from grader.judge.confine import confine
from grader.judge.conversation import NoAnswer, SessionEnded, TookTooLong
from grader.judge.notebook import strict_outputs, write_notebook
from grader.judge.own_text import run_only
from grader.judge.plan import Plan
from grader.judge.program import make_ready
from grader.judge.remote import Remote
from grader.judge.restore import EMPTY, DamagedSubmission, Step, restore
from grader.judge.run_tests import CellTests
from grader.judge.written import Files, reads_files, to_keep
from grader.outcome import CellResult, GradedNotebook
from grader.session.files import lay_out
from grader.session.imports import import_quietly
from grader.session.limits import Limits
from grader.session.sandbox import mapped_bytes
from grader.session.shell import SessionShell, make_shell, run_cell, take_over, use_inline_figures
from grader.session.supervise import INTERRUPT
from grader.session.wire import Channel, WireError, WireTimeout

JUDGE_MEMORY = 2**31
READY_SECONDS = 20.0
ANSWER_SECONDS = 2.0  # of the supervisor
# Some of all that Markdown has: what reads it is made ready with it.
_MARKDOWN = "# A `b` **c**\n\n- $d$ <i>e</i> [f](g)\n\n| h |\n|---|\n| i |\n\n```\nj\n```"


class NotLocked(Exception):
    """The sandbox could not be had; grading has to stop."""


class TooLate(Exception):
    """The session was not ready in time."""


_plans: dict[str, Plan] = {}


def learn(text: str) -> None:
    """Read an instructor's notebook, and the figures drawn for it, once for all submissions."""
    told = json.loads(text)
    source = SourceNotebook.from_json(told["source"])
    plan = _plans.get(source.digest) or Plan.of(source)
    make_ready(plan)
    _plans[source.digest] = replace(plan, drawn=told["drawn"])
    for outputs in told["drawn"].values():  # what makes them safe to show remembers them
        write_notebook([Step("code", "", None)], [outputs])
    steps, _ = restore(EMPTY, source)  # and what puts notebooks together finds itself made ready
    write_notebook(steps, [[] for _ in steps])


def prepare(options: dict[str, Any]) -> Callable[[dict[str, Any], list[int]], NoReturn]:
    """Import everything, then return what judges one notebook in a forked process."""
    import_quietly([*options["sealed"], *options["preload"]])
    logging.lastResort = logging.NullHandler()  # what a library logs says nothing of a test
    shell = make_shell(room=2**24)
    shell.brief = True
    if "matplotlib" in sys.modules:
        use_inline_figures(shell)
    # Forked processes find loaded what most figures' cells need.
    widget = ["import ipywidgets\nipywidgets.IntSlider()"] * ("ipywidgets" in sys.modules)
    for cell in ("1/0", "1", *widget):
        run_cell(shell, cell)
    write_notebook([Step("markdown", _MARKDOWN, None)], [[]])

    def start(message: dict[str, Any], descriptors: list[int]) -> NoReturn:
        *connections, notes = descriptors
        job, wire, control = (socket.socket(fileno=descriptor) for descriptor in connections)
        resource.setrlimit(resource.RLIMIT_AS, (mapped_bytes() + JUDGE_MEMORY,) * 2)
        gc.disable()  # it lives for one notebook, and its memory is bounded
        take_over(shell)
        confine(message["folder"])
        channel = Channel(job)
        task = channel.receive()
        if task["code"]:
            os.environ[STUDENT_CODE] = task["code"]
        plan = _plans[message["source"]]
        limits = Limits(**task["limits"])
        shell.tape.room = limits.output
        try:
            remote = _meet(Channel(wire), control, limits)
            submission = base64.b64decode(task["submission"])
            attempt = Attempt(
                remote,
                dict(task["without"]),
                seconds=limits.notebook_seconds,
                cell_seconds=limits.cell_seconds,
                last=task["last"],
                notes=notes,
            )
            with _only_while_awaited(job):
                _lay_out(plan.source, remote, message["folder"])
                if task["draw"]:
                    channel.send({"drawn": draw(plan, remote, shell, limits)})
                    raise SystemExit
                graded = judge(submission, plan, remote, shell, limits, attempt)
            channel.send({"graded": asdict(graded)})
        except Lost as lost:
            channel.send({"lost": lost.step, "reason": lost.reason, "left": lost.left})
        except NotLocked as error:
            channel.send({"not locked": str(error)})
        except TooLate as error:
            channel.send({"not ready": str(error)})
        except DamagedSubmission as error:
            channel.send({"damaged": str(error)})
        except MemoryError:
            raise  # the submission's own doing, perhaps: this process's memory is bounded
        except Exception as error:
            channel.send({"failed": f"{type(error).__name__}: {error}"})
        raise SystemExit

    return start


@contextmanager
def _only_while_awaited(job: socket.socket) -> Iterator[None]:
    """Let the kernel end this process when nobody waits for its verdict any more.

    A test may be busy where no signal handler of Python's is run, as in a sum over a huge range.
    """
    before = fcntl.fcntl(job, fcntl.F_GETFL)
    fcntl.fcntl(job, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(job, fcntl.F_SETFL, before | os.O_ASYNC)
    try:
        yield
    finally:
        fcntl.fcntl(job, fcntl.F_SETFL, before)


def _lay_out(source: SourceNotebook, remote: Remote, folder: str) -> None:
    """Give the lesson's files to the session, and to the tests here, in a folder of their own."""
    os.chdir(folder)
    sys.path[0] = folder  # a test may import a lesson's own module
    if source.files:
        lay_out(source.files, Path(folder))
        remote.ask(do="files", files=source.files)
    if reads_files(source):
        remote.around.files = Files(Path(folder), [path for path, _ in source.files])


def _meet(wire: Channel, control: socket.socket, limits: Limits) -> Remote:
    """Wait until the session is locked, before anything of the student's is sent there."""
    try:
        first = wire.receive(READY_SECONDS)
    except WireTimeout:
        raise TooLate(f"its session was not locked within {READY_SECONDS:g} seconds") from None
    except WireError:
        end = _how_it_ended(control) or "nobody knows why"
        raise TooLate(f"its session ended before it began ({end})") from None
    if "not ready" in first:
        raise TooLate(str(first["not ready"]))
    if "not locked" in first:
        raise NotLocked(str(first["not locked"]))
    return Remote(
        wire,
        interrupt=lambda: _interrupt(control),
        why_ended=lambda: _how_it_ended(control),
        cell_seconds=limits.cell_seconds,
        notebook_seconds=limits.notebook_seconds,
    )


def _interrupt(control: socket.socket) -> None:
    """Have the session interrupted; return when it is, as a later question must not be.

    How the session ended, if that comes instead, stays there for whoever asks.
    """
    with suppress(OSError):
        control.settimeout(ANSWER_SECONDS)
        control.send(INTERRUPT)
        if control.recv(1, socket.MSG_PEEK) == INTERRUPT:
            control.recv(1)


def _how_it_ended(control: socket.socket) -> str:
    try:
        control.settimeout(ANSWER_SECONDS)
        data = control.recv(4096).lstrip(INTERRUPT)
        return str(json.loads(data)["ended"]) if data else ""
    except (OSError, ValueError):
        return ""


def draw(
    plan: Plan, remote: Remote, shell: SessionShell, limits: Limits
) -> dict[str, list[dict[str, Any]]]:
    """Return the outputs of the figures that are the same for all; nothing of those that fail."""
    run_only(plan.texts, remote.give_up)
    tests = CellTests(plan, remote, shell, limits.cell_seconds)
    for cell in plan.source.cells:
        if cell.cell_type == "code" and not cell.is_test:
            tests.pass_by(cell)
    outputs = {
        figure: strict_outputs(tests.show(figure), limits.output) for figure in plan.constant
    }
    return {figure: shown for figure, shown in outputs.items() if shown}


def judge(
    submission: bytes,
    plan: Plan,
    remote: Remote,
    shell: SessionShell,
    limits: Limits,
    attempt: Attempt,
) -> GradedNotebook:
    """Lead one notebook through its session and return the verdicts.

    Raises
    ------
    Lost
        When a cell has ended the session and another attempt can do without it.
    """
    source = plan.source
    steps, notes = restore(submission, source)  # nbformat makes code of its own to read it
    run_only(plan.texts, remote.give_up)
    tests = CellTests(plan, remote, shell, limits.cell_seconds)
    results: list[CellResult] = []
    outputs: list[list[dict[str, Any]]] = []
    room, begin = limits.output, time.perf_counter()
    figures = set(plan.figures)
    notes += attempt.told(steps)
    for place, step in enumerate(steps):
        attempt.begin(place)
        shown: list[dict[str, Any]] = []
        if step.cell_type == "code":
            if step.known and step.known.is_test:
                result, shown = _test(tests, step.known, source)
                results.append(result)
            else:
                if step.known is None or step.known.solution:
                    remote.text.add(step.source)
                figure = step.source.strip()
                drawn = tests.drawn(figure) if figure in figures else None
                shown, note = (drawn, []) if drawn else _run(remote, step, room)
                if figure in figures:
                    figures.remove(figure)  # a copy of it stays without an output
                    shown = strict_outputs(drawn or tests.show(figure), room) or shown
                room -= sum(len(json.dumps(output)) for output in shown)
                notes.extend(note)
                if step.known:
                    tests.pass_by(step.known)
        if step.known and step.known.is_manual:
            results.append(_by_hand(step))
        outputs.append(shown)
        attempt.end()
    return GradedNotebook(
        name=source.name,
        status="graded with notes" if notes else "graded",
        notes=tuple(dict.fromkeys(notes)),
        results=tuple(results),
        unchanged=tuple(_unchanged(steps)),
        ipynb=write_notebook(steps, outputs),
        cell_seconds=time.perf_counter() - begin,
        handles=tuple(sorted(remote.handles.sites.seen)),
        files=_written(remote),
    )


def _written(remote: Remote) -> tuple[tuple[str, str], ...]:
    with suppress(NoAnswer):
        return to_keep(remote.ask(do="written"))
    return ()


def _test(
    tests: CellTests, known: SourceCell, source: SourceNotebook
) -> tuple[CellResult, list[dict[str, Any]]]:
    if known.cell in source.inside:
        return tests.inside(known)
    if source.shadowed:
        tests.shadow(known)
    return tests.test(known)


def _run(remote: Remote, step: Step, room: int) -> tuple[list[dict[str, Any]], list[str]]:
    try:
        answer = remote.ask(do="cell", source=step.source)
    except (SessionEnded, TookTooLong) as error:
        name = type(error).__name__
        output = {
            "output_type": "error",
            "ename": name,
            "evalue": str(error),
            "traceback": [f"{name}: {error}"],
        }
        return [output], [] if remote.closed else [f"A cell did not end: {error}"]
    return strict_outputs(answer.get("outputs"), room), []


def _by_hand(step: Step) -> CellResult:
    assert step.known is not None
    points = float(step.known.points or 0)
    untouched = step.unchanged and not step.known.task
    return CellResult(step.known.cell, 0.0 if untouched else None, points)


def _unchanged(steps: list[Step]) -> list[str]:
    return [
        step.known.cell for step in steps if step.known and step.known.solution and step.unchanged
    ]
