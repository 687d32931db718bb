"""What a session answers: run this cell, what are these names, call this function.

It runs in the student's process, so nothing here can be relied on by the verdict: every answer is
read as a claim. Its duty is to be a faithful session for an honest student.
"""

import io
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from types import FrameType, FunctionType, ModuleType
from typing import Any

import numpy as np

from grader.session.around import AFTER, Printed, around
from grader.session.blocked_modules import Sealed
from grader.session.callables import FUNCTIONS, Callables, line_of, told_of
from grader.session.files import lay_out
from grader.session.frames import is_table
from grader.session.handles import OPERATIONS, is_own_method, names_of
from grader.session.plain_types import CHANGEABLE
from grader.session.shell import SessionShell, run_cell, run_test
from grader.session.wire import Channel, WireError, encode
from grader.session.written import State, changes, state_of

MAX_PRINTED = 100_000


class Session:
    """One student's notebook while it runs.

    Parameters
    ----------
    cpu_seconds : float
        The computing time of one answer.
    """

    def __init__(self, shell: SessionShell, cpu_seconds: float) -> None:
        self._shell, self._cpu_seconds = shell, cpu_seconds
        self._busy = self._stopped = False
        self._given: State = {}
        self._answers: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "files": self._files,
            "written": self._written,
            "cell": self._cell,
            "names": self._names,
            "call": self._call,
            "test": self._test,
        }

    def serve(self, channel: Channel) -> None:
        """Answer until the other side has gone."""
        own, self._folder = os.getpid(), Path.cwd()
        self._callables = Callables(self._shell.user_ns, channel, self._reply, _send)
        sys.path[0] = ""  # the lesson's folder, as in a Jupyter kernel
        signal.signal(signal.SIGINT, self._interrupt)
        signal.signal(signal.SIGPROF, self._interrupt)
        while True:
            message = channel.receive()
            if "do" not in message:
                continue  # the reply to a call back that was interrupted
            signal.setitimer(signal.ITIMER_PROF, self._cpu_seconds)
            self._callables.begin()
            try:
                self._busy = True
                reply = self._reply(message)
            except KeyboardInterrupt as error:  # it came between two of its steps
                reply = {"error": _told(error)}
            finally:
                self._busy = False
            signal.setitimer(signal.ITIMER_PROF, 0)
            if os.getpid() != own:
                os._exit(0)  # a process that a cell has forked: the connection is not its own
            _send(channel, reply | {"stopped": True} if self._stopped else reply)
            self._stopped = self._callables.interrupted = False

    def _reply(self, message: dict[str, Any]) -> dict[str, Any]:
        try:
            with around(message.get("around", {}), self._callables) as after:
                answer = self._answers[message["do"]](message)
            return answer | ({AFTER: after} if after else {})
        except BaseException as error:
            return {"error": _told(error)}

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if self._busy:
            self._stopped = number == signal.SIGPROF
            if self._callables.waiting:  # amid a message: as soon as that is whole
                self._callables.interrupted = True
                return
            raise KeyboardInterrupt

    def _files(self, message: dict[str, Any]) -> dict[str, Any]:
        lay_out(message["files"], self._folder)
        self._given = state_of(self._folder)
        return {}

    def _written(self, message: dict[str, Any]) -> dict[str, Any]:
        return changes(self._folder, self._given, state_of(self._folder))

    def _cell(self, message: dict[str, Any]) -> dict[str, Any]:
        return {"outputs": run_cell(self._shell, message["source"])}

    def _test(self, message: dict[str, Any]) -> dict[str, Any]:
        """Run a test after the student's cells, as nbgrader does; a whole run earns its token."""
        result = run_test(self._shell, message["source"])
        error = result.error_before_exec or result.error_in_exec
        if error is not None:
            return {"error": _told(error), "line": _line_of(error)}
        reply: dict[str, Any] = {"passed": message["token"]}
        is_score = isinstance(result.result, int | float | np.number) and result.result is not True
        if is_score and result.result is not False:
            reply["score"] = float(result.result)
        return reply

    def _names(self, message: dict[str, Any]) -> dict[str, Any]:
        space, form = self._shell.user_ns, self._callables.form
        return {name: describe(space[name], form) for name in message["names"] if name in space}

    def _call(self, message: dict[str, Any]) -> dict[str, Any]:
        """Call a function, or do something else with what a test has a handle for."""
        self._callables.heed(message)
        operation = message.get("op", "call")
        thing = self._callables.find(message["name"])
        arguments = [self._callables.given(form) for form in message["args"]]
        keywords = {name: self._callables.given(form) for name, form in message["kwargs"].items()}
        with self._printing() as out:
            try:
                value = OPERATIONS[operation](thing, *arguments, **keywords)
            except WireError as error:
                reply: dict[str, Any] = {"unplain": f"It calls a function of the test: {error}."}
            except BaseException as error:
                at_end = operation == "next" and isinstance(error, StopIteration)
                reply = {"end": True} if at_end else {"error": _told(error)}
            else:
                is_method = operation == "getattr" and is_own_method(value, thing)
                reply = {"method": told_of(value)} if is_method else self._carried(value, arguments)
        try:
            reply |= self._changed("after", arguments, message["args"])
            reply |= self._changed("named", keywords, message["kwargs"])
            reply |= self._callables.told()
            if retained := self._callables.retained.note(arguments):
                reply["retained"] = retained
        except WireError as error:
            changed = "It changed what it was given to what cannot be checked here"
            reply |= {"unplain": f"{changed}: {error}."}
        return reply | {"printed": out.take()}

    @contextmanager
    def _printing(self) -> Iterator[Printed]:
        out, before = Printed(MAX_PRINTED), self._callables.printed
        self._callables.printed = out.take
        try:
            with redirect_stdout(out), redirect_stderr(io.StringIO()):
                yield out
        finally:
            self._callables.printed = before

    def _carried(self, value: Any, arguments: Any) -> dict[str, Any]:
        # A test may ask whether a function has returned a new list, or the one that it was given.
        same = [place for place, given in enumerate(arguments) if given is value]
        try:
            reply = {"value": self._callables.form(value)}
            return reply | {"same": same[0]} if same and _is_changeable(value) else reply
        except WireError as error:
            return {"unplain": f"It returned what cannot be checked here: {error}."}

    def _changed(self, key: str, given: Any, sent: Any) -> dict[str, Any]:
        """Return what has become of arguments: a function may work by changing them."""
        form = self._callables.form
        if type(given) is list:
            after: Any = [form(one) for one in given]
        else:
            after = {name: form(one) for name, one in given.items()}
        return {} if after == sent else {key: after}


