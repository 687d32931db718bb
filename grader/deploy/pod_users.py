"""The user id that a student's pod on Kubernetes has: who made a file is known by it."""

from hashlib import sha256

FIRST = 100_000
COUNT = 2_000_000_000


def uid_of(student: str) -> int:
    """Return a student's user id; values.yaml computes the same.

    Examples
    --------
    >>> uid_of("ada") == uid_of("ada") != uid_of("ben")
    True
    """
    digest = sha256(student.encode("utf-8", "surrogateescape")).digest()
    return FIRST + int.from_bytes(digest[:4], "big") % COUNT
