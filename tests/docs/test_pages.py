"""What the guide says is so: settings, mistakes, commands, minutes, where tests run."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from tiny_course import CONFIG, write_notebook

from docs.generated import default, filled
from docs.mistake_table import own_exercises, put_pictures
from docs.own_lesson import blocks, notebook_of
from grader.cli import COMMANDS, parser
from grader.course.settings import Grader
from linbias.check.exercise import Mistake
from linbias.check.questions import QUESTIONS

ROOT = Path(__file__).parents[2]
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md")}
SETTINGS = Grader.class_own_traits(config=True)


@pytest.mark.parametrize("name", SETTINGS)
def test_each_setting_is_on_the_page_with_its_default(name: str):
    page = filled(PAGES["settings"])

    assert f"## `{name}`\n\nDefault: `{getattr(Grader(), name)!r}` (" in page
    assert default(SETTINGS[name]) == repr(getattr(Grader(), name))


@pytest.mark.parametrize("name", SETTINGS)
def test_each_setting_says_when_to_change_it(name: str):
    assert re.search(r"\b(when|for an?|change it each|Without it)\b", SETTINGS[name].help)


def mistakes() -> list[tuple[str, Mistake]]:
    return [
        (name, mistake)
        for name, exercise in own_exercises().items()
        for mistake in exercise.mistakes
    ]


@pytest.fixture(scope="module")
def sections() -> dict[str, str]:
    """The page of mistakes, by exercise or question."""
    page = filled(PAGES["mistakes"])
    assert "{it." not in page
    return dict(re.findall(r"^### `(\w+)`\n(.*?)(?=^#|\Z)", page, re.MULTILINE | re.DOTALL))


def entry(section: str, mistake: Mistake) -> str:
    """What the page says of a mistake: all up to the next one."""
    (text,) = re.findall(rf"^`{mistake.slug}`\n: (.*?)(?=^`|\Z)", section, re.MULTILINE | re.DOTALL)
    return str(text)


def test_each_known_mistake_is_on_the_page(sections: dict[str, str]):
    missing = [
        (name, one.slug) for name, one in mistakes() if f"\n`{one.slug}`\n: " not in sections[name]
    ]

    assert len(mistakes()) >= 110
    assert missing == []
    assert set(QUESTIONS) <= set(sections)


def test_each_mistake_is_shown_with_a_wrong_answer(sections: dict[str, str]):
    without = [
        (name, one.slug)
        for name, one in mistakes()
        if not re.search(r"^  \*Wrong answer:\* .+ gives .+\.$", entry(sections[name], one), re.M)
    ]

    assert without == []


def test_each_mistake_that_has_a_picture_is_shown_with_it(sections: dict[str, str], tmp_path: Path):
    put_pictures(tmp_path)
    images = {path.name for path in tmp_path.iterdir()}
    pictures = re.findall(r"^  <details>.*</details>$", "\n".join(sections.values()), re.MULTILINE)
    named = re.findall(r'loading="lazy" src="_static/mistakes/(\w+\.svg)"', "".join(pictures))

    assert set(named) == images
    assert len(pictures) >= 0.8 * len(mistakes())
    assert [one for one in pictures if not re.search(r'<img alt="[^"]{9,}', one)] == []
    assert all(path.read_text().startswith("<svg ") for path in tmp_path.iterdir())


def test_the_overview_links_to_each_exercise():
    page = filled(PAGES["mistakes"])
    linked = re.findall(r"^\| \[`(\w+)`\]\(#[a-z0-9-]+\) \| (\d+) \|$", page, re.MULTILINE)

    assert [(name, int(count)) for name, count in linked] == [
        (name, len(exercise.mistakes)) for name, exercise in own_exercises().items()
    ]


def test_the_summary_and_the_words_are_those_of_the_last_lesson():
    page = filled(PAGES["summary"])

    assert "## The course on one page\n\n| question | answer | lesson |" in page
    assert "## Words\n\n| word | " in page


def commands() -> list[str]:
    """What the pages tell to type, or name in the text."""
    text = "\n".join(PAGES.values())
    found = re.findall(r"(?:^\$ |`)(grader [a-z][^`#\n]*[^`#\s])", text, re.MULTILINE)
    return sorted(set(found))


@pytest.mark.parametrize("command", commands())
def test_the_grader_understands_what_the_guide_tells_to_type(command: str):
    words = [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', command)][1:]

    # A command named in the text may stand without what it is given.
    assert words in [[name] for name in COMMANDS] or parser().parse_args(words)


def test_the_guide_tells_of_every_command():
    told = {command.split()[1] for command in commands()}

    assert set(COMMANDS) - told == set()


def test_make_knows_what_the_guide_tells_to_make():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"(?:^\$ |`)make (\w+)", "\n".join(PAGES.values()), re.MULTILINE)

    assert targets
    assert [one for one in targets if not re.search(rf"^{one}:", makefile, re.MULTILINE)] == []


def test_the_plan_has_the_lessons_and_the_minutes_of_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    row = r"^\| \[?(\d\d [^|\]]+?)(?:\]\([^)]*\))? \| ([^|]+) \| (\d+) \|$"

    assert re.findall(row, PAGES["plan"], re.MULTILINE) == re.findall(row, readme, re.MULTILINE)


@pytest.mark.parametrize("page", ["README.md", "docs/plan.md"])
def test_a_page_states_the_minutes_that_lesson_00_states(page: str):
    lesson = nbformat.read(ROOT / "solutions/00_start_here/00_start_here.ipynb", as_version=4)
    told = next(cell.source for cell in lesson.cells if cell.id == "map").split("\n\n")[-1]
    text = " ".join((ROOT / page).read_text(encoding="utf-8").split())

    assert re.findall(r"\d+ minutes", told)
    assert all(sentence in text for sentence in re.split(r"(?<=\.) ", told))


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course whose lesson the page about tests is made of, released and graded for ada."""
    root = tmp_path_factory.mktemp("examples")
    (root / "nbgrader_config.py").write_text(CONFIG)
    write_notebook(notebook_of(PAGES["tests"]), root / "solutions/examples/examples.ipynb")
    run("release", root)
    write_notebook(answered(root), root / "classroom/submitted/ada/examples/examples.ipynb")
    run("autograde", root)
    return root


