"""The page about one's own lesson is followed word for word, in an empty folder."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from docs.own_lesson import KINDS, PAGE, Block, blocks, notebook_of

TEXT = PAGE.read_text(encoding="utf-8")


class Reader:
    """Somebody who follows the page: writes its files and types its commands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: dict[str, str] = {}

    def follow(self, block: Block) -> None:
        if block.file:
            (self.folder / block.file).write_text(block.text + "\n", encoding="utf-8")
        elif block.cell:
            nbformat.write(
                notebook_of(TEXT), self.folder / "solutions/temperatures/temperatures.ipynb"
            )
        else:
            for command in block.text.splitlines():
                if command.startswith("$ "):
                    self.type(command.removeprefix("$ "))

    def type(self, command: str) -> None:
        if command.startswith("cd "):
            self.folder = self.folder / command.removeprefix("cd ")
            return
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        done = subprocess.run(
            command,
            shell=True,
            cwd=self.folder,
            env=os.environ | {"PATH": path},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{command}: {done.stderr}"
        self.said[command] = done.stdout


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    reader = Reader(tmp_path_factory.mktemp("reader"))
    for block in blocks(TEXT):
        reader.follow(block)
    return reader


def promised() -> list[tuple[str, list[str]]]:
    """Each command of the page whose output it shows, with the lines of this output."""
    found = []
    for block in blocks(TEXT):
        if block.language == "console":
            command, *lines = block.text.splitlines()
            if lines and not lines[0].startswith("$ "):
                found.append((command.removeprefix("$ "), lines))
    return found


def words(text: str) -> list[list[str]]:
    """The words of each line that is more than a rule."""
    return [line.split() for line in text.splitlines() if line.strip("- ")]


@pytest.mark.parametrize(("command", "lines"), promised())
def test_the_page_shows_what_the_command_prints(reader: Reader, command: str, lines: list[str]):
    assert words(reader.said[command]) == words("\n".join(lines))


def test_the_three_students_end_with_the_grades_of_the_page(reader: Reader):
    text = (reader.folder / "grades.csv").read_text(encoding="utf-8-sig")
    rows = {row["student"]: row for row in csv.DictReader(text.splitlines())}

    assert {name: row["points"] for name, row in rows.items()} == {
        "ada": "5",
        "ben": "2",
        "cleo": "0",
    }
    assert {row["max_points"] for row in rows.values()} == {"6"}
    assert rows["ben"]["points_that_wait_for_a_teacher"] == "1"


def test_ben_reads_on_his_page_what_the_guide_says(reader: Reader):
    html = (reader.folder / "classroom/feedback/ben/temperatures/temperatures.html").read_text()

    assert "*Water freezes at 32 degrees Fahrenheit. What is that in Celsius?*" in TEXT
    assert "Water freezes at 32 degrees Fahrenheit. What is that in Celsius?" in html


def test_the_report_is_where_the_guide_says(reader: Reader):
    assert "`classroom/reports/temperatures/report.html`" in TEXT
    assert (reader.folder / "classroom/reports/temperatures/report.html").is_file()


def test_the_students_notebook_has_no_solution_and_no_hidden_test(reader: Reader):
    text = (reader.folder / "notebooks/temperatures/temperatures.ipynb").read_text()

    assert "5 / 9" not in text
    assert "-40" not in text
    assert "to_celsius(212)" in text


def test_the_types_of_cells_are_called_as_in_jupyterlab():
    panel = Path(sys.prefix) / "share/jupyter/labextensions/@jupyter/nbgrader/static"
    code = "".join(file.read_text(encoding="utf-8") for file in panel.glob("*.js"))

    assert [kind for kind in KINDS if kind not in code] == []
    assert "Create Assignment" in code
