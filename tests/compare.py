"""Compare the grader's scores with nbgrader's own: ``python -m tests.compare FOLDER``.

Each notebook below the folder that has nbgrader's test cells is a lesson of its own. Two students
hand it in: "right" with the instructor's solutions, "empty" as it was released. Both are graded by
nbgrader's own `autograde` and by `grader autograde`, each in a course made for it. A test that has
no points gets one.
"""

import argparse
import hashlib
import json
import multiprocessing
import os
import re
import runpy
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.utils import is_grade, is_solution

from grader.course.proof import Proof
from grader.table import points, table

LESSON = "lesson"
RIGHT, EMPTY = "right", "empty"
STDOUT, STDERR = "stdout", "stderr"
RECIPE = "1"  # Part of the key of what is cached: change it with what students hand in.
ALL_EQUAL, SOME_DIFFER, NOTHING = 0, 1, 2

Points = dict[str, float | None]
Verdict = Literal["equal", "flag", "less", "more", "unscored"]


# The lessons of a folder


@dataclass(frozen=True)
class Lesson:
    """One notebook with nbgrader's test cells.

    Attributes
    ----------
    name : str
        Its path within the folder that is compared.
    """

    path: Path
    name: str

    @cached_property
    def notebook(self) -> Any:
        """The instructor's notebook with nbgrader's present metadata, as `nbgrader update` does."""
        read = nbformat.read(self.path, as_version=4)
        for cell in read.cells:
            cell.pop("id", None)  # nbformat 4.4 has none
        read.nbformat_minor = 4
        # Kernels have other names elsewhere.
        read.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
        upgraded = MetadataValidator().upgrade_notebook_metadata(read)
        for cell in filter(is_test, upgraded.cells):
            # Of a test without points nobody could see whether it passed.
            cell.metadata.nbgrader["points"] = cell.metadata.nbgrader.points or 1
        return upgraded

    @cached_property
    def tests(self) -> dict[str, float]:
        """The points of each test cell, by its grade_id."""
        data = [cell.metadata.nbgrader for cell in self.notebook.cells if is_test(cell)]
        return {one.grade_id: float(one.points) for one in data}

    @cached_property
    def files(self) -> list[Path]:
        """The files beside it, such as data and modules."""
        found = sorted(self.path.parent.rglob("*"))
        return [path for path in found if path.is_file() and not _is_left_out(path)]

    @property
    def key(self) -> str:
        """The same for the same notebook and files."""
        contents = [nbformat.writes(self.notebook).encode()]
        contents += [file.read_bytes() for file in self.files]
        hashes = [hashlib.sha256(content).hexdigest() for content in contents]
        names = [str(file.relative_to(self.path.parent)) for file in (self.path, *self.files)]
        return hashlib.sha256("\n".join([RECIPE, *names, *hashes]).encode()).hexdigest()

    def handed_in(self, released: Any) -> dict[str, Any]:
        """Return what each student hands in, made of the notebook that was handed out."""
        return {RIGHT: solved(released, self.notebook), EMPTY: released}

    def write(self, folder: Path) -> None:
        """Write the lesson into a course's source folder."""
        for file in self.files:
            place = folder / file.relative_to(self.path.parent)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, place)
        write(self.notebook, folder / self.path.name)


def is_test(cell: Any) -> bool:
    """Whether running a cell decides its points."""
    return cell.cell_type == "code" and is_grade(cell) and not is_solution(cell)


def _is_left_out(path: Path) -> bool:
    hidden = any(part.startswith((".", "__")) for part in path.parts[-2:])
    return hidden or path.suffix in (".ipynb", ".db", ".pyc")


def write(notebook: Any, path: Path) -> None:
    """Write a notebook, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


def find_lessons(folder: Path, only: str = "") -> Iterator[Lesson]:
    """Give the Python notebooks below a folder that have test cells."""
    for path in sorted(folder.rglob("*.ipynb")):
        lesson = Lesson(path, str(path.relative_to(folder)))
        if ".ipynb_checkpoints" in path.parts or only not in lesson.name or not _is_python(path):
            continue
        with suppress(Exception):  # some are no notebooks, or have no metadata of nbgrader
            if lesson.tests:
                yield lesson


def _is_python(path: Path) -> bool:
    try:
        metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]
        language = metadata.get("kernelspec", {}).get("language", "python")
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
    return str(language).lower() in ("python", "")


def solved(released: Any, source: Any) -> Any:
    """Return a released notebook with the instructor's solutions in its answer cells."""
    answers = {
        cell.metadata.nbgrader.grade_id: without_marks(cell.source)
        for cell in source.cells
        if is_solution(cell)
    }
    return answered(released, answers)


