"""The supervisor of one session: locks it, watches it, ends it and says how it ended."""

import errno
import json
import os
import select
import shutil
import signal
import socket
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from grader.session import linux
from grader.session.blocked_modules import seal
from grader.session.cgroup import Group, ready
from grader.session.imports import import_quietly
from grader.session.limits import Limits
from grader.session.sandbox import (
    bound,
    build_root,
    enter_namespaces,
    give_up_everything,
    leave_one_outside,
    session_filter,
)
from grader.session.serve import Session, warm_up
from grader.session.shell import SessionShell, make_shell, take_over, use_inline_figures
from grader.session.wire import Channel, WireError

TICK_MS = 100
INTERRUPT = b"i"  # asked of the supervisor, and said by it when it is done
SLACK = 2**28
# These say that the system does not do it; any other error may be over at the next attempt.
NEVER = {errno.EPERM, errno.EACCES, errno.EINVAL, errno.ENOSYS, errno.ENOSPC, None}


@dataclass(frozen=True)
class Warm:
    """What a process that sessions are forked from has made ready.

    Attributes
    ----------
    hidden : list of str
        The files and folders of the modules under test.
    outside : socket or None
        What `leave_one_outside` returned.
    groups : Path or None
        Where a control group for each session can be made.
    """

    shell: SessionShell
    hidden: list[str]
    outside: socket.socket | None
    groups: Path | None


def prepare(options: dict[str, Any]) -> Callable[[dict[str, Any], list[int]], NoReturn]:
    """Import everything, then return what starts a session in a forked process."""
    groups = ready() if options.get("groups") else None
    outside = leave_one_outside() if os.geteuid() == 0 else None
    hidden = seal(options["sealed"])
    shell = make_shell(room=2**30)
    use_inline_figures(shell)
    import_quietly(options["preload"])
    warm_up(shell)
    with suppress(OSError):  # each session says what is wrong
        session_filter()
    warm = Warm(shell, hidden, outside, groups)

    def start(message: dict[str, Any], descriptors: list[int]) -> NoReturn:
        wire, control = (socket.socket(fileno=descriptor) for descriptor in descriptors)
        limits = Limits(**message["limits"])
        try:
            run_session(warm, limits, message["sandbox"], wire, control)
        except OSError as error:
            with suppress(WireError):
                Channel(wire).send(refusal(error))
        os._exit(0)

    return start


def refusal(error: OSError) -> dict[str, str]:
    """Return what to say when a session cannot be locked: never here, or not now."""
    return {"not locked" if error.errno in NEVER else "not ready": str(error)}


def group_bounds(limits: Limits) -> dict[str, int]:
    """Return the bounds of a session's control group; its scratch folder is in memory, too."""
    return {
        "memory.max": limits.memory + SLACK + limits.scratch,
        "memory.swap.max": 0,
        "memory.oom.group": 1,
        "pids.max": limits.processes + 1,
    }


def run_session(
    warm: Warm, limits: Limits, sandbox: bool, wire: socket.socket, control: socket.socket
) -> None:
    """Fork the session, locked if `sandbox`, and stay with it until it has ended."""
    scratch = None if sandbox else tempfile.mkdtemp(prefix="session-")
    group = Group(warm.groups, group_bounds(limits)) if sandbox and warm.groups else None
    try:
        _run(warm, limits, scratch, group, wire, control)
    finally:
        if group:
            group.remove()
    if scratch:
        shutil.rmtree(scratch, ignore_errors=True)


def _run(
    warm: Warm,
    limits: Limits,
    scratch: str | None,
    group: Group | None,
    wire: socket.socket,
    control: socket.socket,
) -> None:
    sandbox = scratch is None
    if sandbox:
        enter_namespaces(warm.outside)
        build_root(limits, warm.hidden)
        linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)  # the new namespaces cleared it
    session = os.fork()
    if session == 0:
        _be_the_session(warm, limits, scratch, group, wire)
    wire.close()
    try:
        end = watch(session, control, limits, in_own_tree=sandbox)
        _tell(control, "memory" if group and group.memory_ran_out() else end)
    except BaseException:
        _kill(session, sandbox)
        raise


def _be_the_session(
    warm: Warm,
    limits: Limits,
    scratch: str | None,
    group: Group | None,
    wire: socket.socket,
) -> NoReturn:
    channel = Channel(wire)
    try:
        if group:
            group.join()
        # A signal to its own process group must not reach what it was forked from.
        os.setsid()
        if scratch is None:
            give_up_everything(limits, wire.fileno(), as_root=warm.outside is not None)
        else:
            os.chdir(scratch)
            bound(limits)
            linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
    except OSError as error:
        channel.send(refusal(error))
        os._exit(1)
    warm.shell.tape.room = limits.output
    take_over(warm.shell)
    try:
        channel.send({"ready": True})
        Session(warm.shell, limits.cpu_seconds).serve(channel)
    except WireError:
        os._exit(0)
    os._exit(1)


def watch(session: int, control: socket.socket, limits: Limits, in_own_tree: bool) -> str:
    """Wait until the session ends, interrupting it when told to; return how it ended."""
    process = os.pidfd_open(session)
    poll = select.poll()
    poll.register(process, select.POLLIN)
    poll.register(control, select.POLLIN)
    end = ""
    while True:
        events = {descriptor for descriptor, _ in poll.poll(TICK_MS)}
        if control.fileno() in events:
            if control.recv(1) == INTERRUPT:
                os.kill(session, signal.SIGINT)
                with suppress(OSError):
                    control.send(INTERRUPT)  # it is on its way, and cannot hit a later question
            else:  # the verdict is made, or the judge has gone
                end = end or "finished"
                poll.unregister(control)
                _kill(session, in_own_tree)
        # One process alone meets its own limit first, and gets a MemoryError to learn from.
        if in_own_tree and memory_in_use() > limits.memory + SLACK:
            end = "memory"
            _kill(session, in_own_tree)
        if process in events:
            _kill(session, in_own_tree)
            return end or _how(os.waitpid(session, 0)[1])


def _kill(session: int, in_own_tree: bool) -> None:
    with suppress(ProcessLookupError):
        if in_own_tree:  # the first process of a pid namespace takes all others with it
            os.kill(session, signal.SIGKILL)
        else:
            os.killpg(session, signal.SIGKILL)


def memory_in_use() -> int:
    """Return the bytes that all processes of the session keep in memory, files aside."""
    total = 0
    # Until the session has its own list of processes there is none at all.
    for name in filter(str.isdigit, os.listdir("/proc") if os.path.isdir("/proc") else ()):
        with suppress(OSError), open(f"/proc/{name}/status") as file:
            lines = (line.split() for line in file if line.startswith(_OWN_MEMORY))
            total += sum(int(kilobytes) for _, kilobytes, _ in lines) * 1024
    return total + _sockets_in_use() * SOCKET_BUFFER


# What processes share counts for each of them: rather too much than not at all.
_OWN_MEMORY = ("RssAnon:", "RssShmem:", "VmSwap:")
# What may wait in a socket is in no process's memory; each counts as if it were full.
SOCKET_BUFFER = 2**18


def _sockets_in_use() -> int:
    with suppress(OSError, ValueError, IndexError), open("/proc/1/net/sockstat") as file:
        return int(file.readline().split()[2])
    return 0


def _how(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"exit {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"


def _tell(control: socket.socket, end: str) -> None:
    with suppress(OSError):
        control.sendall(json.dumps({"ended": end}).encode())
