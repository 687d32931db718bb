"""nbgrader's marks in a notebook: the metadata of its cells, and the delimiters in their text."""

from dataclasses import dataclass
from typing import Any, Self

SCHEMA_VERSION = 3

Pair = tuple[str, str]


def nbgrader_metadata(cell: Any) -> dict[str, Any]:
    """Return a cell's nbgrader metadata; empty where there is none, or none that can be read."""
    metadata = cell.get("metadata")
    found = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return dict(found) if isinstance(found, dict) else {}


def grade_id(cell: Any) -> str:
    """Return the name by which nbgrader knows a cell; empty for other cells."""
    name = nbgrader_metadata(cell).get("grade_id")
    return name if isinstance(name, str) else ""


def is_solution(cell: Any) -> bool:
    """Whether students answer in this cell."""
    return bool(nbgrader_metadata(cell).get("solution"))


def is_task(cell: Any) -> bool:
    """Whether a cell is a task that a person grades."""
    return bool(nbgrader_metadata(cell).get("task"))


def is_locked(cell: Any) -> bool:
    """Whether a cell's text is the instructor's, whatever a student makes of it."""
    return bool(nbgrader_metadata(cell).get("locked"))


def is_test(cell: Any) -> bool:
    """Whether a cell is an automatic test."""
    return bool(nbgrader_metadata(cell).get("grade")) and not is_solution(cell)


def is_code_answer(cell: Any) -> bool:
    """Whether a cell asks for code."""
    return bool(cell.get("cell_type") == "code") and is_solution(cell)


@dataclass(frozen=True)
class Delimiters:
    """The pairs of texts that begin and end a region; a line that holds one is a mark.

    Attributes
    ----------
    solution, hidden_tests, mark_scheme : tuple of (str, str)
        As nbgrader's configuration has them.
    """

    solution: Pair = ("BEGIN SOLUTION", "END SOLUTION")
    hidden_tests: Pair = ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS")
    mark_scheme: Pair = ("BEGIN MARK SCHEME", "END MARK SCHEME")

    @classmethod
    def of(cls, config: Any) -> Self:
        """Read them from nbgrader's configuration.

        Parameters
        ----------
        config : traitlets.config.Config
            Such as a course's.
        """
        # Here, as it takes seconds, and a judge needs the names of a notebook's cells only.
        from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ClearSolutions

        solutions, schemes = ClearSolutions(config=config), ClearMarkScheme(config=config)
        tests = ClearHiddenTests(config=config)
        return cls(
            (solutions.begin_solution_delimeter, solutions.end_solution_delimeter),
            (tests.begin_test_delimeter, tests.end_test_delimeter),
            (schemes.begin_mark_scheme_delimeter, schemes.end_mark_scheme_delimeter),
        )

    def released(self, source: str) -> str:
        """Return a cell's text as students get it, without hidden tests and mark schemes.

        Examples
        --------
        >>> Delimiters().released("a\\n### BEGIN HIDDEN TESTS\\nb\\n### END HIDDEN TESTS\\nc")
        'a\\nc'
        """
        for pair in (self.hidden_tests, self.mark_scheme):
            source = "\n".join(split(source, pair)[0])
        return source

    def answer(self, source: str) -> str:
        """Return the text of a solution cell as a student would write it.

        Examples
        --------
        >>> text = "def one():\\n    ### BEGIN SOLUTION\\n    return 1\\n    ### END SOLUTION"
        >>> print(Delimiters().answer(text))
        def one():
            return 1
        """
        lines = self.released(source).split("\n")
        return "\n".join(line for line in lines if not _has(line, self.solution)).rstrip()


def split(source: str, pair: Pair) -> tuple[list[str], list[str]]:
    """Return the lines outside and the lines inside of a cell's regions, as nbgrader finds them.

    A region that is never closed reaches to the end of the cell.

    Examples
    --------
    >>> split("check(f)\\n# BEGIN TESTS\\ncheck(f, 7)\\n# END TESTS", ("BEGIN TESTS", "END TESTS"))
    (['check(f)'], ['check(f, 7)'])
    """
    outside: list[str] = []
    within: list[str] = []
    inside = False
    for line in source.split("\n"):
        if _has(line, pair):
            inside = pair[0] in line
        else:
            (within if inside else outside).append(line)
    return outside, within


def hidden_line_numbers(source: str, pair: Pair) -> frozenset[int]:
    """Return the numbers of the lines inside of a cell's regions.

    Examples
    --------
    >>> sorted(hidden_line_numbers("a\\n# BEGIN\\nb\\n# END\\nc", ("BEGIN", "END")))
    [3]
    """
    numbers: set[int] = set()
    inside = False
    for number, line in enumerate(source.split("\n"), 1):
        if _has(line, pair):
            inside = pair[0] in line
        elif inside:
            numbers.add(number)
    return frozenset(numbers)


def _has(line: str, pair: Pair) -> bool:
    return any(mark in line for mark in pair)
