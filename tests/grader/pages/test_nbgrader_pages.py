"""Nothing that a student hands in runs, loads or poses in a page, whoever opens it."""

import base64
import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hostile_pages import ELSEWHERE, MARKDOWN, OUTPUTS, PNG, hostile_notebook
from hypothesis import given
from hypothesis import strategies as st
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from nbformat.validator import isvalid
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from serving import serve_formgrader

from grader.course.course import Course
from grader.sanitize.html import TOO_TANGLED, clean, words
from grader.sanitize.images import safe_bitmap, safe_svg
from grader.sanitize.markdown import safe_source
from grader.sanitize.markdown_html import markdown_html
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


class Dangers(HTMLParser):
    """Finds what would run, load or pose, by the strictest reading."""

    ELEMENTS = words(
        "script style iframe object embed form input button textarea select meta base link svg "
        "video audio template noscript"
    )

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.ELEMENTS:
            self.found.append(tag)
        for name, value in attrs:
            text = (value or "").strip().lower()
            loads = name in ("src", "srcset", "background", "poster", "data", "action")
            poses = name in ("id", "name") or (name == "style" and "position" in text)
            link = name == "href" and not text.startswith(("http://", "https://", "mailto:", "#"))
            link = link and not re.fullmatch(r"(\.\./)?[\w/]+\.ipynb", text)
            if name.startswith("on") or poses or link:
                self.found.append(f"{tag} {name}={value}")
            if loads and not text.startswith("data:image/"):
                self.found.append(f"{tag} {name}={value}")


def dangers(html: str) -> list[str]:
    """Return what is dangerous in a piece of HTML; ids of headings are nbconvert's own."""
    return [one for one in Dangers(html).found if not one.startswith(("h1 id", "a href=#"))]


@pytest.mark.parametrize("source", MARKDOWN.values(), ids=MARKDOWN)
def test_nbconvert_renders_nothing_dangerous_of_a_safe_source(source: str) -> None:
    assert dangers(markdown2html_mistune(safe_source(source))) == []


@pytest.mark.parametrize("source", MARKDOWN.values(), ids=MARKDOWN)
def test_markdown_as_our_pages_show_it_is_harmless(source: str) -> None:
    assert dangers(markdown_html(source)) == []


@pytest.mark.parametrize("data", OUTPUTS.values(), ids=OUTPUTS)
def test_every_output_is_harmless_and_leaves_something_to_read(data: dict[str, Any]) -> None:
    output = {"output_type": "display_data", "data": data, "metadata": {}}
    cell = {"cell_type": "code", "source": "", "outputs": [output]}

    [safe] = safe_notebook({"cells": [cell]}).cells[0].outputs

    shown = markdown2html_mistune(safe.data.get("text/markdown", ""))
    assert dangers(safe.data.get("text/html", "") + shown) == []
    assert safe.data
    assert set(safe.data) <= {"text/plain", "text/html", "text/markdown", "text/latex", "image/png"}


HARMLESS = [
    "# Title\n\nWords with *stress*, **weight** and `code`.",
    "A list:\n\n- one\n- two\n\n1. first",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "H<sub>2</sub>O and x<sup>2</sup><br>next line",
    "<details><summary>Hint</summary>\n\nThink of row 0.\n\n</details>",
    '<div class="alert alert-info">Mind the sign.</div>',
    "`<script>alert(1)</script>` is a tag",
    "```html\n<script>alert(1)</script>\n```",
    "    <b onclick=x>indented code</b>",
    "$a < b$ and $$B_{ij} = -\\beta (i-j)$$",
    "1 < 2, a<b, x & y, &lt;b&gt;",
    "[the paper](https://example.org/a_(b)) and <https://example.org>",
    "<!-- a note to myself -->",
    "Go on with [02](../02_causal_triangle/02_causal_triangle.ipynb).",
    "![drawn](data:image/png;base64," + PNG + ")",
]


@pytest.mark.parametrize("source", HARMLESS)
def test_a_harmless_text_stays_as_it_was_typed(source: str) -> None:
    assert safe_source(source) == source


