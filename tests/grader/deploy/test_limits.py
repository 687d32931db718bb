"""What the hub does when a whole class comes at once."""

import os
from pathlib import Path

from traitlets.config import Config

from grader.deploy import Hub, configure


def test_a_few_servers_start_at_a_time_and_have_the_time_for_it():
    c = Config()
    configure(c, Hub(Path("/srv/hub"), []))

    assert c.JupyterHub.concurrent_spawn_limit == 2 * len(os.sched_getaffinity(0))
    assert c.Spawner.start_timeout == c.Spawner.http_timeout == 300
