"""Nothing that a student hands in runs, loads or poses in a page, whoever opens it."""

import json
import subprocess
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hostile_pages import ELSEWHERE, MARKDOWN, hostile_notebook
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from nbformat.validator import isvalid
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from redteam.covering import COVERING, FORMULAS
from serving import serve_formgrader

from grader.course.course import Course
from grader.sanitize.notebook import safe_notebook

# nbgrader's own gradebook makes SQLAlchemy warn when it adds a submission.
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")

FOLDERS = """
c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "tiny"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
c.CourseDirectory.submitted_directory = "classroom/submitted"
c.CourseDirectory.autograded_directory = "classroom/autograded"
c.CourseDirectory.feedback_directory = "classroom/feedback"
c.CourseDirectory.db_url = "sqlite:///classroom/gradebook.db"
"""
PROTECTED = FOLDERS + "from grader.pages.nbgrader_pages import protect\nprotect(c)\n"


@dataclass
class Visit:
    """What a browser saw of a page."""

    ran: int
    dialogs: list[str]
    requests: list[str]
    links: list[str]
    text: str

    @property
    def elsewhere(self) -> list[str]:
        """Requests that left this machine."""
        here = ("file:", "data:", "http://127.0.0.1:", "about:")
        return [url for url in self.requests if not url.startswith(here)]


@pytest.fixture
def visit(browser: Any) -> Callable[[str], Visit]:
    """Open an address, poke at everything in the page, and tell what happened."""
    return lambda url: _visit(browser, url)


def _visit(browser: Any, url: str) -> Visit:
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script("window.ran = 0; window.pwned = () => { top.ran += 1 }")
    seen: list[str] = []
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))

    def route(handler: Any) -> None:
        seen.append(handler.request.url)
        away = not handler.request.url.startswith(("file:", "data:", "http://127.0.0.1:"))
        handler.abort() if away else handler.continue_()

    context.route("**/*", route)
    page.goto(url, wait_until="load")
    page.wait_for_timeout(300)
    page.evaluate(
        """() => document.querySelectorAll('#notebook *, main *').forEach(element => {
            for (const name of ['mouseover', 'focus', 'toggle', 'error', 'load'])
                element.dispatchEvent(new Event(name));
        })"""
    )
    page.wait_for_timeout(200)
    links = page.evaluate(
        "() => [...document.querySelectorAll('#notebook a[href], main a[href]')].map(a => a.href)"
    )
    found = Visit(page.evaluate("window.ran"), dialogs, seen, links, page.inner_text("body"))
    context.close()
    return found


def mixed_notebook(course: Course) -> dict[str, Any]:
    """Return the lesson's graded cells with those hostile ones that nbconvert reads at all."""
    lesson = json.loads((course.folder("source", ".", "ps1") / "ps1.ipynb").read_text())
    hostile = hostile_notebook()
    cells = [{"id": f"cell-{i}"} | cell for i, cell in enumerate(hostile["cells"])]
    readable = [cell for cell in cells if isvalid(hostile | {"cells": [cell], "metadata": {}})]
    assert len(readable) > 80
    return hostile | {"cells": [*lesson["cells"], *readable]}


@pytest.fixture
def graded(released_course: Course, monkeypatch: pytest.MonkeyPatch) -> Course:
    """The tiny course with submissions of mallory's and trudy's in the gradebook."""
    monkeypatch.chdir(released_course.root)
    with released_course.gradebook() as gradebook:
        for student in ("mallory", "trudy"):
            gradebook.update_or_create_student(student)
            gradebook.update_or_create_submission("ps1", student)
    return released_course


def put(course: Course, notebook: Any, config: str, student: str = "mallory") -> Course:
    """Put an autograded notebook and a configuration into the course."""
    folder = course.folder("autograded", student, "ps1")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ps1.ipynb").write_text(json.dumps(notebook))
    (course.root / "nbgrader_config.py").write_text(config)
    return Course(course.root)


