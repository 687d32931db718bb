"""The hub of the load test: a trial hub for a large class; JupyterHub reads this."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from grader.deploy.roles import services
from grader.deploy.trial import configure_trial, passwords
from tests.bench.load import load_hub

c = get_config()  # type: ignore[name-defined]  # noqa: F821 - JupyterHub puts it in scope

folder, port, students = os.environ["LOAD"].split()
hub = load_hub(Path(folder), int(port), int(students))
configure_trial(c, hub, passwords(hub.private / "passwords.json"))

# Grade on submit is measured, and not the formgrader.
c.JupyterHub.services = [
    one for one in services(hub, as_accounts=False) if one["name"] != hub.courses[0].name
]
# Some servers start at a time, and the others ask again: else all of them start, and none in time.
c.JupyterHub.concurrent_spawn_limit = 2 * len(os.sched_getaffinity(0))
c.Spawner.start_timeout = c.Spawner.http_timeout = 300
if os.geteuid() == 0:
    c.Spawner.args = ["--allow-root"]
