"""What all our pages share: templates, style, and the words for a verdict."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from grader.text import duration, one_line, readable

TEMPLATES = Path(__file__).parent / "templates"

# A page brings everything along and runs nothing; the browser holds it to that.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


@dataclass(frozen=True)
class Written:
    """What a command wrote.

    Attributes
    ----------
    pages : tuple of Path
        The pages, by student where each has one.
    failed : mapping of str to str
        Why the page of a student, or their place in it, could not be made.
    """

    pages: tuple[Path, ...]
    failed: Mapping[str, str]


@dataclass(frozen=True)
class Verdict:
    """A verdict for people: a sign, a word, and the name of its style.

    Colour only repeats what sign and word say.
    """

    sign: str
    word: str
    kind: str


RIGHT = Verdict("✓", "right", "right")
PARTLY = Verdict("◐", "partly right", "partly")
WRONG = Verdict("✗", "not yet", "wrong")
BLANK = Verdict("○", "not attempted", "blank")
WAITS = Verdict("…", "waits for a teacher", "waits")


def verdict(points: float | None, max_points: float, *, attempted: bool = True) -> Verdict:
    """Return the verdict on points out of a maximum.

    Parameters
    ----------
    points : float or None
        None while a person has to grade.

    Examples
    --------
    >>> verdict(1.0, 2.0).word
    'partly right'
    >>> verdict(0.0, 2.0, attempted=False).word
    'not attempted'
    """
    if points is None:
        return WAITS
    if points >= max_points:
        return RIGHT
    if points > 0:
        return PARTLY
    return WRONG if attempted else BLANK


def number(value: float) -> str:
    """Return points without needless decimals.

    Examples
    --------
    >>> number(2.0), number(2.504)
    ('2', '2.5')
    """
    return f"{round(value, 2):g}"


def lesson_title(name: str) -> str:
    """Return a lesson's name as people read it.

    Examples
    --------
    >>> lesson_title("02_causal_triangle")
    '02 causal triangle'
    """
    return name.replace("_", " ").strip()


def reason(error: Exception) -> str:
    """Return in one line of bounded length why something could not be made."""
    return one_line(readable(f"{type(error).__name__}: {error}"))[:300]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": number,
        "duration": duration,
        "lesson_title": lesson_title,
        "one_line": one_line,
    }
    environment.globals["policy"] = POLICY
    return environment


def template(name: str) -> Template:
    """Return one of the templates; whatever they show is escaped unless it is marked as clean."""
    return _environment().get_template(name)
