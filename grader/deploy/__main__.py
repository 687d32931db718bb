"""Start a hub to try: what `make hub` runs."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from grader.deploy.hub import Hub
from grader.deploy.roles import program
from grader.deploy.trial import set_up, trial_hub, welcome
from grader.errors import CourseError

CONFIG = Path(__file__).parent / "trial_config.py"


def main(port: int) -> None:
    """Set up a trial below classroom/, say how to log in, and run the hub until Ctrl+C."""
    if os.geteuid() == 0:
        raise CourseError(
            "make hub is for an ordinary user: its servers would run as root. "
            "For a hub with system accounts see docs/administrators.md."
        )
    hub = trial_hub(Path.cwd() / "classroom" / "hub", port)
    if not (hub.courses[0].folder / "nbgrader_config.py").exists():
        print("The class and two lessons are made ready; this takes a minute ...", flush=True)
    print(welcome(hub, set_up(hub, Path.cwd())), flush=True)
    run(hub)


def run(hub: Hub) -> None:
    """Run the hub; what it and its servers say goes to its log."""
    # Ctrl+C reaches the hub, too; it ends its servers, and we wait for it.
    signal.signal(signal.SIGINT, lambda *_: print("The hub ends ...", flush=True))
    with hub.log.open("w") as log:
        status = subprocess.call(
            [program("jupyterhub"), "--config", str(CONFIG)],
            cwd=hub.folder,
            env=os.environ | {"GRADER_TRIAL_PORT": str(hub.port)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    if status:
        last = "\n".join(hub.log.read_text().splitlines()[-5:])
        raise CourseError(f"the hub has ended by itself. The end of {hub.log}:\n{last}")


if __name__ == "__main__":
    try:
        main(port=int(os.environ.get("PORT", "8000")))
    except CourseError as error:
        sys.exit(f"grader: {error}")