def generated(course: Course) -> Path:
    """Do what ``nbgrader generate_feedback`` does and return mallory's page."""
    config = deepcopy(course.config)
    config.CourseDirectory.assignment_id = "ps1"
    GenerateFeedback(coursedir=CourseDirectory(config=config), config=config).start()
    return course.folder("feedback", "mallory", "ps1") / "ps1.html"


def assert_nothing_happened(seen: Visit, allowed: tuple[str, ...] = ()) -> None:
    """The page ran nothing, asked nobody else for anything, and links only where links may go."""
    assert seen.ran == 0
    assert seen.dialogs == []
    assert [url for url in seen.elsewhere if not url.startswith(allowed or ("-",))] == []
    assert not [url for url in seen.links if not url.startswith(("http", "mailto:", "file:"))]


def test_these_dangers_are_real_in_an_unprotected_page(
    visit: Callable[[str], Visit], tmp_path: Path
) -> None:
    """Without this, the other tests would prove nothing."""
    names = ("script", "handler of an image", "iframe with its own page", "image from elsewhere")
    html = "".join(markdown2html_mistune(MARKDOWN[name]) for name in names)
    (tmp_path / "raw.html").write_text(f"<main>{html}</main>")

    seen = visit((tmp_path / "raw.html").as_uri())

    assert seen.ran >= 3
    assert seen.elsewhere == [f"{ELSEWHERE}/a.png"]


def test_our_feedback_page_runs_nothing(visit: Callable[[str], Visit], graded: Course) -> None:
    course = put(graded, mixed_notebook(graded), PROTECTED)

    seen = visit(generated(course).as_uri())

    assert_nothing_happened(seen)
    assert "Feedback for mallory" in seen.text


def test_nbgraders_own_feedback_page_runs_nothing_of_a_safe_notebook(
    visit: Callable[[str], Visit], graded: Course
) -> None:
    """Its template itself fetches MathJax; nothing else is asked for."""
    course = put(graded, safe_notebook(mixed_notebook(graded)), FOLDERS)

    seen = visit(generated(course).as_uri())

    assert_nothing_happened(seen, allowed=("https://cdnjs.cloudflare.com/ajax/libs/mathjax/",))


@pytest.mark.filterwarnings("ignore:No lexer found")
def test_nbgraders_template_with_our_settings_runs_nothing_and_fetches_nothing(
    visit: Callable[[str], Visit], graded: Course
) -> None:
    template = "c.GenerateFeedback.exporter_class = 'nbconvert.HTMLExporter'\n"
    course = put(graded, mixed_notebook(graded), PROTECTED + template)

    seen = visit(generated(course).as_uri())

    assert_nothing_happened(seen)
    assert "Squares" in seen.text


@pytest.fixture
def formgrader(graded: Course) -> Iterator[Callable[[Course], dict[str, str]]]:
    """Serve a course's formgrader and return the address of each student's submission."""
    started: list[subprocess.Popen[bytes]] = []

    def serve(course: Course) -> dict[str, str]:
        process, base = serve_formgrader(course)
        started.append(process)
        with course.gradebook() as gradebook:
            return {
                student: f"{base}/submissions/"
                f"{gradebook.find_submission_notebook('ps1', 'ps1', student).id}/"
                for student in ("mallory", "trudy")
            }

    yield serve
    for process in started:
        process.terminate()
        process.wait(20)


