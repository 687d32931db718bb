"""What one student's server may use.

Systemd bounds memory and processors of all that a student runs, together. Without it the kernel
bounds each process's memory and the student's number of processes; the processors are shared out.
"""

import os
from typing import Any

from grader.deploy.hub import Hub
from grader.deploy.roles import program

MB = 2**20
# So many servers start at a time on each processor; one that starts alone takes some seconds.
_STARTS = 2
_START_SECONDS = 300


def limit(c: Any, hub: Hub) -> None:
    """Set the limits of a student's server."""
    c.Spawner.mem_limit = hub.memory_mb * MB
    c.Spawner.cpu_limit = hub.cpus
    c.Spawner.cmd = [*command(hub), program("jupyterhub-singleuser")]
    if hub.spawner == "systemd":
        c.SystemdSpawner.unit_extra_properties = {"TasksMax": str(hub.processes)}


def take_turns(c: Any) -> None:
    """Let a few servers start at a time: where a class comes at once, else none is there in time.

    The hub asks the others to try again.
    """
    c.JupyterHub.concurrent_spawn_limit = _STARTS * len(os.sched_getaffinity(0))
    c.Spawner.start_timeout = c.Spawner.http_timeout = _START_SECONDS


def command(hub: Hub) -> list[str]:
    """Return what a student's server is started by, so that it is bounded.

    Examples
    --------
    >>> from pathlib import Path
    >>> command(Hub(Path("/srv/hub"), [], memory_mb=1, processes=9))
    ['prlimit', '--data=1048576', '--nproc=9', '--core=0', '--']
    >>> command(Hub(Path("/srv/hub"), [], spawner="systemd"))
    []
    """
    if hub.spawner == "systemd":
        return []
    data = f"--data={hub.memory_mb * MB}"
    return ["prlimit", data, f"--nproc={hub.processes}", "--core=0", "--"]
