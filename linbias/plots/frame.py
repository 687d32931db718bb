"""The frame of a chart: where a number lies on the paper, and the axes with their labels."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from linbias.plots import svg


@dataclass(frozen=True)
class Frame:
    """A rectangle on the paper that spans a range of x and of y.

    Attributes
    ----------
    left, top, width, height : float
        The rectangle in pixels.
    xs, ys : tuple of two floats
        The first and the last number on each axis.
    log : bool
        Whether the x axis is logarithmic.

    Examples
    --------
    >>> frame = Frame(50, 10, 100, 200, (0, 4), (0, 1))
    >>> frame.at(2, 0.25)
    (100.0, 160.0)
    """

    left: float
    top: float
    width: float
    height: float
    xs: tuple[float, float]
    ys: tuple[float, float]
    log: bool = False

    @property
    def bottom(self) -> float:
        """The height of the x axis on the paper."""
        return self.top + self.height

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return the point of the paper that stands for x and y."""
        first, last = self.xs
        along = (
            math.log(x / first) / math.log(last / first)
            if self.log
            else (x - first) / (last - first)
        )
        up = (y - self.ys[0]) / (self.ys[1] - self.ys[0])
        return self.left + along * self.width, self.bottom - up * self.height

    def x_axis(self, label: str, ticks: Sequence[float]) -> list[str]:
        """Return the x axis below the rectangle."""
        parts = [_rule(self.left, self.bottom, self.left + self.width, self.bottom)]
        for tick in ticks:
            x, _ = self.at(tick, self.ys[0])
            parts.append(_rule(x, self.bottom, x, self.bottom + 5))
            parts.append(svg.text(x, self.bottom + 20, f"{tick:g}", 13))
        middle = self.left + self.width / 2
        return [*parts, svg.text(middle, self.bottom + 42, label, 13, svg.GREY)]

    def y_axis(self, label: str, ticks: Sequence[float], *, percent: bool = False) -> list[str]:
        """Return the y axis left of the rectangle, its label on top, and faint lines across."""
        digits, parts = svg.places(ticks), []
        for tick in ticks:
            _, y = self.at(self.xs[0], tick)
            words = f"{tick:.0%}" if percent else svg.number(tick, digits)
            parts.append(svg.line([(self.left, y), (self.left + self.width, y)], svg.FAINT, 1))
            parts.append(svg.text(self.left - 10, y + 5, words, 13, anchor="end"))
        title = svg.text(12, self.top - 16, label, 13, svg.GREY, anchor="start")
        return [*parts, _rule(self.left, self.top, self.left, self.bottom), title]


def _rule(x: float, y: float, to_x: float, to_y: float) -> str:
    return svg.line([(x, y), (to_x, to_y)], svg.GREY, 1)
