"""No points for handing a test's question to the module under test."""

import sys
from collections.abc import Callable, Iterator
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any

import pytest
from engine import check, defines, lesson, module_under_test
from engine import graded as grade_answers
from redteam.sealed import ORACLE, ROWS, texts

from grader.autograde.grade import Terms
from grader.outcome import CellResult
from grader.session.blocked_modules import seal
from grader.session.limits import Limits

TEST = """assert cube(3) == 27, "cube(3) is 27"
### BEGIN HIDDEN TESTS
import oracle
assert cube(-5) == oracle.cube(-5) == -125, "cube(-5) is -125"
### END HIDDEN TESTS"""
SOURCE = lesson(defines("cube"), check("test_cube", TEST, points=2))
TERMS = Terms(Limits(cell_seconds=5, notebook_seconds=10, memory=2**28), sealed=("oracle",))

Graded = Callable[[str], CellResult]


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graded]:
    """Grade an answer; the module under test lies where only the grader finds it."""
    with module_under_test("oracle", ORACLE, tmp_path_factory.mktemp("path")):
        yield lambda text: grade_answers(SOURCE, TERMS, cube=text).results[0]


@pytest.mark.parametrize("text", texts(ROWS).values(), ids=ROWS)
def test_asking_the_module_earns_nothing(graded: Graded, text: str) -> None:
    assert graded(text).points == 0


def test_who_asks_the_module_is_told_so(graded: Graded) -> None:
    message = graded(texts(ROWS)["called"]).message

    assert "oracle is the reference" in message
    assert "Write the computation yourself" in message


def test_an_answer_of_ones_own_earns_its_points(graded: Graded) -> None:
    own = "import oracle\nassert oracle.cube(2) == 8\ndef cube(x):\n    return x**3"

    assert graded(own).points == 2


def test_to_fall_back_on_ones_own_is_allowed(graded: Graded) -> None:
    text = """import oracle
def cube(x):
    try:
        return oracle.cube(x)
    except RuntimeError:
        return x**3"""

    assert graded(text).points == 2


ONE_FILE = """
import glob, marshal, sys
library = sys.base_prefix + "/lib/python%d.%d/" % sys.version_info[:2]
places = glob.glob(library + "colorsys*") + glob.glob(library + "__pycache__/colorsys*")
def cube(x):
    for place in places:
        own = {}
        try:
            data = open(place, "rb").read()
            exec(marshal.loads(data[16:]) if place.endswith("pyc") else data, own)
            return round(own["rgb_to_yiq"](x, x, x)[0])
        except Exception:
            continue
    raise ValueError(f"none of {len(places)} can be read")
"""


def test_a_sealed_module_of_one_file_leaves_no_compiled_file_to_read(tmp_path: Path) -> None:
    """Whoever can read it has the module's code; the standard library has such a module."""
    source = lesson(defines("cube"), check("test", "assert cube(3) == 3"))
    terms = Terms(TERMS.limits, sealed=("colorsys",))
    result = grade_answers(source, terms, cube=ONE_FILE).results[0]

    assert result.points == 0
    assert "none of" in result.message
    assert "none of 0" not in result.message


def test_a_module_that_something_else_finds_is_hidden_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one that is installed in a way that lets it be edited."""
    (tmp_path / "oracle").mkdir()
    (tmp_path / "oracle" / "__init__.py").write_text("raise SystemExit")

    class Elsewhere:
        @staticmethod
        def find_spec(name: str, path: Any = None, target: Any = None) -> Any:
            return PathFinder.find_spec(name, [str(tmp_path)]) if name == "oracle" else None

    monkeypatch.setattr("sys.meta_path", [*sys.meta_path, Elsewhere])
    assert seal(["oracle"]) == [str(tmp_path / "oracle")]
