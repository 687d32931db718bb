"""A fork server's memory in huge pages, where the kernel can do so."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

FILLED = """
import sys
from pathlib import Path
from grader.judge.huge_pages import collapse

kept = bytearray(b"x" * 2**24)
collapse()
print(Path("/proc/self/smaps_rollup").read_text())
assert kept == b"x" * 2**24
"""


def _kernel() -> tuple[int, ...]:
    release = Path("/proc/sys/kernel/osrelease").read_text()
    return tuple(map(int, re.findall(r"\d+", release)[:2]))


@pytest.mark.skipif(_kernel() < (6, 1), reason="Linux gathers memory into huge pages since 6.1")
@pytest.mark.skipif(
    not Path("/sys/kernel/mm/transparent_hugepage").exists(), reason="a kernel without huge pages"
)
def test_memory_is_gathered_into_huge_pages_and_holds_what_it_held():
    run = subprocess.run([sys.executable, "-c", FILLED], capture_output=True, text=True, check=True)
    (kilobytes,) = re.findall(r"AnonHugePages:\s+(\d+)", run.stdout)
    assert int(kilobytes) >= 8 * 1024


def test_a_kernel_that_refuses_changes_nothing(monkeypatch: pytest.MonkeyPatch):
    from grader.judge import huge_pages

    def refuse(*_: int) -> None:
        raise OSError("Invalid argument")

    monkeypatch.setattr(huge_pages.linux, "madvise", refuse)
    huge_pages.collapse()
