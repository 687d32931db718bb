"""Let a process make only the system calls of a policy, by a filter in the kernel.

The filter is made here, of a table of numbers, and not by libseccomp: that is a library of the
system, which many machines do not have and which pip cannot bring, and a grader that cannot lock
its sessions refuses to grade. What we need of it is a search in a table of numbers. The kernel
remembers which calls are always allowed; for the others the search takes about nine steps.
"""

import ctypes
import errno
import os
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.session import linux
from grader.session.system_calls import NEWEST, NUMBERS

ALLOW = 0x7FFF0000
DONE = 0x00050000  # not made at all, and answered as if it had been


def fails(code: int) -> int:
    """Return the verdict that a call is not made and fails with this error."""
    return DONE | code


@dataclass(frozen=True)
class Rule:
    """What an argument has to be, in the bits of the mask; else the call fails."""

    argument: int
    values: tuple[int, ...]
    mask: int = 0xFFFFFFFF
    otherwise: int = fails(errno.EPERM)


# Each allowed call with its rules, or another verdict; calls that it does not name are refused.
Policy = Mapping[str, Sequence[Rule] | int]
Instruction = tuple[int, int, int, int]

# Of each machine: which of the numbers is its own, and its audit number.
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
_LOAD, _AND, _JUMP, _RETURN = 0x20, 0x54, 0x05, 0x06
_IF_EQUAL, _IF_AT_LEAST = 0x15, 0x35
_CALL, _MACHINE, _ARGUMENTS = 0, 4, 16  # where the kernel's description of a call has them
_REFUSE, _NO_CALL = fails(errno.EPERM), fails(errno.ENOSYS)
_PR_SET_SECCOMP, _MODE_FILTER = 22, 2


def program(policy: Policy, machine: str) -> list[Instruction]:
    """Return the filter for a machine, as instructions of the kernel's small language.

    An instruction is its code, how many to skip if so and if not, and a number.
    """
    own, audit = MACHINES[machine]
    leaves: dict[int, list[Instruction]] = {0: [_returns(_REFUSE)]}
    numbers = {NUMBERS[name][own]: handling for name, handling in policy.items()}
    for number in sorted(number for number in numbers if number is not None):
        leaves[number] = _handled(numbers[number])
        if number + 1 not in numbers:
            leaves[number + 1] = [_returns(_REFUSE)]
    # Above are later kernels' calls, and on x86-64 those of another ABI.
    leaves[NEWEST + 1] = [_returns(_NO_CALL)]
    return [
        (_LOAD, 0, 0, _MACHINE),
        (_IF_EQUAL, 1, 0, audit),
        _returns(_NO_CALL),
        (_LOAD, 0, 0, _CALL),
        *_search(_joined(sorted(leaves.items()))),
    ]


def _returns(verdict: int) -> Instruction:
    return (_RETURN, 0, 0, verdict)


def _handled(handling: Sequence[Rule] | int) -> list[Instruction]:
    if isinstance(handling, int):
        return [_returns(handling)]
    return [*(step for rule in handling for step in _obeyed(rule)), _returns(ALLOW)]


def _obeyed(rule: Rule) -> list[Instruction]:
    # Both machines keep the lower half of an argument first, and no rule needs the upper one.
    steps = [(_LOAD, 0, 0, _ARGUMENTS + 8 * rule.argument), (_AND, 0, 0, rule.mask)]
    for left, value in zip(range(len(rule.values), 0, -1), rule.values, strict=True):
        steps.append((_IF_EQUAL, left, 0, value))
    return [*steps, _returns(rule.otherwise)]


Leaf = tuple[int, list[Instruction]]


def _joined(leaves: list[Leaf]) -> list[Leaf]:
    """Leave out where a stretch of numbers goes on as it began."""
    pairs = zip([(0, []), *leaves], leaves, strict=False)
    return [leaf for before, leaf in pairs if leaf[1] != before[1]]


def _search(leaves: list[Leaf]) -> list[Instruction]:
    """Find by halves the leaf that holds a number; each begins with its first one."""
    if len(leaves) == 1:
        return leaves[0][1]
    middle = len(leaves) // 2
    below, above = _search(leaves[:middle]), _search(leaves[middle:])
    # A condition cannot skip more than 255 instructions, a jump can.
    return [(_IF_AT_LEAST, 0, 1, leaves[middle][0]), (_JUMP, 0, 0, len(below)), *below, *above]


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def compiled(policy: Policy) -> bytes:
    """Return the filter for this machine as the kernel reads it.

    Raises
    ------
    OSError
        On a machine whose system calls are not known here.
    """
    machine = os.uname().machine
    if machine not in MACHINES:
        raise OSError(errno.ENOSYS, f"no filter of system calls is known for {machine}")
    return b"".join(struct.pack("HBBI", *step) for step in program(policy, machine))


def allow_only(code: bytes) -> None:
    """Put a compiled filter over this process and all that it will ever start."""
    filtered = _Program(len(code) // 8, code)
    linux.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.addressof(filtered))
