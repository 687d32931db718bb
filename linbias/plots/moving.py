"""A figure of which a part moves: what stands still is drawn once."""

from collections.abc import Sequence

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.legend import Legend
from matplotlib.text import Text

from linbias.plots.picture import Picture
from linbias.plots.style import as_picture

_BEGIN, _END = '<g id="figure_1">', "\n</svg>"


class Moving:
    """A figure whose bars, cells, words and legend may change, and are drawn on top of the rest.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        A figure's only axes, which belong to this object from now on.

    Examples
    --------
    >>> from linbias.plots import row_weights
    >>> bars = Moving(row_weights(2, [1.0]))
    >>> before = bars.picture
    >>> bars.axes.patches[2].set_height(0.9)
    >>> bars.picture == before
    False
    """

    def __init__(self, axes: Axes) -> None:
        self.axes = axes
        moves: list[Artist] = [*axes.patches, *axes.collections]
        moves += [one for one in axes.get_children() if isinstance(one, Text | Legend)]
        figure = axes.get_figure(root=True)
        assert figure is not None  # removed axes are not shown
        stand = [one for one in (*axes.get_children(), figure.patch) if one not in moves]
        _set_visible(moves, False)
        self._still = as_picture(axes).data.decode()
        _set_visible(moves, True)
        _set_visible(stand, False)

    @property
    def picture(self) -> Picture:
        """The figure as it is now."""
        now = as_picture(self.axes)
        text = now.data.decode()
        moved = text[text.index(_BEGIN) : text.rindex(_END)].replace("figure_1", "moved", 1)
        # The words of the first drawing are no longer true.
        still = self._still[self._still.index(_BEGIN) :]
        whole = text[: text.index(_BEGIN)] + still.replace(_END, f"\n{moved}{_END}")
        return Picture(whole.encode(), now.mime, now.alt, now.width)


def _set_visible(artists: Sequence[Artist], visible: bool) -> None:
    for artist in artists:
        artist.set_visible(visible)
