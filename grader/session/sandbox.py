"""Lock a forked process away: its own namespaces, a read-only system, limits, nothing to inherit.

The order matters. `enter_namespaces` runs in the supervisor, which then prepares the file system
with `build_root`; the session is forked after that, so that it is the first process of its own
pid namespace, and calls `give_up_everything` before the first line of a student's code.
"""

import os
import resource
import signal
import socket
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path

from grader.session import linux
from grader.session.allowed_calls import SESSION
from grader.session.limits import Limits
from grader.session.seccomp import allow_only, compiled

SCRATCH = "/tmp"
STUDENT = 1000
NOBODY = 65534
_NAMESPACES = (
    linux.CLONE_NEWUSER
    | linux.CLONE_NEWNS
    | linux.CLONE_NEWPID
    | linux.CLONE_NEWNET
    | linux.CLONE_NEWIPC
    | linux.CLONE_NEWUTS
    | linux.CLONE_NEWCGROUP
)
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store")
_SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/localtime", "/etc/ssl/certs")
PENDING_SIGNALS = 256
# No zero: what is written to a shared mapping of it is memory of no process.
_DEVICES = ("null", "full", "random", "urandom")


def leave_one_outside() -> socket.socket:
    """Leave a process outside of all namespaces: only from there root's map can be written.

    Returns
    -------
    socket
        Where it is asked to, by a process that has entered a namespace.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if os.fork() == 0:
        linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
        while True:
            _write_map(*socket.recv_fds(theirs, 32, 1)[:2])
    theirs.close()
    return ours


def _write_map(inside: bytes, answer: list[int]) -> None:
    with open(answer[0], "wb") as wire, suppress(OSError):
        for name in ("uid_map", "gid_map"):
            Path(f"/proc/{int(inside)}/{name}").write_text(f"0 0 1\n{STUDENT} {NOBODY} 1\n")
        wire.write(b"\n")


def enter_namespaces(outside: socket.socket | None) -> None:
    """Move this process into its own user, mount, pid, network and IPC namespaces.

    Outside, the session is never root: root maps it to nobody, a user to themselves.

    Parameters
    ----------
    outside : socket or None
        What `leave_one_outside` returned, for root.
    """
    user, group = os.geteuid(), os.getegid()
    linux.unshare(_NAMESPACES)
    if outside:
        answer, theirs = os.pipe()
        socket.send_fds(outside, [str(os.getpid()).encode()], [theirs])
        os.close(theirs)
        if not os.read(answer, 1):
            raise OSError("the map of the session's user cannot be written")
        os.close(answer)
    else:
        _map_to(user, group)


def _map_to(user: int, group: int) -> None:
    """Let the student be this user outside, and let there be no other one."""
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{STUDENT} {user} 1\n")
    Path("/proc/self/gid_map").write_text(f"{STUDENT} {group} 1\n")


def build_root(limits: Limits, hidden: Iterable[str]) -> None:
    """Make a new root: the system and Python read-only, an empty /tmp, and nothing else.

    Parameters
    ----------
    hidden : iterable of str
        Folders and files below the visible ones that must look empty: the modules under test.
    """
    os.chdir("/")
    os.umask(0o022)  # the student's user is another one, and has to get through these folders
    linux.mount("none", "/", flags=linux.MS_REC | linux.MS_PRIVATE)
    linux.mount("tmpfs", "/tmp", "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, "mode=755,size=1m")
    for folder in ("/tmp/old", "/tmp/new"):
        os.mkdir(folder)
    linux.pivot_root("/tmp", "/tmp/old")
    linux.mount("tmpfs", "/new", "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, "mode=755,size=1m")
    for path in visible_paths():
        _show(path)
    for path in hidden:
        _hide(path)
    devices = [f"/dev/{name}" for name in _DEVICES]
    for path in devices:
        _place_for(path)
    for path in ("/new/proc", f"/new{SCRATCH}"):
        os.makedirs(path, exist_ok=True)
    linux.make_read_only("/new")
    for path in devices:  # read-only mounts refuse devices, so these come after
        linux.mount(f"/old{path}", f"/new{path}", flags=linux.MS_BIND)
    options = f"mode=1777,size={limits.scratch},nr_inodes=4096"
    linux.mount("tmpfs", f"/new{SCRATCH}", "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, options)
    covered = [path for path in _covered(visible_paths()) if not os.path.islink(f"/old{path}")]
    for path in covered:  # by this new folder: show it once more
        _show(path)
    for path in _covered(hidden):
        _hide(path)
    for path in covered:
        linux.make_read_only(f"/new{path}")


def _covered(paths: Iterable[str]) -> list[str]:
    return [path for path in paths if path.startswith(f"{SCRATCH}/")]


def _enter_root() -> None:
    # The kernel lets a user mount a process list only where the system's own is still in sight.
    safe = linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC
    linux.mount("proc", "/new/proc", "proc", safe)
    os.chdir("/new")
    linux.pivot_root(".", ".")
    linux.unmount(".")
    os.chdir("/")


def visible_paths() -> list[str]:
    """Return what a session may read: the system's programs and libraries, and this Python."""
    prefixes = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    real = {os.path.realpath(prefix) for prefix in prefixes}
    outside = sorted(path for path in prefixes | real if not path.startswith("/usr/"))
    return [*_SYSTEM, *_SYSTEM_FILES, *(path for path in outside if path not in ("/usr", "/"))]


