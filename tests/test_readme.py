"""What the README and CONTRIBUTING say is so: commands, links, lessons, numbers."""

import re
from pathlib import Path

import nbformat
import pytest

from grader.cli import COMMANDS, parser
from grader.demo.students import CLASS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = {"README.md": README, "CONTRIBUTING.md": (ROOT / "CONTRIBUTING.md").read_text()}
MAKEFILE = (ROOT / "Makefile").read_text()


def commands(name: str) -> list[str]:
    """What the pages tell to type, in code blocks and in the text."""
    text = "\n".join(PAGES.values())
    return sorted(set(re.findall(rf"(?:^|`)({name} [^`#\n]*[^`#\s])", text, re.MULTILINE)))


@pytest.mark.parametrize("command", commands("make"))
def test_make_knows_what_the_pages_tell_to_make(command):
    targets = [word for word in command.split()[1:] if "=" not in word]

    assert targets
    assert all(re.search(rf"^{target}:", MAKEFILE, re.MULTILINE) for target in targets)


@pytest.mark.parametrize("command", commands("grader"))
def test_the_grader_understands_what_the_pages_tell_to_type(command):
    assert parser().parse_args(command.split()[1:])


def test_the_pages_tell_of_every_step():
    assert {command.split()[1] for command in commands("grader")} >= set(COMMANDS) - {
        "demo",  # told as `make demo`
        "rename",
    }


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page):
    links = re.findall(r"\]\(([^):]+)\)", PAGES[page])
    files = re.findall(r"`([\w.]+/|[\w]+\.(?:md|py|txt|yml|toml))`", PAGES[page])
    made = {"classroom/"}

    assert [name for name in {*links, *files} - made if not (ROOT / name).exists()] == []


def test_the_table_of_lessons_is_that_of_the_lessons():
    given = re.findall(r"^\| (\d\d [^|]+) \|[^|]+\| (\d+) \|$", README, re.MULTILINE)
    firsts = [
        nbformat.read(path, as_version=4).cells[0].source
        for path in sorted(ROOT.glob("solutions/*/*.ipynb"))
    ]
    titles = [re.search(r"# (.*)", text)[1].replace(" · ", " ") for text in firsts]
    minutes = [re.search(r"About (\d+) minutes", text)[1] for text in firsts]

    assert given == list(zip(titles, minutes, strict=True))


def test_the_sample_class_is_as_large_as_promised():
    assert f"a made-up class of {len(CLASS)} " in README


def test_the_first_screen_says_what_for_whom_and_which_two_commands():
    screen = README.splitlines()[:24]

    assert "ALiBi" in screen[2]
    assert any(line.startswith("make demo") for line in screen)
    assert any(line.startswith("make test") for line in screen)


def test_contributing_begins_with_what_to_edit_and_what_is_generated():
    first = PAGES["CONTRIBUTING.md"].split("\n\n")[1]

    assert first.index("solutions/") < first.index("notebooks/")
