"""The plain files that a notebook writes into its folder, told and laid out again elsewhere.

They are few, small, and data: nothing that Python would import, or that only a pickle can read.
Names that begin with a dot are the system's business.
"""

import base64
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

LARGEST = 2**20
MOST = 100
DEEPEST = 3
# Files of this size are compared by their content: a clock would miss two changes in a moment.
_SMALL = 2**16
_PART = r"\w[\w ()+,-]*"
_SUFFIX = r"csv|dat|ini|jpe?g|jsonl?|log|md|npy|npz|out|pdf|png|svg|tex|toml|tsv|txt|xml"
_NAME = re.compile(rf"({_PART}/){{0,{DEEPEST}}}{_PART}(\.[\w-]+)*\.({_SUFFIX})", re.ASCII)
LONGEST_NAME = 200

State = dict[str, Any]


def is_plain(path: Any) -> bool:
    """Whether a file may be carried, by its path within the folder.

    Examples
    --------
    >>> [is_plain(path) for path in ("out.txt", "a/b.c.csv", "numpy.py", "../x.txt", "/x.txt")]
    [True, True, False, False, False]
    """
    return type(path) is str and len(path) <= LONGEST_NAME and bool(_NAME.fullmatch(path))


def state_of(folder: Path) -> State:
    """Return what tells each plain file of a folder from an earlier one of its name."""
    return {path: _mark(folder / path) for path in _plain(folder)}


def _plain(folder: Path) -> Iterator[str]:
    count = 0
    for path in _files(folder, "", DEEPEST):
        if is_plain(path):
            count += 1
            yield path
        if count == MOST:
            return


def _files(folder: Path, below: str, depth: int) -> Iterator[str]:
    try:
        entries = sorted(os.scandir(folder / below), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith((".", "__")):
            continue
        if entry.is_file(follow_symlinks=False):
            yield below + entry.name
        elif entry.is_dir(follow_symlinks=False) and depth:
            yield from _files(folder, f"{below}{entry.name}/", depth - 1)


def _mark(file: Path) -> Any:
    try:
        stat = file.stat()
        return file.read_bytes() if stat.st_size <= _SMALL else (stat.st_mtime_ns, stat.st_size)
    except OSError:
        return None


def changes(folder: Path, before: State, after: State) -> dict[str, Any]:
    """Return what became of a folder's plain files: their content, or that they are gone."""
    written = [path for path, mark in after.items() if before.get(path) != mark]
    told = [[path, content] for path in written if (content := _content(folder / path)) is not None]
    return {"written": told, "gone": [path for path in before if path not in after]}


def _content(file: Path) -> str | None:
    try:
        with open(file, "rb") as stream:
            content = stream.read(LARGEST + 1)
    except OSError:
        return None
    return base64.b64encode(content).decode() if len(content) <= LARGEST else None


def make(folder: Path, written: Iterable[tuple[str, bytes]], gone: Iterable[str]) -> None:
    """Do in a folder what was done in another one; what cannot be done there is left out."""
    for path, content in written:
        try:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        except OSError:
            continue
    for path in gone:
        try:
            (folder / path).unlink(missing_ok=True)
        except OSError:
            continue
