"""A class of cheats and vandals: no points for a trick, no harm to anybody, no secret let out."""

import contextlib
import json
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hostile_pages import dangers
from redteam.bombs import BOMBS
from redteam.classroom import (
    HONEST,
    MEMORY,
    hand_in_all,
    hand_in_honestly,
    hashes,
    keep_a_key,
    listening,
    make_course,
    mark_processes,
    processes_called,
)
from redteam.covering import FORMULA_NAMES, PAGES
from redteam.daemons import DAEMONS
from redteam.files import FILES, ODD_NAMES
from redteam.forged import FORGED
from redteam.hostile import BREACHED, Hostile
from redteam.kernel_calls import KERNEL_CALLS
from redteam.lesson import POINTS
from redteam.notebooks import NOTEBOOKS
from redteam.outputs import OUTPUTS
from redteam.page_views import export, formgrader_page, pages_of
from redteam.session_tricks import SESSION_TRICKS
from redteam.snooping import SNOOPING

from grader.autograde.pool import close_pools
from grader.autograde.run import autograde
from grader.course.course import Course
from grader.outcome import Outcome
from grader.pages.report import report

ROWS = [
    *SESSION_TRICKS,
    *NOTEBOOKS,
    *FILES,
    *FORGED,
    *BOMBS,
    *OUTPUTS,
    *DAEMONS,
    *SNOOPING,
    *KERNEL_CALLS,
    *PAGES,
    *(Hostile(name, 0) for name in (*ODD_NAMES, *FORMULA_NAMES)),
]
each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: ascii(row.name)[1:-1][:40])

Points = dict[str, float | None]


@dataclass(frozen=True)
class Term:
    """What a class with hostile students left behind."""

    course: Course
    marker: str
    alone: dict[str, Points]
    outcomes: dict[str, Outcome]
    untouched: bool
    reached: bool
    left: list[str]
    pages_alone: dict[str, str]

    def points(self, student: str) -> Points:
        """Return a student's points by test."""
        return points_of(self.outcomes[student])

    def shown(self, student: str) -> str:
        """Return all that a student's session and tests could show to anybody."""
        text = self.outcomes[student].to_json()
        for file in self.kept(student):
            if file.suffix == ".ipynb":
                cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
                text += json.dumps([cell.get("outputs") for cell in cells])
            else:
                text += file.read_text(encoding="utf-8")
        return text

    def kept(self, student: str) -> list[Path]:
        """Return the files that were written of a submission; there are none of odd names."""
        files = [*self.course.folder("autograded", student, "ps1").glob("*")]
        outcome = self.course.outcome_file(student, "ps1")
        with contextlib.suppress(OSError):
            files += [outcome] * outcome.exists()
        return files


def points_of(outcome: Outcome) -> Points:
    return {result.cell: result.points for result in outcome.results}


def by_student(outcomes: list[Outcome]) -> dict[str, Outcome]:
    return {outcome.student: outcome for outcome in outcomes}


