"""What the image and its pods run: ``python -m grader.deploy.kubernetes STEP``.

The steps: settings, exchange, lock.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from grader.deploy.folders import make_exchange, write
from grader.deploy.hub import Hub, HubCourse
from grader.deploy.jupyter_settings import MEMBER, Files, settings
from grader.deploy.lock import why_no_lock

COURSE = HubCourse("linbias", Path("/srv/course"), [], account="grader")
HUB = Hub(Path("/srv/hub"), [COURSE])
# Where pods have the volume that they share.
SHARED = Hub(Path("/srv/shared"), [COURSE])

# A student's user id has no name in the image, so nbgrader has to be told who a server is for.
STUDENT = """import os

c = get_config()

if "JUPYTERHUB_USER" in os.environ:
    c.CourseDirectory.student_id = os.environ["JUPYTERHUB_USER"]
"""


def files(root: Path) -> Files:
    """Return Jupyter's configuration in the image, below its root folder."""
    made = settings(HUB)
    for path, content in made.items():
        if path.name == "nbgrader_config.json":
            content["Exchange"]["root"] = str(SHARED.exchange)
            content.pop("Authenticator", None)  # there is one course, and all see it
    return {root / path.relative_to("/"): content for path, content in made.items()}


def write_settings(root: Path) -> None:
    """Write Jupyter's configuration into the image."""
    write(files(root))
    student = root / HUB.jupyter(MEMBER).relative_to("/") / "nbgrader_config.py"
    student.write_text(STUDENT)
    student.chmod(0o644)


def lock() -> int:
    """Say whether students' code can be locked away in this pod."""
    why = why_no_lock()
    print(why or "Sessions can be locked here.")
    return 2 if why else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one step and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m grader.deploy.kubernetes")
    parser.add_argument("step", choices=("settings", "exchange", "lock"))
    parser.add_argument("--root", type=Path, default=Path("/"), help="the image's root folder")
    options = parser.parse_args(arguments)
    if options.step == "settings":
        write_settings(options.root)
    elif options.step == "exchange":
        make_exchange(SHARED, as_accounts=False)
    else:
        return lock()
    return 0


if __name__ == "__main__":
    sys.exit(main())
