"""The files that a test reads after a call, and those that it writes before one.

A test has a folder of its own, with the lesson's files. What the session's folder gets by a call,
or by a student's cell, is laid out here as well, and what a test writes is laid out there. The
lesson's own files stay what they are: a student would choose what a test reckons with.
"""

import base64
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from grader.course.lesson import SourceNotebook
from grader.session.written import LARGEST, MOST, changes, is_plain, make, state_of

MOST_BYTES = 2**25  # that a session may lay out, for one notebook
MOST_KEPT = 2**22  # that are kept of one
_NBGRADERS = ("timestamp.txt", "submission_secret.txt")
_SHOWN_AS_PAGES = (".svg", ".xml")
_FILES = re.compile(
    r"\b(exists|genfromtxt|glob|imread|is_file|listdir|load|loadtxt|open|Path|read_\w+)\b"
)
# With these a test may run what it reads: no files are carried.
_RUNS = re.compile(
    r"\b(allow_pickle|CDLL|cffi|cloudpickle|ctypes|ctypeslib|dill|eval|exec|extract|extractall|"
    r"__import__|import_module|importlib|joblib|keras|lxml|marshal|pickle|read_hdf|read_pickle|"
    r"read_xml|runpy|shelve|tensorflow|torch|unpack_archive|yaml)\b"
    r"|(?<!json\.)(?<!np\.)(?<!numpy\.)(?<!tomllib\.)\bload\b"
)


def reads_files(source: SourceNotebook) -> bool:
    """Whether tests of a notebook read files, and surely read them as data."""
    tests = [cell.source for cell in source.cells if cell.is_test]
    texts = [cell.source for cell in source.cells if not cell.solution]
    texts += [text for _, text in source.plain]
    texts += [
        base64.b64decode(content).decode(errors="replace")
        for path, content in source.files
        if path.endswith(".py")
    ]
    return any(map(_FILES.search, tests)) and not any(map(_RUNS.search, texts))


class Files:
    """The files of tests, in step with those of the session.

    Parameters
    ----------
    folder : Path
        The tests' folder, with the lesson's files in it.
    own : iterable of str
        The paths of these.
    """

    def __init__(self, folder: Path, own: Iterable[str]) -> None:
        self._folder, self._own = folder, frozenset(own)
        self._known, self._room = state_of(folder), MOST_BYTES

    def told(self) -> dict[str, Any]:
        """Return what tests have written or deleted since the session was asked last."""
        before, self._known = self._known, state_of(self._folder)
        return changes(self._folder, before, self._known)

    def heed(self, told: Any) -> None:
        """Lay out what the session says to have written; anything odd is left out."""
        told = told if type(told) is dict else {}
        files = [(path, content) for path, content in _read(told, self._room) if self._may(path)]
        self._room -= sum(len(content) for _, content in files)
        make(self._folder, files, filter(self._may, _list(told.get("gone"))))
        self._known = state_of(self._folder)

    def _may(self, path: Any) -> bool:
        return is_plain(path) and path not in self._own


def to_keep(told: Any) -> tuple[tuple[str, str], ...]:
    """Return the files that go into the folder of the autograded notebook, and their content.

    A browser shows files of that folder to teachers: none is of a kind that could hold a program.
    """
    files = _read(told, MOST_KEPT) if type(told) is dict else ()
    return tuple(
        (path, base64.b64encode(content).decode())
        for path, content in files
        if path not in _NBGRADERS and not path.endswith(_SHOWN_AS_PAGES)
    )


def _read(told: dict[str, Any], room: int) -> Iterator[tuple[str, bytes]]:
    """Give the plain files that a session tells of, as far as there is room for them."""
    for pair in _list(told.get("written")):
        path, text = pair if type(pair) is list and len(pair) == 2 else (None, None)
        content = _decoded(text) if is_plain(path) else None
        if content is not None and len(content) <= min(LARGEST, room):
            room -= len(content)
            yield str(path), content


def _decoded(text: Any) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True) if type(text) is str else None
    except ValueError:
        return None


def _list(told: Any) -> list[Any]:
    return told[:MOST] if type(told) is list else []