def answered(released: Any, answers: Mapping[str, str]) -> Any:
    """Return a released notebook with these answers, by the cell's name."""
    notebook = nbformat.from_dict(released)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = answers.get(name, cell.source)
    return notebook


def without_marks(source: str) -> str:
    """Return an answer's text without the lines that mark the solution.

    Examples
    --------
    >>> without_marks("def f():\\n    ### BEGIN SOLUTION\\n    return 1\\n    ### END SOLUTION")
    'def f():\\n    return 1'
    """
    marks = ("BEGIN SOLUTION", "END SOLUTION")
    return "\n".join(line for line in source.split("\n") if not any(mark in line for mark in marks))


# The two courses


@dataclass(frozen=True)
class Engine:
    """A way to grade: a course's folders and configuration, and its commands.

    Attributes
    ----------
    gradebook : str
        Its file.
    release, autograde : tuple of str
        The commands that release the lesson and that grade it.
    """

    source: str
    released: str
    submitted: str
    gradebook: str
    config: str
    release: tuple[str, ...]
    autograde: tuple[str, ...]


NBGRADER = Engine(
    source="source",
    released="release",
    submitted="submitted",
    gradebook="gradebook.db",
    config='c = get_config()\nc.CourseDirectory.course_id = "compare"\n',
    release=("nbgrader", "generate_assignment", LESSON),
    autograde=("nbgrader", "autograde", LESSON),
)

GRADER = Engine(
    source="solutions",
    released="notebooks",
    submitted="classroom/submitted",
    gradebook="classroom/gradebook.db",
    config=(
        "from pathlib import Path\n\nfrom grader.nbgrader_hooks import configure\n\n"
        "c = get_config()\nconfigure(c, Path(__file__).parent)\n"
    ),
    release=("grader", "release", LESSON, "--force"),
    autograde=("grader", "autograde", LESSON, "--jobs", "1", "--json"),
)


@dataclass(frozen=True)
class Graded:
    """What one engine made of a lesson: by student, the points of each cell, None by hand.

    Attributes
    ----------
    messages : dict
        By student, what was said of each cell that has something said of it.
    error : str
        Why there are no points, where there are none.
    inside : list of str
        The grader's own: the tests that run inside the session.
    """

    points: dict[str, Points]
    messages: dict[str, dict[str, str]]
    error: str = ""
    inside: list[str] = field(default_factory=list)

    def says(self, student: str, cell: str) -> str:
        """Return the first line said of a cell."""
        said = self.messages.get(student, {}).get(cell) or self.error
        return next(iter(said.strip().splitlines()), "")


def grade(engine: Engine, lesson: Lesson, timeout: float) -> Graded:
    """Release, hand in and grade a lesson; an engine that fails gives no points and says why."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "course"
        try:
            _run_course(engine, lesson, root, timeout)
            said = _messages((root / STDOUT).read_text(errors="replace"))
            found = _points(root / engine.gradebook)
            return Graded(found, said, _last_error(root), _inside(root))
        except Exception as error:  # one lesson's failure is a row of the table, not its end
            return Graded({}, {}, f"{type(error).__name__}: {error}")


def _run_course(engine: Engine, lesson: Lesson, root: Path, timeout: float) -> None:
    lesson.write(root / engine.source / LESSON)
    (root / "nbgrader_config.py").write_text(engine.config)
    (root / engine.gradebook).parent.mkdir(exist_ok=True)
    (root / engine.gradebook).write_bytes(_empty_gradebook())
    _run(engine.release, root, timeout)
    release = root / engine.released / LESSON
    if not (release / lesson.path.name).is_file():
        raise RuntimeError(f"it was not released. {_last_error(root)}")
    released = nbformat.read(release / lesson.path.name, as_version=4)
    for student, work in lesson.handed_in(released).items():
        handed_in = root / engine.submitted / student / LESSON
        shutil.copytree(release, handed_in)
        write(work, handed_in / lesson.path.name)
    _run(engine.autograde, root, timeout)


@cache
def _empty_gradebook() -> bytes:
    """Return the file of a gradebook: making one takes seconds, copying it none."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "gradebook.db"
        Gradebook(f"sqlite:///{file}").close()
        return file.read_bytes()


# Commands run in children of a process that has imported the slow half of what they need.
_WARM = multiprocessing.get_context("forkserver")
_WARM.set_forkserver_preload(["nbgrader.apps.nbgraderapp", "nbformat", "sqlalchemy"])


