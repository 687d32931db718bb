"""Run a Python program as an ordinary user, also where Python lies in a folder closed to others.

``python as_user.py USER HOME program.py ...`` as root; everything happens in mounts of its own.
"""

import os
import sys
from pathlib import Path

from grader.session import linux


def open_the_way(needed: set[Path]) -> None:
    """Lay an open folder over each closed one on the way, with only what is needed in it."""
    linux.unshare(linux.CLONE_NEWNS)
    linux.mount("none", "/", flags=linux.MS_REC | linux.MS_PRIVATE)
    closed = {folder for path in needed for folder in path.parents if not folder.stat().st_mode & 1}
    for folder in sorted(closed, key=lambda folder: len(folder.parts)):
        inside = [path for path in needed if path.is_relative_to(folder)]
        found = [(path, os.open(path, os.O_PATH)) for path in inside]
        linux.mount("tmpfs", str(folder), "tmpfs", 0, "mode=755")
        for path, descriptor in found:
            path.mkdir(parents=True, exist_ok=True)
            linux.mount(f"/proc/self/fd/{descriptor}", str(path), flags=linux.MS_BIND)
            os.close(descriptor)


def main(user: int, home: str, program: list[str]) -> None:
    """Become the user and run the program."""
    os.umask(0o022)
    here = Path(__file__).resolve()
    places = (sys.prefix, sys.base_prefix, home, here.parents[3])
    open_the_way({Path(os.path.realpath(place)) for place in places})
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    os.execve(
        sys.executable,
        [sys.executable, "-B", *program],
        os.environ | {"HOME": home, "PYTHONPATH": str(here.parents[1])},
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
