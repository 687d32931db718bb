"""The hub to try: what it needs, and what it says."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from traitlets.config import Config

from grader.deploy.trial import configure_trial, copy_course, passwords, trial_hub, welcome

ROOT = Path(__file__).parents[3]


@pytest.fixture
def known(tmp_path: Path) -> dict[str, str]:
    return passwords(tmp_path / "passwords.json")


def test_an_instructor_and_three_students_have_passwords_made_at_random(
    known: dict[str, str], tmp_path: Path
):
    other = passwords(tmp_path / "other.json")

    assert list(known) == ["prof", "ada", "emmy", "alan"]
    assert len(set(known.values()) | set(other.values())) == 8
    assert min(map(len, known.values())) >= 12


def test_passwords_stay_and_only_their_owner_reads_them(known: dict[str, str], tmp_path: Path):
    assert passwords(tmp_path / "passwords.json") == known
    assert (tmp_path / "passwords.json").stat().st_mode & 0o777 == 0o600


def test_it_says_how_to_log_in_and_that_it_protects_nobody(known: dict[str, str], tmp_path: Path):
    told = welcome(trial_hub(tmp_path, 8123), known)

    assert "http://127.0.0.1:8123" in told
    assert all(word in told for word in known.values())
    assert "does not protect one account from another" in told


def test_it_needs_no_accounts_no_root_and_no_node(tmp_path: Path, known: dict[str, str]):
    c = Config()
    configure_trial(c, trial_hub(tmp_path), known)

    assert c.JupyterHub.bind_url == "http://127.0.0.1:8000"
    assert c.JupyterHub.spawner_class == "jupyterhub.spawner.SimpleLocalProcessSpawner"
    assert not any("user" in service for service in c.JupyterHub.services)
    proxy = Path(c.ConfigurableHTTPProxy.command[0])
    assert proxy.parent == Path(sys.executable).parent
    assert "python" in proxy.read_text().splitlines()[0]


def test_each_user_has_settings_and_a_home_of_their_own(tmp_path: Path, known: dict[str, str]):
    c = Config()
    configure_trial(c, trial_hub(tmp_path), known)
    spawner = SimpleNamespace(user=SimpleNamespace(name="ada"))

    folder = c.Spawner.environment["JUPYTER_CONFIG_PATH"](spawner)
    assert folder == f"{tmp_path}/jupyter/ada"
    assert c.SimpleLocalProcessSpawner.home_dir_template == f"{tmp_path}/home/{{username}}"


def test_the_course_is_copied_so_that_the_class_of_this_copy_is_left_alone(tmp_path: Path):
    copy_course(ROOT, tmp_path / "course")

    assert {path.name for path in (tmp_path / "course").iterdir()} == {
        "solutions",
        "nbgrader_config.py",
    }


@pytest.mark.skipif(os.geteuid() != 0, reason="says what root is told")
def test_root_is_told_that_it_is_for_an_ordinary_user():
    done = subprocess.run(
        [sys.executable, "-m", "grader.deploy"], cwd=ROOT, capture_output=True, text=True
    )

    assert done.returncode == 1
    assert "make hub is for an ordinary user" in done.stderr