def _run(command: tuple[str, ...], root: Path, timeout: float) -> None:
    """Run a command in a course's folder; what it prints goes into files there."""
    child = _WARM.Process(target=_command, args=(command, root))
    child.start()
    child.join(timeout)
    if child.exitcode is None:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.join()
        raise TimeoutError(f"{' '.join(command)} took longer than {timeout:g} s")


def _command(command: tuple[str, ...], root: Path) -> None:
    os.setsid()  # so that it can be ended with all of its children
    os.chdir(root)
    for number, name in (1, STDOUT), (2, STDERR):
        file = open(name, "w", buffering=1)  # noqa: SIM115 - it lives as long as the process
        os.dup2(file.fileno(), number)
        setattr(sys, name, file)
    sys.argv = list(command)
    runpy.run_module(command[0], run_name="__main__", alter_sys=True)


def _last_error(root: Path) -> str:
    return last_error((root / STDERR).read_text(errors="replace"))


def last_error(text: str) -> str:
    """Return the last line that names an exception, or else the last one.

    Examples
    --------
    >>> last_error("Traceback\\nKeyError: 'x'\\nPlease see the above traceback.")
    "KeyError: 'x'"
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"[\w.]*(Error|Exception)\b.*: ", line)]
    return next(reversed(errors or lines), "")


def _points(database: Path) -> dict[str, Points]:
    with Gradebook(f"sqlite:///{database}") as gradebook:
        return {one.id: _points_of(gradebook, one.id) for one in gradebook.students}


def _points_of(gradebook: Any, student: str) -> Points:
    try:
        notebooks = gradebook.find_submission(LESSON, student).notebooks
    except MissingEntry:
        return {}
    grades = [grade for notebook in notebooks for grade in notebook.grades]
    return {one.name: None if one.needs_manual_grade else one.auto_score for one in grades}


def _inside(root: Path) -> list[str]:
    proof = root / "classroom" / "proofs" / f"{LESSON}.json"
    return list(Proof.from_json(proof.read_text()).inside) if proof.is_file() else []


def _messages(printed: str) -> dict[str, dict[str, str]]:
    """Return what `grader autograde --json` says of each student's cells."""
    try:
        outcomes = json.loads(printed)
    except ValueError:
        return {}
    return {outcome["student"]: _messages_of(outcome) for outcome in outcomes}


def _messages_of(outcome: dict[str, Any]) -> dict[str, str]:
    results = [result for notebook in outcome["notebooks"] for result in notebook["results"]]
    return {one["cell"]: one["message"] for one in results if one["message"]}


# What comes of it


@dataclass(frozen=True)
class Cell:
    """One test cell of one student: nbgrader's points beside the grader's."""

    lesson: str
    student: str
    cell: str
    most: float
    stock: float | None
    ours: float | None
    message: str
    inside: bool = False

    @property
    def credited(self) -> bool:
        """Whether nbgrader gives points for it."""
        return bool(self.stock)

    @property
    def verdict(self) -> Verdict:
        """How the grader's points differ from nbgrader's."""
        return verdict(self.stock, self.ours)


def verdict(stock: float | None, ours: float | None) -> Verdict:
    """Say how the grader's points differ from nbgrader's.

    "flag": the grader asks a person to grade. "unscored": nbgrader itself has no points.

    Examples
    --------
    >>> verdict(1.0, 1.0), verdict(2.0, 1.5), verdict(0.0, 1.0), verdict(1.0, None)
    ('equal', 'less', 'more', 'flag')
    """
    if stock is None:
        return "unscored"
    if ours is None:
        return "flag"
    if abs(ours - stock) < 1e-9:
        return "equal"
    return "more" if ours > stock else "less"


def cells(lesson: Lesson, stock: Graded, ours: Graded) -> list[Cell]:
    """Return the test cells of both students, side by side."""
    return [
        Cell(
            lesson.name,
            student,
            cell,
            most,
            stock.points.get(student, {}).get(cell),
            ours.points.get(student, {}).get(cell, 0.0),
            ours.says(student, cell),
            cell in ours.inside,
        )
        for student in (RIGHT, EMPTY)
        for cell, most in lesson.tests.items()
    ]


DIFFERENT: tuple[Verdict, ...] = ("flag", "less", "more")

# "credited" and what follows are cells of the right student for which nbgrader gives points;
# "points outside" are those of the grader's tests that run outside the session, of nbgrader's.
HEAD = (
    "notebook",
    "tests",
    "nbgrader full",
    "credited",
    "equal",
    "flagged",
    "less",
    "more",
    "empty equal",
    "empty differ",
    "points outside",
)


