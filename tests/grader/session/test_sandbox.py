"""Sessions are locked, for root and for an ordinary user alike, or there is no grading."""

import errno
import json
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

import pytest
from lock import as_user, crowded, look_around, without_namespaces

from grader.autograde.fork_client import _ENVIRONMENT
from grader.session import supervise
from grader.session.sandbox import PENDING_SIGNALS, visible_paths

NOBODY = 65534
SECRETS = ("COURSE_SECRET", "TOKEN", look_around.SECRET)


def run(program: Any, user: str, folder: Path, uid: int = NOBODY) -> dict[str, Any]:
    """Run a module's file as root or as an ordinary user; return the JSON it prints."""
    command = [program.__file__]
    if os.getuid() == 0 and user == "ordinary":
        folder.chmod(0o755)
        home = folder / "home"
        home.mkdir()
        os.chown(home, uid, uid)
        command = [as_user.__file__, str(uid), str(home), *command]
    path = str(Path(as_user.__file__).parents[1])
    environment = os.environ | {"PYTHONPATH": path, "TOKEN": "secret", "COURSE_SECRET": "secret"}
    done = subprocess.run(
        [sys.executable, *command],
        env=environment,
        umask=0o077,  # which must not close the way to Python for the student's user
        capture_output=True,
        text=True,
        cwd="/",
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


# Who is no root cannot become it; a machine where tests run as root tests both.
USERS = ["ordinary"] + ["root"] * (os.getuid() == 0)


@pytest.fixture(scope="module", params=USERS)
def both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What a session says of itself, and the grader of itself."""
    found = run(look_around, request.param, tmp_path_factory.mktemp("lock"))
    assert (found["grader"]["user"] == 0) == (request.param == "root")
    return found


@pytest.fixture(scope="module")
def session(both: dict[str, Any]) -> dict[str, Any]:
    """What a session says of itself."""
    found: dict[str, Any] = both["session"]
    return found


def test_it_has_every_namespace_for_itself(both: dict[str, Any]) -> None:
    own, graders = both["session"]["namespaces"], both["grader"]["namespaces"]

    assert set(own) == set(graders) == set(look_around.NAMESPACES)
    assert not set(own.values()) & set(graders.values())


def test_it_is_alone_in_its_process_tree_and_its_process_group(session: dict[str, Any]) -> None:
    assert session["process"] == [1, 0, 1, 1]
    assert session["processes"] == [1]


def test_it_is_nobody_in_particular(session: dict[str, Any]) -> None:
    assert session["ids"] == [1000] * 6
    assert session["status"]["Groups"] in ("", str(NOBODY))


def test_no_user_of_it_is_the_machines_root(both: dict[str, Any]) -> None:
    """Root's sessions are of a user namespace inside another one, where root builds their files."""
    outside = 1000 if both["grader"]["user"] == 0 else NOBODY

    for name in ("uid_map", "gid_map"):
        assert both["session"][name] == [[1000, outside, 1]]


def test_it_has_no_capability_and_can_gain_none(session: dict[str, Any]) -> None:
    kinds = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")

    assert {int(session["status"][kind], 16) for kind in kinds} == {0}
    assert session["status"]["NoNewPrivs"] == "1"


def test_its_system_calls_are_filtered(session: dict[str, Any]) -> None:
    assert session["status"]["Seccomp"] == "2"


def test_it_can_write_to_its_scratch_folder_alone(session: dict[str, Any]) -> None:
    mounts = dict(session["mounts"])
    writable = {place for place, how in mounts.items() if "rw" in how.split(",")}

    assert session["writable"] == []
    assert writable <= {"/tmp", "/proc", *(f"/dev/{name}" for name in session["devices"])}
    assert all("nosuid" in how for place, how in mounts.items() if not place.startswith("/dev/"))


def test_its_scratch_folder_is_its_own_and_bounded(session: dict[str, Any]) -> None:
    assert session["folder"] == "/tmp"
    # Nothing is in it but an environment that lies below it, as in a clone for a trial.
    below = [Path(path).relative_to("/tmp") for path in visible_paths() if path[:5] == "/tmp/"]
    assert set(session["scratch"]) == {path.parts[0] for path in below}
    assert 2**22 < session["filled"] <= look_around.LIMITS.scratch


def test_it_sees_the_system_and_python_and_nothing_else(session: dict[str, Any]) -> None:
    python = {Path(place).parts[1] for place in (sys.prefix, sys.base_prefix)}
    system = {"bin", "sbin", "usr", "lib", "lib32", "lib64", "libx32", "nix", "etc"}

    assert set(session["root"]) <= system | python | {"dev", "proc", "tmp"}
    assert set(session["devices"]) <= {"null", "full", "random", "urandom"}
    assert session["may look into"] == []


def test_it_can_read_python_whatever_the_umask(session: dict[str, Any]) -> None:
    assert session["reads its library"]


def test_nobody_else_can_write_where_its_python_reads_settings() -> None:
    home = Path(_ENVIRONMENT["HOME"])

    assert not home.exists() or not home.stat().st_mode & 0o022


def test_it_has_no_network(session: dict[str, Any]) -> None:
    assert set(session["interfaces"]) <= {"lo", "sit0", "ip6tnl0", "tunl0", "gre0"}
    assert not any(session["interfaces"].values())


def test_it_inherits_no_file_but_its_connection(session: dict[str, Any]) -> None:
    files = [place for place in session["descriptors"] if place != "FileNotFoundError"]

    assert files[:3] == ["/dev/null"] * 3
    assert [place.split(":")[0] for place in files[3:]] == ["socket"]


def test_its_environment_holds_no_secret(session: dict[str, Any]) -> None:
    names = {"PATH", "HOME", "LANG", "MPLBACKEND", "NBGRADER_EXECUTION", "OMP_NUM_THREADS"}
    # IPython sets what makes programs started from a cell print plainly.
    added = {"PAGER", "GIT_PAGER", "CLICOLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "TERM"}

    assert names <= set(session["environment"]) <= names | added
    assert session["environment"]["HOME"] == "/tmp"
    for text in (str(session["environment"]), session["first environment"]):
        assert not any(secret in text for secret in SECRETS)


def test_what_it_may_use_is_limited(both: dict[str, Any]) -> None:
    limits, most = both["session"]["limits"], both["grader"]["limits"]
    memory = limits["RLIMIT_AS"] - most["memory"]

    assert 0 < memory <= both["session"]["mapped"]
    assert limits["RLIMIT_CPU"] == most["notebook_seconds"] + 5
    assert limits["RLIMIT_FSIZE"] == most["scratch"]
    assert limits["RLIMIT_SIGPENDING"] == PENDING_SIGNALS
    assert limits["RLIMIT_NPROC"] == most["processes"]
    assert limits["RLIMIT_NOFILE"] == most["open_files"]
    assert {limits[f"RLIMIT_{name}"] for name in ("CORE", "MEMLOCK", "MSGQUEUE")} == {0}


@pytest.fixture(scope="module", params=USERS)
def refusal(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What grading does where the kernel gives no namespaces."""
    return run(without_namespaces, request.param, tmp_path_factory.mktemp("refusal"))


def test_without_namespaces_there_is_no_grading(refusal: dict[str, Any]) -> None:
    assert refusal["kind"] == "SandboxMissing"


def test_the_refusal_says_what_is_missing_and_what_to_do(refusal: dict[str, Any]) -> None:
    assert "unshare" in refusal["text"]
    assert "user namespaces" in refusal["text"]
    assert "--no-sandbox" in refusal["text"]


def test_no_sandbox_grades_all_the_same(refusal: dict[str, Any]) -> None:
    assert refusal["points without a sandbox"] == 1


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What comes of grading where a user may have no further process for a while."""
    # Root's sessions are nobody's, and would count.
    return run(crowded, "ordinary", tmp_path_factory.mktemp("crowd"), uid=NOBODY - 500)


@pytest.mark.parametrize("kind", ["session", "judge"])
def test_a_warm_process_survives_want_of_processes(crowd: dict[str, Any], kind: str) -> None:
    assert crowd["user"] != 0
    assert crowd["during"][kind].startswith("not ready: ")
    assert crowd["the same"]
    assert crowd["after"] == 1


def test_too_few_processes_for_all_sessions_are_told_before_grading(crowd: dict[str, Any]) -> None:
    assert "Your account may have 40 processes and threads" in crowd["refusal"]
    assert "ulimit -u" in crowd["refusal"]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (errno.EPERM, "not locked"),
        (errno.EINVAL, "not locked"),
        (errno.ENOSYS, "not locked"),
        (errno.ENOSPC, "not locked"),
        (errno.EACCES, "not locked"),
        (errno.ENOMEM, "not ready"),
        (errno.EAGAIN, "not ready"),
        (errno.EMFILE, "not ready"),
    ],
)
def test_want_of_memory_or_processes_does_not_stop_the_run(code: int, said: str) -> None:
    assert list(supervise.refusal(OSError(code, os.strerror(code)))) == [said]


LAZILY = r"""
from engine import answer, check, graded, lesson

source = lesson(answer("a"), check("test", "assert found == 3"))
given = "import os, sys\nfrom lazily import found\ntry:\n    open(f'{sys.prefix}/a', 'w')\n"
(result,) = graded(source, a=f"{given}except OSError:\n    pass\nelse:\n    found = 0").results
print(result.points, result.message)
"""


def test_an_environment_below_the_scratch_folder_is_there_and_cannot_be_changed() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        venv.create(folder, symlinks=True)
        Path(folder).chmod(0o755)
        (site,) = Path(folder).glob("lib/python*/site-packages")
        helpers = Path(as_user.__file__).parents[1]
        known = [str(helpers), str(helpers.parents[1]), *filter(os.path.isdir, sys.path)]
        (site / "known.pth").write_text("\n".join(known))
        (site / "lazily.py").write_text("found = 3")
        done = subprocess.run(
            [f"{folder}/bin/python", "-c", LAZILY], capture_output=True, text=True, check=False
        )

    assert done.stdout == "1.0 \n", done.stderr
