"""IPython's shell without a kernel: runs a cell and returns its outputs as nbformat knows them."""

import builtins
import inspect
import os
import subprocess
import sys
import traceback
import warnings
from contextlib import suppress
from types import TracebackType
from typing import Any, NoReturn

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from grader.session.blocked_modules import ReferenceSealed
from grader.session.errors import text_of


class Tape:
    """The outputs of one cell in their order, up to a number of bytes for the whole notebook."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.outputs: list[dict[str, Any]] = []

    def record(self, output: dict[str, Any], size: int) -> None:
        """Keep an output; when the room is used up, say so once instead."""
        if self.room <= 0:
            return
        self.room -= size
        if self.room <= 0:
            output = _stream("stderr", "[The output was too long and is cut here.]\n")
        self.outputs.append(output)

    def write(self, name: str, text: str) -> None:
        """Keep a piece of a stream, joined to the stream's last piece."""
        text = text[: max(self.room, 0) + 1]
        last = self.outputs[-1] if self.outputs else {}
        if self.room > len(text) and last.get("name") == name:
            self.room -= len(text)
            last["text"] += text
        else:
            self.record(_stream(name, text), len(text))

    def take(self) -> list[dict[str, Any]]:
        """Return the outputs so far and begin anew."""
        outputs, self.outputs = self.outputs, []
        return outputs


def _stream(name: str, text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


class _Stream:
    """A text stream that writes to the tape."""

    encoding, errors, closed = "utf-8", "replace", False

    def __init__(self, tape: Tape, name: str) -> None:
        self._tape, self.name = tape, name

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() takes text, not {type(text).__name__}")
        if text:
            self._tape.write(self.name, str(text))
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Nothing waits."""

    def isatty(self) -> bool:
        return False

    def writable(self) -> bool:
        return True


def _size(data: dict[str, Any]) -> int:
    return sum(len(str(value)) for value in data.values())


class _Publisher(DisplayPublisher):  # type: ignore[misc]
    tape: Tape

    def publish(self, data: Any, metadata: Any = None, **_: Any) -> None:
        output = {"output_type": "display_data", "data": data, "metadata": metadata or {}}
        self.tape.record(output, _size(data))

    def clear_output(self, wait: bool = False) -> None:
        self.tape.outputs.clear()


class _ResultHook(DisplayHook):  # type: ignore[misc]
    tape: Tape

    def write_output_prompt(self) -> None:
        """The notebook shows the prompt."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        output = {
            "output_type": "execute_result",
            "data": format_dict,
            "metadata": md_dict or {},
            "execution_count": self.shell.execution_count,
        }
        self.tape.record(output, _size(format_dict))

    def finish_displayhook(self) -> None:
        """Nothing is printed, so nothing is to be flushed."""


