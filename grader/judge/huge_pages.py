"""Keep a fork server's memory in huge pages, so that forking from it, and ending, costs less.

What a fork has to copy, and an end to give back, is the list of pages: of 2 MB each there are
fewer than of 4 kB. What a forked process changes is still copied 4 kB at a time.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from grader.session import linux

HUGE = 2**21


def collapse() -> None:
    """Gather the memory of this process into huge pages, as far as the system does so.

    Linux can since 6.1; elsewhere, all stays as it is.
    """
    for begin, end in own_memory(Path("/proc/self/maps").read_text().splitlines()):
        with suppress(OSError):
            linux.madvise(begin, end - begin, linux.MADV_COLLAPSE)


def own_memory(maps: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Give where there is room for huge pages in memory that is of no file.

    Parameters
    ----------
    maps : iterable of str
        The lines of ``/proc/self/maps``.

    Examples
    --------
    >>> list(own_memory(["100000-a00000 rw-p 00000000 00:00 0 [heap]"])) == [(0x200000, 0xA00000)]
    True
    >>> list(own_memory(["100000-a00000 r-xp 00000000 08:01 7 /lib/libc.so.6"]))
    []
    """
    for line in maps:
        place, rights, _, _, inode, *name = line.split(maxsplit=5)
        begin, end = (int(number, 16) for number in place.split("-"))
        begin, end = -(-begin // HUGE) * HUGE, end // HUGE * HUGE
        if rights == "rw-p" and inode == "0" and name != ["[stack]"] and begin < end:
            yield begin, end
