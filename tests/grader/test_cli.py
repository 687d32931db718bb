"""The command line: help, exit statuses, and what is passed on to whom."""

import json
import re
import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import ModuleType

import pytest
from small_class import graded, hand_in_graded

from grader.cli import COMMANDS, main
from grader.course.proof import Finding, NotebookProof, Proof
from grader.outcome import CellResult, GradedNotebook, Outcome
from grader.pages.templating import Written
from grader.table import table

# The module that does a command's work.
WORKS_IN = {
    "release_proved": "grader.autograde.prove",
    "check": "grader.autograde.prove",
    "autograde": "grader.autograde.run",
    "feedback": "grader.pages.feedback",
    "report": "grader.pages.report",
    "demo": "grader.demo.demo",
}


@pytest.fixture
def here(tiny_course, monkeypatch):
    """The tiny course, whose folder is the current one."""
    monkeypatch.chdir(tiny_course.root)
    return tiny_course


@pytest.fixture
def called(monkeypatch):
    """Stand in for the modules that do the work; return how they were called."""
    calls = {}

    def stand_in(name, result):
        def function(course, *arguments, **options):
            calls[name] = (arguments, options)
            return result(course) if callable(result) else result

        module = ModuleType(WORKS_IN[name])
        setattr(module, name, function)
        module.prepared = lambda course, lessons: nullcontext(dict.fromkeys(lessons))
        monkeypatch.setitem(sys.modules, WORKS_IN[name], module)
        return calls

    return stand_in


def outcome(student: str, status: str = "graded", reason: str = "") -> Outcome:
    results = (CellResult("test_square", 2.0, 2.0), CellResult("explain", None, 3.0))
    notebook = GradedNotebook("ps1", "graded", results=results)
    notes = ("a cell was gone",) if status == "graded with notes" else ()
    return Outcome(student, "ps1", status, reason, notes, (notebook,))


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help_with_an_example_and_the_exit_statuses(name, capsys):
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])

    text = capsys.readouterr().out
    assert ended.value.code == 0
    assert re.search(rf"example:\n  grader {name}\b", text)
    assert "exit status:" in text


@pytest.mark.parametrize("name", COMMANDS)
def test_each_example_is_a_command_that_is_understood(name):
    from grader.cli import parser

    example = COMMANDS[name].example.split()

    assert parser().parse_args(example[1:]).command == name


def test_help_does_not_wait_for_nbgrader():
    code = "import sys, grader.cli; sys.exit('nbgrader' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_package_runs_as_the_command(capfd):
    ended = subprocess.run([sys.executable, "-m", "grader", "--help"], check=False)

    assert ended.returncode == 0
    assert "usage: grader" in capfd.readouterr().out


def test_a_folder_that_is_no_course_is_refused_with_one_message(tmp_path, capsys):
    assert main(["release", "--course", str(tmp_path)]) == 2

    errors = capsys.readouterr().err
    assert errors.startswith("grader: ")
    assert "holds no nbgrader_config.py" in errors
    assert errors.count("\n") == 1


def test_a_folder_that_is_not_there_is_refused(capsys):
    assert main(["release", "--course", "no/such/folder"]) == 2
    assert "no/such/folder holds no nbgrader_config.py" in capsys.readouterr().err


def test_an_unknown_lesson_is_refused(here, capsys):
    assert main(["release", "ps9"]) == 2
    assert "'ps9' names no lesson" in capsys.readouterr().err


def test_release_without_a_lesson_releases_all(here, capsys):
    assert main(["release"]) == 0
    assert capsys.readouterr().out == "notebooks/ps1/ps1.ipynb\n"


