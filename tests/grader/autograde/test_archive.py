"""An archive is read without following it anywhere, and never past its bounds."""

import zipfile

import pytest
from lms_archives import add_link, write

from grader.autograde import archive as module
from grader.autograde.archive import Archive
from grader.errors import CourseError

LIMIT = 1000


@pytest.mark.parametrize(
    "name", ["../../evil.ipynb", "/etc/evil.ipynb", "a/../../evil.ipynb", "..\\evil.ipynb", "a/."]
)
def test_a_name_that_leads_out_of_the_archive_is_refused(tmp_path, name):
    path = write(tmp_path / "a.zip", {name: b"x", "good": b"y"})

    with Archive.opened(path, LIMIT) as archive:
        assert [entry.path for entry in archive.entries] == ["good"]
        assert list(archive.refused.values()) == ["its name leads out of the archive"]


def test_a_link_is_not_followed(tmp_path):
    path = add_link(write(tmp_path / "a.zip", {"good": b"y"}), "link.ipynb", "/etc/passwd")

    with Archive.opened(path, LIMIT) as archive:
        assert [entry.path for entry in archive.entries] == ["good"]
        assert archive.refused == {"link.ipynb": "it is a link or no regular file"}


def test_a_file_that_unpacks_to_more_than_the_limit_is_refused(tmp_path):
    path = write(tmp_path / "a.zip", {"bomb.ipynb": bytes(10**6)})

    with Archive.opened(path, LIMIT) as archive:
        assert archive.entries == []
        assert "it has 1.0 MB" in archive.refused["bomb.ipynb"]


def test_a_file_that_is_larger_than_it_says_is_not_read_further(tmp_path):
    path = write(tmp_path / "a.zip", {"liar.ipynb": bytes(10**5)})
    content = bytearray(path.read_bytes())
    place = content.rindex(b"PK\x01\x02") + 24  # the size in the archive's list
    content[place : place + 4] = (10).to_bytes(4, "little")
    path.write_bytes(content)

    with pytest.raises(CourseError, match="cannot be read"), Archive.opened(path, LIMIT) as archive:
        assert len(archive.read(archive.entries[0])) == 10


@pytest.mark.parametrize(("bound", "least"), [("MAX_FILES", 2), ("MAX_TOTAL", 5)])
def test_an_archive_of_too_much_is_refused_whole(tmp_path, monkeypatch, bound, least):
    path = write(tmp_path / "a.zip", {"a": b"xx", "b": b"yy", "c": b"zz"})
    monkeypatch.setattr(module, bound, least)

    with pytest.raises(CourseError, match="Nothing was collected"), Archive.opened(path, LIMIT):
        pass


@pytest.mark.parametrize("name", ["missing.zip", ".", "text.zip"])
def test_what_is_no_archive_is_said(tmp_path, name):
    (tmp_path / "text.zip").write_text("hello")

    said = r"no archive|is a folder|cannot be read"
    with pytest.raises(CourseError, match=said), Archive.opened(tmp_path / name, LIMIT):
        pass


def test_what_macos_and_editors_add_is_passed_over(tmp_path):
    names = ["__MACOSX/._a", ".DS_Store", "x/.ipynb_checkpoints/a.ipynb", "~$a.docx"]
    path = write(tmp_path / "a.zip", dict.fromkeys(names, b"x"))

    with Archive.opened(path, LIMIT) as archive:
        assert (archive.entries, archive.refused) == ([], {})


def test_the_time_of_packing_is_no_time_of_a_file(tmp_path):
    path = write(tmp_path / "a.zip", {"a": b"x", "b": b"y"})

    with Archive.opened(path, LIMIT) as archive:
        assert [entry.time for entry in archive.entries] == [None, None]


def test_times_of_their_own_are_read(tmp_path):
    times = {"a": (2026, 10, 1, 12, 0, 0), "b": (2026, 10, 2, 12, 0, 0)}
    path = write(tmp_path / "a.zip", {"a": b"x", "b": b"y"}, times)

    with Archive.opened(path, LIMIT) as archive:
        first, second = (entry.time for entry in archive.entries)
    assert (second - first).days == 1
    assert first.tzinfo is None


def test_an_encrypted_file_is_refused(tmp_path):
    path = write(tmp_path / "a.zip", {"a": b"x"})
    content = bytearray(path.read_bytes())
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)

    with Archive.opened(path, LIMIT) as archive:
        assert archive.refused == {"a": "it is encrypted"}
    assert zipfile.is_zipfile(path)
