"""What a run costs the machine: CPU time and memory; and a Dask cluster on it."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def cpu_seconds() -> Iterator[Callable[[], float]]:
    """Give what tells the CPU time since now, of all that is started from here.

    A control group counts it. Without one it is the whole machine's, so nothing else should run.
    """
    before = _own_group()
    group = before / f"bench-{os.getpid()}" if before else None
    try:
        if group:
            group.mkdir()
            (group / "cgroup.procs").write_text("0")
        read = _of_a_group(group) if group else _of_the_machine
    except OSError:
        read = _of_the_machine
    begin = read()
    try:
        yield lambda: read() - begin
    finally:
        with suppress(OSError):
            if group and before:
                for process in (group / "cgroup.procs").read_text().split():
                    (before / "cgroup.procs").write_text(process)
                group.rmdir()


def _own_group() -> Path | None:
    """Return the folder of this process's control group of version 2, where that is mounted."""
    mounts = (line.split() for line in Path("/proc/self/mounts").read_text().splitlines())
    place = next((Path(where) for _, where, kind, *_ in mounts if kind == "cgroup2"), None)
    groups = Path("/proc/self/cgroup").read_text().splitlines()
    mine = next((line[4:] for line in groups if line.startswith("0::/")), None)
    return None if place is None or mine is None else place / mine


def _of_a_group(group: Path) -> Callable[[], float]:
    def read() -> float:
        lines = (line.split() for line in (group / "cpu.stat").read_text().splitlines())
        return int(dict(lines)["usage_usec"]) / 1e6  # type: ignore[arg-type]

    read()
    return read


def _of_the_machine() -> float:
    user, nice, system = Path("/proc/stat").read_text().split()[1:4]
    return (int(user) + int(nice) + int(system)) / _TICKS


class Watch:
    """Looks at the memory of this process, and of what it forks for submissions, now and then."""

    def __init__(self) -> None:
        self.own: list[float] = []
        self.forked = 0
        self._end = threading.Event()

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Look every tenth of a second."""
        thread = threading.Thread(target=self._look, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._end.set()
            thread.join()

    def _look(self) -> None:
        while not self._end.wait(0.1):
            self.own.append(_megabytes(os.getpid(), "VmRSS", "status"))
            forked = forked_from(os.getpid(), _parents())
            total = sum(_megabytes(pid, "Private_Dirty", "smaps_rollup") for pid in forked)
            self.forked = max(self.forked, total)


def forked_from(process: int, parents: Mapping[int, int]) -> set[int]:
    """Return the descendants of a process without its own children, the fork servers.

    Examples
    --------
    >>> sorted(forked_from(1, {2: 1, 3: 2, 4: 3, 6: 5}))
    [3, 4]
    """
    servers = {pid for pid, parent in parents.items() if parent == process}
    found: set[int] = set()
    while more := {pid for pid, up in parents.items() if up in servers | found} - found:
        found |= more
    return found


def below(process: int) -> set[int]:
    """Return all descendants of a process."""
    parents = _parents()
    found = {pid for pid, parent in parents.items() if parent == process}
    while more := {pid for pid, up in parents.items() if up in found} - found:
        found |= more
    return found


@contextmanager
def memory_below(process: int) -> Iterator[Callable[[], float]]:
    """Give what tells the most memory that a process and its descendants had, in MB.

    A page that several of them share counts once.
    """
    most, end = [0], threading.Event()

    def look() -> None:
        while not end.wait(2.0):
            pids = {process, *below(process)}
            most.append(sum(_megabytes(pid, "Pss", "smaps_rollup") for pid in pids))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield lambda: float(max(most))
    finally:
        end.set()
        thread.join()


def _parents() -> dict[int, int]:
    found = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        with suppress(OSError):
            text = Path(f"/proc/{name}/stat").read_text()
            found[int(name)] = int(text.rpartition(")")[2].split()[1])
    return found


def _megabytes(pid: int, what: str, file: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith(f"{what}:")) // 1024


@contextmanager
def cluster(workers: int) -> Iterator[str]:
    """Start a Dask scheduler and workers on this machine; give the scheduler's address."""
    address = "tcp://127.0.0.1:8799"
    dask = str(Path(sys.executable).with_name("dask"))
    here = ["--host", "127.0.0.1", "--no-dashboard"]
    commands = [[dask, "scheduler", *here, "--port", "8799"]]
    commands += [[dask, "worker", address, *here, "--nthreads", "1"]] * workers
    running = [subprocess.Popen(command, stderr=subprocess.DEVNULL) for command in commands]
    try:
        time.sleep(5)
        yield address
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait()
