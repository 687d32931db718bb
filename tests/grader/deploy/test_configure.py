"""What JupyterHub is told, on a bare configuration."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from traitlets.config import Config

from grader.deploy.configure import configure
from grader.deploy.hub import Hub, HubCourse
from grader.deploy.limits import command
from grader.deploy.roles import roles, services
from grader.errors import CourseError

HUB = Hub(
    Path("/srv/hub"),
    [
        HubCourse("alibi", Path("/srv/alibi"), ["prof"]),
        HubCourse("other", Path("/srv/other"), ["otto"], account="other-course"),
    ],
)


def configured(**changes: Any) -> Config:
    c = Config()
    configure(c, replace(HUB, **changes), lambda user: [])
    return c


def test_all_addresses_are_loopback():
    c = configured()
    told = [
        c.JupyterHub.bind_url,
        f"http://{c.JupyterHub.hub_ip}:",
        c.ConfigurableHTTPProxy.api_url,
        f"http://{c.Spawner.ip}:",
        *(service["url"] for service in c.JupyterHub.services if "url" in service),
    ]

    assert {url.split("//")[1].split(":")[0] for url in told} == {"127.0.0.1"}


def test_only_the_address_for_browsers_is_another_when_told():
    c = configured(address="10.0.0.5")

    assert c.JupyterHub.bind_url == "http://10.0.0.5:8000"
    assert c.JupyterHub.hub_ip == "127.0.0.1"


def test_no_two_processes_share_a_port():
    c = configured()
    urls = [c.JupyterHub.bind_url, c.ConfigurableHTTPProxy.api_url]
    urls += [service["url"] for service in c.JupyterHub.services if "url" in service]
    ports = [*(int(url.rsplit(":", 1)[1]) for url in urls), c.JupyterHub.hub_port]

    assert len(set(ports)) == len(ports) == 5


@pytest.mark.parametrize("name", ["db_url", "cookie_secret_file", "pid_file"])
def test_what_the_hub_knows_lies_in_its_private_folder(name: str):
    assert "/srv/hub/private/" in configured().JupyterHub[name]


def test_the_proxy_is_one_setting():
    proxy = configured(proxy="/opt/chp").ConfigurableHTTPProxy

    assert proxy.command[0] == "/opt/chp"


def test_the_proxy_waits_as_long_as_a_class_is_graded():
    assert "--proxy-timeout=3600000" in configured().ConfigurableHTTPProxy.command


def test_a_hub_that_is_started_again_leaves_students_servers_running():
    assert configured().JupyterHub.cleanup_servers is False


def test_who_may_log_in_is_read_again_after_a_minute():
    c = configured()

    assert c.Authenticator.manage_groups
    assert c.Authenticator.auth_refresh_age == 60
    assert "load_groups" not in c.JupyterHub
    assert "allowed_users" not in c.Authenticator


# Roles and services


def test_a_course_is_opened_by_its_own_graders_only():
    scopes = {role["name"]: role["scopes"] for role in roles(HUB)}

    assert scopes["formgrade-alibi"] == ["access:services!service=alibi"]
    assert scopes["formgrade-other"] == ["access:services!service=other"]


def test_a_students_server_reads_no_more_than_its_users_groups():
    (server,) = [role for role in roles(HUB) if role["name"] == "server"]

    assert all(scope.endswith(("!user", "!server")) for scope in server["scopes"])


def test_no_role_administers_the_hub():
    scopes = [scope for role in roles(HUB) for scope in role["scopes"]]

    assert not [scope for scope in scopes if scope.startswith(("admin", "inherit", "self"))]


def test_each_service_with_a_page_has_its_role():
    pages = {service["name"] for service in services(HUB) if "url" in service}

    assert pages == {"alibi", "other"}
    assert {f"formgrade-{name}" for name in pages} <= {role["name"] for role in roles(HUB)}


def test_a_course_runs_in_its_folder_as_its_account():
    alibi, other, _ = services(HUB)

    assert (alibi["user"], alibi["cwd"]) == ("grader-alibi", "/srv/alibi")
    assert (other["user"], other["cwd"]) == ("other-course", "/srv/other")


def test_idle_servers_are_stopped_after_the_time_given():
    *_, idle = services(replace(HUB, idle_minutes=7))

    assert idle["command"][-1] == "--timeout=420"


def test_no_word_of_a_command_is_a_secret():
    words = " ".join(word for service in services(HUB) for word in service["command"])

    assert "token" not in words.lower()
    assert "password" not in words.lower()


# Limits


def test_systemd_bounds_memory_processors_and_processes_of_each_student():
    c = configured(spawner="systemd", memory_mb=512, cpus=0.5, processes=99)

    assert c.JupyterHub.spawner_class == "systemdspawner.SystemdSpawner"
    assert c.Spawner.mem_limit == 512 * 2**20
    assert c.Spawner.cpu_limit == 0.5
    assert c.SystemdSpawner.unit_extra_properties == {"TasksMax": "99"}
    assert c.SystemdSpawner.isolate_tmp
    assert c.Spawner.cmd[0].endswith("jupyterhub-singleuser")


def test_without_systemd_a_process_that_takes_too_much_memory_fails():
    greedy = [sys.executable, "-c", "bytearray(2**29)"]

    def run(memory_mb: int) -> int:
        bounded = [*command(replace(HUB, memory_mb=memory_mb)), *greedy]
        return subprocess.run(bounded, capture_output=True).returncode

    assert run(1024) == 0
    assert run(256) == 1


# What cannot be


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: HubCourse("My course", Path(), []), "'My course' is no name for a course"),
        (lambda: HubCourse("../up", Path(), []), "take small letters"),
        (lambda: replace(HUB, spawner="docker"), "Take one of: local, systemd"),
        (lambda: replace(HUB, courses=[HUB.courses[0]] * 2), "Two courses have the same name"),
    ],
)
def test_what_cannot_be_is_said(make: Callable[[], Any], told: str):
    with pytest.raises(CourseError, match=told):
        make()


def test_the_example_for_a_real_class_is_python_that_configures():
    file = Path(__file__).parents[3] / "grader" / "deploy" / "jupyterhub_config.py"
    c = Config()
    text = file.read_text().replace("prepare(hub)\n", "")
    exec(compile(text, str(file), "exec"), {"get_config": lambda: c})

    assert c.JupyterHub.services[0]["name"] == "linbias"
    assert c.JupyterHub.bind_url == "http://127.0.0.1:8000"
