"""The class's commands, as a lecturer gives them."""

import pytest
from lms_archives import moodle
from small_class import enrol, graded, hand_in_graded

from grader.cli import main


@pytest.fixture
def here(released_course, monkeypatch):
    """The released tiny course, whose folder is the current one."""
    monkeypatch.chdir(released_course.root)
    return released_course


@pytest.fixture
def run(here, capsys):
    """Give a command; return its exit status, what it printed and what it said beside that."""

    def run(*words):
        status = main([*map(str, words)])
        return (status, *capsys.readouterr())

    return run


def test_a_roster_says_what_it_did_with_each_student(here, run, tmp_path):
    enrol(here, ("zoe", "Zoe", "Z", "", ""))
    (tmp_path / "s.csv").write_text("Username,First name,Surname\nada,Ada,Lovelace\n")

    status, out, _ = run("roster", tmp_path / "s.csv", "--withdraw-missing")

    assert status == 0
    assert [line.split()[:4] for line in out.splitlines()[2:]] == [
        ["ada", "Ada", "Lovelace", "added"],
        ["zoe", "Zoe", "Z", "withdrawn"],
    ]


def test_a_bad_or_missing_roster_changes_nothing(run, tmp_path):
    (tmp_path / "s.csv").write_text("id\nada\nada\n")

    assert run("roster", tmp_path / "s.csv")[::2] == (
        2,
        "grader: Line 3 has the id 'ada', as line 2 has. Delete one of them.\n",
    )
    assert run("roster", tmp_path / "no.csv")[0] == 2
    assert "no.csv cannot be read" in run("roster", tmp_path / "no.csv")[2]


def test_rename_names_what_it_moved(here, run):
    hand_in_graded(here, graded("bob"))

    status, out, _ = run("rename", "bob", "bob.ray")

    assert status == 0
    assert "classroom/submitted/bob.ray\n" in out
    assert "bob is bob.ray now." in out


def test_collect_ends_with_1_when_something_is_left(here, run, tmp_path):
    enrol(here, ("ada", "Ada", "Lovelace", "", ""))
    files = {"Ada Lovelace_77: ps1.ipynb": b"x", "Grace Hopper_9: ps1.ipynb": b"y"}
    archive = moodle(tmp_path / "a.zip", files)

    status, out, err = run("collect", archive, "ps1", "--dry-run")

    assert status == 1
    assert "ada      collected  ps1.ipynb" in out
    assert "not collected: 'Grace Hopper_9_assignsubmission_file/ps1.ipynb': " in err
    assert "this was a dry run" in err
    assert run("collect", archive, "ps1", "--match", "Grace Hopper_9=hopper")[0] == 2


def test_a_match_is_a_name_and_an_id(run, capsys):
    with pytest.raises(SystemExit):
        run("collect", "a.zip", "ps1", "--match", "ada")

    assert "'ada' is no NAME=ID" in capsys.readouterr().err


def test_export_writes_to_the_terminal_or_to_a_file(here, run, tmp_path):
    hand_in_graded(here, graded("ada"))

    status, out, _ = run("export", "--format", "canvas")
    run("export", "ps1", "--format", "canvas", "--output", tmp_path / "grades.csv")

    assert status == 0
    assert out.splitlines()[1:] == ["Points Possible,,,,,6", "ada,,,ada,,6"]
    assert (tmp_path / "grades.csv").read_text(encoding="utf-8-sig") == out


def test_feedback_is_packed_and_says_whose_is_not(here, run, tmp_path):
    enrol(here, ("ada", "Ada", "Lovelace", "", ""))
    run("collect", moodle(tmp_path / "a.zip", {"Ada Lovelace_77: ps1.ipynb": b"x"}), "ps1")
    hand_in_graded(here, graded("ada"), graded("bob"))

    status, out, err = run("feedback", "ps1", "--pack", "moodle")
    alone = run("feedback", "ps1", "--student", "ada", "--pack", "moodle")

    assert status == 1
    assert "not packed: bob" in err
    assert out.endswith("classroom/reports/ps1/feedback-moodle.zip\n")
    assert alone[0] == 0
    assert "bob" not in alone[1]


def test_report_without_a_lesson_is_the_class_over_all(run):
    assert run("report")[:2] == (0, "classroom/reports/class.html\n")
