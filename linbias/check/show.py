"""Showing a picture where one can be shown."""

import sys
from typing import Any


def show(html: str, text: str) -> None:
    """Show a picture in a notebook, its text elsewhere."""
    if not in_notebook():
        print(text)
        return
    _ipython().display.display({"text/html": html, "text/plain": text}, raw=True)


def in_notebook() -> bool:
    """Whether IPython runs, which shows more than text."""
    ipython = _ipython()
    return ipython is not None and ipython.get_ipython() is not None


def _ipython() -> Any:
    # IPython is asked only where it runs already: to import it would cost half a second.
    return sys.modules.get("IPython")
