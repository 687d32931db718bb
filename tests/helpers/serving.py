"""Chromium, and a course's formgrader or JupyterLab for it to open."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

from grader.course.course import Course

NONE: Mapping[str, str] = MappingProxyType({})

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def serve_formgrader(course: Course) -> "tuple[subprocess.Popen[bytes], str]":
    """Start a server for a course; return it with the formgrader's address."""
    settings = {
        "ServerApp": {"jpserver_extensions": {"nbgrader.server_extensions.formgrader": True}}
    }
    process, base = _serve("jupyter_server", course.root, settings)
    _wait_for(f"{base}/formgrader/manage_assignments", process)
    return process, f"{base}/formgrader"


class Lab:
    """JupyterLab in a browser."""

    def __init__(self, page: Any, base: str) -> None:
        self.page, self._base = page, base

    def run_all(self, path: str) -> None:
        """Open a notebook and run all its cells."""
        self.page.goto(f"{self._base}/lab/tree/{path}?reset")
        self.page.wait_for_selector(".jp-Notebook .jp-Cell")
        self.page.wait_for_function(f"() => {_KERNEL}?.status === 'idle'")
        self._command("notebook:run-all-cells")
        # JupyterLab waits no longer than to the first cell that fails. A kernel answers in turn.
        self.page.evaluate(f"() => {_KERNEL}.requestExecute({{code: '', silent: true}}).done")
        self.page.wait_for_timeout(500)  # what was shown last is drawn

    def use_theme(self, name: str) -> None:
        """Switch to another theme."""
        self._command("apputils:change-theme", theme=name)
        self.page.wait_for_selector(f'body[data-jp-theme-name="{name}"]', state="attached")
        self.page.wait_for_timeout(500)  # colours fade

    def _command(self, name: str, **arguments: str) -> None:
        self.page.evaluate(
            "([name, its]) => jupyterapp.commands.execute(name, its)", [name, arguments]
        )


_KERNEL = "jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel"
# All cells are in the page, not only those in the window; and nobody is asked about news.
_LAB_SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"checkForUpdates": False, "fetchNews": "false"},
}


@contextmanager
def serve_lab(root: Path, browser: Any, environment: Mapping[str, str]) -> Iterator[Lab]:
    """Start JupyterLab for a folder, in a page that can give it commands."""
    for name, settings in _LAB_SETTINGS.items():
        file = root.parent / f"home/lab/@jupyterlab/{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(settings))
    settings = {
        "LabApp": {
            "expose_app_in_browser": True,
            "user_settings_dir": str(root.parent / "home/lab"),
        }
    }
    process, base = _serve("jupyterlab", root, settings, environment)
    page = browser.new_page(viewport={"width": 1000, "height": 900})
    try:
        _wait_for(f"{base}/lab", process)
        yield Lab(page, base)
    finally:
        page.close()
        process.terminate()
        process.wait(timeout=30)


def _serve(
    module: str, root: Path, settings: dict[str, Any], environment: Mapping[str, str] = NONE
) -> "tuple[subprocess.Popen[bytes], str]":
    """Start a server that knows nothing of this user; return it with its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = root.parent / "home"
    home.mkdir(exist_ok=True)
    server = {"port": port, "port_retries": 0, "root_dir": str(root)}
    settings = settings | {
        "ServerApp": settings.get("ServerApp", {}) | server,
        "IdentityProvider": {"token": ""},
    }
    (home / "jupyter_server_config.json").write_text(json.dumps(settings))
    process = subprocess.Popen(
        [sys.executable, "-m", module, "--no-browser", "--allow-root"],
        cwd=root,
        env=os.environ | {"HOME": str(home), "JUPYTER_CONFIG_DIR": str(home)} | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return process, f"http://127.0.0.1:{port}"


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            assert process.poll() is None, "the server ended before it answered"
            time.sleep(0.2)
    raise AssertionError(f"{url} did not answer")
