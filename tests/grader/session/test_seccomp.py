"""A process makes the system calls of its policy and no other, on both machines."""

import ctypes
import errno
import os
import platform
import signal
import socket

import pytest

from grader.session import linux
from grader.session.allowed_calls import JUDGE, SESSION
from grader.session.seccomp import ALLOW, DONE, MACHINES, Policy, allow_only, compiled, program
from grader.session.system_calls import NEWEST, NUMBERS

POLICIES = {"session": SESSION, "judge": JUDGE}
OWN = MACHINES.get(platform.machine(), (0, 0))[0]
LIBC = ctypes.CDLL(None, use_errno=True)

# On x86-64 and on 64-bit ARM; none is for a session or a judge.
FORBIDDEN = {
    "io_setup": (206, 0),
    "io_submit": (209, 2),
    "inotify_init1": (294, 26),
    "inotify_add_watch": (254, 27),
    "fanotify_init": (300, 262),
    "timer_create": (222, 107),
    "flock": (73, 32),
    "sync": (162, 81),
    "syncfs": (306, 267),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "mount_setattr": (442, 442),
    "unshare": (272, 97),
    "setns": (308, 268),
    "chroot": (161, 51),
    "io_uring_setup": (425, 425),
    "perf_event_open": (298, 241),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "pidfd_getfd": (438, 438),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "kexec_load": (246, 104),
    "init_module": (175, 105),
    "setsid": (112, 157),
    "setsockopt": (54, 208),
    "shmget": (29, 194),
    "semget": (64, 190),
    "msgget": (68, 186),
    "mq_open": (240, 180),
    "setuid": (105, 146),
    "setresuid": (117, 147),
    "capset": (126, 91),
    "seccomp": (317, 277),
    "syslog": (103, 116),
    "mincore": (27, 232),
    "sched_setscheduler": (144, 119),
}
# What moves pages between files, pipes and sockets; programs have a way without.
MISSING = {"vmsplice": (278, 75), "tee": (276, 77), "splice": (275, 76), "sendfile": (40, 71)}


def verdict(policy: Policy, machine: str, number: int, *arguments: int, audit: int = 0) -> int:
    """Run a filter as the kernel does."""
    described = {0: number, 4: audit or MACHINES[machine][1]}
    described |= {16 + 8 * place: value for place, value in enumerate([*arguments, *[0] * 6][:6])}
    steps, place, found = program(policy, machine), 0, 0
    while True:
        code, if_so, if_not, value = steps[place]
        place += 1
        if code == 0x06:
            return value
        if code == 0x20:
            found = described[value]
        elif code == 0x54:
            found &= value
        elif code == 0x05:
            place += value
        else:
            place += if_so if (found == value if code == 0x15 else found >= value) else if_not


def error(code: int) -> int:
    return DONE | code


@pytest.fixture(params=POLICIES)
def policy(request: pytest.FixtureRequest) -> Policy:
    return POLICIES[request.param]


@pytest.fixture(params=MACHINES)
def machine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_each_call_of_a_policy_is_let_through_and_each_other_one_is_not(
    policy: Policy, machine: str
) -> None:
    own = MACHINES[machine][0]
    named = {NUMBERS[name][own]: handling for name, handling in policy.items()}

    for number in range(NEWEST + 1):
        handling = named.get(number, error(errno.EPERM))
        if isinstance(handling, int):
            assert verdict(policy, machine, number) == handling, number
        elif not handling:
            assert verdict(policy, machine, number) == ALLOW, number


def test_the_calls_that_harm_others_are_refused(policy: Policy, machine: str) -> None:
    own = MACHINES[machine][0]

    for name, numbers in FORBIDDEN.items():
        assert verdict(policy, machine, numbers[own]) == error(errno.EPERM), name
    for name, numbers in MISSING.items():
        assert verdict(policy, machine, numbers[own]) == error(errno.ENOSYS), name


@pytest.mark.parametrize("number", [NEWEST + 1, 999, 0x40000000, 0x40000009, 0xFFFFFFFF])
def test_later_kernels_calls_and_another_abis_are_not_there(
    policy: Policy, machine: str, number: int
) -> None:
    assert verdict(policy, machine, number) == error(errno.ENOSYS)


def test_calls_of_another_machine_are_not_there(policy: Policy, machine: str) -> None:
    assert verdict(policy, machine, 1, audit=0x40000003) == error(errno.ENOSYS)


def test_the_filter_jumps_nowhere_outside_itself(policy: Policy, machine: str) -> None:
    steps = program(policy, machine)

    for place, (code, if_so, if_not, value) in enumerate(steps):
        skipped = value if code == 0x05 else max(if_so, if_not)
        assert place + 1 + skipped < len(steps) or code == 0x06
        assert max(if_so, if_not) < 256
    assert len(steps) < 4096


