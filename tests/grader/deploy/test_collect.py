"""Of a submission only what is its owner's is collected."""

import os
from pathlib import Path

import pytest

from grader.deploy.collect import copy_what_is_theirs, name_of


def nothing_ignored(folder: str, names: list[str]) -> set[str]:
    return set()


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    folder = tmp_path / "inbound" / "ada"
    (folder / "data").mkdir(parents=True)
    (folder / "ps1.ipynb").write_text("{}")
    (folder / "data" / "numbers.csv").write_text("1,2")
    return folder


def copied(source: Path, to: Path) -> tuple[set[str], set[str]]:
    """Return what was copied, and what was refused."""
    refused = {path.name for path in copy_what_is_theirs(source, to, nothing_ignored)}
    return {str(path.relative_to(to)) for path in to.rglob("*") if path.is_file()}, refused


def test_files_and_folders_are_copied_as_they_are(handed_in: Path, tmp_path: Path):
    taken, refused = copied(handed_in, tmp_path / "submitted")

    assert taken == {"ps1.ipynb", "data/numbers.csv"}
    assert refused == set()
    assert (tmp_path / "submitted" / "data" / "numbers.csv").read_text() == "1,2"


def test_no_link_is_followed(handed_in: Path, tmp_path: Path):
    (tmp_path / "solution.ipynb").write_text("the solution")
    (handed_in / "link.ipynb").symlink_to(tmp_path / "solution.ipynb")
    (handed_in / "linked").symlink_to(tmp_path)

    taken, refused = copied(handed_in, tmp_path / "submitted")

    assert taken == {"ps1.ipynb", "data/numbers.csv"}
    assert "link.ipynb" in refused


def test_a_submission_that_is_a_link_itself_is_empty(handed_in: Path, tmp_path: Path):
    (tmp_path / "ada").symlink_to(handed_in)

    assert copied(tmp_path / "ada", tmp_path / "submitted")[0] == set()


def test_a_pipe_does_not_stop_the_class(handed_in: Path, tmp_path: Path):
    os.mkfifo(handed_in / "pipe")

    assert copied(handed_in, tmp_path / "submitted")[1] == {"pipe"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives a file to another")
def test_a_file_of_another_is_not_taken(handed_in: Path, tmp_path: Path):
    os.chown(handed_in / "ps1.ipynb", 12345, 12345)

    taken, refused = copied(handed_in, tmp_path / "submitted")

    assert (taken, refused) == ({"data/numbers.csv"}, {"ps1.ipynb"})


def test_what_the_grader_ignores_is_left_out(handed_in: Path, tmp_path: Path):
    list(copy_what_is_theirs(handed_in, tmp_path / "to", lambda folder, names: {"data"}))

    assert [path.name for path in (tmp_path / "to").iterdir()] == ["ps1.ipynb"]


def test_an_account_without_a_name_goes_by_its_number():
    assert name_of(0) == "root"
    assert name_of(3_000_000_001) == "uid-3000000001"
