"""Chromium, and a course's formgrader for it to open."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request

from grader.course.course import Course

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
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = _server(course, port)
    base = f"http://127.0.0.1:{port}/formgrader"
    _wait_for(f"{base}/manage_assignments", process)
    return process, base


def _server(course: Course, port: int) -> "subprocess.Popen[bytes]":
    home = course.root.parent / "home"
    home.mkdir(exist_ok=True)
    settings = {
        "ServerApp": {
            "jpserver_extensions": {"nbgrader.server_extensions.formgrader": True},
            "port": port,
            "port_retries": 0,
            "root_dir": str(course.root),
        },
        "IdentityProvider": {"token": ""},
    }
    (home / "jupyter_server_config.json").write_text(json.dumps(settings))
    return subprocess.Popen(
        [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root"],
        cwd=course.root,
        env=os.environ | {"HOME": str(home), "JUPYTER_CONFIG_DIR": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            assert process.poll() is None, "the server ended before it answered"
            time.sleep(0.2)
    raise AssertionError(f"{url} did not answer")
