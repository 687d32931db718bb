"""The parts of the guide that are made from the code when the site is built."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from traitlets import TraitType

from docs import mistake_table
from docs.mistake_table import plain, row
from docs.own_lesson import PAGE, notebook_of
from grader.course.settings import Grader
from linbias.check.questions import QUESTIONS, Wrong

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
_PLACE = re.compile(r"^% generated: (\w+)$", re.MULTILINE)


def setup(app: Any) -> None:
    """Fill pages in when they are read, and put the notebooks where Sphinx looks for them."""
    app.connect("config-inited", lambda *_: put_notebooks(DOCS))
    pictures = DOCS / "_static" / mistake_table.PICTURES
    app.connect("config-inited", lambda *_: mistake_table.put_pictures(pictures))
    app.connect("source-read", _fill_in)


def _fill_in(app: Any, page: str, source: list[str]) -> None:
    if app.env.doc2path(page).suffix == ".md":
        source[0] = filled(source[0])


def filled(text: str) -> str:
    """Return a page with its lines ``% generated: NAME`` replaced by what they name."""
    return _PLACE.sub(lambda found: "\n\n".join(PARTS[found[1]]()), text)


def put_notebooks(docs: Path) -> None:
    """Copy the lessons as handed out, and make the notebook of the page about one's own lesson."""
    lessons = sorted(ROOT.glob("notebooks/*/*.ipynb"))
    for folder in docs.glob("lessons/*/"):
        if folder.name not in {path.parent.name for path in lessons}:
            shutil.rmtree(folder)  # a lesson that is no more
    for path in lessons:
        there = docs / "lessons" / path.parent.name / path.name
        there.parent.mkdir(exist_ok=True)
        shutil.copyfile(path, there)
    own = docs / "own_lesson" / "temperatures.ipynb"
    own.parent.mkdir(exist_ok=True)
    nbformat.write(notebook_of(PAGE.read_text(encoding="utf-8")), own)


def settings() -> Iterator[str]:
    """Give a section for each setting: its default, its type, and when to change it."""
    for name, trait in sorted(Grader.class_own_traits(config=True).items()):
        yield f"## `{name}`"
        yield f"Default: `{default(trait)}` ({kind(trait)})"
        yield trait.help


def default(trait: TraitType[Any, Any]) -> str:
    """Return a setting's default as one writes it in nbgrader_config.py.

    Examples
    --------
    >>> default(Grader.class_own_traits()["processes"])
    '32'
    """
    return repr(trait.default())


def kind(trait: TraitType[Any, Any]) -> str:
    """Return in words what a setting may be."""
    choices = getattr(trait, "values", None)
    if choices:
        return " or ".join(f"`{choice!r}`" for choice in choices)
    words = {"Unicode": "text", "Float": "a number", "Int": "a whole number", "List": "a list"}
    return words[type(trait).__name__]


def questions() -> Iterator[str]:
    """Give each question of the lessons with its known wrong answers."""
    for name, question in QUESTIONS.items():
        yield f"### `{name}`"
        yield question.markdown
        yield "\n".join(map(_of_question, question.wrong))
        yield f"Right: `{question.right}`"


def _of_question(wrong: Wrong) -> str:
    return row(f"{wrong.answer}", f"*{plain(wrong.slug)}*: {plain(wrong.sentence)}")


def summary() -> Iterator[str]:
    """Give the last lesson's summary and glossary."""
    last = max(ROOT.glob("solutions/*/*.ipynb"))
    cells = {cell.id: cell.source for cell in nbformat.read(last, as_version=4).cells}
    yield cells["summary"]
    yield cells["glossary"]


PARTS = {
    "summary": summary,
    "settings": settings,
    "overview": mistake_table.overview,
    "mistakes": mistake_table.mistakes,
    "questions": questions,
}
