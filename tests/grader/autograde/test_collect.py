"""What Moodle and Canvas give out comes to the student whose it is, and nothing is lost."""

import pytest
from lms_archives import add_link, canvas, moodle, write
from small_class import enrol

from grader.autograde.collect import collect
from grader.errors import CourseError
from grader.gradebook.received import read_received

ADA = ("ada", "Ada", "Lovelace", "ada@example.org", "12")
EMMY = ("emmy", "Émmy", "Noether", "emmy@example.org", "13")
TWIN = ("twin", "Ada", "Lovelace", "twin@example.org", "14")


@pytest.fixture
def course(released_course):
    enrol(released_course, ADA, EMMY)
    return released_course


@pytest.fixture
def path(tmp_path):
    return tmp_path / "submissions.zip"


def submitted(course):
    """Return what is in the submitted folder, by path."""
    root = course.classroom / "submitted"
    return {
        str(file.relative_to(root)): file.read_bytes() for file in root.rglob("*") if file.is_file()
    }


def take(course, archive, **options):
    """Collect; return by student what was done, and what was left."""
    collected, left = collect(course, archive, "ps1", **options)
    return {one.student: one.what for one in collected}, left


BOTH = {"Ada Lovelace_77: ps1.ipynb": b"ada's", "Emmy Noether_78: ps1.ipynb": b"emmy's"}


@pytest.mark.parametrize(
    "form", [{}, {"slash": "_/"}, {"folders": False}], ids=["folders", "before 4.1", "files"]
)
def test_moodles_archive_is_collected(course, path, form):
    told, left = take(course, moodle(path, BOTH, **form))

    assert (told, left) == ({"ada": "collected", "emmy": "collected"}, {})
    assert submitted(course) == {"ada/ps1/ps1.ipynb": b"ada's", "emmy/ps1/ps1.ipynb": b"emmy's"}


def test_canvass_archive_is_collected(course, path):
    files = {"Lovelace, Ada|LATE|12|345: ps1.ipynb": b"ada's", "N., E.|13|346: ps1-1.ipynb": b"e"}

    told, left = take(course, canvas(path, files))

    assert (told, left) == ({"ada": "collected, late", "emmy": "collected"}, {})
    assert submitted(course) == {"ada/ps1/ps1.ipynb": b"ada's", "emmy/ps1/ps1.ipynb": b"e"}


def test_a_dry_run_changes_nothing(course, path):
    told, _ = take(course, moodle(path, BOTH), dry_run=True)

    assert told == {"ada": "collected", "emmy": "collected"}
    assert submitted(course) == {}
    assert not (course.classroom / "downloaded").exists()


def test_everything_that_is_kept_lies_below_the_classroom(course, path):
    before = {entry.name for entry in course.root.iterdir()}
    take(course, moodle(path, BOTH))

    kept = course.classroom / "downloaded" / "ps1"
    assert {entry.name for entry in course.root.iterdir()} == before
    assert {entry.name for entry in kept.iterdir()} == {"archive", "names.json"}
    assert (kept / "archive" / "submissions.zip").read_bytes() == path.read_bytes()
    assert [(one.student, one.original) for one in read_received(course, "ps1")] == [
        ("ada", "Ada Lovelace_77_assignsubmission_file/ps1.ipynb"),
        ("emmy", "Emmy Noether_78_assignsubmission_file/ps1.ipynb"),
    ]


def test_the_newest_of_several_files_is_kept(course, path):
    files = {
        "Lovelace, Ada|12|350: ps1.ipynb": b"new",
        "Lovelace, Ada|12|345: ps1-1.ipynb": b"old",
        "N., E.|13|1: ps1.ipynb": b"first",
    }
    take(course, canvas(path, files))

    assert submitted(course)["ada/ps1/ps1.ipynb"] == b"new"


def test_the_highest_number_of_a_copy_is_kept_where_nothing_else_tells(course, path):
    who = "Ada Lovelace_77: ps1"
    take(
        course,
        moodle(path, {f"{who} (1).ipynb": b"1", f"{who} (2).ipynb": b"2", f"{who}.ipynb": b""}),
    )

    assert submitted(course) == {"ada/ps1/ps1.ipynb": b"2"}


def test_times_are_recorded_where_the_archive_has_them(course, path):
    names = [
        f"{name}_assignsubmission_file/ps1.ipynb" for name in ("Ada Lovelace_7", "Emmy Noether_8")
    ]
    times = {names[0]: (2026, 10, 1, 12, 0, 0), names[1]: (2026, 10, 2, 12, 0, 0)}

    take(course, write(path, dict.fromkeys(names, b"x"), times))

    stamps = [submitted(course)[f"{who}/ps1/timestamp.txt"] for who in ("ada", "emmy")]
    assert stamps[0].startswith(b"2026-10-01")
    assert stamps[1].startswith(b"2026-10-02")


