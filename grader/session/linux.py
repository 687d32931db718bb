"""The few Linux calls that Python has no name for in every version we support."""

import ctypes
import os
from typing import Any

CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS = 0x00020000, 0x02000000, 0x04000000
CLONE_NEWIPC, CLONE_NEWUSER = 0x08000000, 0x10000000
CLONE_NEWPID, CLONE_NEWNET = 0x20000000, 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 32, 4096, 16384, 1 << 18
MNT_DETACH = 2

MADV_COLLAPSE = 25

PR_SET_PDEATHSIG, PR_SET_DUMPABLE = 1, 4
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 24, 38

_SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_SYS_MOUNT_SETATTR = 442
_AT_RECURSIVE, _AT_FDCWD = 0x8000, -100
_ATTR_READ_ONLY_SAFE = 1 | 2 | 4  # read-only, no set-user-id, no devices
_CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)
for _name in ("syscall", "unshare", "mount", "umount2", "madvise", "prctl", "capset"):
    hasattr(_libc, _name)  # looks it up: here once, not in each forked process


class _MountAttr(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "userns"))


def _done(result: int, what: str) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")


def syscall(what: str, number: int, *arguments: Any) -> int:
    """Make a system call that the library has no name for; return its result."""
    result = int(_libc.syscall(ctypes.c_long(number), *arguments))
    if result == -1:
        _done(result, what)
    return result


def unshare(flags: int) -> None:
    """Move this process (or, for pids, its children) into new namespaces."""
    _done(_libc.unshare(flags), "unshare")


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    """Mount a filesystem, or bind a folder with ``MS_BIND``."""
    arguments = (source.encode(), target.encode(), kind.encode() or None)
    result = _libc.mount(*arguments, ctypes.c_ulong(flags), options.encode() or None)
    _done(result, f"mount {target}")


def unmount(target: str) -> None:
    """Detach what is mounted at a path."""
    _done(_libc.umount2(target.encode(), MNT_DETACH), f"umount {target}")


def pivot_root(new: str, old: str) -> None:
    """Make `new` the root folder and keep the former one at `old`."""
    _done(
        _libc.syscall(_SYS_PIVOT_ROOT[os.uname().machine], new.encode(), old.encode()), "pivot_root"
    )


def make_read_only(path: str) -> None:
    """Make a mount and all mounts below it read-only, without set-user-id and devices."""
    attributes = _MountAttr(_ATTR_READ_ONLY_SAFE, 0, 0, 0)
    size = ctypes.c_size_t(ctypes.sizeof(attributes))
    result = _libc.syscall(
        _SYS_MOUNT_SETATTR, _AT_FDCWD, path.encode(), _AT_RECURSIVE, ctypes.byref(attributes), size
    )
    _done(result, f"mount_setattr {path}")


def madvise(begin: int, length: int, advice: int) -> None:
    """Tell the kernel how this process wants some of its memory to be kept."""
    where, much = ctypes.c_void_p(begin), ctypes.c_size_t(length)
    _done(_libc.madvise(where, much, advice), f"madvise {advice}")


def prctl(option: int, value: int, second: int = 0) -> None:
    """Change how the kernel treats this process."""
    arguments = (ctypes.c_ulong(number) for number in (value, second, 0, 0))
    _done(_libc.prctl(option, *arguments), f"prctl {option}")


def drop_bounding_set() -> None:
    """Give up every capability that a program started later could bring."""
    for capability in range(64):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:  # the kernel knows no further ones
            return


def drop_capabilities(keep: int = 0) -> None:
    """Give up every capability but a mask of some, for this process and all it will ever start."""
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    _done(_libc.capset(header, (ctypes.c_uint32 * 6)(keep, keep)), "capset")
