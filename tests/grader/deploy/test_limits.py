"""How many servers start at a time, and what systemd is asked for to bound each of them."""

import asyncio
import os
import pwd
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from systemdspawner import SystemdSpawner, systemd
from traitlets.config import Config

from grader.deploy import Hub, configure


def test_a_few_servers_start_at_a_time_and_have_the_time_for_it():
    c = Config()
    configure(c, Hub(Path("/srv/hub"), []))

    assert c.JupyterHub.concurrent_spawn_limit == 2 * len(os.sched_getaffinity(0))
    assert c.Spawner.start_timeout == c.Spawner.http_timeout == 300


def test_systemd_is_asked_for_a_students_limits_and_a_tmp_of_their_own(monkeypatch):
    """By the spawner's own code, as far as the command that it would run."""
    asked: dict[str, Any] = {}

    async def start(name: str, cmd: list[str], **options: Any) -> None:
        asked.update(options, cmd=cmd)

    async def is_running(name: str) -> bool:
        return bool(asked)

    async def has_failed(name: str) -> bool:
        return False

    monkeypatch.setattr(systemd, "get_systemd_version", lambda: 252)
    monkeypatch.setattr(systemd, "start_transient_service", start)
    monkeypatch.setattr(systemd, "service_running", is_running)
    monkeypatch.setattr(systemd, "service_failed", has_failed)
    monkeypatch.setattr(SystemdSpawner, "get_env", lambda spawner: {})
    me = SimpleNamespace(name=pwd.getpwuid(os.getuid()).pw_name, id=1)
    spawner = SystemdSpawner(config=by_systemd(), user=me, internal_ssl=False)
    with ThreadPoolExecutor() as beside:  # a browser of another test has a loop in this thread
        beside.submit(asyncio.run, spawner.start()).result()

    assert asked["uid"] == os.getuid()
    assert asked["cmd"] == [str(Path(sys.executable).parent / "jupyterhub-singleuser")]
    assert {name: value for name, value in asked["properties"].items() if value} == {
        "MemoryAccounting": "yes",
        "MemoryMax": 512 * 2**20,
        "CPUAccounting": "yes",
        "CPUQuota": "50%",
        "TasksMax": "99",
        "PrivateTmp": "yes",
        "PrivateDevices": "yes",
        "NoNewPrivileges": "yes",
    }


def test_the_systemd_spawner_has_each_setting_that_is_made():
    """JupyterHub would ignore another name."""
    c = by_systemd()

    assert {*c.SystemdSpawner, *c.Spawner} <= set(SystemdSpawner.class_trait_names(config=True))


def by_systemd() -> Config:
    c = Config()
    hub = Hub(Path("/srv/hub"), [], spawner="systemd", memory_mb=512, cpus=0.5, processes=99)
    configure(c, hub)
    return c