def _show(path: str) -> None:
    if os.path.islink(f"/old{path}"):
        os.makedirs(f"/new{os.path.dirname(path)}", exist_ok=True)
        os.symlink(os.readlink(f"/old{path}"), f"/new{path}")
    elif os.path.exists(f"/old{path}"):
        _bind(path)


def _bind(path: str) -> None:
    _place_for(path)
    linux.mount(f"/old{path}", f"/new{path}", flags=linux.MS_BIND | linux.MS_REC)


def _place_for(path: str) -> None:
    target = f"/new{path}"
    if os.path.isdir(f"/old{path}"):
        os.makedirs(target, exist_ok=True)
    elif not os.path.exists(target):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o444))


def _hide(path: str) -> None:
    if os.path.isdir(f"/new{path}"):
        linux.mount("tmpfs", f"/new{path}", "tmpfs", linux.MS_RDONLY, "mode=755,size=4k")
    elif os.path.exists(f"/new{path}"):
        linux.mount("/old/dev/null", f"/new{path}", flags=linux.MS_BIND)


def give_up_everything(limits: Limits, keep: int, as_root: bool) -> None:
    """Become the student: no inherited files, environment, capabilities; bounded in all else.

    Parameters
    ----------
    keep : int
        The only file descriptor above 2 that stays open: the wire.
    """
    _enter_root()
    _close_all_but(keep)
    bound(limits)
    resource.setrlimit(resource.RLIMIT_NPROC, (limits.processes, limits.processes))
    if as_root:
        _leave_root_behind()
    # A process that may make user namespaces may try the kernel's whole mount code.
    Path("/proc/sys/user/max_user_namespaces").write_text("0")
    linux.drop_bounding_set()
    linux.drop_capabilities()
    linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)  # late: changing the user clears it
    allow_only(session_filter())
    os.environ.clear()
    os.environ.update(
        PATH="/usr/bin:/bin",
        HOME=SCRATCH,
        LANG="C.UTF-8",
        MPLBACKEND=_INLINE,
        NBGRADER_EXECUTION="autograde",
        OMP_NUM_THREADS="1",
    )
    os.chdir(SCRATCH)


def _leave_root_behind() -> None:
    """Become the student, where no user is the machine's root: not even a kernel's bug finds it."""
    os.setgroups([])
    os.setresgid(STUDENT, STUDENT, STUDENT)
    os.setresuid(STUDENT, STUDENT, STUDENT)
    linux.prctl(linux.PR_SET_DUMPABLE, 1)  # else its files below /proc are root's
    linux.unshare(linux.CLONE_NEWUSER)
    _map_to(STUDENT, STUDENT)


@cache
def session_filter() -> bytes:
    """Return the compiled filter of system calls; a warm process makes it once for all."""
    return compiled(SESSION)


_INLINE = "module://matplotlib_inline.backend_inline"


def _close_all_but(keep: int) -> None:
    nothing = os.open("/dev/null", os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.closerange(3, keep)
    os.closerange(keep + 1, 2**16)


def mapped_bytes() -> int:
    """Return how much address space this process has now; a limit comes on top of it."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def bound(limits: Limits) -> None:
    """Bound what this process, and each that it starts, may use."""
    bounds = {
        resource.RLIMIT_AS: mapped_bytes() + limits.memory,
        resource.RLIMIT_CPU: int(limits.notebook_seconds) + 5,
        resource.RLIMIT_FSIZE: limits.scratch,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_SIGPENDING: PENDING_SIGNALS,
    }
    for limit, most in bounds.items():
        hard = resource.getrlimit(limit)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (most, most))