_CHANGEABLE = (list, dict, set, np.ndarray, *CHANGEABLE)


def _is_changeable(value: Any) -> bool:
    return type(value) in _CHANGEABLE or is_table(value)


def describe(value: Any, form: Callable[[Any], Any]) -> dict[str, Any]:
    """Return what a name stands for: a function, a value, or something else.

    Parameters
    ----------
    form : callable
        Returns how a value travels, or raises WireError.
    """
    kind = type(value)
    if issubclass(kind, Sealed):  # whoever calls it is told that it is the reference
        return {"is": "function", "doc": None, "type": "function", "from": value.__name__}
    if issubclass(kind, ModuleType):
        return {"is": "module", "type": value.__name__, "from": origin(value)}
    if issubclass(kind, type) and issubclass(value, Exception):
        return {"is": "exception", "kinds": names_of(value), "from": origin(value)}
    if isinstance(value, FUNCTIONS):
        told = {"is": "function", "from": origin(value), **told_of(value)}
        return told | {"line": line_of(value)} if kind is FunctionType else told
    told = {"is": "other", "type": kind.__name__}
    if issubclass(kind, type):
        told |= {"is": "class", "from": origin(value)}
    elif callable(value):
        told |= {"is": "function", "from": origin(value), **told_of(value)}
    with suppress(WireError):
        told["value"] = form(value)
    return told


def origin(thing: Any) -> str:
    """Return where a function, class or module says to be defined, such as ``math.sqrt``."""
    try:
        return f"{getattr(thing, '__module__', None)}.{getattr(thing, '__name__', None)}"
    except Exception:
        return ""


def _line_of(error: BaseException) -> int:
    """Return the line of a cell in which an error came up."""
    if isinstance(error, SyntaxError):
        return error.lineno or 0
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno or 0 for frame in frames if frame.name == "<module>"), 0)


def _told(error: BaseException) -> dict[str, Any]:
    try:
        text = str(error)[:4000]
    except BaseException:
        text = "(its text cannot be shown)"
    told = {"kinds": names_of(type(error)), "text": text}
    try:
        return told | {"args": encode(list(error.args))}
    except WireError:
        return told


def _send(channel: Channel, reply: dict[str, Any]) -> None:
    try:
        channel.send(reply)
    except (TypeError, ValueError, WireError, RecursionError) as error:
        channel.send({"unplain": f"It cannot be checked here: {error}."})


def warm_up(shell: SessionShell) -> None:
    """Run once what most notebooks do first, so that forked sessions find it loaded."""
    run_cell(shell, "import numpy as np\nimport matplotlib.pyplot as plt\nimport ipywidgets")
    run_cell(shell, "plt.figure(figsize=(2, 1)).gca().set_title('$x$')")
    run_cell(shell, "ipywidgets.IntSlider()")
    run_cell(shell, "1/0")
    run_cell(shell, "get_ipython().run_line_magic('matplotlib', 'inline')")
    np.random.default_rng(0).normal(size=(4, 4)) @ np.ones((4, 4))
    shell.reset(new_session=True, aggressive=False)
    shell.execution_count = 1
