"""What the surroundings may fail with, as one sentence: the disk, the memory, the gradebook."""

import errno
from pathlib import Path
from typing import Any

# What may be mended, and how.
_ADVICE = {
    errno.ENOSPC: "Make room and run the same command again: what is done is kept.",
    errno.EDQUOT: "Make room and run the same command again: what is done is kept.",
    errno.EROFS: "Give yourself the right to write there, or use a copy of the course elsewhere.",
    errno.EACCES: "Give yourself the right to it, and run the same command again.",
    errno.EPERM: "Give yourself the right to it, and run the same command again.",
    errno.EMFILE: "Allow more open files with `ulimit -n 4096`, or grade with fewer --jobs.",
    errno.EPIPE: "What reads the output was closed before all was printed.",
}
_SCHEMES = "Give one such as sqlite:////srv/course/gradebook.db or postgresql://user@host/name."


def sentence(error: BaseException, url: str = "") -> str:
    """Return what has failed and what to do, in one sentence or two; empty for other errors.

    Parameters
    ----------
    url : str
        The gradebook's address, where it is known.

    Examples
    --------
    >>> sentence(OSError(errno.ENOSPC, "No space left on device", "a/page.html"))[:36]
    'a/page.html: No space left on device'
    >>> sentence(ZeroDivisionError())
    ''
    """
    from sqlalchemy.exc import SQLAlchemyError

    if isinstance(error, MemoryError):
        return "The machine's memory is full. End other programs, or grade with fewer --jobs."
    if isinstance(error, OSError):
        return _of_the_system(error)
    return _of_the_gradebook(error, url) if isinstance(error, SQLAlchemyError) else ""


def of_opening(error: Exception, url: str) -> str:
    """Return why a gradebook cannot be opened; empty where the gradebook is not to blame."""
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError

    if isinstance(error, NoSuchModuleError):
        kind = url.partition(":")[0]
        return f"c.CourseDirectory.db_url begins with {kind!r}, which is no database. {_SCHEMES}"
    if isinstance(error, ArgumentError | ValueError):  # such as of a port that is no number
        return f"c.CourseDirectory.db_url is no address of a database. {_SCHEMES}"
    if isinstance(error, ImportError):
        return (
            f"The gradebook at {_shown(url)} needs the Python package {error.name!r}: install it, "
            "or set another c.CourseDirectory.db_url."
        )
    return sentence(error, url)


def _of_the_system(error: OSError) -> str:
    where = error.filename2 or error.filename
    what = error.strerror or str(error) or type(error).__name__
    text = f"{where}: {what}." if where else f"{what}."
    return " ".join(filter(None, [text, _ADVICE.get(error.errno or 0, "")]))


def _of_the_gradebook(error: Any, url: str) -> str:
    cause = str(getattr(error, "orig", None) or error).partition("\n")[0].rstrip(".")
    book = f"The gradebook at {_shown(url)}" if url else "The gradebook"
    for sign, text in _SIGNS.items():
        if sign in cause:
            return f"{book} {text}"
    if "unable to open database file" in cause:
        return f"{book} {_why_not_opened(url)}"
    if "connect" in cause:
        return (
            f"{book} does not answer: {cause}. Start its server, or set c.CourseDirectory.db_url."
        )
    return f"{book} failed: {cause}."


_SIGNS = {
    "database is locked": "is in use by another program. Wait until that is done, or end it, and "
    "run the same command again.",
    "file is not a database": "is not a database. Move the file elsewhere, or put a copy of the "
    "gradebook in its place.",
    "disk image is malformed": "is damaged. Put a copy of it in its place.",
    "readonly database": "may not be written. Give yourself the right to write it and its folder.",
    "disk is full": "cannot be written: the disk is full. Make room and run the same command "
    "again: what is done is kept.",
    "disk I/O error": "cannot be written: the disk is full or broken. Make room and run the same "
    "command again.",
}


def _why_not_opened(url: str) -> str:
    folder = Path(url.partition(":///")[2]).parent
    if url and not folder.is_dir():
        return f"cannot be opened: there is no folder {folder}. Make it, or set another db_url."
    return "cannot be opened: you may not read or write it. Give yourself the right to."


def _shown(url: str) -> str:
    """Return a gradebook's address without its password."""
    from sqlalchemy.engine import make_url

    return make_url(url).render_as_string(hide_password=True)