def row(name: str, found: Sequence[Cell]) -> list[str]:
    """Return the table's line for some cells."""
    right = [one for one in found if one.student == RIGHT]
    empty = [one.verdict for one in found if one.student == EMPTY]
    credited = [one.verdict for one in right if one.credited]
    outside = sum(one.ours or 0 for one in right if one.credited and not one.inside)
    of = sum(one.stock or 0 for one in right)
    numbers = [
        len(right),
        sum(one.stock == one.most for one in right),
        len(credited),
        *(credited.count(kind) for kind in ("equal", "flag", "less")),
        sum(one.verdict == "more" for one in right),
        empty.count("equal"),
        sum(empty.count(kind) for kind in DIFFERENT),
    ]
    return [name, *map(str, numbers), points(outside, of)]


def report(found: Sequence[Cell], errors: dict[str, str]) -> str:
    """Return the tables: notebooks, those that nbgrader itself gives nothing, cells that differ."""
    by_lesson: dict[str, list[Cell]] = {}
    for one in found:
        by_lesson.setdefault(one.lesson, []).append(one)
    credited = {one.lesson for one in found if one.student == RIGHT and one.credited}
    rows = [row(name, some) for name, some in by_lesson.items() if name in credited]
    total = row(f"{len(credited)} notebooks", [one for one in found if one.lesson in credited])
    parts = [table(HEAD, [*rows, total])]
    without = [[name, errors.get(name, "")[:160]] for name in by_lesson if name not in credited]
    if without:
        parts.append(table(["nbgrader itself gives the right student no points", "why"], without))
    differing = [_line(one) for one in found if one.verdict in DIFFERENT]
    if differing:
        parts.append(table(["notebook", "cell", "student", "points", "what it says"], differing))
    return "\n\n".join(parts)


def _line(one: Cell) -> list[str]:
    ours = "flagged" if one.ours is None else f"{one.ours:g}"
    both = f"{ours}, nbgrader {one.stock or 0:g} of {one.most:g}"
    return [one.lesson, one.cell, one.student, both, one.message[:200]]


def status(found: Sequence[Cell]) -> int:
    """Return the exit status: whether any cell has other points and is not flagged."""
    differ = any(one.verdict in ("less", "more") for one in found)
    return SOME_DIFFER if differ else ALL_EQUAL


# The command


class Cache:
    """nbgrader's own results, kept in a JSON file: they change only with the notebook."""

    def __init__(self, file: Path | None) -> None:
        self.file = file
        self.known = json.loads(file.read_text()) if file and file.is_file() else {}

    def get(self, key: str, make: Callable[[], Graded]) -> Graded:
        """Return what is known under a key, or make and keep it."""
        if key not in self.known:
            made = make()
            if not any(made.points.values()):
                return made
            self.known[key] = asdict(made)
            self._keep()
        return Graded(**self.known[key])

    def _keep(self) -> None:
        if self.file:
            fresh = self.file.with_suffix(".new")
            fresh.write_text(json.dumps(self.known, indent=1))
            fresh.replace(self.file)


def compare(lesson: Lesson, known: Cache, timeout: float) -> tuple[list[Cell], str]:
    """Grade one lesson both ways; return its cells, and why nbgrader gave no points, if so."""
    stock = known.get(lesson.key, lambda: grade(NBGRADER, lesson, timeout))
    ours = grade(GRADER, lesson, timeout)
    return cells(lesson, stock, ours), stock.error


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(prog="python -m tests.compare", description=__doc__)
    made.add_argument("folder", type=Path, help="source notebooks, in folders of any depth")
    made.add_argument("--only", default="", metavar="NAME", help="notebooks whose path has this")
    made.add_argument("--timeout", type=float, default=300, help="seconds for each command")
    made.add_argument("--json", type=Path, metavar="FILE", help="write every cell here as well")
    made.add_argument("--stock-cache", type=Path, metavar="FILE", help="keep nbgrader's results")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the comparison and return its exit status: 0 equal, 1 points differ, 2 no notebook."""
    options = parser().parse_args(arguments)
    # nbgrader starts `alembic` by name, also where nobody has activated the environment.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    known = Cache(options.stock_cache)
    found: list[Cell] = []
    errors: dict[str, str] = {}
    with suppress(KeyboardInterrupt):  # then the table is of what was compared so far
        for lesson in find_lessons(options.folder, options.only):
            some, errors[lesson.name] = compare(lesson, known, options.timeout)
            found += some
            print("  ".join(row(lesson.name, some)), file=sys.stderr, flush=True)
    if options.json:
        full = [asdict(one) | {"verdict": one.verdict} for one in found]
        options.json.write_text(json.dumps(full, indent=1))
    print(report(found, errors) if found else f"No notebook with test cells in {options.folder}.")
    return status(found) if found else NOTHING


if __name__ == "__main__":
    sys.exit(main())