@pytest.fixture(scope="module")
def term(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Term]:
    """Grade the honest students alone, then everybody together."""
    marker, mark = f"hidden-{secrets.token_hex(8)}", f"m{secrets.token_hex(6)}"
    root = tmp_path_factory.mktemp("red-team") / "course"
    root.parent.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch, listening(root.parent, mark) as listener:
        course = make_course(root, marker)
        patch.chdir(root)
        mark_processes(patch, mark)
        patch.setenv("EXAM", marker)
        keep_a_key(mark)
        hand_in_honestly(course, marker)
        alone = by_student(autograde(course, "ps1", jobs=1))
        pages_alone = pages_of(course)
        close_pools()
        facts = {"root": str(root), "home": str(root.with_name("home")), "comm": mark}
        hand_in_all(course, ROWS, listener.facts | facts | {"part": str(MEMORY * 3 // 5)})
        before = files_of_course(root)
        outcomes = by_student(autograde(course, "ps1", jobs=2, force=True))
        yield Term(
            course,
            marker,
            {student: points_of(outcome) for student, outcome in alone.items()},
            outcomes,
            untouched=files_of_course(root) == before,
            reached=listener.reached(),
            left=processes_called(mark),
            pages_alone=pages_alone,
        )
        close_pools()


def files_of_course(root: Path) -> dict[str, str]:
    written = ("autograded", "outcomes", "gradebook.db")
    return {
        path: found
        for path, found in hashes(root.parent).items()
        if not path.startswith(tuple(str(root / "classroom" / name) for name in written))
    }


def test_everybody_gets_an_outcome(term: Term) -> None:
    assert set(term.outcomes) == {row.name for row in ROWS} | set(HONEST)


@each_row
def test_a_trick_earns_nothing(term: Term, row: Hostile) -> None:
    points = term.points(row.name)

    assert {test for test in POINTS if points[test]} <= {"test_answer"}


@each_row
def test_a_right_answer_beside_a_trick_counts(term: Term, row: Hostile) -> None:
    if row.keeps:
        found = term.outcomes[row.name]
        assert term.points(row.name)["test_answer"] == 1, (found.notes, found.results)


@each_row
def test_no_session_shows_a_secret(term: Term, row: Hostile) -> None:
    shown = term.shown(row.name)

    assert term.marker not in shown
    assert term.marker[7:] not in shown


@each_row
def test_nobody_breaks_out(term: Term, row: Hostile) -> None:
    shown = term.shown(row.name)

    assert BREACHED not in shown, shown[shown.find(BREACHED) :][:300]


@each_row
def test_what_is_kept_of_a_submission_is_small(term: Term, row: Hostile) -> None:
    assert sum(path.stat().st_size for path in term.kept(row.name)) < 4 * 2**20


@pytest.mark.parametrize("student", HONEST)
def test_honest_students_get_what_they_get_without_the_hostile_ones(
    term: Term, student: str
) -> None:
    assert term.points(student) == term.alone[student]
    assert term.outcomes[student].status == "graded"


def test_honest_students_get_their_points(term: Term) -> None:
    assert term.alone["ada"] == POINTS | {"explain": 0}
    assert term.alone["bert"] == dict.fromkeys(POINTS, 0) | {"test_answer": 1, "explain": 0}
    assert not any(term.alone["cleo"].values())


def test_the_course_is_as_it_was(term: Term) -> None:
    assert term.untouched


def test_the_gradebook_holds_the_verdicts_and_nothing_else(term: Term) -> None:
    with term.course.gradebook() as gradebook:
        for submission in gradebook.assignment_submissions("ps1"):
            grades = {grade.name: grade for grade in submission.notebooks[0].grades}
            expected = term.points(submission.student.id)
            assert {name: grade.auto_score for name, grade in grades.items()} == expected
            assert {grade.manual_score for grade in grades.values()} == {None}
            assert {name: grades[name].max_score_gradecell for name in POINTS} == POINTS
        assert {student.id for student in gradebook.students} <= set(term.outcomes)
        assert [assignment.name for assignment in gradebook.assignments] == ["ps1"]


def test_nothing_still_runs(term: Term) -> None:
    """But what waits for the next submission; `test_red_team_leftovers` looks at each closely."""
    warm, outside, next_sessions = 2, os.geteuid() == 0, 2 * 2
    assert len(term.left) <= warm + outside + next_sessions


def test_nobody_reached_the_network(term: Term) -> None:
    assert not term.reached


def test_a_submission_that_names_other_points_is_worth_the_same(term: Term) -> None:
    for row in ROWS:
        worth = {result.cell: result.max_points for result in term.outcomes[row.name].results}
        assert {name: worth[name] for name in POINTS} == POINTS


@pytest.fixture(scope="module")
def pages(term: Term) -> dict[str, str]:
    """Return everybody's feedback page."""
    return pages_of(term.course)


def test_every_recorded_student_has_a_page(term: Term, pages: dict[str, str]) -> None:
    assert {outcome.student for outcome in term.course.outcomes("ps1")} == set(pages)
    assert set(HONEST) <= set(pages)


@pytest.mark.parametrize("student", HONEST)
def test_an_honest_students_page_is_the_same_beside_hostile_ones(
    term: Term, pages: dict[str, str], student: str
) -> None:
    assert pages[student] == term.pages_alone[student]


def test_no_feedback_page_is_active_or_large(term: Term, pages: dict[str, str]) -> None:
    for student, page in pages.items():
        assert dangers(page[page.index("<main>") :], own_names=True) == [], student
        assert len(page) < 4 * 2**20, student


def test_the_report_names_everybody_and_is_not_active(term: Term) -> None:
    written = report(term.course, "ps1")
    page = written.pages[0].read_text(encoding="utf-8")

    assert written.failed == {}
    links = dangers(page[page.index("<main>") :], own_names=True)
    assert links[0] == "a href=scores.csv"
    assert all(re.fullmatch(r"a href=\.\./\.\./feedback/[\w%.~/-]+", link) for link in links[1:])
    assert all(student in page for student in HONEST)


def test_the_formgrader_makes_a_page_of_every_recorded_submission(term: Term) -> None:
    with term.course.gradebook() as gradebook:
        students = [found.student.id for found in gradebook.assignment_submissions("ps1")]
    for student in students:
        page = formgrader_page(term.course, student)

        shown = "".join(re.findall(r'rendered_html">(.*?)</div>', page, re.DOTALL))
        assert dangers(shown) == [], student
        assert "script-src" in page
        assert len(page) < 4 * 2**20, student


def test_no_name_in_the_export_is_a_formula(term: Term, tmp_path: Path) -> None:
    rows = export(term.course, tmp_path / "grades.csv")

    assert set(HONEST) <= {row["student_id"] for row in rows}
    assert not [row for row in rows if row["student_id"].startswith(("=", "+", "-", "@"))]
    for row in rows:
        if row["student_id"] in HONEST:
            points = sum(value or 0 for value in term.alone[row["student_id"]].values())
            assert float(row["score"]) == points