def test_a_students_own_timestamp_is_not_believed(course, path):
    files = {"Ada Lovelace_77: ps1.ipynb": b"x", "Ada Lovelace_77: timestamp.txt": b"2001-01-01"}

    _, left = take(course, moodle(path, files))

    assert submitted(course) == {"ada/ps1/ps1.ipynb": b"x"}
    assert "is not believed" in left["Ada Lovelace_77_assignsubmission_file/timestamp.txt"]


def test_other_files_come_along_under_their_own_names(course, path):
    files = {"Ada Lovelace_77: ps1.ipynb": b"x", "Ada Lovelace_77: data.csv": b"1,2"}

    take(course, moodle(path, files))

    assert submitted(course)["ada/ps1/data.csv"] == b"1,2"


def test_the_same_archive_again_changes_nothing(course, path):
    take(course, moodle(path, BOTH))

    told, _ = take(course, path)

    assert told == {"ada": "unchanged", "emmy": "unchanged"}
    assert not (course.classroom / "downloaded" / "ps1" / "replaced").exists()
    assert len(list((course.classroom / "downloaded" / "ps1" / "archive").iterdir())) == 1


def test_what_a_second_hand_in_replaces_is_kept(course, path):
    take(course, moodle(path, BOTH))

    told, _ = take(course, moodle(path, BOTH | {"Ada Lovelace_77: ps1.ipynb": b"better"}))

    kept = course.classroom / "downloaded" / "ps1" / "replaced" / "ada" / "ps1.ipynb"
    assert told == {"ada": "replaces what was there", "emmy": "unchanged"}
    assert submitted(course)["ada/ps1/ps1.ipynb"] == b"better"
    assert kept.read_bytes() == b"ada's"


def test_who_is_unknown_or_ambiguous_is_listed_with_what_to_do(course, path):
    enrol(course, TWIN)
    files = {
        f"{who}: ps1.ipynb": b"x" for who in ("Ada Lovelace_77", "Grace Hopper_9", "Participant_5")
    }

    told, left = take(course, moodle(path, files))

    folder = "{}_assignsubmission_file/ps1.ipynb".format
    assert told == {}
    assert (
        'may be of ada, twin: say whose it is with --match "NAME' in left[folder("Ada Lovelace_77")]
    )
    assert "nobody in the roster: add the student" in left[folder("Grace Hopper_9")]
    assert "anonymously: reveal" in left[folder("Participant_5")]
    assert (course.classroom / "downloaded" / "ps1" / "archive" / "submissions.zip").is_file()


def test_two_people_of_one_name_are_not_mixed_although_the_roster_has_one(course, path):
    files = {"Ada Lovelace_77: ps1.ipynb": b"x", "Ada Lovelace_99: ps1.ipynb": b"y"}

    told, left = take(course, moodle(path, files))

    assert (told, submitted(course)) == ({}, {})
    assert all("both look like ada" in why for why in left.values())


def test_a_teacher_says_whose_a_name_is(course, path):
    enrol(course, TWIN)
    files = {"Ada Lovelace_77: ps1.ipynb": b"x", "Ada Lovelace_99: ps1.ipynb": b"y"}
    matches = {"Ada Lovelace_77": "twin", "Ada Lovelace_99": "ada"}

    _, left = take(course, moodle(path, files), matches=matches)

    assert left == {}
    assert submitted(course) == {"twin/ps1/ps1.ipynb": b"x", "ada/ps1/ps1.ipynb": b"y"}


def test_a_match_with_nobody_is_an_error(course, path):
    with pytest.raises(CourseError, match="no such student"):
        take(course, moodle(path, BOTH), matches={"Ada Lovelace": "adda"})


def test_nothing_of_an_archive_leads_elsewhere(course, path):
    archive = moodle(path, {"Ada Lovelace_77: ../../../evil.ipynb": b"x", **BOTH})
    add_link(archive, "Emmy Noether_78_assignsubmission_file/link.ipynb", "/etc/passwd")

    _, left = take(course, archive)

    assert len(left) == 2
    assert submitted(course) == {"ada/ps1/ps1.ipynb": b"ada's", "emmy/ps1/ps1.ipynb": b"emmy's"}
    assert not list(course.root.parent.rglob("evil.ipynb"))


def test_a_submitted_folder_that_is_a_link_is_not_written_through(course, path, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (course.classroom / "submitted").mkdir()
    (course.classroom / "submitted" / "ada").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(CourseError, match="is a link"):
        take(course, moodle(path, BOTH))

    assert not any((tmp_path / "elsewhere").iterdir())


def test_without_a_roster_there_is_nobody_to_collect_for(released_course, path):
    with pytest.raises(CourseError, match="Run `grader roster"):
        take(released_course, moodle(path, BOTH))


def test_nbgraders_own_command_looks_below_the_classroom_too(course):
    assert course.config.ZipCollectApp.downloaded_directory == "classroom/downloaded"


def test_a_file_that_nbgrader_passes_over_is_an_error(course, path, monkeypatch):
    monkeypatch.setattr("grader.autograde.collect._Collector.collect", lambda *_: None)

    with pytest.raises(CourseError, match="did not collect 'Ada Lovelace_77"):
        take(course, moodle(path, BOTH))
