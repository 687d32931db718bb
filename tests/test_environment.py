"""The files that install linbias agree: pyproject.toml, environment.yml and constraints.txt."""

import ast
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def project() -> dict[str, Any]:
    return tomllib.loads(read("pyproject.toml"))["project"]


def requirements(texts: list[str]) -> dict[str, Requirement]:
    return {canonicalize_name(item.name): item for item in map(Requirement, texts)}


def direct() -> dict[str, Requirement]:
    """All that pyproject.toml asks for, extras too."""
    extras = [text for texts in project()["optional-dependencies"].values() for text in texts]
    asked = requirements(project()["dependencies"] + extras)
    return {name: item for name, item in asked.items() if name != "linbias"}


def conda() -> list[Any]:
    return yaml.safe_load(read("environment.yml"))["dependencies"]


def pins() -> dict[str, str]:
    """The versions that this Python, on this system, would install."""
    lines = [line for line in read("constraints.txt").splitlines() if not line.startswith("#")]
    return {
        canonicalize_name(pin.name): str(pin.specifier).removeprefix("==")
        for pin in map(Requirement, lines)
        if pin.marker is None or pin.marker.evaluate()
    }


@pytest.mark.parametrize("name", sorted(direct()))
def test_each_requirement_is_pinned_to_a_version_it_allows(name):
    assert pins()[name] in direct()[name].specifier


def test_students_get_from_conda_what_pip_would_install():
    names = [text for text in conda() if isinstance(text, str)]
    wanted = requirements(project()["dependencies"])
    given = requirements([name for name in names if name != "pip"])
    python = given.pop("python")

    assert given == wanted
    assert python.specifier == Requirement(f"python{project()['requires-python']}").specifier


def test_conda_installs_the_project_itself_last():
    assert conda()[-2:] == ["pip", {"pip": ["-e ."]}]


def test_what_the_tests_run_with_is_pinned():
    """A package that nobody pinned would come in another version tomorrow."""
    missing = {name for name in installed_closure() if name not in pins()}

    assert missing == set(), "Add these to constraints.txt; CONTRIBUTING.md says how."


def test_what_the_code_imports_is_asked_for():
    """By pyproject.toml, or by something it asks for."""
    provider = packages_distributions()
    known = installed_closure()
    missing = {
        name
        for name in imported()
        if not known & {canonicalize_name(found) for found in provider.get(name, [])}
    }

    assert missing == set(), "Add the packages that bring these to pyproject.toml."


def imported() -> set[str]:
    """The top-level modules that the code imports, but for Python's own and ours."""
    files = [
        path
        for folder in ("linbias", "grader", "docs", "tests")
        for path in ROOT.glob(f"{folder}/**/*.py")
    ]
    own = {"linbias", "grader", "tests", *(path.stem for path in ROOT.glob("tests/**/*"))}
    names = set()
    for node in (node for path in files for node in ast.walk(ast.parse(path.read_text()))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(str(node.module).partition(".")[0])
    return names - own - sys.stdlib_module_names


def installed_closure() -> set[str]:
    """Every package that the direct requirements bring along on this machine."""
    found: set[str] = set()
    todo = [(item.name, extra) for item in direct().values() for extra in (*item.extras, "")]
    done: set[tuple[str, str]] = set()
    while todo:
        name, extra = todo.pop()
        name = canonicalize_name(name)
        if (name, extra) in done:
            continue
        done.add((name, extra))
        try:
            needed = [Requirement(text) for text in requires(name) or []]
        except PackageNotFoundError:
            continue
        found.add(name)
        todo += [
            (item.name, wanted)
            for item in needed
            if item.marker is None or item.marker.evaluate({"extra": extra})
            for wanted in (*item.extras, "")
        ]
    return found
