"""A finished picture with the words that say what is to be seen on it."""

import base64
from dataclasses import dataclass
from html import escape

from linbias._paper import DARK_PAGES


@dataclass(frozen=True, repr=False)
class Picture:
    """An image and its text; the last line of a notebook cell shows it.

    Attributes
    ----------
    data : bytes
        The image file.
    mime : str
        What kind of file it is: image/svg+xml or image/png.
    alt : str
        What is to be seen, for whoever hears the notebook instead of seeing it.
    width : int
        In CSS pixels; the page may show it smaller, never larger.

    Examples
    --------
    >>> Picture(b"<svg/>", "image/svg+xml", "Nothing at all.", 10)
    Nothing at all.
    """

    data: bytes
    mime: str
    alt: str
    width: int

    @property
    def html(self) -> str:
        """The picture as one HTML element that carries the image inside."""
        image = base64.b64encode(self.data).decode()
        # decoding="sync": a slider swaps the picture, and the browser must not blink in between.
        return (
            f'<img class="linbias" role="img" alt="{escape(self.alt)}" '
            f'src="data:{self.mime};base64,{image}" decoding="sync" '
            f'style="width: {self.width}px; max-width: 100%; height: auto">{DARK_PAGES}'
        )

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        """Return the text: it is what a terminal can show."""
        return self.alt
