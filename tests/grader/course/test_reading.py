"""Files are read where they lie, and nothing that leads elsewhere is followed."""

import os
from pathlib import Path

import pytest

from grader.course.reading import Unreadable, own_folder, read_file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A student's folder of a lesson."""
    folder = tmp_path / "ada" / "ps1"
    folder.mkdir(parents=True)
    return folder


def test_a_missing_file_is_named(folder: Path) -> None:
    with own_folder(folder) as opened, pytest.raises(Unreadable, match=r"a\.ipynb is missing"):
        read_file("a.ipynb", opened, 10)


@pytest.mark.parametrize("linked", ["eve", "eve/ps1"])
def test_a_linked_folder_is_not_opened(folder: Path, tmp_path: Path, linked: str) -> None:
    (tmp_path / linked).parent.mkdir(exist_ok=True)
    (tmp_path / linked).symlink_to(tmp_path / linked.replace("eve", "ada"))

    with (
        pytest.raises(Unreadable, match="not a folder of its own"),
        own_folder(tmp_path / "eve" / "ps1"),
    ):
        pass


def test_a_file_of_several_names_is_read_unless_one_name_is_asked_for(folder: Path) -> None:
    (folder / "a.txt").write_text("a")
    os.link(folder / "a.txt", folder / "b.txt")

    with own_folder(folder) as opened:
        assert read_file("a.txt", opened, 10) == b"a"
        with pytest.raises(Unreadable, match="other names"):
            read_file("a.txt", opened, 10, one_name=True)
