"""Write a file whole or not at all: a full disk leaves what was there before."""

import os
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Put new contents in a file's place once all of it is written; a pipe is written as it is.

    Raises
    ------
    OSError
        When it cannot be written; the file is as it was, and the error names it.
    """
    plain = path.is_file() or not path.exists()
    fresh = path.with_name(f".{path.name}.new") if plain else path
    try:
        fresh.write_bytes(content)
        if plain:
            os.replace(fresh, path)
    except OSError as error:  # of a full disk it does not say where
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        if plain:
            _drop(fresh)


def _drop(fresh: Path) -> None:
    with suppress(OSError):  # such as on a disk that has become read-only
        fresh.unlink(missing_ok=True)
