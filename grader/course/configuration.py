"""The course's nbgrader_config.py: read it, and say in which line it is wrong."""

import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbgrader.apps import NbGrader
from traitlets import TraitError

from grader.errors import CourseError
from grader.trouble import sentence

NAME = "nbgrader_config.py"
_TRAIT = re.compile(r"'(\w+)' trait")


def read_configuration(root: Path) -> Any:
    """Return the configuration that stands in a course's folder.

    Raises
    ------
    CourseError
        When there is none, or it cannot be run to its end; the text names the line.
    """
    if not (root / NAME).is_file():
        raise CourseError(
            f"{root} holds no {NAME}: run the grader in the course's folder, "
            "or name it with --course."
        )
    app = NbGrader()
    app.config_file = str(root / "nbgrader_config")
    app.load_cwd_config = False
    app.raise_config_file_errors = True
    try:
        app.load_config_file(suppress_errors=False)
    except (Exception, SystemExit) as error:
        raise CourseError(_complaint(root / NAME, error)) from error
    app.config.CourseDirectory.root = str(root)
    return app.config


@contextmanager
def configured(root: Path) -> Iterator[None]:
    """Say of a setting with a wrong value where it stands.

    Raises
    ------
    CourseError
        When something is made whose settings have wrong values.
    """
    try:
        yield
    except TraitError as error:
        found = _TRAIT.search(str(error))
        line = _line_of(root / NAME, found[1]) if found else 0
        raise CourseError(f"{_place(root / NAME, line)}: {error} Mend the value.") from error


def refuse_unknown(root: Path, config: Any, known: list[str]) -> None:
    """Refuse a setting of the grader that there is not: it would do nothing, without a word."""
    for name in sorted(set(config.Grader) - set(known)):
        raise CourseError(
            f"{_place(root / NAME, _line_of(root / NAME, name))}: there is no setting "
            f"c.Grader.{name}. There are: {', '.join(sorted(known))}."
        )


def _complaint(file: Path, error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        own = error.filename == str(file)
        where = _place(file if own else Path(error.filename or file), error.lineno or 0)
        return f"{where}: this is no Python ({error.msg}). Mend the line."
    frames = traceback.extract_tb(error.__traceback__)
    line = next((one.lineno for one in reversed(frames) if one.filename == str(file)), 0)
    if isinstance(error, OSError):
        return f"{_place(file, line or 0)}: {sentence(error)}"
    advice = "Install it, or mend the line." * isinstance(error, ImportError) or "Mend the line."
    what = ": ".join(filter(None, [type(error).__name__, str(error)])).rstrip(".")
    return f"{_place(file, line or 0)}: {what}. {advice}"


def _place(file: Path, line: int) -> str:
    return f"{file}, line {line}" if line else str(file)


def _line_of(file: Path, setting: str) -> int:
    """Return the last line that sets something of this name; 0 where none does."""
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    found = (at for at, text in enumerate(lines, 1) if re.search(rf"\.{setting}\s*=", text))
    return max(found, default=0)
