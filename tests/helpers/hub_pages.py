"""What a student and an instructor do in a browser on a hub."""

import re
from pathlib import Path
from typing import Any

from real_hub import Account

IDLE = ".jp-NotebookPanel-toolbar .jp-Notebook-ExecutionIndicator[data-status='idle']"
SECONDS = 60


class Visit:
    """One account in a browser of its own; every page it opens is watched.

    Attributes
    ----------
    hosts : set of str
        Whom the browser asked for anything.
    """

    def __init__(self, browser: Any, base: str, account: Account, shots: Path) -> None:
        self.base, self.account, self.shots = base, account, shots
        self.context = browser.new_context(viewport={"width": 1300, "height": 1000})
        self.context.set_default_timeout(SECONDS * 1000)
        self.hosts: set[str] = set()
        self.context.on("request", lambda asked: self.hosts.add(asked.url.split("/")[2]))
        self.page = self.context.new_page()

    def log_in(self, then: str = "") -> None:
        """Log in, and go on to an address of the hub's; by default to one's own server."""
        self.page.goto(f"{self.base}/hub/login" + (f"?next={then}" if then else ""))
        self.page.fill("#username_input", self.account.name)
        self.page.fill("#password_input", self.account.password)
        self.page.click("#login_submit")

    def shot(self, name: str) -> None:
        """Keep a picture of the page."""
        self.page.screenshot(path=self.shots / f"{self.account.name.split('-')[0]}-{name}.png")


class Student(Visit):
    """A student in JupyterLab."""

    def open_lab(self) -> None:
        """Log in, and wait for JupyterLab."""
        self.log_in()
        self.page.wait_for_selector("#jp-main-dock-panel")
        self.page.wait_for_selector("#jupyterlab-splash", state="detached")

    def menu(self, name: str) -> Any:
        """Open a menu, and return its entries."""
        entries = self.page.locator(".lm-Menu-itemLabel")
        for _ in range(10):  # a click closes a menu that is still open, and is lost on a busy page
            self.page.click(f".lm-MenuBar-itemLabel >> text={name}")
            self.page.wait_for_timeout(500)
            if entries.first.is_visible():
                break
        return entries

    def assignments(self) -> None:
        """Open the list of assignments."""
        self.menu("Nbgrader").locator("text=Assignment List").click()
        self.page.wait_for_selector("#released_assignments_list .list_item")

    def fetch(self, lesson: str) -> None:
        """Fetch a lesson."""
        self.page.click("#released_assignments_list button:has-text('Fetch')")
        self.page.wait_for_selector(f"#fetched_assignments_list >> text={lesson}")

    def open_notebook(self, lesson: str) -> None:
        """Open the notebook of a fetched lesson, and wait for its kernel."""
        self.page.click("#fetched_assignments_list a.assignment-notebooks-link")
        self.page.click(f"#fetched_assignments_list a:has-text('{lesson}') >> nth=-1")
        self.page.wait_for_selector(".jp-NotebookPanel .jp-CodeCell", state="visible")
        self.page.wait_for_selector(IDLE)
        self.page.wait_for_selector(".jp-NotebookPanel mjx-container")

    def cell(self, text: str) -> Any:
        """Scroll to the first code cell with this text, and return it."""
        found = self.page.locator(".jp-NotebookPanel .jp-CodeCell", has_text=text).first
        found.scroll_into_view_if_needed()
        return found

    def checked(self, text: str) -> Any:
        """Return the cell with this text, when what it put out can be read."""
        cell = self.cell(text)
        cell.locator(".jp-OutputArea-output").last.scroll_into_view_if_needed()
        cell.locator(".jp-OutputArea-output", has_text=re.compile(r"\w")).last.wait_for()
        return cell

    def write(self, cell: Any, source: str) -> None:
        """Replace what stands in a cell."""
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(source)

    def run_all(self) -> None:
        """Run all cells, down to the first that fails."""
        self.menu("Run").locator("text='Run All Cells'").click()
        self.page.wait_for_selector(".widget-hslider")
        self.wait_until_idle()

    def wait_until_idle(self) -> None:
        """Wait until the kernel has done what it was asked to."""
        self.page.wait_for_timeout(500)
        self.page.wait_for_selector(IDLE)

    def drag(self, slider: Any, by: int) -> None:
        """Drag a slider's handle to the right, as many pixels, with the mouse."""
        handle = slider.locator(".noUi-handle")
        handle.scroll_into_view_if_needed()
        box = handle.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + by, y, steps=5)
        self.page.mouse.up()

    def validate(self) -> str:
        """Save and validate; return what is said."""
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("Control+s")
        self.page.wait_for_timeout(1000)
        self.page.locator(".jp-NotebookPanel-toolbar >> text=Validate").first.click()
        dialog = self.page.locator(".jp-Dialog")
        told = str(dialog.inner_text())
        self.shot("validated")
        dialog.locator("button").last.click()
        return told

    def submit(self, lesson: str) -> None:
        """Submit a lesson."""
        self.page.locator(".lm-TabBar-tabLabel:has-text('Assignments')").first.click()
        self.page.locator("#fetched_assignments_list button:has-text('Submit')").first.click()
        self.page.wait_for_selector(f"#submitted_assignments_list >> text={lesson}")

    def fetch_feedback(self) -> None:
        """Fetch the feedback to what was submitted."""
        self.page.locator("button:has-text('Fetch Feedback')").first.click()
        self.page.wait_for_selector("#submitted_assignments_list a:has-text('view feedback')")


class Instructor(Visit):
    """An instructor in the formgrader, which is a page of its own."""

    def open_formgrader(self) -> None:
        """Log in, and open the course's formgrader by the hub's own link."""
        self.log_in("/hub/home")
        self.page.click("text=Services")
        self.page.click("a[href*='/services/']")
        self.page.wait_for_selector("td.collect a")

    def press(self, column: str, row: int = 0) -> str:
        """Press the button of a table's column, and return what is said when it is done."""
        self.page.locator(f"td.{column} a").nth(row).click()
        modal = self.page.locator(".modal.in")
        modal.wait_for(timeout=SECONDS * 1000)
        told = str(modal.inner_text())
        modal.locator("button").last.click()
        self.page.wait_for_timeout(700)
        return told

    def grade_by_hand(self, points: str, comment: str) -> None:
        """Give points and a comment to the last answer of a page; both are saved on leaving."""
        self.page.wait_for_load_state("networkidle")  # the page's script reads what there is first
        for field, written, saved in (
            ("input.score", points, "/api/grade/"),
            ("textarea.comment", comment, "/api/comment/"),
        ):
            self.page.locator(field).last.fill(written)
            if field == "textarea.comment":
                self.shot("by-hand")
            with self.page.expect_response(lambda answer, saved=saved: _put(answer, saved)):
                self.page.keyboard.press("Tab")


def _put(answer: Any, address: str) -> bool:
    return address in answer.url and answer.request.method == "PUT"