class SessionShell(InteractiveShell):  # type: ignore[misc]
    """The shell of a session."""

    tape: Tape
    brief = False  # whether errors are shown without code: what raises them is nobody's to read

    def showtraceback(self, *args: Any, **kwargs: Any) -> None:
        """Show a traceback; a shell that cannot even do that shows the error's type."""
        if self.brief:
            kind, error, _ = sys.exc_info()
            lines = rendered(error, f"{type(error).__name__}: {text_of(error)}") if error else []
            self._showtraceback(kind, error, lines)
            return
        try:
            _no_modules(sys.exc_info()[2])
            super().showtraceback(*args, **kwargs)
        except Exception as error:
            self._showtraceback(type(error), "the error could not be shown", [])

    def _format_exception_for_storage(self, error: BaseException, *_: Any) -> dict[str, Any]:
        """Keep for %notebook what an error is, not its traceback: that took as long as to show."""
        return {"ename": type(error).__name__, "evalue": text_of(error), "traceback": []}

    async def run_code(self, code_obj: Any, result: Any = None, *, async_: bool = False) -> bool:
        """Run one statement; one that asked a module under test is passed over.

        What else the cell does is done: an answer that stands below, such as below a figure, is
        not lost.
        """
        failed: bool = await super().run_code(code_obj, result, async_=async_)
        if not (result and isinstance(result.error_in_exec, ReferenceSealed)):
            return failed
        result.error_in_exec = None
        return False

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        if etype is ReferenceSealed:
            self.tape.write("stderr", f"[A line was passed over: {evalue}]\n")
            return
        lines = [str(line) for line in stb]
        output = {
            "output_type": "error",
            "ename": str(getattr(etype, "__name__", etype)),
            "evalue": str(evalue)[:10_000],
            "traceback": lines,
        }
        self.tape.record(output, sum(map(len, lines)))

    def system(self, cmd: str) -> None:
        """Run a program of the system, as ``!ls`` does; a session has no terminal to run it in."""
        done = subprocess.run(
            self.var_expand(cmd, depth=1),
            shell=True,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        sys.stdout.write(done.stdout)
        sys.stderr.write(done.stderr)
        self.user_ns["_exit_code"] = done.returncode

    def enable_gui(self, gui: Any = None) -> None:
        """A session has no windows."""

    def init_sys_modules(self) -> None:
        """Leave ``__main__`` as it is until a session is forked."""
        self._main_mod_cache: dict[str, Any] = {}


def rendered(error: BaseException, otherwise: str) -> list[str]:
    """Return the lines that an error shows itself with, or else this one."""
    render = getattr(error, "_render_traceback_", None)
    return [str(line) for line in render()] if render else [otherwise]


def _no_modules(place: TracebackType | None) -> None:
    """Say that cells are of no module: else `inspect` looks through all modules, for each frame."""
    for frame, _ in traceback.walk_tb(place):
        name = frame.f_code.co_filename
        if name.startswith("<"):
            inspect.modulesbyfile[name] = ""
            with suppress(OSError):  # the folder may be gone
                inspect.modulesbyfile[os.path.abspath(name)] = ""


def _no_input(prompt: object = "") -> NoReturn:
    raise StdinNotImplementedError("input() does not work while a notebook is graded")


def make_shell(room: int) -> SessionShell:
    """Make the shell that a session will use, with nothing kept of what it runs on disk."""
    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    config.InteractiveShell.colors = "nocolor"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        shell = SessionShell.instance(
            config=config, display_pub_class=_Publisher, displayhook_class=_ResultHook
        )
    shell.db = {}  # what %cd and %store keep on disk
    tape = Tape(room)
    shell.tape = shell.display_pub.tape = shell.displayhook.tape = tape
    return shell  # type: ignore[no-any-return]


def take_over(shell: SessionShell) -> None:
    """Send this process's streams and questions to the shell."""
    sys.modules["__main__"] = shell.user_module
    sys.stdout, sys.stderr = (_Stream(shell.tape, name) for name in ("stdout", "stderr"))
    builtins.input = _no_input


def use_inline_figures(shell: SessionShell) -> None:
    """Show figures as a notebook does: after the cell that drew them."""
    from matplotlib_inline.backend_inline import configure_inline_support

    configure_inline_support(shell, "inline")


def run_test(shell: SessionShell, source: str) -> Any:
    """Run a test as a notebook would and return IPython's result; what it shows is dropped.

    What a student has put between a cell's text and its execution is put aside meanwhile. The test
    stands in ``In`` only while it runs.
    """
    fresh = {
        "ast_transformers": [],
        "input_transformers_post": [],
        "input_transformer_manager": TransformerManager(),
    }
    hooks = {name: getattr(shell, name) for name in fresh}
    cells = shell.history_manager.input_hist_parsed
    above = len(cells)
    try:
        cells.append(source)
        for name, plain in fresh.items():
            setattr(shell, name, plain)
        return shell.run_cell(source, store_history=False)
    finally:
        for name, hook in hooks.items():
            setattr(shell, name, hook)
        del cells[above:]
        shell.tape.take()


def run_cell(shell: SessionShell, source: str) -> list[dict[str, Any]]:
    """Run a cell and return its outputs."""
    shell.run_cell(source, store_history=True)
    return shell.tape.take()
