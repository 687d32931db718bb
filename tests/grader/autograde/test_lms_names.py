"""The names in an archive: as Moodle and Canvas have written them, now and before."""

import pytest

from grader.autograde.lms_names import notebook_of, read_name


@pytest.mark.parametrize(
    "path",
    [
        "Ada Lovelace_77_assignsubmission_file/ps1.ipynb",
        "Ada Lovelace_77_assignsubmission_file_/ps1.ipynb",
        "Ada Lovelace_77_assignsubmission_file_/week 1/ps1.ipynb",
        "Ada Lovelace_77_assignsubmission_file_ps1.ipynb",
        "course-ps1-12/Ada Lovelace_77_assignsubmission_file/ps1.ipynb",
    ],
)
def test_moodles_folders_and_files_name_student_and_file(path):
    found = read_name(path)

    assert (found.system, found.name, found.file) == ("moodle", "Ada Lovelace", "ps1.ipynb")
    assert found.prefix == "Ada Lovelace_77_assignsubmission_file"


@pytest.mark.parametrize("between", ["/", "_/", "_"])
def test_a_students_own_folder_named_like_another_student_is_the_students(between):
    path = f"Ada Lovelace_77_assignsubmission_file{between}Emmy Noether_78_assignsubmission_file/x"

    assert read_name(path).name == "Ada Lovelace"


def test_moodles_number_is_of_the_participant_and_no_user():
    assert read_name("Ada Lovelace_77_assignsubmission_file/ps1.ipynb").user == ""


@pytest.mark.parametrize(
    ("path", "name", "file", "late"),
    [
        ("lovelaceada_12_345_ps1.ipynb", "lovelaceada", "ps1.ipynb", False),
        ("lovelaceada_LATE_12_345_ps1-1.ipynb", "lovelaceada", "ps1-1.ipynb", True),
        ("núñezjosé_12_345_01_one_pair.ipynb", "núñezjosé", "01_one_pair.ipynb", False),
        ("lovelaceada_12_345_7_8_ps1.ipynb", "lovelaceada", "7_8_ps1.ipynb", False),
    ],
)
def test_canvass_files_name_student_file_and_lateness(path, name, file, late):
    found = read_name(path)

    assert (found.system, found.name, found.user, found.upload) == ("canvas", name, "12", 345)
    assert (found.file, found.late) == (file, late)


@pytest.mark.parametrize(
    "path",
    [
        "Ada Lovelace_77_assignsubmission_onlinetext_/onlinetext.html",
        "lovelaceada_12_text.html",
        "lovelaceada_LATE_12_link.html",
    ],
)
def test_a_typed_text_has_no_file(path):
    assert read_name(path).file == ""


@pytest.mark.parametrize("path", ["ps1.ipynb", "ada/ps1.ipynb", "ada_12_ps1.ipynb", ""])
def test_other_names_are_of_neither_system(path):
    assert read_name(path) is None


@pytest.mark.parametrize(
    ("file", "meant"),
    [
        ("01_one_pair.ipynb", ("01_one_pair.ipynb", 0)),
        ("01_one_pair (1).ipynb", ("01_one_pair.ipynb", 1)),
        ("01_one_pair-2.ipynb", ("01_one_pair.ipynb", 2)),
        ("01_One_Pair (1)-3.IPYNB", ("01_one_pair.ipynb", 3)),
        ("part-1.ipynb", ("part-1.ipynb", 0)),
        ("notes.ipynb", ("notes.ipynb", 0)),
        ("01_one_pair.html", ("01_one_pair.html", 0)),
    ],
)
def test_a_copy_is_of_the_lessons_notebook(file, meant):
    assert notebook_of(file, ["01_one_pair", "part-1"]) == meant
