"""Start a hub to try: what `make hub` runs."""

import os
import sys
from pathlib import Path

from grader.deploy.roles import program
from grader.deploy.trial import set_up, trial_hub, welcome
from grader.errors import CourseError

CONFIG = Path(__file__).parent / "trial_config.py"


def main(port: int) -> None:
    """Set up a trial below classroom/, say how to log in, and become the hub."""
    if os.geteuid() == 0:
        raise CourseError(
            "make hub is for an ordinary user: its servers would run as root. "
            "For a hub with system accounts see docs/administrators.md."
        )
    hub = trial_hub(Path.cwd() / "classroom" / "hub", port)
    if not (hub.courses[0].folder / "nbgrader_config.py").exists():
        print("The class and two lessons are made ready; this takes a minute ...", flush=True)
    print(welcome(hub, set_up(hub, Path.cwd())), flush=True)
    os.chdir(hub.folder)
    os.environ |= {"GRADER_TRIAL": str(hub.folder), "GRADER_TRIAL_PORT": str(port)}
    jupyterhub = program("jupyterhub")
    os.execv(jupyterhub, [jupyterhub, "--config", str(CONFIG), "--log-level=WARN"])


if __name__ == "__main__":
    try:
        main(port=int(os.environ.get("PORT", "8000")))
    except CourseError as error:
        sys.exit(f"grader: {error}")
