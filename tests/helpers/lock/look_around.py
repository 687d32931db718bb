"""Grade a submission that looks around; print what it says and what the grader says of itself."""

import json
import os
from dataclasses import asdict
from pathlib import Path

from engine import answer, cells, lesson, notebook

from grader.autograde.grade import Terms, grade
from grader.autograde.pool import close_pools
from grader.session.limits import Limits

LIMITS = Limits(cell_seconds=20, notebook_seconds=40, memory=2**28, processes=20, scratch=2**23)
NAMESPACES = ("cgroup", "ipc", "mnt", "net", "pid", "user", "uts")
SECRET = "a-secret-of-the-course"

PROBE = """
import fcntl, json, os, resource, socket, struct, sys

def tried(deed):
    try:
        return deed()
    except OSError as error:
        return type(error).__name__

def fill():
    written = 0
    with open("/tmp/full", "wb", 0) as file:
        while written < 2**26:
            try:
                written += file.write(bytes(2**16))
            except OSError:
                break
    os.remove("/tmp/full")
    return written

def is_up(name):
    with socket.socket() as line:
        found = fcntl.ioctl(line, 0x8913, struct.pack("16sh14x", name.encode(), 0))
    return bool(struct.unpack("16sh14x", found)[1] & 1)

def lines(path):
    return open(path).read().splitlines()

status = dict(line.split(":\\t", 1) for line in lines("/proc/self/status") if ":\\t" in line)
places = ["/", "/usr", "/bin", "/etc", "/dev", "/proc", sys.prefix, sys.executable, *sys.path]
print(json.dumps({
    "process": [os.getpid(), os.getppid(), os.getpgrp(), os.getsid(0)],
    "ids": [*os.getresuid(), *os.getresgid()],
    **{name: [[int(number) for number in line.split()] for line in lines(f"/proc/self/{name}")]
       for name in ("uid_map", "gid_map")},
    "status": {key: value.strip() for key, value in status.items()},
    "namespaces": {name: os.readlink(f"/proc/self/ns/{name}") for name in NAMESPACES},
    "descriptors": [tried(lambda: os.readlink(f"/proc/self/fd/{n}")) for n in range(999)],
    "environment": dict(os.environ),
    "first environment": tried(lambda: open("/proc/self/environ").read()),
    "processes": [int(name) for name in os.listdir("/proc") if name.isdigit()],
    "root": sorted(os.listdir("/")),
    "scratch": os.listdir("/tmp"),
    "folder": os.getcwd(),
    "devices": sorted(os.listdir("/dev")),
    "writable": [path for path in places if os.access(path, os.W_OK)],
    "mounts": [line.split(" - ")[0].split()[4:6] for line in lines("/proc/self/mountinfo")],
    "filled": fill(),
    "interfaces": {name: is_up(name) for _, name in socket.if_nameindex()},
    "limits": {
        name: resource.getrlimit(getattr(resource, name))[1]
        for name in dir(resource) if name.startswith("RLIMIT_")
    },
    "mapped": int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize(),
    "reads its library": os.access(os.__file__, os.R_OK),
    "may look into": [path for path in PATHS if os.access(path, os.F_OK)],
}))
"""


def told(paths: list[str]) -> dict[str, object]:
    """Return what a session says of itself; it also tries to look into paths."""
    source = lesson(answer("probe"))
    text = f"NAMESPACES = {NAMESPACES}\nPATHS = {paths}\n{PROBE}"
    terms = Terms(LIMITS, secret=SECRET)
    graded = grade(notebook(cells(source, probe=text)), source, terms)
    outputs = json.loads(graded.ipynb)["cells"][1]["outputs"]
    close_pools()
    if outputs[0]["output_type"] != "stream":
        raise SystemExit(f"The probe failed: {outputs}")
    found: dict[str, object] = json.loads("".join(outputs[0]["text"]))
    return found


if __name__ == "__main__":
    here = Path(__file__)
    private = [str(here), str(here.parents[3] / "grader"), "/etc/passwd", "/var", "/home", "/sys"]
    own = {name: os.readlink(f"/proc/self/ns/{name}") for name in NAMESPACES}
    own_facts = {"user": os.getuid(), "namespaces": own, "limits": asdict(LIMITS)}
    print(json.dumps({"session": told(private), "grader": own_facts}))
