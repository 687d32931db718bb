"""What one student's server may use.

Systemd bounds memory and processors of all that a student runs, together. Without it the kernel
bounds each process's memory and the student's number of processes; the processors are shared out.
"""

from typing import Any

from grader.deploy.hub import Hub
from grader.deploy.roles import program

MB = 2**20


def limit(c: Any, hub: Hub) -> None:
    """Set the limits of a student's server."""
    c.Spawner.mem_limit = hub.memory_mb * MB
    c.Spawner.cpu_limit = hub.cpus
    c.Spawner.cmd = [*command(hub), program("jupyterhub-singleuser")]
    if hub.spawner == "systemd":
        c.SystemdSpawner.unit_extra_properties = {"TasksMax": str(hub.processes)}


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
