"""What a hub is to be, in plain values."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.deploy.lti import Platform
from grader.errors import CourseError

SPAWNERS = ("local", "systemd")
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,30}")


@dataclass(frozen=True)
class HubCourse:
    """A course on the hub.

    Attributes
    ----------
    name : str
        nbgrader's course_id: small letters, digits, - and _.
    folder : Path
        The folder of its nbgrader_config.py. Only the course's account may look into it.
    graders : sequence of str
        Who may open its formgrader.
    account : str
        The system account that the formgrader runs as; by default grader-<name>.
    grade_on_submit : bool
        Whether `grader watch` grades each submission as it comes in.
    """

    name: str
    folder: Path
    graders: Sequence[str]
    account: str = ""
    grade_on_submit: bool = False

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise CourseError(
                f"{self.name!r} is no name for a course on a hub, as it stands in addresses: "
                "take small letters, digits, - and _, at most 31, the first a letter."
            )
        if not self.account:
            object.__setattr__(self, "account", f"grader-{self.name}")


@dataclass(frozen=True)
class Hub:
    """A hub for one or more courses.

    Attributes
    ----------
    folder : Path
        Where the hub keeps what is its own: private/, exchange/ and jupyter/.
    courses : sequence of HubCourse
        Their formgraders are services of the hub.
    admins : sequence of str
        Who may open, start and stop everybody's servers, and open every formgrader.
    address, port : str, int
        Where browsers find it. Loopback: put a web server with TLS before it.
    inner_port : int
        The first of the ports that only the hub's own processes use: hub, proxy, each course.
    proxy : str
        The program configurable-http-proxy, by name or path.
    spawner : str
        "local" or "systemd".
    memory_mb, cpus, processes : int, float, int
        What one student may use. See `limits` for what a spawner can bound.
    idle_minutes : int
        A server that nobody has used for so long is stopped.
    lms : Platform, optional
        Who logs in comes from this LMS; without it, users give their account's password.
    """

    folder: Path
    courses: Sequence[HubCourse]
    admins: Sequence[str] = ()
    address: str = "127.0.0.1"
    port: int = 8000
    inner_port: int = 8081
    proxy: str = "configurable-http-proxy"
    spawner: str = "local"
    memory_mb: int = 1024
    cpus: float = 1.0
    processes: int = 200
    idle_minutes: int = 60
    lms: Platform | None = None

    def __post_init__(self) -> None:
        if self.spawner not in SPAWNERS:
            raise CourseError(
                f"There is no spawner {self.spawner!r}. Take one of: {', '.join(SPAWNERS)}."
            )
        names = [course.name for course in self.courses]
        if len(set(names)) < len(names):
            raise CourseError(f"Two courses have the same name; there are: {', '.join(names)}.")

    @property
    def private(self) -> Path:
        """The folder of what only the hub may read."""
        return self.folder / "private"

    @property
    def log(self) -> Path:
        """What the hub and its servers say, where nothing else keeps it."""
        return self.private / "hub.log"

    @property
    def exchange(self) -> Path:
        """nbgrader's exchange."""
        return self.folder / "exchange"

    def jupyter(self, role: str) -> Path:
        """Return the folder of a role's configuration of Jupyter, which each account may read."""
        return self.folder / "jupyter" / role
