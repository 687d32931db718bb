"""Archives of submissions, written as Moodle and Canvas write them."""

import re
import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path

Files = Mapping[str, bytes]
PACKED = (2026, 11, 2, 9, 30, 0)


def moodle(path: Path, files: Files, *, folders: bool = True, slash: str = "/") -> Path:
    """Write Moodle's "Download all submissions"; files go by "Full Name_12345: file".

    Parameters
    ----------
    folders : bool
        Its setting "Download submissions in folders".
    slash : str
        What stands between the folder's name and the file: ``_/`` before version 4.1.
    """
    between = slash if folders else "_"
    return write(
        path,
        {
            f"{who}_assignsubmission_file{between}{file}": content
            for who, file, content in _split(files)
        },
    )


def canvas(path: Path, files: Files) -> Path:
    """Write Canvas's "Download Submissions"; files go by "Lovelace, Ada|LATE|12|345: file"."""
    named = {}
    for who, file, content in _split(files):
        name, *parts = who.split("|")
        plain = re.sub(r"[^\w]", "", name.lower())
        named["_".join([plain, *parts, re.sub(r'[\x00/\\:*?"<>|]+', "_", file)])] = content
    return write(path, named)


def write(
    path: Path, files: Mapping[str, bytes], times: Mapping[str, tuple[int, ...]] = {}
) -> Path:
    """Write an archive; without times of their own, its files have that of packing."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, times.get(name, PACKED))  # type: ignore[arg-type]
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return path


def add_link(path: Path, name: str, target: str) -> Path:
    """Add a symbolic link to an archive."""
    with zipfile.ZipFile(path, "a") as archive:
        info = zipfile.ZipInfo(name, PACKED)
        info.create_system = 3
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, target)
    return path


def _split(files: Files) -> list[tuple[str, str, bytes]]:
    return [(*key.split(": ", 1), content) for key, content in files.items()]  # type: ignore[misc]
