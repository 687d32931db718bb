"""The text to learn from: Python's own help, which every Python brings along."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]

# The last part of the text is never trained on: one piece of the longest length, many times.
HELD_OUT = 32 * 512


@dataclass(frozen=True, repr=False)
class Text:
    """A text as numbers, one for each character.

    Attributes
    ----------
    characters : str
        The alphabet: number k stands for ``characters[k]``.
    training, held_out : ndarray of int
        What the models learn from, and what they are tested on.
    """

    characters: str
    training: Ids
    held_out: Ids


@cache
def read_text() -> Text:
    """Return the topics of Python's ``help()`` in lower case, with single spaces.

    Raises
    ------
    ModuleNotFoundError
        If this Python came without ``pydoc_data``.

    Examples
    --------
    >>> text = read_text()
    >>> len(text.training) > 300_000, len(text.held_out)
    (True, 16384)
    """
    try:
        from pydoc_data.topics import topics
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "The experiment reads pydoc_data.topics, the texts of help(), and this Python has "
            "none: install the whole standard library, on Debian the package libpython3-stdlib."
        ) from error
    words = " ".join(" ".join(topics[name] for name in sorted(topics)).lower().split())
    characters = "".join(sorted(set(words)))
    ids = np.array([characters.index(character) for character in words])
    return Text(characters, ids[:-HELD_OUT], ids[-HELD_OUT:])
