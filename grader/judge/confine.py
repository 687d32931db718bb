"""Confine a judge: it reads what students made, and holds the course's secret.

It keeps the system and Python to read, a folder of its own to write to, and the system calls that
computing needs: no network, no program, no signal to anybody, no file of the course. What the
kernel does not offer is left out; the judge runs none of a student's code, so nothing that is
missing here is a reason not to grade.
"""

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import ModuleType

from grader.session import landlock, linux
from grader.session.allowed_calls import JUDGE
from grader.session.sandbox import visible_paths
from grader.session.seccomp import allow_only, compiled

_FACTS = (
    *("/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/sys/devices/system/cpu"),
    *("/etc/fonts", "/etc/mime.types", "/etc/nsswitch.conf"),
    *(os.path.expanduser(f"~/.{kind}/matplotlib") for kind in ("cache", "config")),
)
_DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
_INSTALLED = ("site-packages", "dist-packages")
_FILE_ACCESS = 1 << 1  # root's right to read what belongs to others


def prepare() -> None:
    """Find out in the fork server what all judges may do."""
    _readable()
    landlock.version()
    with suppress(OSError):
        _filter()


def confine(folder: str) -> None:
    """Give up for good what a judge does not need.

    Parameters
    ----------
    folder : str
        The only one that it may write to; empty for none.
    """
    tempfile.tempdir = folder or None
    with suppress(OSError):
        landlock.keep_only(_readable(), [*_DEVICES, *[folder] * bool(folder)])
    with suppress(OSError):
        linux.drop_capabilities(keep=_FILE_ACCESS if os.geteuid() == 0 else 0)
    with suppress(OSError):
        allow_only(_filter())


@cache
def _filter() -> bytes:
    return compiled(JUDGE)


@cache
def _readable() -> tuple[str, ...]:
    seen = visible_paths()
    modules = {place for place in (*_importable(), *_imported()) if not _is_below(place, seen)}
    return (*filter(os.path.exists, (*seen, *_FACTS)), *sorted(modules))


def _is_below(place: str, seen: Iterable[str]) -> bool:
    return any(Path(place).is_relative_to(path) for path in seen)


def _importable() -> Iterator[str]:
    """Give what can be imported; a folder that modules lie in may hold more than modules."""
    for entry in sys.path:
        if os.path.basename(entry) in _INSTALLED:
            yield entry
            continue
        with suppress(OSError):  # not there, or closed to this user
            for path in (os.path.join(entry, name) for name in os.listdir(entry)):
                if path.endswith((".py", ".so")) or os.path.isfile(f"{path}/__init__.py"):
                    yield path


def _imported() -> Iterator[str]:
    for name, module in list(sys.modules.items()):
        if "." not in name:
            yield from list(getattr(module, "__path__", ())) or _file(module)


def _file(module: ModuleType) -> list[str]:
    file = getattr(module, "__file__", None)
    return [file] if file else []
