"""A session gets a control group where the system gives one, and the group goes with it."""

import os
import secrets
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.session import cgroup
from grader.session.cgroup import Group, own_group, place_for, settle
from grader.session.limits import Limits
from grader.session.supervise import SLACK, group_bounds


def folder(path: Path, processes: str = "", enabled: str = "") -> Path:
    """Make what the kernel shows of a group."""
    path.mkdir(parents=True, exist_ok=True)
    (path / "cgroup.procs").write_text(processes)
    (path / "cgroup.subtree_control").write_text(enabled)
    return path


def test_a_process_alone_in_its_group_steps_below_and_enables_the_bounds(tmp_path: Path) -> None:
    group = folder(tmp_path / "scope", f"{os.getpid()}\n")
    settle(group)

    assert (group / "server" / "cgroup.procs").read_text() == "0"
    assert (group / "cgroup.subtree_control").read_text() == "+memory +pids"


@pytest.mark.parametrize("processes", ["", "1\n", "1\n{own}\n"])
def test_a_group_with_others_in_it_is_left_as_it_is(tmp_path: Path, processes: str) -> None:
    group = folder(tmp_path / "shared", processes.format(own=os.getpid()))
    settle(group)

    assert sorted(path.name for path in group.iterdir()) == [
        "cgroup.procs",
        "cgroup.subtree_control",
    ]
    assert (group / "cgroup.subtree_control").read_text() == ""


def test_groups_are_made_in_the_nearest_one_that_bounds_both(tmp_path: Path) -> None:
    folder(tmp_path / "top", enabled="cpu memory pids\n")
    folder(tmp_path / "top" / "ours", enabled="memory pids\n")
    leaf = folder(tmp_path / "top" / "ours" / "server", enabled="memory\n")

    assert place_for(leaf) == tmp_path / "top" / "ours"


def test_nothing_is_made_where_it_is_not_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaf = folder(tmp_path / "theirs", enabled="memory pids\n")
    monkeypatch.setattr(os, "access", lambda *_: False)

    assert place_for(leaf) is None


def test_a_session_is_bounded_with_all_its_processes_and_its_scratch_folder(
    tmp_path: Path,
) -> None:
    limits = Limits(memory=2**29, processes=20, scratch=2**23)
    for file in group_bounds(limits):
        (tmp_path / file).touch()

    assert group_bounds(limits) == {
        "memory.max": 2**29 + SLACK + 2**23,
        "memory.swap.max": 0,
        "memory.oom.group": 1,
        "pids.max": 21,
    }


def test_the_bounds_are_written_and_what_the_kernel_does_not_know_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mkdir(path: Path, *_: object, **__: object) -> None:
        os.mkdir(path)
        for file in ("cgroup.procs", "memory.max", "pids.max", "memory.events"):
            (path / file).write_text("oom 0\noom_kill 2\n" if file == "memory.events" else "")

    monkeypatch.setattr(Path, "mkdir", mkdir)
    group = Group(tmp_path, {"memory.max": 4096, "memory.swap.max": 0, "pids.max": 3})
    (made,) = tmp_path.iterdir()

    assert (made / "memory.max").read_text() == "4096"
    assert (made / "pids.max").read_text() == "3"
    assert not (made / "memory.swap.max").exists()
    assert group.memory_ran_out()
    (made / "memory.events").write_text("oom 0\noom_kill 0\n")
    assert not group.memory_ran_out()
    group.close()


def test_without_the_controllers_nothing_is_started_to_find_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("something was started")

    monkeypatch.setattr(cgroup, "own_group", lambda: folder(tmp_path / "plain"))
    monkeypatch.setattr(subprocess, "run", never)
    cgroup.launcher.cache_clear()

    assert cgroup.launcher() is None
    cgroup.launcher.cache_clear()


# With the kernel's own groups, whatever they bound


@pytest.fixture
def real() -> Iterator[Path]:
    """A group of the kernel's below this process's own one."""
    own = own_group()
    if own is None or not os.access(own, os.W_OK):
        pytest.skip("this user cannot make control groups here")
    made = own / f"test-{secrets.token_hex(4)}"
    try:
        made.mkdir()
    except OSError as error:
        pytest.skip(f"control groups cannot be made here: {error}")
    yield made
    made.rmdir()


def members(group: Path) -> list[str]:
    return (group / "cgroup.procs").read_text().split()


def test_what_a_member_starts_is_a_member_and_the_group_can_be_removed_after(real: Path) -> None:
    group = Group(real, {})
    (path,) = (path for path in real.iterdir() if path.is_dir())
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(write)
        group.join()
        if os.fork() == 0:
            os.read(read, 1)
        else:
            os.wait()
        os._exit(0)
    os.close(read)
    while len(members(path)) < 2:
        pass
    cgroup._sweep(real)
    assert path.exists()  # it is in use
    os.close(write)
    os.waitpid(child, 0)
    group.remove()

    assert not path.exists()


def test_what_a_killed_supervisor_left_is_swept(real: Path) -> None:
    Group(real, {}).close()
    assert len([path for path in real.iterdir() if path.is_dir()]) == 1
    cgroup._sweep(real)

    assert not [path for path in real.iterdir() if path.is_dir()]


def test_a_group_is_used_also_when_its_path_is_no_longer_in_sight(real: Path) -> None:
    group = Group(real, {})
    (path,) = (path for path in real.iterdir() if path.is_dir())
    child = os.fork()
    if child == 0:
        try:
            os.chroot("/var/empty" if os.path.isdir("/var/empty") else "/proc/self/fdinfo")
            group.join()
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    group.remove()

    assert not path.exists()
