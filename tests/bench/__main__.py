"""Measure how fast submissions are graded: ratios in one run, on this machine, of this course.

Run as ``python -m tests.bench``; takes some minutes. The course is copied to a temporary folder,
so nothing of a real class is touched.
"""

import argparse
import signal
import sys
import tempfile
from pathlib import Path

from grader.course.course import Course
from tests.bench.figures import as_table
from tests.bench.measures import JOBS, PARTS, Bench


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--lesson", default="02", help="the lesson to grade (default: 02)")
    parser.add_argument("--many", type=int, default=500, help="submissions of the long run")
    parser.add_argument("--copies", type=int, default=20, help="how large a class is made")
    parser.add_argument("--students", type=int, default=60, help="students at once on a hub")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(
            f"no part is called {', '.join(sorted(unknown))}: there are {', '.join(PARTS)}"
        )
    # Ended from outside, too, it ends the hub and the processes that it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    here = Course.here()
    lesson = here.lesson(options.lesson)
    figures = []
    print(f"{lesson}, {JOBS} jobs, sandbox on", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        for name in options.parts or PARTS:
            folder = Path(scratch, name)
            folder.mkdir()
            bench = Bench(here, lesson, folder, options.copies, options.many, options.students)
            found = list(PARTS[name](bench))
            figures += found
            print(f"{name}: {'measured' if found else 'not there yet'}", flush=True)
    print(as_table(figures))


if __name__ == "__main__":
    main()
