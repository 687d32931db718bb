"""Kill the grader's commands at random moments, and see that nothing is lost.

Run by hand, as it takes minutes: ``python -m tests.kill --times 200``. After each ten kills all
commands run to their end; then the gradebook, the outcomes and the files have to be those of a
course that was never disturbed.
"""

import argparse
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HELPERS = Path(__file__).parent / "helpers"
sys.path.insert(0, str(HELPERS))

import nbformat  # noqa: E402
from state import everything  # noqa: E402
from tiny_course import make_tiny_course, write_notebook  # noqa: E402

from grader.course.course import Course  # noqa: E402

COMMANDS = (
    ("release", "ps1", "--force"),
    ("autograde", "ps1", "--jobs", "2"),
    ("feedback", "ps1"),
    ("report", "ps1"),
    ("rename", "ada", "ada.l"),
    ("export", "--output", "classroom/grades.csv"),
)
# What everybody hands in; the last one is damaged.
ANSWERS = {
    "ada": "def square(x):\n    return x * x",
    "bob": "def square(x):\n    return x + x",
    "cid": "def square(x):\n    while True: pass",
    "dora": "import os\nos._exit(3)",
    "eve": None,
}
AT_A_TIME = 10


def make_course(root: Path) -> Course:
    """Make a course in which everybody has handed in."""
    make_tiny_course(root)
    with (root / "nbgrader_config.py").open("a") as config:
        config.write("c.Grader.cpu_seconds = 0.3\nc.CourseDirectory.course_id = 'tiny'\n")
    run(root, COMMANDS[0])
    course = Course(root)
    for student, answer in ANSWERS.items():
        hand_in(course, student, answer)
    return course


def hand_in(course: Course, student: str, answer: str | None) -> None:
    """Hand in a student's answer; None is a broken file."""
    released = course.folder("release", ".", "ps1") / "ps1.ipynb"
    notebook = nbformat.read(released, as_version=4)
    for cell in notebook.cells:
        cell.source = answer if cell.id == "square" and answer else cell.source
    place = course.folder("submitted", student, "ps1") / "ps1.ipynb"
    write_notebook(notebook, place)
    if answer is None:
        place.write_text("{")


def start(root: Path, command: tuple[str, ...]) -> subprocess.Popen[bytes]:
    """Start a command in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "grader", *command],
        cwd=root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def run(root: Path, command: tuple[str, ...]) -> float:
    """Run a command to its end and return the seconds it took."""
    begin = time.monotonic()
    start(root, command).wait()
    return time.monotonic() - begin


def kill(root: Path, command: tuple[str, ...], after: float) -> bool:
    """Kill a command after some seconds; return whether it was still there."""
    process = start(root, command)
    time.sleep(after)
    alive = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    return alive


def main() -> int:
    """Kill and compare; the exit status says whether anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=50, help="how often to kill")
    parser.add_argument("--seed", type=int, default=0, help="of the moments")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    with tempfile.TemporaryDirectory(dir="/var/tmp") as scratch:
        original = make_course(Path(scratch) / "original" / "course").root
        whole = Path(shutil.copytree(original, Path(scratch) / "whole" / "course"))
        seconds = [run(whole, command) for command in COMMANDS]
        wanted, killed, lost = everything(Course(whole)), 0, 0
        for number in range(0, options.times, AT_A_TIME):
            root = Path(shutil.copytree(original, Path(scratch) / str(number) / "course"))
            for _ in range(min(AT_A_TIME, options.times - number)):
                place = rng.randrange(len(COMMANDS))
                killed += kill(root, COMMANDS[place], rng.uniform(0, seconds[place]))
            for command in COMMANDS:
                run(root, command)
            same = everything(Course(root)) == wanted
            lost += not same
            print(f"{killed} killed, {'the same' if same else 'DIFFERENT'}", flush=True)
            shutil.rmtree(root.parent)
    print(f"{killed} of {options.times} were still running when killed; {lost} courses differ.")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
