"""Places to grade: shared, kept warm, and replaced when something has ended them."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from engine import STUB, cells, check, defines, lesson, notebook

import grader.autograde.pool
import grader.judge.process
from grader.autograde.grade import Terms, grade
from grader.autograde.pool import MOST_POOLS, NotReady, Stopped, a_pool, close_pools
from grader.outcome import GradedNotebook
from grader.session.limits import Limits
from grader.session.wire import Channel

SOURCE = lesson(defines("f"), check("test", "assert f() == 3"))
TERMS = Terms(Limits(cell_seconds=5, notebook_seconds=20))


class Slow:
    """Takes a while to be made, and remembers that it was ended."""

    made: list["Slow"]

    def __init__(self, *_: Any) -> None:
        time.sleep(0.05)
        self.users, self.open = 0, True
        Slow.made.append(self)

    def alive(self) -> bool:
        return self.open

    def close(self) -> None:
        self.open = False

    stop = close


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Slow]]:
    close_pools()
    Slow.made = []
    monkeypatch.setattr("grader.autograde.pool.Pool", Slow)
    yield Slow.made
    close_pools()


def use(preload: str = "") -> Any:
    with a_pool((), (preload,), "") as place:
        return place


def test_threads_share_a_place(slow: list[Slow]) -> None:
    with ThreadPoolExecutor(4) as threads:
        places = set(threads.map(lambda _: use(), range(4)))

    assert places == set(slow)
    assert len(slow) == 1


def test_notebooks_of_other_imports_have_a_place_of_their_own(slow: list[Slow]) -> None:
    assert use("math") is use("math")
    assert use("math") is not use("json")
    assert all(place.open for place in slow)


def test_only_so_many_pools_stay_and_the_one_used_last_does(slow: list[Slow]) -> None:
    first = use("0")
    for number in range(1, MOST_POOLS):
        use(str(number))
    assert use("0") is first
    use("one more")

    assert [place.open for place in slow] == [True, False, *[True] * (MOST_POOLS - 1)]


def test_a_place_in_use_is_not_closed(slow: list[Slow]) -> None:
    with a_pool((), ("0",), "") as place:
        for number in range(1, MOST_POOLS + 2):
            use(str(number))
        assert place.alive()


def test_a_place_that_has_ended_is_replaced(slow: list[Slow]) -> None:
    first = use()
    first.open = False

    assert use() is not first


def test_all_pools_can_be_closed(slow: list[Slow]) -> None:
    use("0")
    use("1")
    close_pools()

    assert not any(place.open for place in slow)


def test_pools_are_closed_a_while_after_the_last_use(
    slow: list[Slow], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.autograde.pool.IDLE_SECONDS", 0.2)
    monkeypatch.setattr("grader.autograde.pool._watch", None)
    with a_pool((), ("in use",), "") as busy:
        idle = use("idle")
        assert idle.open
        time.sleep(0.6)

        assert not idle.open
        assert busy.alive()


# With real processes


def handed_in(answer: str) -> bytes:
    return notebook(cells(SOURCE, f=answer))


RIGHT = handed_in("import time\ndef f():\n    time.sleep(1)\n    return 3")


def warm_processes() -> dict[str, int]:
    """Return the pids of the warm processes that notebooks are graded from here, by kind."""
    with a_pool((), SOURCE.imports, "") as place:
        warm = {"session": place._session, "judge": place._judge}
        return {kind: one._process.pid for kind, one in warm.items()}


@pytest.fixture
def under_way() -> Iterator[Future[GradedNotebook]]:
    """A right answer whose test is being run."""
    close_pools()
    grade(handed_in(STUB), SOURCE, TERMS)  # so that all is warm
    with ThreadPoolExecutor(1) as threads:
        future = threads.submit(grade, RIGHT, SOURCE, TERMS)
        time.sleep(0.5)
        assert not future.done()
        yield future


@pytest.mark.parametrize("kind", ["session", "judge"])
def test_a_verdict_is_made_again_when_a_warm_process_was_killed(
    under_way: Future[GradedNotebook], kind: str
) -> None:
    """As by the kernel, for want of memory; a session that ends with it is not the student's."""
    os.kill(warm_processes()[kind], signal.SIGKILL)

    assert under_way.result().results[0].points == 1


def test_what_is_under_way_ends_when_grading_is_stopped(
    under_way: Future[GradedNotebook],
) -> None:
    begin, warm = time.monotonic(), warm_processes()
    close_pools()

    with pytest.raises(Stopped):
        under_way.result()
    assert time.monotonic() - begin < 5
    assert not any(Path(f"/proc/{pid}").exists() for pid in warm.values())


def sessions_of(place: Any) -> int:
    return sum(map(len, place._spare.values()))


def test_one_session_is_locked_ahead_and_never_without_a_sandbox() -> None:
    close_pools()
    open_terms = replace(TERMS, sandbox=False)
    for terms, ahead in ((TERMS, 1), (TERMS, 1), (open_terms, 0), (TERMS, 1)):
        grade(RIGHT, SOURCE, terms)
        with a_pool((), SOURCE.imports, "") as place:
            assert sessions_of(place) == ahead


def test_a_session_locked_ahead_is_used_for_its_own_limits_only() -> None:
    grade(RIGHT, SOURCE, TERMS)
    short = replace(TERMS, limits=replace(TERMS.limits, cell_seconds=0.4))

    assert grade(RIGHT, SOURCE, short).results[0].points == 0
    with a_pool((), SOURCE.imports, "") as place:
        assert sessions_of(place) == 1


def test_a_session_that_is_late_once_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    class Late(grader.autograde.pool.Pool):
        def _ask(self, *arguments: Any) -> dict[str, Any]:
            asked.append(arguments)
            if len(asked) == 1:
                raise grader.autograde.pool.NotReady("too late")
            return super()._ask(*arguments)

    close_pools()
    monkeypatch.setattr("grader.autograde.pool.Pool", Late)
    found = grade(RIGHT, SOURCE, TERMS)
    close_pools()

    assert len(asked) == 2
    assert found.results[0].points == 1


def test_a_session_that_is_always_late_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """The run goes on: `grader.autograde.workers` makes an outcome of it."""
    monkeypatch.setattr("grader.judge.process.READY_SECONDS", 0.2)

    class Silent:
        def receive(self, seconds: float) -> Any:
            assert seconds == 0.2
            raise grader.judge.process.WireTimeout("no reply in time")

    with pytest.raises(grader.judge.process.TooLate, match=r"not locked within 0\.2 seconds"):
        grader.judge.process._meet(Silent(), None, TERMS.limits)  # type: ignore[arg-type]


def test_no_folder_is_left_when_a_judge_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    test = check("test", "import os\nassert os.path.exists('data.csv')\nos._exit(f())")
    source = lesson(defines("f"), test)
    with_file = type(source)(source.lesson, source.name, source.cells, (("data.csv", "MQ=="),))
    found = grade(notebook(cells(source, f="def f(): return 1")), with_file, TERMS)

    assert "ended the process that judges it" in found.results[0].message
    assert list(tmp_path.iterdir()) == []


def test_a_refusal_that_comes_before_the_question_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A fork server answers at once where no judge can be started, and closes the line."""

    def refuse(message: dict[str, Any], line: socket.socket, *others: Any) -> None:
        if "source" in message:
            Channel(line).send({"not ready": "no process could be started"})
            line.close()

    close_pools()
    with a_pool((), SOURCE.imports, "") as place:
        monkeypatch.setattr(place._judge, "send", refuse)
    with pytest.raises(NotReady, match="no process could be started"):
        grade(RIGHT, SOURCE, TERMS)
    close_pools()
