"""Find a lesson's notebook that was handed in by another name, or say what is there instead.

Students read these sentences as well as teachers: they say what is needed, and ask nobody for it.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from grader.course.reading import Entry, Unreadable, entries, read_file

# Only looked at with an expression: what a stranger handed in is parsed in a locked process.
_GRADE_ID = re.compile(rb'"grade_id"\s*:\s*"([^"\\]{1,200})"')
MOST_LOOKED_AT = 10
MOST_NAMED = 5

_ADVICE = {
    ".zip": "an archive; needed is the notebook that is in it",
    ".html": "a picture of the notebook; needed is the notebook itself",
    ".pdf": "a picture of the notebook; needed is the notebook itself",
    ".py": "the code without the notebook; needed is the notebook itself",
}
_ADVICE |= dict.fromkeys([".7z", ".gz", ".rar", ".tar", ".tgz"], _ADVICE[".zip"])

Cells = Mapping[str, Collection[str]]


@dataclass(frozen=True)
class Found:
    """A notebook that is surely the lesson's, and where it lay."""

    content: bytes
    path: str

    @property
    def stem(self) -> str:
        """The file's name without its ending."""
        return self.path.removesuffix(".ipynb")


def look_for(
    names: Collection[str], cells: Cells, folder: int, max_bytes: int
) -> dict[str, Found | str]:
    """Return each missing notebook as it was found, or what lies there instead.

    Parameters
    ----------
    names : collection of str
        The notebooks that are missing.
    cells : mapping
        The lesson's cells by notebook, each by its ``grade_id``.
    folder : int
        The submission, open.
    """
    with entries(folder) as there:
        others = [one for one in there if not _is_expected(one, cells)]
        looked_at = dict(_notebooks(others, max_bytes))
        fitting = {
            name: [one for one, ids in looked_at.items() if _fits(ids, cells[name])]
            for name in names
        }
        return {
            name: _found(found[0], max_bytes)
            if len(found) == 1 and sum(found[0] in more for more in fitting.values()) == 1
            else _instead(name, found, others)
            for name, found in fitting.items()
        }


def _is_expected(entry: Entry, cells: Cells) -> bool:
    return entry.path in {"timestamp.txt", *(f"{name}.ipynb" for name in cells)}


def _notebooks(others: list[Entry], max_bytes: int) -> Iterator[tuple[Entry, set[str]]]:
    """Give notebooks that can be read, each with the names of its cells."""
    for one in [one for one in others if _suffix(one) == ".ipynb"][:MOST_LOOKED_AT]:
        try:
            content = read_file(one.name, one.folder, max_bytes)
        except Unreadable:
            continue
        yield one, {found.decode("utf-8", "replace") for found in _GRADE_ID.findall(content)}


def _fits(ids: set[str], wanted: Collection[str]) -> bool:
    """Whether most cells of a notebook are the lesson's, and most of the lesson's are there."""
    shared = len(ids & set(wanted))
    return 2 * shared > len(wanted) and 2 * shared > len(ids)


def _found(entry: Entry, max_bytes: int) -> Found | str:
    try:
        return Found(read_file(entry.name, entry.folder, max_bytes), shown(entry.path))
    except Unreadable as error:  # it was changed meanwhile
        return str(error)


def _instead(name: str, fitting: list[Entry], others: list[Entry]) -> str:
    missing = f"The notebook {name}.ipynb is missing."
    if len(fitting) > 1:
        paths = ", ".join(repr(shown(one.path)) for one in fitting[:MOST_NAMED])
        return f"{missing} There are {paths}: the one that counts needs that name."
    told = [f"There is {shown(one.path)!r}: {_advice(one, name)}." for one in others if _tells(one)]
    return " ".join([missing, *told[:MOST_NAMED]])


def _tells(entry: Entry) -> bool:
    return _suffix(entry) in (".ipynb", *_ADVICE)


def _advice(entry: Entry, name: str) -> str:
    other = f"its cells are not this lesson's; if it is the right one, call it {name}.ipynb"
    return _ADVICE.get(_suffix(entry), other)


def _suffix(entry: Entry) -> str:
    return PurePath(entry.name).suffix.lower()


def shown(path: str) -> str:
    """Return a path that can be stored and printed, of bounded length."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")[:160]
