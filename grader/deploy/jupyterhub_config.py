"""An example for a real class: copy it to /srv/hub, and change what stands in capitals' place.

As root: jupyterhub --config /srv/hub/jupyterhub_config.py
"""

from pathlib import Path

from grader.deploy import Hub, HubCourse, configure
from grader.deploy.folders import prepare

hub = Hub(
    folder=Path("/srv/hub"),
    courses=[HubCourse("linbias", Path("/srv/courses/linbias"), graders=["prof"])],
    spawner="systemd",  # or "local", where there is no systemd
    proxy="/usr/local/bin/configurable-http-proxy",
    memory_mb=1024,
    cpus=1.0,
    idle_minutes=60,
)

prepare(hub)
configure(get_config(), hub)  # type: ignore[name-defined]  # noqa: F821 - JupyterHub puts it in scope