def test_the_formgrader_runs_nothing_and_a_teacher_can_still_grade(
    visit: Callable[[str], Visit],
    graded: Course,
    formgrader: Callable[[Course], dict[str, str]],
    browser: Any,
) -> None:
    """Our settings protect also notebooks that another program graded, such as mallory's."""
    put(graded, safe_notebook(mixed_notebook(graded)), PROTECTED, student="trudy")
    course = put(graded, mixed_notebook(graded), PROTECTED)
    addresses = formgrader(course)

    for student in ("mallory", "trudy"):
        seen = visit(addresses[student])
        assert_nothing_happened(seen)
        assert "test_square" in seen.text

    page = browser.new_page()
    page.goto(addresses["mallory"], wait_until="networkidle")
    page.click(".glyphicon-eye-open")
    page.fill("#explain_square", "2.5")
    with page.expect_response(lambda response: response.request.method == "PUT"):
        page.keyboard.press("Escape")

    assert page.inner_text("a.name-shown").strip() == "mallory"
    with course.gradebook() as gradebook:
        assert gradebook.find_grade("explain_square", "ps1", "ps1", "mallory").manual_score == 2.5

    # What should slip through all the same is stopped by the page's policy.
    page.evaluate("() => { window.pwned = () => { window.ran = true } }")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=pwned()>')")
    page.wait_for_timeout(300)
    assert page.evaluate("window.ran") is None
    page.close()


def test_the_formgrader_without_our_settings_runs_nothing_of_a_safe_notebook(
    visit: Callable[[str], Visit],
    graded: Course,
    formgrader: Callable[[Course], dict[str, str]],
) -> None:
    course = put(graded, safe_notebook(mixed_notebook(graded)), FOLDERS)

    seen = visit(formgrader(course)["mallory"])

    assert_nothing_happened(seen, allowed=("https://cdnjs.cloudflare.com/ajax/libs/mathjax/",))


def covering_notebook(course: Course) -> dict[str, Any]:
    """Return the lesson's cells, between them and in their outputs what would cover the page."""
    lesson: dict[str, Any] = json.loads(
        (course.folder("source", ".", "ps1") / "ps1.ipynb").read_text()
    )
    cells = []
    pages = [*COVERING.values(), f"$${FORMULAS}$$"]
    for place, cell in enumerate(lesson["cells"]):
        html = pages[place % len(pages)]
        output = {"output_type": "display_data", "metadata": {}, "data": {"text/html": html}}
        text = {"cell_type": "markdown", "metadata": {}, "source": html, "id": f"covers-{place}"}
        if cell["cell_type"] == "code":
            cell["outputs"] = [output | {"data": {"text/html": each}} for each in pages]
        else:
            cell["source"] = "\n\n".join(["words", *pages])
        cells += [text, cell]
    return lesson | {"cells": cells}


# For each part of the page that is not the notebook's, what lies on its middle when it is scrolled
# into view: itself or a part of it.
COVERED = """selector => [...document.querySelectorAll(selector)].filter(element => {
    element.scrollIntoView({block: "center", behavior: "instant"});
    const box = element.getBoundingClientRect();
    const found = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return box.width && box.height && !(found && element.contains(found));
}).map(element => element.outerHTML.slice(0, 200))"""


def test_nothing_in_a_notebook_covers_the_formgraders_fields(
    graded: Course, formgrader: Callable[[Course], dict[str, str]], browser: Any
) -> None:
    course = put(graded, covering_notebook(graded), PROTECTED)
    page = browser.new_page(viewport={"width": 1200, "height": 800})
    page.goto(formgrader(course)["mallory"], wait_until="networkidle")
    fields = "input.score, input.extra-credit, .scoring-buttons button, textarea.comment, .navbar a"

    covered = page.evaluate(COVERED, fields)
    boxes = page.evaluate(
        "() => [...document.querySelectorAll('#notebook .rendered_html, #notebook .output')]"
        ".map(box => [box.getBoundingClientRect().height, getComputedStyle(box).contain])"
    )
    page.close()

    assert covered == []
    assert len(boxes) > 10
    assert all(height < 1000 and contain == "paint" for height, contain in boxes)


def test_nothing_in_a_notebook_covers_the_feedback_page(graded: Course, browser: Any) -> None:
    course = put(graded, covering_notebook(graded), PROTECTED)
    page = browser.new_page(viewport={"width": 1200, "height": 800})
    page.goto(generated(course).as_uri())

    covered = page.evaluate(COVERED, "h1, h2, .score strong, table.exercises code, header code")
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.close()

    assert covered == []
    assert wide <= 1200
