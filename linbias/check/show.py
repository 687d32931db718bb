"""Showing a picture where one can be shown."""

import sys


def show(html: str, text: str) -> None:
    """Show a picture in a notebook, its text elsewhere."""
    # IPython is asked only where it runs already: to import it would cost half a second.
    ipython = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        print(text)
        return
    ipython.display.display({"text/html": html, "text/plain": text}, raw=True)
