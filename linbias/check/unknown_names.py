"""A friendly word under Python's NameError, for the names that lessons ask students to bind."""

import sys
from collections.abc import Container
from types import TracebackType
from typing import Any

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


def explain_unknown_names(asked: Container[str]) -> None:
    """Have Jupyter add the hint to a NameError; elsewhere do nothing."""
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
        told = hint(getattr(error, "name", None) or "", asked)
        if told:
            error.add_note(told)
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset)

    shell.set_custom_exc((NameError,), explain)