@pytest.mark.parametrize("own", [0, 1])
def test_no_two_calls_have_one_number(own: int) -> None:
    numbers = [both[own] for both in NUMBERS.values() if both[own] is not None]

    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize(
    ("name", "arguments", "found"),
    [
        ("mmap", (0, 4096, 3, 0x22), ALLOW),  # private
        ("mmap", (0, 4096, 3, 0x01), ALLOW),  # a file
        ("mmap", (0, 4096, 3, 0x21), error(errno.EPERM)),
        ("mmap", (0, 4096, 3, 0x23), error(errno.EPERM)),
        ("mmap", (0, 4096, 3, 0x8021), error(errno.EPERM)),
        ("fadvise64", (3, 0, 0, 2), ALLOW),
        ("fadvise64", (3, 0, 0, 4), error(errno.EPERM)),
        ("madvise", (0, 4096, 4), ALLOW),
        ("madvise", (0, 4096, 21), error(errno.EPERM)),
        ("fcntl", (3, 6), ALLOW),  # SQLite's locks
        ("fcntl", (3, 1024), error(errno.EPERM)),
        ("fcntl", (3, 1026), error(errno.EPERM)),
        ("ioctl", (3, 0x5401), ALLOW),
        ("ioctl", (3, 0x5412), error(errno.ENOTTY)),
        ("prctl", (15,), ALLOW),
        ("prctl", (1,), error(errno.EPERM)),
        ("prlimit64", (0,), ALLOW),
        ("prlimit64", (7,), error(errno.EPERM)),
        ("socketpair", (socket.AF_UNIX,), ALLOW),
        ("socketpair", (socket.AF_INET,), error(errno.EAFNOSUPPORT)),
        ("clone3", (), error(errno.ENOSYS)),
        ("fsync", (3,), DONE),
        ("msync", (3,), DONE),
    ],
)
def test_arguments_decide(
    policy: Policy, machine: str, name: str, arguments: tuple[int, ...], found: int
) -> None:
    number = NUMBERS[name][MACHINES[machine][0]]
    assert number is not None

    assert verdict(policy, machine, number, *arguments) == found


FORK, THREAD, NEW_USER = 17, 0x10F00, 0x10000011


@pytest.mark.parametrize(
    ("name", "arguments", "session", "judge"),
    [
        ("clone", (FORK,), True, False),
        ("clone", (THREAD,), True, True),
        ("clone", (NEW_USER,), False, False),
        ("clone", (NEW_USER | THREAD,), False, False),
        ("execve", (), True, False),
        ("kill", (1, 9), True, False),
        ("socket", (socket.AF_UNIX, 1, 0), True, False),
        ("socket", (socket.AF_NETLINK, 3, 0), True, False),
        ("socket", (socket.AF_NETLINK, 3, 16), False, False),
        ("socket", (socket.AF_PACKET, 3, 0), False, False),
        ("socket", (socket.AF_INET, 1, 262), False, False),
        ("connect", (), True, False),
    ],
)
def test_a_session_may_do_more_than_a_judge(
    machine: str, name: str, arguments: tuple[int, ...], session: bool, judge: bool
) -> None:
    number = NUMBERS[name][MACHINES[machine][0]]
    assert number is not None

    assert (verdict(SESSION, machine, number, *arguments) == ALLOW) == session
    assert (verdict(JUDGE, machine, number, *arguments) == ALLOW) == judge


def under(policy: Policy, number: int, *arguments: int) -> int:
    """Make a call under a filter in a forked process; return its error, 0 for none."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
            allow_only(compiled(policy))
            result = LIBC.syscall(ctypes.c_long(number), *map(ctypes.c_ulong, arguments))
            os.write(write, bytes([ctypes.get_errno() if result == -1 else 0]))
        finally:
            os.kill(os.getpid(), signal.SIGKILL) if policy is SESSION else os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    with open(read, "rb") as answer:
        return answer.read()[0]


@pytest.mark.parametrize("name", FORBIDDEN)
def test_the_kernel_refuses_them(policy: Policy, name: str) -> None:
    assert under(policy, FORBIDDEN[name][OWN]) == errno.EPERM


@pytest.mark.parametrize("name", MISSING)
def test_the_kernel_says_that_they_are_not_there(policy: Policy, name: str) -> None:
    assert under(policy, MISSING[name][OWN]) == errno.ENOSYS


def test_the_kernel_gives_private_memory_and_none_that_is_nobodys(policy: Policy) -> None:
    number = NUMBERS["mmap"][OWN]
    assert number is not None
    nowhere = 2**64 - 1

    assert under(policy, number, 0, 4096, 3, 0x22, nowhere, 0) == 0
    assert under(policy, number, 0, 4096, 3, 0x21, nowhere, 0) == errno.EPERM


def test_what_is_not_linux_on_these_machines_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "uname", lambda: type("Name", (), {"machine": "riscv64"}))

    with pytest.raises(OSError, match="no filter of system calls is known for riscv64"):
        compiled(SESSION)
