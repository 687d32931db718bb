"""Collect what Moodle or Canvas gives out: each file to the student whose it is."""

import filecmp
import logging
import os
import shutil
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.apps.zipcollectapp import ZipCollectApp
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins.zipcollect import ExtractorPlugin, FileNameCollectorPlugin

from grader.autograde.archive import Archive, Entry
from grader.autograde.lms_names import LmsFile, notebook_of, read_name
from grader.course.course import Course
from grader.errors import CourseError
from grader.gradebook.people import Person, find, people
from grader.gradebook.received import Received, downloaded, read_received, write_received

# nbgrader and the grader write these beside a submission: a student's own would be believed.
_OURS = ("timestamp.txt", "submission_secret.txt")
_Key = tuple[str, str]  # a name and its number, as the system writes them
_ANONYMOUS = ("participant", "anon")


@dataclass(frozen=True)
class Taken:
    """One file that belongs to a student's submission."""

    student: str
    file: str
    entry: Entry
    name: LmsFile
    copy: int = 0


@dataclass(frozen=True)
class Plan:
    """What becomes of an archive's files.

    Attributes
    ----------
    taken : list of Taken
        One for each student and file, the newest.
    left : dict of str to str
        What is not collected, and what to do.
    """

    taken: list[Taken]
    left: dict[str, str]


@dataclass(frozen=True)
class Collected:
    """What became of one student's submission."""

    student: str
    files: tuple[str, ...]
    what: str


def collect(
    course: Course,
    archive: Path,
    lesson: str,
    *,
    matches: Mapping[str, str] | None = None,
    dry_run: bool = False,
) -> tuple[list[Collected], dict[str, str]]:
    """Put an archive's files into the submitted folder, by nbgrader's zip_collect.

    Parameters
    ----------
    archive : Path
        The zip file as Moodle's "Download all submissions" or Canvas's "Download Submissions"
        wrote it. A copy stays below ``classroom/downloaded``, and so does what is replaced.
    matches : mapping, optional
        Whose a name in the archive is, where the roster does not tell: the student's id by name.

    Returns
    -------
    list of Collected, dict
        What was collected, and what was left with what to do.
    """
    with course.gradebook() as gradebook:
        roster = people(gradebook)
    if not roster:
        raise CourseError(
            "The gradebook has no students, so nobody's file can be told. "
            "Run `grader roster students.csv` first."
        )
    source = course.folder("source", ".", lesson)
    notebooks = sorted(path.stem for path in source.glob("*.ipynb"))
    limit = course.settings.submission_mb * 10**6
    with Archive.opened(archive, limit) as opened:
        made = planned(opened, roster, notebooks, matches or {})
        changed = _changed(course, lesson, opened, made.taken)
        if not dry_run:
            _run(
                course,
                lesson,
                archive,
                opened,
                [one for one in made.taken if one.student in changed],
            )
            _keep_names(course, lesson, made.taken)
    return _told(made.taken, changed), made.left


def planned(
    archive: Archive, roster: Sequence[Person], notebooks: Sequence[str], matches: Mapping[str, str]
) -> Plan:
    """Return whose each file is, and which is the newest of several."""
    left = {path: f"{why}: look at it in the archive." for path, why in archive.refused.items()}
    named: dict[_Key, list[tuple[Entry, LmsFile]]] = defaultdict(list)
    for entry in archive.entries:
        name = read_name(entry.path)
        if why := _no_file(name):
            left[entry.path] = why
        elif name is not None:
            named[name.name, name.number].append((entry, name))
    owners = {key: _owner(found[0][1], roster, matches) for key, found in named.items()}
    owners = {key: _only(key, owners) for key in owners}
    taken: list[Taken] = []
    for key, found in named.items():
        student, why = owners[key]
        if student:
            taken += [_taken(student, entry, name, notebooks) for entry, name in found]
        else:
            left |= {entry.path: why for entry, _ in found}
    return Plan(_newest(taken), left)


def _only(
    key: tuple[str, str], owners: Mapping[tuple[str, str], tuple[str, str]]
) -> tuple[str, str]:
    """Return whose a name is, unless another one is of the same student."""
    student, why = owners[key]
    same = ["_".join(name) for name, (one, _) in owners.items() if one == student]
    if not student or len(same) == 1:
        return student, why
    return "", f"{' and '.join(same)} both look like {student}: {_BY_HAND}"


_BY_HAND = 'say whose it is with --match "NAME_NUMBER=ID", NAME_NUMBER as in the archive.'


def _no_file(name: LmsFile | None) -> str:
    if name is None:
        return "neither Moodle nor Canvas names files so: copy it by hand."
    if not name.file:
        return "a text typed into the system is no notebook: ask for the file."
    if name.file.casefold() in _OURS:
        return "only the grader writes such a file: a student's own is not believed."
    return ""


def _owner(name: LmsFile, roster: Sequence[Person], matches: Mapping[str, str]) -> tuple[str, str]:
    """Return the student, or nobody and what to do."""
    known = {person.id for person in roster}
    for key in (f"{name.name}_{name.number}", name.prefix, name.name):
        if key in matches:
            if matches[key] not in known:
                raise CourseError(f"--match {key}={matches[key]}: there is no such student.")
            return matches[key], ""
    found = find(roster, name.name, name.user)
    if len(found) == 1:
        return found[0].id, ""
    if found:
        who = ", ".join(person.id for person in found)
        return "", f"may be of {who}: {_BY_HAND}"
    if name.name.casefold() in _ANONYMOUS:
        return "", "was handed in anonymously: reveal the students' identities, download again."
    return "", (
        f"{name.name!r} is nobody in the roster: add the student with `grader roster` and collect "
        f"again, or {_BY_HAND}"
    )


