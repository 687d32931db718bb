"""Which system calls a session may make, and which a judge may: all others are refused.

The lists are what NumPy, pandas, scikit-learn, Matplotlib, SQLite, threads, asyncio and the usual
programs of a shell were seen to use, and what belongs to it. They leave out what is counted for
the whole machine or for all of a user's sessions (asynchronous files, watches, timers), memory
that is nobody's in the kernel's books, ways to say something to another session, and the large
parts of the kernel that no lesson needs.
"""

import errno
import socket

from grader.session.seccomp import DONE, Policy, Rule, fails
from grader.session.system_calls import GROUPS

_NAMESPACES = 0x7E020000  # all flags of clone that make one
_THREAD = 0x00010000
_SHARED_ANONYMOUS = 0x21
# Fewer than all advice there is: none that drops other processes' files from memory.
_FILE_ADVICE = (0, 1, 2, 3, 5)
_MEMORY_ADVICE = (0, 1, 2, 3, 4, 8, 9, 10, 11, 14, 15, 16, 17, 18, 19, 22, 23, 25)
# To copy a descriptor, its flags, locks (SQLite), owner, the size of a pipe. No leases, no notices.
_FILE_COMMANDS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1030, 1032)
# Of terminals, how much is there to read, whether it blocks or closes; of interfaces, what is up.
_DEVICE_COMMANDS = (0x5401, 0x540F, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
_INTERFACE_COMMANDS = (0x8910, 0x8912, 0x8913, 0x8927, 0x8933)
# To read settings, name a thread, name memory, gain nothing; not to outlive the grader.
_SETTINGS = (2, 3, 4, 15, 16, 21, 23, 29, 30, 38, 39, 41, 42, 0x53564D41)
_FAMILIES = (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK)

_COMMON_GROUPS = (
    *("files", "waiting", "sockets", "memory", "threads", "processes", "signals", "time"),
    *("system", "flushing", "moving"),
)
_COMMON: Policy = {
    **{name: () for group in _COMMON_GROUPS for name in GROUPS[group]},
    # All a process may write to is in memory: there is nothing to flush, and others' disks rest.
    **dict.fromkeys(GROUPS["flushing"], DONE),
    # They keep pages in pipes and sockets that are counted for nobody. Programs do without them.
    **dict.fromkeys(GROUPS["moving"], fails(errno.ENOSYS)),
    "fadvise64": [Rule(3, _FILE_ADVICE)],
    "fcntl": [Rule(1, _FILE_COMMANDS)],
    "ioctl": [Rule(1, _DEVICE_COMMANDS + _INTERFACE_COMMANDS, otherwise=fails(errno.ENOTTY))],
    "madvise": [Rule(2, _MEMORY_ADVICE)],
    "mmap": [Rule(3, (0, 0x01, 0x20), mask=_SHARED_ANONYMOUS)],
    # Only its own: others may be the same user's.
    "prlimit64": [Rule(0, (0,))],
    "sched_setaffinity": [Rule(0, (0,))],
    "prctl": [Rule(0, _SETTINGS)],
    "socketpair": [Rule(0, (socket.AF_UNIX,), otherwise=fails(errno.EAFNOSUPPORT))],
    # Its flags lie in memory, where no filter can read them; the library then takes `clone`.
    "clone3": fails(errno.ENOSYS),
}

SESSION: Policy = {
    **_COMMON,
    **{name: () for group in ("meeting", "acting on others") for name in GROUPS[group]},
    **{name: () for name in GROUPS["starting"] if name != "clone3"},
    "clone": [Rule(0, (0,), mask=_NAMESPACES)],
    "socket": [
        Rule(0, _FAMILIES, otherwise=fails(errno.EAFNOSUPPORT)),
        Rule(2, (0,), otherwise=fails(errno.EPROTONOSUPPORT)),
    ],
}

# A judge computes and reads: it starts no program, meets nobody, and signals nobody.
JUDGE: Policy = {**_COMMON, "clone": [Rule(0, (_THREAD,), mask=_NAMESPACES | _THREAD)]}