def test_code_that_shows_a_script_is_still_readable_as_code() -> None:
    source = "`<script>a()</script>`\n\n<script>b()</script>\n\n```\n<script>c()</script>\n```"

    shown = markdown_html(source)

    assert "<code>&lt;script&gt;a()&lt;/script&gt;</code>" in shown
    assert "&lt;script&gt;c()&lt;/script&gt;\n</code>" in shown


def test_a_note_says_so_when_a_text_has_to_be_shown_as_typed() -> None:
    shown = markdown_html("</div></div>**x**")

    assert "Shown as it was typed" in shown
    assert "&lt;/div&gt;&lt;/div&gt;**x**" in shown


def test_no_text_takes_the_renderer_long() -> None:
    """Without bounds these take nbconvert's renderer minutes."""
    begin = time.process_time()
    for sign in ("\\begin{a}", "\\\\[", "\\\\(", " ", "[", "![a](", "<a ", "`a``", "|a", "> "):
        markdown2html_mistune(safe_source("x" + sign * (100_000 // len(sign)) + "x"))

    assert time.process_time() - begin < 6


def test_no_html_takes_the_cleaner_long() -> None:
    """Each would become tens of megabytes: what is left open is opened again and again."""
    many = range(3000)
    begin = time.process_time()
    for html in (
        "<p>" + "".join(f"<b title={i}>" for i in many) + "</p>" + "<p>x</p>" * 3000,
        "".join(f"<b title={i}><p>" for i in many) + "</b>" * 3000,
        "<div>" * 100_000,
        "<p>" + "<b>" * 50 + "</p>" + "<p>x</p>" * 3000 + "</b>" * 50,
    ):
        assert clean(html) == TOO_TANGLED

    assert time.process_time() - begin < 2


def test_a_table_as_pandas_writes_it_is_shown_whole() -> None:
    row = '<tr style="text-align: right;"><th>1</th><td>0.5</td><td><b>0.25</b></td></tr>'
    table = f'<div><table border="1" class="dataframe"><tbody>{row * 1000}</tbody></table></div>'

    assert clean(table).count("<td>") == 2000


def test_many_outputs_cost_no_more_than_a_few() -> None:
    page = "<p>" + "<i>x</i>" * 250
    outputs = [{"output_type": "display_data", "data": {"text/html": page}}] * 200
    cell = {"cell_type": "code", "source": "", "outputs": outputs}

    safe = safe_notebook({"cells": [cell] * 10})

    shown = [output for cell in safe.cells for output in cell.outputs]
    assert sum("text/html" in output.data for output in shown) < 150
    assert shown[-1].data["text/plain"].startswith("[not shown")


def test_a_notebooks_text_is_bounded_as_a_whole() -> None:
    for kind in ("markdown", "code"):
        cell = {"cell_type": kind, "source": "word " * 3000}

        safe = safe_notebook({"cells": [cell] * 100})

        assert safe.cells[0].source == cell["source"]
        assert "too long to be shown" in safe.cells[-1].source


def test_made_safe_twice_is_made_safe_once() -> None:
    once = safe_notebook(hostile_notebook())

    assert safe_notebook(once) == once


FRAGMENTS = st.sampled_from(
    [
        *MARKDOWN.values(),
        "<",
        ">",
        '"',
        "`",
        "```",
        "\n",
        "\n\n",
        "$",
        "[",
        "](",
        ")",
        "<!--",
        "-->",
    ]
)


@given(st.lists(FRAGMENTS | st.text(max_size=8), max_size=6))
def test_dangers_stay_harmless_however_they_are_put_together(pieces: list[str]) -> None:
    source = safe_source("".join(pieces))

    assert dangers(markdown2html_mistune(source)) == []
    assert safe_source(source) == source


@given(st.recursive(st.none() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner)))
def test_a_notebook_of_any_types_is_made_safe_without_an_error(value: Any) -> None:
    names = ("source", "outputs", "metadata", "attachments", "id", "execution_count")
    cells = [
        {"cell_type": kind, name: value} for kind in ("code", "markdown", "raw") for name in names
    ]
    cells.append({"cell_type": "code", "outputs": [{"output_type": "display_data", "data": value}]})
    cells.append({"cell_type": "code", "outputs": [{"output_type": "stream", "text": value}]})

    assert len(safe_notebook({"cells": cells, "metadata": value}).cells) == len(cells)


def test_what_nbgrader_needs_stays() -> None:
    nbgrader = {
        "grade_id": "test_square",
        "grade": True,
        "solution": False,
        "locked": True,
        "task": False,
        "points": 2.5,
        "schema_version": 3,
        "cell_type": "code",
        "checksum": "0123456789abcdef",
    }
    cell = {"cell_type": "code", "source": "x", "metadata": {"nbgrader": nbgrader}, "outputs": []}

    assert safe_notebook({"cells": [cell]}).cells[0].metadata.nbgrader == nbgrader


def test_a_figure_stays_with_its_words() -> None:
    metadata = {"image/png": {"alt": "Bars that fall", "width": 300}}
    output = {"output_type": "display_data", "data": {"image/png": PNG}, "metadata": metadata}
    cell = {"cell_type": "code", "source": "", "outputs": [output]}

    [shown] = safe_notebook({"cells": [cell]}).cells[0].outputs

    assert shown.data["image/png"] == PNG
    assert shown.metadata == metadata


def test_a_picture_in_html_stays_and_one_from_elsewhere_goes() -> None:
    inline = f'<img alt="yours" src="data:image/png;base64,{PNG}">'

    assert clean(inline) == inline
    assert clean(f'<img alt="theirs" src="{ELSEWHERE}/a.png">') == (
        "<em>[image not shown: theirs]</em>"
    )


def test_cells_of_one_name_get_names_of_their_own() -> None:
    cell = {"cell_type": "raw", "id": "same", "source": "<b>raw</b>"}

    safe = safe_notebook({"cells": [cell] * 3}).cells

    assert len({cell.id for cell in safe}) == 3
    assert "<" not in safe[0].source


def test_a_neighbouring_notebooks_name_stays_though_a_page_cannot_lead_there() -> None:
    shown = markdown_html("Go on with [lesson 02](../02/02.ipynb).")

    assert shown == "<p>Go on with lesson 02.</p>\n"


def test_long_output_is_cut_in_the_middle() -> None:
    output = {"output_type": "stream", "name": "stdout", "text": "begin" + "x" * 10**6 + "end"}
    cell = {"cell_type": "code", "source": "", "outputs": [output]}

    text = safe_notebook({"cells": [cell]}).cells[0].outputs[0].text

    assert text.startswith("begin")
    assert text.endswith("end")
    assert "characters left out" in text
    assert len(text) < 60_000


def test_an_image_that_would_fill_the_memory_is_refused() -> None:
    raw = bytearray(base64.b64decode(PNG))
    raw[16:24] = (60_000).to_bytes(4, "big") * 2

    assert safe_bitmap("image/png", base64.b64encode(raw).decode()) is None


def test_an_svg_that_unfolds_without_end_is_refused() -> None:
    groups = "".join(
        f'<g id="g{i}">' + f'<use href="#g{i - 1}"/>' * 10 + "</g>" for i in range(1, 9)
    )
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><g id="g0"><path d="M0 0"/></g>{groups}</svg>'

    assert safe_svg(svg) is None


def test_an_svg_of_matplotlib_is_kept() -> None:
    svg = (
        '<?xml version="1.0" encoding="utf-8" standalone="no"?>\n'
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD">\n'
        '<svg xmlns:xlink="http://www.w3.org/1999/xlink" xmlns="http://www.w3.org/2000/svg">'
        '<defs><style type="text/css">*{stroke-linejoin: round}</style>'
        '<path id="m" d="M0 0"/></defs>'
        '<g id="tick"><use xlink:href="#m" x="1"/></g></svg>'
    )

    assert safe_svg(svg)


# ---- in a real browser ---------------------------------------------------------------------


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
