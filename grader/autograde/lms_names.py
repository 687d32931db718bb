"""How Moodle and Canvas name the files in an archive of submissions."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

# Moodle names a student's folder "Full Name_12345_assignsubmission_file", with one more "_" before
# version 4.1; without folders the file's name follows. A name's own "_" are spaces. The number is
# the participant's in this one assignment, not the user's. See mod/assign/classes/downloader.php
# and mod/assign/feedback/file/importziplib.php in the repository moodle/moodle. The first folder
# that is named so counts: a student may name one of their own like another student's.
MOODLE = re.compile(
    r"(?:.*?/)??(?P<prefix>(?P<name>[^_/]+)_(?P<number>\d+)_assignsubmission_(?P<plugin>[a-z]+))"
    r"(?:_?/|_)(?P<file>.+)",
    re.DOTALL,
)
# Canvas names a file by the sortable name in small letters, without what is no letter or digit;
# "LATE"; the user's number; the file's number; the file. See lib/content_zipper.rb in the
# repository instructure/canvas-lms.
CANVAS = re.compile(
    r"(?:.*?/)??(?P<prefix>(?P<name>[^/]+?)(?P<late>_LATE)?_(?P<number>\d+)_(?P<upload>\d+))"
    r"_(?P<file>[^/]+)",
    re.DOTALL,
)
_CANVAS_TEXT = re.compile(
    r"(?:.*?/)??(?P<prefix>(?P<name>[^/]+?)(?P<late>_LATE)?_(?P<number>\d+))_(?:text|link)\.html"
)
# A browser's second download is "ps1 (1)", Canvas's second upload of a name "ps1-1".
_COPY = re.compile(r"\s*(?:\((?P<browser>\d+)\)|-(?P<canvas>\d+))$")


@dataclass(frozen=True)
class LmsFile:
    """What the name of one file in an archive says.

    Attributes
    ----------
    name : str
        The student's, as the system writes it.
    number : str
        Canvas's number of the user; Moodle's of the participant.
    file : str
        What the student called it, without folders; empty for a text typed into the system.
    upload : int
        Canvas's number of the file: the greater, the newer; else 0.
    """

    system: str
    original: str
    prefix: str
    name: str
    number: str
    file: str
    late: bool = False
    upload: int = 0

    @property
    def user(self) -> str:
        """The system's number of the user, where the name has it."""
        return self.number if self.system == "canvas" else ""


def read_name(path: str) -> LmsFile | None:
    """Return what a path in an archive says; None where neither system writes such a one.

    Examples
    --------
    >>> read_name("Ada Lovelace_77_assignsubmission_file_/ps1.ipynb").name
    'Ada Lovelace'
    >>> read_name("lovelaceada_LATE_12_345_ps1-1.ipynb").file
    'ps1-1.ipynb'
    """
    if found := MOODLE.fullmatch(path):
        typed = found["plugin"] != "file"
        file = "" if typed else found["file"].rpartition("/")[2]
        return LmsFile("moodle", path, found["prefix"], found["name"], found["number"], file)
    if found := CANVAS.fullmatch(path):
        given = (found["prefix"], found["name"], found["number"], found["file"])
        return LmsFile("canvas", path, *given, bool(found["late"]), int(found["upload"]))
    if found := _CANVAS_TEXT.fullmatch(path):
        given = (found["prefix"], found["name"], found["number"], "")
        return LmsFile("canvas", path, *given, bool(found["late"]))
    return None


def notebook_of(file: str, notebooks: Iterable[str]) -> tuple[str, int]:
    """Return the lesson's file that one is meant to be, and the number of the copy.

    Parameters
    ----------
    notebooks : iterable of str
        The lesson's notebooks, without ``.ipynb``.

    Examples
    --------
    >>> notebook_of("PS1 (2).ipynb", ["ps1"]), notebook_of("data.csv", ["ps1"])
    (('ps1.ipynb', 2), ('data.csv', 0))
    """
    known = {name.casefold(): name for name in notebooks}
    stem, dot, ending = file.rpartition(".")
    if not dot or ending.casefold() != "ipynb":
        return file, 0
    copy = 0
    while stem.casefold() not in known and (found := _COPY.search(stem)):
        copy = max(copy, int(found["browser"] or found["canvas"]))
        stem = stem[: found.start()]
    name = known.get(stem.casefold())
    return (f"{name}.ipynb", copy) if name else (file, 0)
