"""Keep nbgrader's scores of the lessons and tell where tests run: ``python -m tests.courses``.

nbgrader grades only the lessons that have changed since their scores were kept.
"""

import os
import sys
import tempfile
from pathlib import Path

from tests.courses.grading import grade_all
from tests.courses.lessons import lessons
from tests.courses.places import Place, by_example, by_lesson, places, reasons
from tests.courses.stock import renew


def main() -> None:
    """Renew nbgrader's scores and print the tables."""
    # nbgrader starts `alembic` by name, also where nobody has activated the environment.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    known = lessons()
    print(f"nbgrader graded anew: {', '.join(renew(known)) or 'nothing'}", flush=True)
    with tempfile.TemporaryDirectory() as root:
        graded = grade_all(known, Path(root))
    found: list[Place] = [one for lesson in known for one in places(lesson, graded[lesson.name])]
    print("\n\n".join([by_lesson(found), by_example(found), reasons(found)]))


if __name__ == "__main__":
    main()
