"""When a submission has its outcome, nothing of it runs on, whatever it did to be left alone."""

import os
import secrets
import time
from collections.abc import Iterator

import pytest
from engine import answer, check, defines, graded
from redteam.classroom import mark_processes, processes_called
from redteam.daemons import ANSWER, DAEMON, FORGE
from redteam.forged import CELL_DONE, WIRE

from grader.autograde.grade import Terms
from grader.autograde.pool import close_pools
from grader.course.lesson import SourceNotebook
from grader.session.limits import Limits

TERMS = Terms(Limits(cell_seconds=1, notebook_seconds=3, memory=2**28, processes=20))
SQUARE = "def f(x):\n    return x * x\n"
LARGE = "#" + "x" * 3_000_000  # more than waits on its way to a session that does not listen

DEAF = f"""{WIRE}
import signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
for _ in range(20):
    put({CELL_DONE!r})
while True:
    time.sleep(9)
"""

BUSY = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True:\n    pass"
STOPPED = "import os, signal\nif os.fork():\n    os.kill(os.getpid(), signal.SIGSTOP)\n"
DAEMONS = FORGE + ANSWER + DAEMON

SUBMISSIONS = {
    "right": {"f": SQUARE},
    "deaf": {"f": DEAF, "number": LARGE},
    "busy": {"f": BUSY},
    "busy_in_a_call": {"f": f"def f(x):\n    exec({BUSY!r})"},
    "stopped": {"f": STOPPED + SQUARE},
    "daemon": {"f": DAEMONS + SQUARE},
    "daemon_and_exit": {"f": DAEMONS + "os._exit(0)"},
    "endless_test": {"f": SQUARE, "number": "number = 10**15"},
    "endless_test_of_a_busy_session": {"f": BUSY, "number": "number = 10**15"},
}


@pytest.fixture(scope="module")
def mark() -> Iterator[str]:
    """A word in the environment of every process that grades this lesson."""
    close_pools()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("grader.autograde.pool.EXTRA_SECONDS", 1.0)
        mark = f"m{secrets.token_hex(6)}"
        mark_processes(patch, mark)
        yield mark
        close_pools()


def small_lesson() -> SourceNotebook:
    cells = (
        defines("f"),
        check("test_f", "assert f(3) == 9"),
        answer("number"),
        check("test_number", "assert sum(range(number)) == 3"),
    )
    return SourceNotebook("ps1", "ps1", cells)


# The warm pair, what root leaves outside of the namespaces, and the two of the next session.
STAY = 2 + (os.geteuid() == 0) + 2


def left(mark: str, stay: int = STAY) -> list[str]:
    """Return what still runs, when it and the next session have had a moment to end and begin."""
    deadline = time.monotonic() + 5
    while len(found := processes_called(mark)) != stay and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


@pytest.mark.parametrize("answers", SUBMISSIONS.values(), ids=SUBMISSIONS)
def test_nothing_outlives_the_verdict(mark: str, answers: dict[str, str]) -> None:
    texts = {name: text.replace("$comm", mark) for name, text in answers.items()}
    begin = time.monotonic()
    outcome = graded(small_lesson(), TERMS, **texts)

    assert {result.cell for result in outcome.results} == {"test_f", "test_number"}
    assert len(left(mark)) == STAY
    assert time.monotonic() - begin < 60


def test_the_next_submission_is_graded_as_ever(mark: str) -> None:
    for name in ("deaf", "stopped", "daemon_and_exit"):
        graded(small_lesson(), TERMS, **SUBMISSIONS[name])
    outcome = graded(small_lesson(), TERMS, f=SQUARE, number="number = 3")

    assert [result.points for result in outcome.results] == [1, 1]


def test_nothing_outlives_the_pools(mark: str) -> None:
    graded(small_lesson(), TERMS, f=SQUARE, number="number = 3")
    close_pools()

    assert left(mark, stay=0) == []
