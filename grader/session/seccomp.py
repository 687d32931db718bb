"""Refuse the system calls that namespaces and limits do not bound, by a filter in the kernel.

Memory files, System V memory and large socket buffers are nobody's in the kernel's books; keyrings
and some kinds of sockets belong to the whole machine; who starts a session of processes gets a
share of the processor of its own; the others are large parts of the kernel that no lesson needs.
"""

import ctypes
import errno
import os
import socket
import struct

from grader.session import linux

# Each call's number on x86-64 and on 64-bit ARM.
REFUSED = {
    "add_key": (248, 217),
    "bpf": (321, 280),
    "io_uring_setup": (425, 425),
    "keyctl": (250, 219),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "msgget": (68, 186),
    "perf_event_open": (298, 241),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "request_key": (249, 218),
    "semget": (64, 190),
    "setsid": (112, 157),
    "setsockopt": (54, 208),
    "shmget": (29, 194),
    "userfaultfd": (323, 282),
}
FAMILIES = (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK)

# Of each machine: which of the numbers is its own, its audit number, and its call for a socket.
_MACHINES = {"x86_64": (0, 0xC000003E, 41), "aarch64": (1, 0xC00000B7, 198)}
_FOREIGN = 0x40000000  # from here on x86-64 takes the calls of another ABI

_LOAD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_CALL, _MACHINE, _FIRST_ARGUMENT = 0, 4, 16  # where the kernel's description of a call has them
_ALLOW = 0x7FFF0000
_REFUSE = 0x00050000 | errno.EPERM
_NO_FAMILY = 0x00050000 | errno.EAFNOSUPPORT
_NO_CALL = 0x00050000 | errno.ENOSYS
_PR_SET_SECCOMP, _MODE_FILTER = 22, 2

Instruction = tuple[int, int, int, int]


def program(machine: str) -> list[Instruction]:
    """Return the filter for a machine, as instructions of the kernel's small language.

    An instruction is its code, how many to skip if so and if not, and a number.
    """
    own, audit, make_socket = _MACHINES[machine]
    steps: list[Instruction] = [
        (_LOAD, 0, 0, _MACHINE),
        (_IF_EQUAL, 1, 0, audit),
        (_RETURN, 0, 0, _NO_CALL),
        (_LOAD, 0, 0, _CALL),
        (_IF_AT_LEAST, 0, 1, _FOREIGN),
        (_RETURN, 0, 0, _NO_CALL),
    ]
    for numbers in REFUSED.values():
        steps += [(_IF_EQUAL, 0, 1, numbers[own]), (_RETURN, 0, 0, _REFUSE)]
    steps += [(_IF_EQUAL, 1, 0, make_socket), (_RETURN, 0, 0, _ALLOW)]
    steps.append((_LOAD, 0, 0, _FIRST_ARGUMENT))
    for family in FAMILIES:
        steps += [(_IF_EQUAL, 0, 1, family), (_RETURN, 0, 0, _ALLOW)]
    return [*steps, (_RETURN, 0, 0, _NO_FAMILY)]


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def refuse_calls() -> None:
    """Refuse them in this process and in all that it will ever start."""
    steps = program(os.uname().machine)
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    filtered = _Program(len(steps), code)
    linux.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.addressof(filtered))
