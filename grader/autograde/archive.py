"""Read an archive of submissions: nothing of it is followed, and its sizes are bounded."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Self

from grader.errors import CourseError

MAX_FILES = 20_000
MAX_TOTAL = 4 * 10**9
# The files of an archive that was packed just now have the time of packing, not of handing in.
PACKING = timedelta(hours=1)
_UTC_TIME = 0x5455


@dataclass(frozen=True)
class Entry:
    """One regular file of an archive.

    Attributes
    ----------
    path : str
        Its name in the archive, with folders.
    time : datetime or None
        When it was last changed, in UTC, where the archive has times of its files.
    """

    path: str
    size: int
    time: datetime | None
    info: zipfile.ZipInfo


class Archive:
    """An open archive.

    Attributes
    ----------
    entries : list of Entry
        What may be read.
    refused : dict of str to str
        What may not be, and why.
    """

    def __init__(self, file: zipfile.ZipFile, max_bytes: int) -> None:
        self._file = file
        self.entries: list[Entry] = []
        self.refused: dict[str, str] = {}
        infos = [info for info in file.infolist() if not info.is_dir()]
        times = _times(infos)
        for info, time in zip(infos, times, strict=True):
            if why := _unreadable(info, max_bytes):
                self.refused[_shown(info.filename)] = why
            elif not _is_litter(info.filename):
                self.entries.append(Entry(info.filename, info.file_size, time, info))

    @classmethod
    @contextmanager
    def opened(cls, path: Path, max_bytes: int) -> Iterator[Self]:
        """Open an archive.

        Parameters
        ----------
        max_bytes : int
            A larger file is refused.

        Raises
        ------
        CourseError
            When it is no zip archive, or holds more than a class can hand in.
        """
        with _open(path) as file:
            _refuse_bombs(path, file)
            yield cls(file, max_bytes)

    def read(self, entry: Entry) -> bytes:
        """Return a file's content.

        Raises
        ------
        CourseError
            When it is not what the archive says of it.
        """
        try:
            with self._file.open(entry.info) as file:
                return file.read(entry.size)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise CourseError(
                f"{_shown(entry.path)} cannot be read from the archive ({error}): download it "
                "again. Nothing was collected."
            ) from None


def _open(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except FileNotFoundError:
        raise CourseError(f"There is no archive {path}.") from None
    except IsADirectoryError:
        raise CourseError(
            f"{path} is a folder. Give the zip file as it was downloaded: "
            "some browsers unpack it, unless told not to."
        ) from None
    except (zipfile.BadZipFile, NotImplementedError, OSError) as error:
        raise CourseError(
            f"{path} cannot be read as a zip archive ({error}): download it again."
        ) from None


def _refuse_bombs(path: Path, file: zipfile.ZipFile) -> None:
    infos = file.infolist()
    total = sum(info.file_size for info in infos)
    if len(infos) > MAX_FILES or total > MAX_TOTAL:
        raise CourseError(
            f"{path} holds {len(infos)} files of {total / 1e9:.1f} GB together; at most "
            f"{MAX_FILES} files of {MAX_TOTAL / 1e9:.0f} GB are read. Nothing was collected."
        )


def _unreadable(info: zipfile.ZipInfo, max_bytes: int) -> str:
    path, mode = PurePosixPath(info.filename), info.external_attr >> 16
    odd = "\\" in info.filename or path.name != info.filename.rpartition("/")[2]
    if ".." in path.parts or path.is_absolute() or odd:
        return "its name leads out of the archive"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "it is a link or no regular file"
    if info.flag_bits & 1:
        return "it is encrypted"
    if info.file_size > max_bytes:
        return f"it has {info.file_size / 1e6:.1f} MB; the limit is {max_bytes / 1e6:.0f} MB"
    return ""


def _is_litter(path: str) -> bool:
    """Whether macOS or an editor put this into the archive."""
    parts = PurePosixPath(path).parts
    hidden = any(part.startswith((".", "~")) for part in parts)
    return hidden or "__MACOSX" in parts or ".ipynb_checkpoints" in parts


def _shown(name: str) -> str:
    return name if name.isprintable() else ascii(name)


def _times(infos: list[zipfile.ZipInfo]) -> list[datetime | None]:
    """Return when files were changed; nothing where all have the time of packing."""
    times = [_time(info) for info in infos]
    known = [time for time in times if time]
    if not known or max(known) - min(known) < PACKING:
        return [None] * len(infos)
    return times


def _time(info: zipfile.ZipInfo) -> datetime | None:
    extra = info.extra
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        if kind == _UTC_TIME and size >= 5 and extra[4] & 1:
            [seconds] = struct.unpack_from("<i", extra, 5)
            return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
        extra = extra[4 + size :]
    try:  # the old field has neither zone nor sense where nobody set it
        local = datetime(*info.date_time).astimezone()
    except (ValueError, OverflowError):
        return None
    return local.astimezone(UTC).replace(tzinfo=None) if info.date_time[0] > 1980 else None
