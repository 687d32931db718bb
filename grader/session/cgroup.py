"""A control group of the kernel's for each session: one bound for the memory of all its processes.

Only it counts what belongs to no process, such as the buffers of pipes and sockets. A group can be
made where the system has delegated one to us. Systemd does so on request: the process that
sessions are forked from is then started in a scope of its own. Otherwise an administrator may
start the grader in a group below one that is ours and that has the two controllers enabled. Where
there is neither, the limits of each process and the supervisor's own count are the bound.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

CONTROLLERS = ("memory", "pids")
_NAME = "grader-session-"
_SYSTEMD = Path("/run/systemd/system")
_PROBE_SECONDS = 10.0


def own_group(controller: str = "") -> Path | None:
    """Return the folder of this process's group; None where it is not mounted.

    Parameters
    ----------
    controller : str
        One of version 1, which has groups for each; version 2 by default.
    """
    groups = [line.split(":", 2) for line in Path("/proc/self/cgroup").read_text().splitlines()]
    mine = next((path for _, names, path in groups if controller in names.split(",")), None)
    for line in Path("/proc/self/mountinfo").read_text().splitlines() if mine else ():
        fields = line.split()
        kind, _, options = fields[fields.index("-") + 1 :]
        wanted = "cgroup" if controller else "cgroup2"
        if kind == wanted and controller in ("", *options.split(",")):
            return Path(fields[4]) / os.path.relpath(str(mine), fields[3])
    return None


def process_bounds() -> Iterator[tuple[Path, int, int]]:
    """Give each group of this process that bounds processes, its bound, and how many it has."""
    for own in filter(None, (own_group(), own_group("pids"))):
        for group in (own, *own.parents):
            with suppress(OSError, ValueError):  # "max" is no bound
                most = int((group / "pids.max").read_text())
                yield group, most, int((group / "pids.current").read_text())


def enabled(group: Path) -> set[str]:
    """Return the controllers that groups below this one have."""
    with suppress(OSError):
        return set((group / "cgroup.subtree_control").read_text().split())
    return set()


def settle(group: Path, controllers: Iterable[str] = CONTROLLERS) -> None:
    """Let a group that holds nobody but this process hold groups instead.

    A group that bounds others may have no process of its own, so this one steps into one below.
    """
    if (group / "cgroup.procs").read_text().split() != [str(os.getpid())]:
        return
    below = group / "server"
    below.mkdir(exist_ok=True)
    (below / "cgroup.procs").write_text("0")
    (group / "cgroup.subtree_control").write_text(" ".join(f"+{name}" for name in controllers))


def place_for(group: Path, controllers: Iterable[str] = CONTROLLERS) -> Path | None:
    """Return the nearest group, this one or above, in which we can make bounded ones."""
    for place in (group, *group.parents):
        files = (place, place / "cgroup.procs")
        if set(controllers) <= enabled(place) and all(os.access(file, os.W_OK) for file in files):
            return place
    return None


def ready() -> Path | None:
    """Prepare this process to make groups, and return where; None where it cannot."""
    with suppress(OSError):
        group = own_group()
        if group:
            settle(group)
            place = place_for(group)
            _sweep(place)
            return place
    return None


def _sweep(place: Path | None) -> None:
    """Remove what sessions left whose supervisor was killed; no group in use can be removed."""
    for group in place.glob(f"{_NAME}*") if place else ():
        with suppress(OSError):
            group.rmdir()


class Group:
    """A group of one session; it can be used, too, when its path is no longer in sight.

    Parameters
    ----------
    bounds : mapping of str to int
        What to write into which of its files; those that the kernel does not have are passed over.
    """

    def __init__(self, place: Path, bounds: Mapping[str, int]) -> None:
        self._name = f"{_NAME}{os.getpid()}-{time.monotonic_ns()}"
        path = place / self._name
        path.mkdir()
        for file, bound in bounds.items():
            if (path / file).exists():
                (path / file).write_text(str(bound))
        self._place = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
        self._processes = os.open(path / "cgroup.procs", os.O_WRONLY)

    def join(self) -> None:
        """Move this process in, and with it all that it will start."""
        os.write(self._processes, b"0")

    def memory_ran_out(self) -> bool:
        """Whether the kernel has ended it for want of memory."""
        with suppress(OSError):
            events = os.open(f"{self._name}/memory.events", os.O_RDONLY, dir_fd=self._place)
            with open(events) as file:
                return dict(line.split() for line in file).get("oom_kill", "0") != "0"
        return False

    def remove(self, patience: float = 1.0) -> None:
        """Remove it, when its last process is gone."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            with suppress(OSError):
                os.rmdir(self._name, dir_fd=self._place)
                break
            time.sleep(0.005)
        self.close()

    def close(self) -> None:
        """Close its files."""
        os.close(self._place)
        os.close(self._processes)


@cache
def launcher() -> tuple[str, ...] | None:
    """Return what to start the process with that sessions are forked from, so that it has groups.

    None where groups cannot be had.
    """
    group = own_group()
    top = [place for place in (group, *group.parents) if _has_controllers(place)] if group else []
    for command in (_scope(), ()) if top else ():
        if command is not None and _works(command):
            return command
    return None


def _has_controllers(group: Path) -> bool:
    with suppress(OSError):
        return set(CONTROLLERS) <= set((group / "cgroup.controllers").read_text().split())
    return False


def _scope() -> tuple[str, ...] | None:
    if not _SYSTEMD.is_dir():
        return None
    user = () if os.geteuid() == 0 else ("--user",)
    return ("systemd-run", *user, "--scope", "--quiet", "--property=Delegate=yes", "--")


def environment() -> dict[str, str]:
    """Return what systemd's command needs to find the user's own systemd."""
    names = ("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS")
    return {name: os.environ[name] for name in names if name in os.environ}


def _works(command: tuple[str, ...]) -> bool:
    """Whether a process started so can make groups, and keeps the files that it is given."""
    answer, theirs = os.pipe()
    program = [*command, sys.executable, "-m", "grader.session.cgroup", str(theirs)]
    with suppress(OSError, subprocess.SubprocessError):
        subprocess.run(
            program,
            pass_fds=[theirs],
            capture_output=True,
            timeout=_PROBE_SECONDS,
            check=True,
        )
    os.close(theirs)
    with open(answer, "rb") as file:
        return file.read() == b"yes"


def _probe(answer: int) -> None:
    place = ready()
    if not place:
        return
    group = Group(place, {"memory.max": 2**28, "pids.max": 4})
    child = os.fork()
    if child == 0:
        group.join()
        os._exit(0)
    joined = os.waitpid(child, 0)[1] == 0
    group.remove()
    os.write(answer, b"yes" if joined else b"no")


if __name__ == "__main__":
    _probe(int(sys.argv[1]))
