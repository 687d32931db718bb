"""A hub with system accounts on this machine, for the tests; all that is made for it goes again."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from grader.deploy.hub import Hub, HubCourse

ROOT = Path(__file__).parents[2]
# The Python of the hub: students have to be able to run it, too.
PYTHON = os.environ.get("LINBIAS_HUB_PYTHON", sys.executable)
# The proxy of JupyterHub's authors, where it is named; else the one from PyPI.
PROXY = os.environ.get("LINBIAS_HUB_PROXY", str(Path(PYTHON).parent / "configurable-http-proxy"))
START_SECONDS = 90

CONFIG = """from pathlib import PosixPath

from grader.deploy import Hub, HubCourse, configure
from grader.deploy.folders import prepare

hub = {hub!r}

prepare(hub)
configure(get_config(), hub)
"""


def why_not() -> str:
    """Return why no such hub can be had here; empty where it can."""
    if os.geteuid() != 0:
        return "accounts are made by root only"
    missing = [tool for tool in ("useradd", "chpasswd") if not shutil.which(tool)]
    if missing:
        return f"there is no {' and no '.join(missing)}"
    program = [PYTHON, "-P", "-c", "import grader.deploy, jupyterhub, jupyterhub_idle_culler"]
    try:
        subprocess.run(program, user="nobody", capture_output=True, cwd="/", check=True)
    except (PermissionError, subprocess.CalledProcessError):
        return f"other accounts cannot run {PYTHON}: set LINBIAS_HUB_PYTHON to one that they can"
    return ""


@dataclass
class Account:
    """A system account of the test's."""

    name: str
    password: str = field(default_factory=lambda: secrets.token_urlsafe(12))

    @property
    def home(self) -> Path:
        """The home folder."""
        return Path("/home") / self.name

    def run(self, *command: str, cwd: Path | None = None) -> "subprocess.CompletedProcess[str]":
        """Run a program as this account."""
        return subprocess.run(
            command,
            user=self.name,
            group=self.name,
            extra_groups=[],
            cwd=cwd or self.home,
            env={"HOME": str(self.home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
            capture_output=True,
            text=True,
        )

    def python(self, *words: str, cwd: Path | None = None) -> str:
        """Run Python as this account, and return what it prints."""
        done = self.run(PYTHON, *words, cwd=cwd)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout


@contextmanager
def accounts(*names: str) -> Iterator[list[Account]]:
    """Make system accounts, named so that no other run of the tests has them, too."""
    made = []
    try:
        for name in names:
            made.append(Account(f"{name}-{os.getpid()}"))
            useradd = ["useradd", "--create-home", "--shell", "/bin/bash", made[-1].name]
            subprocess.run(useradd, check=True, capture_output=True)
        lines = "".join(f"{account.name}:{account.password}\n" for account in made)
        subprocess.run(["chpasswd"], input=lines, text=True, check=True)
        yield made
    finally:
        for account in made:
            _end_processes_of(account)
            subprocess.run(["userdel", "--remove", account.name], capture_output=True)


def _end_processes_of(account: Account) -> None:
    uid = pwd.getpwnam(account.name).pw_uid
    for _ in range(50):
        theirs = [one for one in Path("/proc").glob("[0-9]*") if _owner(one) == uid]
        for one in theirs:
            with suppress(ProcessLookupError):
                os.kill(int(one.name), signal.SIGKILL)
        if not theirs:
            return
        time.sleep(0.1)


def _owner(path: Path) -> int:
    try:
        return path.stat().st_uid
    except OSError:
        return -1


def free_ports(count: int) -> int:
    """Return the first of some ports in a row that nobody listens on."""
    for first in range(20_000 + os.getpid() % 5_000, 32_000, count):
        if all(_free(port) for port in range(first, first + count)):
            return first
    raise RuntimeError("no free ports")


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@contextmanager
def site() -> Iterator[Path]:
    """Give a folder that all accounts may look into, unlike those of pytest."""
    folder = Path(tempfile.mkdtemp(prefix="hub-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def give(
    course: HubCourse, files: Iterable[Path], text: Mapping[str, str], root: Path = ROOT
) -> None:
    """Make a course's folder as an administrator does: copied, owned by its account, closed."""
    course.folder.mkdir()
    for file in files:
        copy = shutil.copytree if file.is_dir() else shutil.copy
        to = course.folder / file.relative_to(root)
        to.parent.mkdir(exist_ok=True)
        copy(file, to)
    for name, content in text.items():
        (course.folder / name).write_text(content)
    owner = f"{course.account}:{course.account}"
    subprocess.run(["chown", "--recursive", owner, course.folder], check=True)
    course.folder.chmod(0o700)


@dataclass
class Running:
    """A hub that runs."""

    hub: Hub
    folder: Path
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def log(self) -> Path:
        """What the hub and its servers say."""
        return self.folder / "hub.log"

    @property
    def pid(self) -> int:
        """The hub's process."""
        assert self.process
        return self.process.pid

    def start(self) -> None:
        """Start it, and wait until it and its courses answer."""
        config = self.folder / "jupyterhub_config.py"
        config.write_text(CONFIG.format(hub=self.hub))
        self.log.touch(0o600)
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [PYTHON, "-P", "-m", "jupyterhub", "--config", str(config)],
                cwd="/",
                env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        for course in self.hub.courses:
            _wait_for(f"{self.base}/services/{course.name}/", self)

    def kill(self, *pids: int) -> None:
        """End processes hard, the hub's own among them."""
        for one in {self.pid, *pids}:
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        assert self.process
        self.process.wait()

    @property
    def base(self) -> str:
        """Where browsers find it."""
        return f"http://127.0.0.1:{self.hub.port}"

    def session(self, account: Account) -> requests.Session:
        """Log in, and return a session with the cookies of that account."""
        session = requests.Session()
        session.get(f"{self.base}/hub/login")
        done = session.post(
            f"{self.base}/hub/login",
            params={"next": "/hub/home"},
            data={
                "username": account.name,
                "password": account.password,
                "_xsrf": session.cookies["_xsrf"],
            },
        )
        assert done.status_code == 200, self.log.read_text()[-3000:]
        assert done.url.endswith("/hub/home"), done.url
        session.headers["X-XSRFToken"] = session.cookies.get("_xsrf", path="/hub/") or ""
        return session

    def start_server(self, session: requests.Session, account: Account) -> None:
        """Start an account's server, and wait until it shows its JupyterLab."""
        started = session.post(f"{self.base}/hub/api/users/{account.name}/server", json={})
        assert started.ok, started.text
        end = time.monotonic() + START_SECONDS
        while not session.get(f"{self.base}/hub/api/users/{account.name}").json()["server"]:
            assert time.monotonic() < end, self.log.read_text()[-3000:]
            time.sleep(0.2)
        page = session.get(f"{self.base}/user/{account.name}/lab")
        assert page.ok, (page.url, page.text[:500])

    def ask(
        self, session: requests.Session, account: Account, step: str, course: str, lesson: str
    ) -> dict[str, Any]:
        """Ask a student's own server to fetch or submit, as the Assignment List does."""
        done = session.post(
            f"{self.base}/user/{account.name}/assignments/{step}",
            data={"course_id": course, "assignment_id": lesson},
            headers={"X-XSRFToken": session.cookies.get("_xsrf", path=f"/user/{account.name}/")},
        )
        assert done.ok, done.text
        told: dict[str, Any] = done.json()
        return told


@contextmanager
def running(hub: Hub, folder: Path) -> Iterator[Running]:
    """Start a hub, and end it with all that it started."""
    it = Running(hub, folder)
    try:
        it.start()
        yield it
    finally:
        it.kill(*processes_below(it.pid))  # in order it takes longer


def _wait_for(url: str, it: Running) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and it.process and it.process.poll() is None:
        try:
            if requests.get(url, timeout=5).ok:
                return
        except requests.RequestException:
            pass
        time.sleep(0.2)
    raise RuntimeError(f"{url} does not answer: {it.log.read_text()[-3000:]}")


def told_of(pid: int, what: str) -> str:
    """Return what /proc tells of a process; nothing where it has ended."""
    try:
        return Path(f"/proc/{pid}/{what}").read_text(errors="replace")
    except OSError:
        return ""


def processes_below(pid: int) -> set[int]:
    """Return a process and all that descend from it."""
    children: dict[int, set[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), set()).add(int(stat.parent.name))
    found, new = set(), {pid}
    while new:
        found |= new
        new = {child for parent in new for child in children.get(parent, ())} - found
    return found
