"""What a hostile submission is: a row of data that a class can be handed in from."""

import json
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

WRONG = "def square(x):\n    return 0\n"
RIGHT_ANSWER = "answer = 42"

# A source that breaks in says so in a word that no traceback's echo of the source can show.
ATTEMPT = """
def attempt(deed):
    try:
        got = deed()
    except BaseException as error:
        print("refused:", type(error).__name__)
    else:
        print("brea" + "ched:", got)
"""
BREACHED = "breached:"

Notebook = dict[str, Any]


@dataclass(frozen=True)
class Hostile:
    """One hostile submission.

    Attributes
    ----------
    name : str
        What it tries; also the student's name.
    vector : int
        Its number among the known attacks on autograders; 0 for one of our own.
    cells : mapping of str to str
        The text of cells by ``grade_id``; ``$root`` and the like are filled in.
    keeps : bool
        Whether the right answer that stands in it too must still get its point.
    edit : callable or None
        Changes the notebook, and returns what is written instead: a notebook, text or bytes.
    place : callable or None
        ``place(folder, content)`` puts it into the folder in an unusual way.
    """

    name: str
    vector: int
    cells: Mapping[str, str] = field(default_factory=dict)
    keeps: bool = True
    edit: Callable[[Notebook], Notebook | str | bytes] | None = None
    place: Callable[[Path, bytes], None] | None = None

    def hand_in(self, notebook: Notebook, folder: Path, facts: Mapping[str, str]) -> None:
        """Write it where a student's submission lies."""
        texts = {"square": WRONG, "answer": RIGHT_ANSWER} | dict(self.cells)
        for cell in notebook["cells"]:
            text = texts.get(cell["id"], cell["source"])
            for name, value in facts.items():
                text = text.replace(f"${name}", value)
            cell["source"] = text
        made = self.edit(notebook) if self.edit else notebook
        if isinstance(made, dict):
            made = json.dumps(made)
        content = made.encode("utf-8", "surrogatepass") if isinstance(made, str) else made
        if self.place:
            self.place(folder, content)
        else:
            folder.mkdir(parents=True)
            (folder / "ps1.ipynb").write_bytes(content)


def trick(name: str, vector: int, square: str, **more: Any) -> Hostile:
    """Return a submission whose trick stands in the answer cell of ``square``, before a wrong one.

    The trick may define ``square`` itself.
    """
    text = textwrap.dedent(square).strip() + "\n"
    if "def square" not in text and "square =" not in text:
        text += WRONG
    return Hostile(name, vector, cells={"square": text} | more.pop("cells", {}), **more)


def attempts(name: str, vector: int, setup: str, *deeds: str, **more: Any) -> Hostile:
    """Return a submission that tries deeds, each of which has to fail."""
    lines = [f"attempt(lambda: {deed})" for deed in deeds]
    return trick(name, vector, "\n".join([ATTEMPT, textwrap.dedent(setup), *lines]), **more)
