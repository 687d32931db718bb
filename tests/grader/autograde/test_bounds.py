"""The grader says which of the kernel's bounds its sessions and judges have."""

import pytest

from grader.autograde.bounds import bounds
from grader.session import cgroup, landlock


@pytest.mark.parametrize(
    ("launcher", "version", "machine", "said"),
    [
        (
            (),
            7,
            "x86_64",
            "sessions: a control group each; judge: Landlock and a list of system calls",
        ),
        (None, 0, "aarch64", "sessions: process limits; judge: a list of system calls"),
        (None, 0, "riscv64", "sessions: process limits; judge: not confined"),
    ],
)
def test_it_says(
    monkeypatch: pytest.MonkeyPatch,
    launcher: tuple[str, ...] | None,
    version: int,
    machine: str,
    said: str,
) -> None:
    monkeypatch.setattr(cgroup, "launcher", lambda: launcher)
    monkeypatch.setattr(landlock, "version", lambda: version)
    monkeypatch.setattr("os.uname", lambda: type("Name", (), {"machine": machine}))

    assert bounds() == said