def run(command: str, root: Path) -> None:
    arguments = ["-m", "grader", command, "examples", "--course", str(root)]
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def answered(root: Path) -> Any:
    """The released lesson with the answers that the page says a student gives."""
    notebook = nbformat.read(root / "notebooks/examples/examples.ipynb", as_version=4)
    answers = {block.caption: block.text for block in blocks(PAGES["tests"])}
    for cell in notebook.cells:
        cell.source = answers.get(f"A student's answer to {cell.id}", cell.source)
    return notebook


def test_the_examples_run_where_the_page_about_tests_says(examples: Path):
    proof = json.loads((examples / "classroom/proofs/examples.json").read_text())
    sections = re.split(r"^## ", PAGES["tests"], flags=re.MULTILINE)
    (inside,) = [section for section in sections if section.startswith("Inside")]
    said = re.findall(r"Autograded tests, ID (\w+)", inside)
    (notebook,) = proof["notebooks"]

    assert said
    assert list(notebook["inside"]) == said
    assert notebook["findings"] == []


def test_students_read_what_the_page_about_tests_says(examples: Path):
    outcome = json.loads((examples / "classroom/outcomes/examples/ada.json").read_text())
    (notebook,) = outcome["notebooks"]
    results = {result["cell"]: result for result in notebook["results"]}
    carried, hidden = results["test_mean"], results["test_largest"]

    assert (carried["points"], hidden["points"]) == (None, 0)
    assert f"*{carried['message'].partition(' It may')[0]}*" in PAGES["tests"]
    assert f"read *{hidden['message']}*" in PAGES["tests"]


def test_the_example_of_a_penalty_takes_ten_percent_for_each_day():
    (example,) = [block for block in blocks(PAGES["term"]) if block.file == "late.py"]
    space: dict[str, object] = {}
    exec(example.text, space)
    penalty = space["TenPercentADay"]().late_submission_penalty  # type: ignore[operator]
    day = 24 * 60 * 60

    assert penalty("ada", 10, 1) == pytest.approx(1)
    assert penalty("ada", 10, 1.5 * day) == pytest.approx(2)
    assert penalty("ada", 10, 99 * day) == pytest.approx(10)
