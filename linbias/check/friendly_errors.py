"""A friendly word for two errors of a lesson that is not finished.

Under Python's NameError stands what to do about a name that lessons ask students to bind. A stub
that is still there is told in one sentence instead of a traceback.
"""

import sys
from collections.abc import Container, Mapping
from types import TracebackType
from typing import Any

from linbias.check.failed import in_lines

CHOICES = ("A", "B", "C", "D", "true", "false")


def hint(name: str, asked: Container[str]) -> str:
    """Return what to say when a name is unknown, "" for nothing.

    Parameters
    ----------
    asked : container of str
        What lessons ask students to bind.

    Examples
    --------
    >>> hint("A", ())
    'A choice is text: write it with quotes, "A".'
    >>> hint("row_4", {"row_4"})
    'row_4 has no value yet. Run its answer cell first, and see that it ends without an error.'
    """
    for choice in CHOICES:
        if name.casefold() == choice.casefold():
            return f'A choice is text: write it with quotes, "{choice}".'
    if name in asked:
        return (
            f"{name} has no value yet. Run its answer cell first, and see that it ends without an "
            "error."
        )
    return ""


def stub_left(trace: TracebackType | None, own: Mapping[str, Any]) -> str:
    """Return what to say when a stub raised its NotImplementedError, "" if something else did.

    Parameters
    ----------
    trace : traceback
        The error's way; its end is where it was raised.
    own : mapping
        The notebook's names: only code that has them for its globals is the student's.
    """
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None or trace.tb_frame.f_globals is not own:
        return ""
    function = trace.tb_frame.f_code.co_name
    if function == "<module>":
        return "Not answered yet: write your answer in place of the line that raises."
    return (
        f"{function} is not written yet. Write your answer in place of the line that raises, run "
        "its cell, then this one."
    )


def explain_errors(asked: Container[str]) -> None:
    """Have Jupyter say these words; elsewhere do nothing.

    Parameters
    ----------
    asked : container of str
        What lessons ask students to bind.
    """
    # IPython is asked only where it runs already: to import it would cost half a second.
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None or not hasattr(shell, "kernel") or shell.custom_exceptions:
        return

    def explain(
        shell: Any,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType,
        tb_offset: int | None = None,
    ) -> None:
        if isinstance(error, NameError):
            told = hint(getattr(error, "name", None) or "", asked)
            if told:
                error.add_note(told)
        elif not str(error) and (told := stub_left(trace, shell.user_ns)):
            lines = in_lines(f"{kind.__name__}: {told}")
            # Jupyter asks an error for the lines to show in place of its traceback.
            error._render_traceback_ = lambda: lines  # type: ignore[attr-defined]
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset)

    shell.set_custom_exc((NameError, NotImplementedError), explain)
