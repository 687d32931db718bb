"""Write a file whole or not at all: a full disk leaves what was there before."""

import os
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Put new contents in a file's place once all of it is written.

    Raises
    ------
    OSError
        When it cannot be written; the file is as it was.
    """
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.write_bytes(content)
        os.replace(fresh, path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
