"""constraints.txt: exact pins for every supported Python, from its first release on."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

ROOT = Path(__file__).parents[1]
LINES = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
PINS = [Requirement(line) for line in LINES if not line.startswith("#")]


def first_pythons() -> list[str]:
    """The first release of each Python that pyproject.toml names, such as 3.11.0."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    kinds = [
        kind.removeprefix("Programming Language :: Python :: ") for kind in project["classifiers"]
    ]
    return [f"{kind}.0" for kind in kinds if re.fullmatch(r"3\.\d+", kind)]


def applies(pin: Requirement, python: str) -> bool:
    """Whether that Python, on this system, would install the pin."""
    minor = python.rpartition(".")[0]
    version = {"python_version": minor, "python_full_version": python}
    return pin.marker is None or pin.marker.evaluate(version)


def pythons_asked_for(pin: Requirement) -> SpecifierSet | None:
    """What the pinned version says of Python; nothing when another version or none is here."""
    try:
        about = metadata(pin.name)
    except PackageNotFoundError:
        return None
    if Version(about["Version"]) not in pin.specifier:
        return None
    return SpecifierSet(about.get("Requires-Python", ""))


def test_a_constraint_is_a_name_a_version_and_perhaps_a_marker():
    odd = [line for line in LINES[1:] if not re.fullmatch(r"[\w.-]+==[\w.]+( ; [^#@]+)?", line)]

    assert LINES[0].startswith("# ")
    assert "CONTRIBUTING.md" in LINES[0]
    assert odd == []


def test_the_makefile_checks_the_pins_for_each_python_that_is_supported():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert f"FIRST_PYTHONS := {' '.join(first_pythons())}\n" in makefile


@pytest.mark.parametrize("python", first_pythons())
def test_each_pin_admits_the_first_release_of(python):
    """Debian 12 has Python 3.11.2: a pin that wants 3.11.5 cannot be installed there."""
    asked = {str(pin): pythons_asked_for(pin) for pin in PINS if applies(pin, python)}
    refused = [pin for pin, pythons in asked.items() if pythons and python not in pythons]

    assert refused == [], "Renew the pins; CONTRIBUTING.md says how."


@pytest.mark.parametrize("python", first_pythons())
def test_no_package_is_pinned_twice_for(python):
    names = [pin.name for pin in PINS if applies(pin, python)]

    assert sorted(set(names)) == sorted(names)
