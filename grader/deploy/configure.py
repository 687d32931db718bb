"""Fill the configuration that JupyterHub reads; each function sets one thing."""

from collections.abc import Callable
from typing import Any

from grader.deploy import lti
from grader.deploy.hub import Hub
from grader.deploy.jupyter_settings import MEMBER
from grader.deploy.limits import limit, take_turns
from grader.deploy.members import Members, ask_course
from grader.deploy.roles import roles, services

_PATIENCE_MS = 60 * 60 * 1000
GroupsOf = Callable[[str], list[str]]


def configure(c: Any, hub: Hub, groups_of: GroupsOf | None = None) -> None:
    """Configure a hub with system users, as root starts it.

    Parameters
    ----------
    c : traitlets.config.Config
        The configuration that jupyterhub_config.py fills.
    groups_of : callable, optional
        Returns the groups of a user; by default those that the courses' gradebooks give.
    """
    listen(c, hub)
    keep(c, hub)
    serve_courses(c, hub)
    admit(c, hub, known_by(c, hub), groups_of or Members(hub, ask_course).groups)
    start_servers(c, hub)
    limit(c, hub)
    take_turns(c)


def listen(c: Any, hub: Hub) -> None:
    """Set where the hub and its processes listen: on loopback, but for what browsers open."""
    c.JupyterHub.bind_url = f"http://{hub.address}:{hub.port}"
    c.JupyterHub.hub_ip = "127.0.0.1"
    c.JupyterHub.hub_port = hub.inner_port
    c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{hub.inner_port + 1}"
    # To autograde a class is one request, and takes as long as it takes.
    patience = [f"--{name}={_PATIENCE_MS}" for name in ("timeout", "proxy-timeout")]
    c.ConfigurableHTTPProxy.command = [hub.proxy, *patience]
    c.Spawner.ip = "127.0.0.1"


def keep(c: Any, hub: Hub) -> None:
    """Set where the hub keeps its own things: in a folder that nobody else can look into."""
    c.JupyterHub.db_url = f"sqlite:///{hub.private}/jupyterhub.sqlite"
    c.JupyterHub.cookie_secret_file = str(hub.private / "cookie_secret")
    c.JupyterHub.pid_file = str(hub.private / "hub.pid")
    c.ConfigurableHTTPProxy.pid_file = str(hub.private / "proxy.pid")
    # A hub that is started again finds the students' servers running.
    c.JupyterHub.cleanup_servers = False


def serve_courses(c: Any, hub: Hub, *, as_accounts: bool = True) -> None:
    """Set the courses' formgraders, who may open them, and that idle servers are stopped."""
    c.JupyterHub.load_roles = roles(hub)
    c.JupyterHub.services = services(hub, as_accounts=as_accounts)
    # A server does not heed the hub's first signal; half a minute is the default patience.
    c.LocalProcessSpawner.interrupt_timeout = 3


def known_by(c: Any, hub: Hub) -> Any:
    """Return what tells whether a user is who they say: the LMS, or the system's passwords."""
    from jupyterhub.auth import PAMAuthenticator

    if hub.lms is None:
        return PAMAuthenticator
    lti.know_platform(c, hub.lms)
    return lti.authenticator()


def admit(c: Any, hub: Hub, authenticator: Any, groups_of: GroupsOf) -> None:
    """Set who may log in: members of a course, and the hub's administrators."""
    from grader.deploy.authenticator import members_only

    c.JupyterHub.authenticator_class = members_only(authenticator, groups_of)
    c.Authenticator.manage_groups = True
    c.Authenticator.any_allow_config = True  # or JupyterHub warns that nobody may log in
    c.Authenticator.admin_users = set(hub.admins)
    # Whoever has left the class is out a minute later, and not when their cookie ends.
    c.Authenticator.auth_refresh_age = 60
    c.Authenticator.refresh_pre_spawn = True
    c.PAMAuthenticator.open_sessions = False


def start_servers(c: Any, hub: Hub) -> None:
    """Set how a student's server is started: as the student, in a home that is closed to others."""
    from grader.deploy.folders import close_home

    local = "jupyterhub.spawner.LocalProcessSpawner"
    systemd = "systemdspawner.SystemdSpawner"
    c.JupyterHub.spawner_class = systemd if hub.spawner == "systemd" else local
    c.Spawner.default_url = "/lab"
    c.Spawner.environment = {"JUPYTER_CONFIG_PATH": str(hub.jupyter(MEMBER))}
    c.Spawner.pre_spawn_hook = close_home
    c.SystemdSpawner.isolate_tmp = True
    c.SystemdSpawner.isolate_devices = True
    c.SystemdSpawner.disable_user_sudo = True
