"""What may be imported by what, and what `import linbias` brings along."""

import ast
import doctest
import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import linbias

ROOT = Path(__file__).parents[1]
REFERENCE = [
    "linbias.bias",
    "linbias.attention",
    "linbias.effect",
    "linbias.same",
    "linbias.precision",
    "linbias.heads",
    "linbias.evaluation",
    "linbias.relatives",
]


def imported_by(source):
    """Return the top-level names of the packages that a module's text imports."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(str(node.module).split(".")[0])
        elif isinstance(node, ast.Call) and "import" in ast.unparse(node.func):
            names |= {
                argument.value.split(".")[0]
                for argument in node.args
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            }
    return names


def modules(package):
    found = sorted((ROOT / package).rglob("*.py"))
    assert found
    return found


@pytest.mark.parametrize("path", modules("linbias"), ids=lambda p: str(p.relative_to(ROOT)))
def test_the_subject_does_not_know_the_engine(path):
    assert not imported_by(path.read_text()) & {"grader", "nbgrader", "nbconvert", "nbformat"}


@pytest.mark.parametrize("path", modules("grader"), ids=lambda p: str(p.relative_to(ROOT)))
def test_the_engine_does_not_know_the_subject(path):
    assert "linbias" not in imported_by(path.read_text())


@pytest.mark.parametrize(
    "source",
    [
        "import grader.course.course as c",
        "def f():\n    from grader.course import course",
        "import importlib; importlib.import_module('grader.course.course')",
        "__import__('grader')",
    ],
)
def test_the_two_tests_above_would_notice(source):
    assert "grader" in imported_by(source)


def test_importing_linbias_imports_numpy_and_nothing_heavier():
    heavy = "{'matplotlib', 'ipywidgets', 'IPython', 'nbgrader', 'nbformat', 'PIL'}"
    program = (
        f"import sys, linbias; print(sorted({heavy} & set(sys.modules)), 'numpy' in sys.modules)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert answer.stdout == "[] True\n"


def test_a_judge_is_forked_from_a_process_that_knows_no_gradebook():
    heavy = "{'nbgrader', 'sqlalchemy'}"
    program = f"""
import sys
from grader.session.imports import without_slow_imports

without_slow_imports()
import grader.judge.process
print(sorted({heavy} & set(sys.modules)))
"""
    answer = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert answer.stdout == "[]\n"


def test_all_lists_each_public_function_of_the_reference_and_nothing_else():
    public = {
        name
        for module in map(importlib.import_module, REFERENCE)
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__ and name[0] != "_"
    }

    assert public == set(linbias.__all__), "linbias/__init__.py: mend __all__"
    assert linbias.__all__ == sorted(linbias.__all__)


@pytest.mark.parametrize("name", linbias.__all__)
def test_every_docstring_states_its_result_and_its_example_runs(name):
    function = getattr(linbias, name)
    finder, runner = doctest.DocTestFinder(recurse=False), doctest.DocTestRunner()
    (example,) = finder.find(function, name, globs=dict(vars(sys.modules[function.__module__])))
    runner.run(example)

    assert runner.summarize(verbose=False) == (0, len(example.examples))
    assert example.examples
    for section in ("Parameters", "Returns", "Raises", "Examples"):
        assert f"\n{section}\n---" in inspect.getdoc(function)


# The grader's rooms, from the top to the ground: each imports only from rooms below it.
ROOMS = [
    "cli",
    "class_commands",
    "deploy",
    "demo",
    "nbgrader_hooks",
    "autograde",
    "pages",
    "judge",
    "gradebook",
    "course",
    "session",
    "sanitize",
    "table",
    "outcome",
    "trouble",
    "writing",
    "text",
    "errors",
]


def rooms_imported_by(source):
    """Return the rooms of the grader that a module's text imports from, wherever in it."""
    rooms = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        rooms |= {name.split(".")[1] for name in names if name.startswith("grader.")}
    return rooms


@pytest.mark.parametrize("path", modules("grader"), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_room_imports_only_from_rooms_below_it(path):
    room = path.relative_to(ROOT / "grader").parts[0].removesuffix(".py")
    if room in ("__init__", "__main__"):
        return
    assert room in ROOMS, f"{room} has no place in the order of the rooms"
    above = ROOMS[: ROOMS.index(room)]

    assert not rooms_imported_by(path.read_text()) & set(above)
