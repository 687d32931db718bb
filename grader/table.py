"""Text tables for the terminal."""

from collections.abc import Sequence

from grader.text import one_line


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows of text under a head, in columns as wide as their widest entry.

    Names in it may be students' own: control characters stand in it as Python writes them.

    Examples
    --------
    >>> print(table(["student", "points"], [["ada", "3 / 3"], ["grace", "2.5 / 3"]]))
    student  points
    -------  -------
    ada      3 / 3
    grace    2.5 / 3
    """
    lines = [tuple(map(one_line, line)) for line in (head, *rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    lines.insert(1, tuple("-" * width for width in widths))
    return "\n".join(_line(line, widths) for line in lines)


def _line(entries: Sequence[str], widths: Sequence[int]) -> str:
    padded = (entry.ljust(width) for entry, width in zip(entries, widths, strict=True))
    return "  ".join(padded).rstrip()


def points(got: float, of: float) -> str:
    """Return points of a maximum, without needless decimals.

    Examples
    --------
    >>> points(2.0, 3.0), points(2.5, 3.0)
    ('2 / 3', '2.5 / 3')
    """
    return f"{got:g} / {of:g}"