def test_release_tells_of_a_test_that_passes_whatever_the_answer_is(here, capsys):
    file = here.folder("source", ".", "ps1") / "ps1.ipynb"
    file.write_text(file.read_text().replace("assert square(3) == 9", "square(3) == 9"))
    assert main(["release", "ps1"]) == 0

    told = capsys.readouterr().err
    assert "test_square in ps1.ipynb gives its points whether or not `square(3) == 9`" in told
    assert "write `assert square(3) == 9`" in told
    assert told.count("note:") == 1


def test_check_tells_of_points_in_a_text_that_nothing_has(here, capsys):
    file = here.folder("source", ".", "ps1") / "ps1.ipynb"
    file.write_text(file.read_text().replace("# Squares", "# Squares (9 points)"))
    assert main(["check", "ps1"]) == 0

    assert "note: ps1.ipynb says '9 points' in its text" in capsys.readouterr().err


def test_release_has_nothing_to_tell_of_tests_that_assert(here, capsys):
    assert main(["release", "ps1"]) == 0
    assert "note:" not in capsys.readouterr().err


def test_the_course_may_lie_elsewhere(tiny_course, tmp_path, monkeypatch):
    """Settings, notebooks and gradebook are that course's, and nothing is left where one stands."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)

    assert main(["release", "ps1", "--course", str(tiny_course.root)]) == 0

    assert list(elsewhere.iterdir()) == []
    assert (tiny_course.root / "classroom" / "gradebook.db").is_file()


def test_release_passes_force_on(here, called):
    calls = called("release_proved", ([], Proof("ps1", ())))

    main(["release", "--force"])

    assert calls["release_proved"] == (("ps1",), {"force": True, "given": None})


def test_release_tells_which_points_rest_on_tests_inside_the_session(here, called, capsys):
    why = {"test_class": "a class cannot be read"}
    one = NotebookProof("ps1", "", 3.0, why, 2.0, False, (), ())
    called("release_proved", ([], Proof("ps1", (one,))))

    assert main(["release"]) == 0
    told = capsys.readouterr().err
    assert "2 of 3 points of ps1 rest on tests that run inside the session" in told
    assert "test_class runs inside the session. Outside: a class cannot be read" in told


def test_check_says_what_is_wrong_and_ends_with_2(here, called, capsys):
    finding = Finding("ps1", "test_one", "assert one() == 1", "it gets 0 of 1 points.", "Mend it.")
    one = NotebookProof("ps1", "", 1.0, {}, 0.0, False, (), (finding,))
    called("check", Proof("ps1", (one,)))

    assert main(["check"]) == 2
    told = capsys.readouterr().out
    assert (
        "ps1.ipynb, cell test_one, line `assert one() == 1`: it gets 0 of 1 points. Mend it."
    ) in told


def test_check_says_how_many_points_are_proved(here, called, capsys):
    called("check", Proof("ps1", (NotebookProof("ps1", "", 9.0, {}, 0.0, False, (), ()),)))

    assert main(["check", "ps1"]) == 0
    assert capsys.readouterr().out == "ps1 is proved: 9 points.\n"


def test_autograde_passes_its_options_on(here, called):
    calls = called("autograde", [])

    given = "autograde ps --jobs 3 --scheduler tcp://127.0.0.1:8786 --no-sandbox --force --verbose"
    main([*given.split(), "--student", "ada", "--student", "grace"])

    assert calls["autograde"] == (
        ("ps1",),
        {
            "jobs": 3,
            "scheduler": "tcp://127.0.0.1:8786",
            "sandbox": False,
            "students": ["ada", "grace"],
            "force": True,
            "verbose": True,
        },
    )


@pytest.mark.parametrize("jobs", ["0", "-1", "many"])
def test_jobs_are_a_number_of_jobs(jobs, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["autograde", "ps1", "--jobs", jobs])

    assert ended.value.code == 2
    assert "give 1 or more" in capsys.readouterr().err


def test_a_command_that_is_stopped_says_how_to_go_on(here, called, capsys):
    def stopped(course):
        raise KeyboardInterrupt

    called("autograde", stopped)

    assert main(["autograde", "ps1"]) == 130
    assert "goes on from here" in capsys.readouterr().err


def test_an_interruption_amid_a_destructor_ends_the_command_too(here, called, capsys):
    """Where Python prints an error and goes on."""

    class Freed:
        def __del__(self):
            signal.raise_signal(signal.SIGINT)

    def autograde(course):
        Freed()
        time.sleep(60)
        return []

    called("autograde", autograde)

    assert main(["autograde", "ps1"]) == 130
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_autograde_says_where_submissions_belong_when_there_are_none(
    released_course, monkeypatch, capsys, options
):
    monkeypatch.chdir(released_course.root)
    capsys.readouterr()

    status = main(["autograde", "ps1", *options])

    out, err = capsys.readouterr()
    assert status == 1
    assert out == ("[]\n" if options else "")
    assert "nobody has handed in ps1 yet" in err
    assert "classroom/submitted/STUDENT/ps1" in err


def test_autograde_isolates_and_grades_everybody_by_default(here, called):
    calls = called("autograde", [])

    main(["autograde", "ps1"])

    options = calls["autograde"][1]
    assert options["sandbox"] is True
    assert options["students"] is None
    assert options["force"] is False


@pytest.fixture
def recorded(released_course, monkeypatch, called):
    """Stand in for grading; what it gives is in the gradebook of the current course."""

    def record_all(*outcomes: Outcome) -> None:
        hand_in_graded(released_course, *(one for one in outcomes if one.recorded))
        called("autograde", list(outcomes))

    monkeypatch.chdir(released_course.root)
    return record_all


def test_autograde_prints_a_table_and_ends_with_0_when_all_is_well(recorded, capsys):
    noted = replace(graded("grace"), status="graded with notes", notes=("a cell was gone",))
    recorded(graded("ada"), noted)

    assert main(["autograde", "ps1"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[2].split() == ["ada", "6", "/", "6", "graded"]
    assert "a cell was gone" in lines[3]


def test_the_table_has_the_gradebooks_points_and_a_star_for_what_waits(
    recorded, released_course, capsys
):
    recorded(graded("ada", essay=None), graded("grace", essay=None))
    with released_course.gradebook() as gradebook:
        grade = gradebook.find_grade("explain_square", "ps1", "ps1", "grace")
        grade.manual_score, grade.needs_manual_grade = 2.5, False
        gradebook.db.commit()

    main(["autograde", "ps1"])

    lines = capsys.readouterr().out.splitlines()
    assert lines[2].split() == ["ada", "3", "/", "6", "*", "graded"]
    assert lines[3].split() == ["grace", "5.5", "/", "6", "graded"]
    assert lines[-1] == "* Answers wait for a person: formgrader, Manual Grading."


def test_the_table_has_the_penalty_for_late_work(recorded, released_course, capsys):
    recorded(graded("ada"))
    with released_course.gradebook() as gradebook:
        gradebook.find_assignment("ps1").duedate = datetime(2026, 10, 30, 18)
        gradebook.find_submission("ps1", "ada").timestamp = datetime(2026, 10, 30, 20)
        gradebook.find_submission("ps1", "ada").notebooks[0].late_submission_penalty = 1.5
        gradebook.db.commit()

    main(["autograde", "ps1"])

    line = capsys.readouterr().out.splitlines()[2]
    assert re.split("  +", line) == ["ada", "4.5 / 6", "graded", "2 h late, 1.5 points off"]


def test_a_damaged_submission_shows_in_the_exit_status(recorded, capsys):
    damaged = replace(graded("grace"), status="damaged", reason="the notebook is missing")
    recorded(graded("ada"), damaged)

    assert main(["autograde", "ps1"]) == 1
    assert "the notebook is missing" in capsys.readouterr().out


def test_what_is_not_graded_shows_in_the_exit_status_and_has_no_points(recorded, capsys):
    reason = "The grader failed: MemoryError."
    recorded(graded("ada"), Outcome("grace", "ps1", "not graded", reason, recorded=False))

    assert main(["autograde", "ps1"]) == 1
    line = capsys.readouterr().out.splitlines()[3]
    assert line.split(maxsplit=4) == ["grace", "-", "not", "graded", reason]


@pytest.mark.parametrize("command", ["autograde", "feedback", "report"])
def test_a_command_on_a_lesson_that_is_not_released_says_so(here, capsys, command):
    assert main([command, "ps1"]) == 2
    assert "Run `grader release ps1`." in capsys.readouterr().err


@pytest.mark.parametrize("command", ["autograde", "feedback", "report"])
def test_a_change_of_the_source_after_its_release_is_told(recorded, capsys, command):
    recorded(graded("ada"))
    source = Path("solutions/ps1/ps1.ipynb")
    source.write_text(source.read_text().replace("# Squares", "# Cubes"))
    called = main([command, "ps1"])

    assert called == 0
    assert (
        "note: solutions/ps1/ps1.ipynb has changed since it was released: students and the "
        "gradebook have the version before. Run `grader release ps1`."
    ) in capsys.readouterr().err


def test_feedback_of_a_lesson_that_nobody_was_graded_for_says_so(recorded, capsys):
    recorded()

    assert main(["feedback", "ps1"]) == 1
    assert "nothing of ps1 is graded yet" in capsys.readouterr().err


def test_autograde_as_json(here, called, capsys):
    called("autograde", [outcome("ada")])

    main(["autograde", "ps1", "--json"])

    [printed] = json.loads(capsys.readouterr().out)
    assert printed.pop("gradebook") is None
    assert Outcome.from_json(json.dumps(printed)) == outcome("ada")


def test_json_has_the_gradebooks_points(recorded, capsys):
    recorded(graded("ada"))

    main(["autograde", "ps1", "--json"])

    [printed] = json.loads(capsys.readouterr().out)
    assert printed["gradebook"]["points"] == 6.0


def test_feedback_prints_the_pages(here, called, capsys):
    calls = called("feedback", lambda course: Written((course.root / "classroom/ps1.html",), {}))

    assert main(["feedback", "ps"]) == 0

    assert calls["feedback"][0] == ("ps1",)
    assert capsys.readouterr().out == "classroom/ps1.html\n"


def test_report_prints_where_it_is(here, called, capsys):
    calls = called("report", lambda course: Written((course.root / "classroom/report.html",), {}))

    assert main(["report", "ps"]) == 0

    assert calls["report"][0] == ("ps1",)
    assert capsys.readouterr().out == "classroom/report.html\n"


@pytest.mark.parametrize("command", ["feedback", "report"])
def test_students_without_a_page_are_named_and_the_status_says_so(here, called, capsys, command):
    called(command, Written((), {"eve\x1b[2J": "ValueError: it broke"}))

    assert main([command, "ps"]) == 1

    assert (
        capsys.readouterr().err.splitlines()[-1]
        == "grader: no page for eve\\x1b[2J: ValueError: it broke"
    )


def test_names_cannot_command_the_terminal():
    assert table(["\u202egnp.exe"], [["a\x1b]0;owned\x07\nb"]]).splitlines()[::2] == [
        r"\u202egnp.exe",
        r"a\x1b]0;owned\x07\nb",
    ]


def test_demo_passes_its_options_on_and_prints_the_summary(here, called, capsys):
    calls = called("demo", "the gradebook")

    assert main(["demo", "--jobs", "2", "--no-sandbox"]) == 0

    assert calls["demo"][1] == {"jobs": 2, "sandbox": False}
    assert capsys.readouterr().out == "the gradebook\n"


def test_a_table_is_as_wide_as_its_widest_entries():
    assert table(["a", "b"], [["longer", ""]]).splitlines() == ["a       b", "------  -", "longer"]
