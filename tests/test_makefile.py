"""What the Makefile starts, for whom."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("target", "command"),
    [
        ("lab", "jupyter lab notebooks"),
        ("teach", f"jupyter lab --Exchange.root={ROOT}/classroom/exchange"),
    ],
)
def test_students_see_the_lessons_and_teachers_the_course(target, command):
    told = subprocess.run(
        ["make", "--dry-run", "--old-file", ".venv/installed", target],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert command in told.stdout


def test_templates_of_every_kind_are_installed_with_the_package():
    kinds = {path.suffix for path in (ROOT / "grader").rglob("templates/**/*") if path.is_file()}
    listed = (ROOT / "pyproject.toml").read_text()

    assert {f'"*{kind}"' for kind in kinds if f'"*{kind}"' not in listed} == set()