def _taken(student: str, entry: Entry, name: LmsFile, notebooks: Sequence[str]) -> Taken:
    file, copy = notebook_of(name.file, notebooks)
    printable = "".join(sign if sign.isprintable() else "_" for sign in file)
    return Taken(student, printable[-60:], entry, name, copy)


def _newest(taken: Sequence[Taken]) -> list[Taken]:
    best: dict[tuple[str, str], Taken] = {}
    for one in sorted(taken, key=_age):
        best[one.student, one.file] = one
    return sorted(best.values(), key=lambda one: (one.student, one.file))


def _age(one: Taken) -> tuple[str, int, int, str]:
    time = one.entry.time.isoformat() if one.entry.time else ""
    return time, one.name.upload, one.copy, one.entry.path


def _changed(
    course: Course, lesson: str, archive: Archive, taken: Sequence[Taken]
) -> dict[str, str]:
    """Return the students whose submission is another than what is there, and how."""
    changed = {}
    for student in sorted({one.student for one in taken}):
        folder = course.folder("submitted", student, lesson)
        if folder.parent.is_symlink():
            raise CourseError(f"{folder.parent} is a link: remove it, and collect again.")
        new = {one.file: one.entry for one in taken if one.student == student}
        if not os.path.lexists(folder):
            changed[student] = "collected"
        elif not _same(folder, new, archive):
            changed[student] = "replaces what was there"
    return changed


def _same(folder: Path, new: Mapping[str, Entry], archive: Archive) -> bool:
    there = {path.name for path in folder.glob("*")} - {*_OURS, ".ipynb_checkpoints"}
    return (
        not folder.is_symlink()
        and there == set(new)
        and all(
            (folder / name).stat().st_size == entry.size
            and (folder / name).read_bytes() == archive.read(entry)
            for name, entry in new.items()
        )
    )


def _told(taken: Sequence[Taken], changed: Mapping[str, str]) -> list[Collected]:
    by_student: dict[str, list[Taken]] = defaultdict(list)
    for one in taken:
        by_student[one.student].append(one)
    return [
        Collected(
            student,
            tuple(one.file for one in files),
            changed.get(student, "unchanged") + ", late" * any(one.name.late for one in files),
        )
        for student, files in sorted(by_student.items())
    ]


def _keep_names(course: Course, lesson: str, taken: Sequence[Taken]) -> None:
    new = [
        Received(one.student, one.name.system, one.file, one.name.original, one.name.prefix)
        for one in taken
    ]
    who = {one.student for one in new}
    before = [one for one in read_received(course, lesson) if one.student not in who]
    write_received(course, lesson, [*before, *new])


def _run(course: Course, lesson: str, path: Path, archive: Archive, taken: Sequence[Taken]) -> None:
    """Let nbgrader collect the files that were chosen."""
    folder = downloaded(course, lesson)
    _keep_archive(path, folder / "archive")
    app = _Collect(config=course.config, log_level=logging.ERROR)
    app.coursedir = CourseDirectory(config=course.config)
    app.coursedir.assignment_id = lesson
    app.downloaded_directory = os.path.relpath(folder.parent, course.root)
    app.force = True
    app.taken, app.archive, app.replaced = taken, archive, folder / "replaced"
    try:
        app.init_plugins()
        app.extract_archive_files()
        if taken:
            app.process_extracted_files()
    except SystemExit as error:  # nbgrader's way to fail
        raise CourseError(f"nbgrader could not collect {path}: exit status {error.code}.") from None
    finally:
        shutil.rmtree(folder / "extracted", ignore_errors=True)
    for one in taken:  # nbgrader only logs what it passes over
        if not (course.folder("submitted", one.student, lesson) / one.file).is_file():
            raise CourseError(f"nbgrader did not collect {one.name.original!r}: copy it by hand.")


def _keep_archive(path: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    copy = _free(folder, path.name)
    kept = (there for there in folder.iterdir() if there.is_file())
    if not any(filecmp.cmp(path, there, shallow=False) for there in kept):
        shutil.copyfile(path, copy)


def _free(folder: Path, name: str) -> Path:
    """Return a path in a folder that nothing has."""
    places = (folder / (f"{number}-{name}" if number else name) for number in range(10**6))
    return next(place for place in places if not os.path.lexists(place))


class _Extractor(ExtractorPlugin):  # type: ignore[misc]  # nbgrader is untyped
    """Writes only the files that were chosen, each below its student's id."""

    def extract(self, archive_path: str, extracted_path: str) -> None:
        for one in self.parent.taken:
            file = Path(extracted_path) / one.student / one.file
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(self.parent.archive.read(one.entry))


class _Collector(FileNameCollectorPlugin):  # type: ignore[misc]  # nbgrader is untyped
    """Says whose an extracted file is."""

    def collect(self, submitted_file: str) -> dict[str, Any] | None:
        file = Path(submitted_file)
        for one in self.parent.taken:
            if (one.student, one.file) == (file.parent.name, file.name):
                return {
                    "student_id": one.student,
                    "file_id": one.file,
                    "timestamp": one.entry.time,
                }
        return None


class _Collect(ZipCollectApp):  # type: ignore[misc]  # nbgrader is untyped
    """nbgrader's zip_collect, which keeps what it replaces."""

    taken: Sequence[Taken] = ()
    archive: Archive
    replaced: Path

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.extractor_plugin, self.collector_plugin = _Extractor, _Collector

    def _clear_existing_files(self, path: str) -> None:
        folder = Path(path)
        if folder.name == self.extracted_directory:
            super()._clear_existing_files(path)
        elif any(folder.iterdir()):
            self.replaced.mkdir(parents=True, exist_ok=True)
            folder.rename(_free(self.replaced, folder.parent.name))
            folder.mkdir()
