"""The course's sentence and one head for it, whose features are made by hand to be read.

A real head learns its queries and keys. Here each key says what kind of word it is, and each query
which kind it looks for, so that the attention can be foretold.
"""

from collections.abc import Mapping
from typing import Any

import ipywidgets
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from linbias.attention import attention_weights
from linbias.bias import causal_mask
from linbias.plots import heatmap
from linbias.plots.cells import move_heatmap
from linbias.plots.moving import Moving
from linbias.slider import FOR_BETA, beta_control, with_field
from linbias.widgets import Live

WORDS = ("The", "cat", "sat", "on", "the", "mat", ".")
# One feature for each kind of word; the full stop has none of them.
_ARTICLE, _NOUN, _VERB, _PREPOSITION, _NONE = np.eye(5, 4)
K = np.array([_ARTICLE, _NOUN, _VERB, _PREPOSITION, _ARTICLE, _NOUN, _NONE])
# A noun looks for an article, a verb for a noun, ...; divided by sqrt(4), a match scores 2.
Q = 4 * np.array([_NONE, _ARTICLE, _NOUN, _VERB, _PREPOSITION, _ARTICLE, _NOUN])


def attention_map(beta: Any, ax: Axes | None = None) -> Axes:
    """Return the weights of the sentence's head, labelled with its words.

    Parameters
    ----------
    beta : float
        The slope, at least 0, in nats per token.
    ax : matplotlib.axes.Axes, optional
        Where to draw; without it on axes of its own.

    Examples
    --------
    >>> str(attention_map(0.5)).startswith("The head's attention, β = 0.5.")
    True
    """
    return heatmap(
        *_weights(beta),
        rows="query",
        columns="key",
        hidden=~causal_mask(len(WORDS)),
        shares=True,
        names=(WORDS, WORDS),
        ax=ax,
    )


def _weights(beta: Any) -> tuple[NDArray[np.float64], str]:
    return attention_weights(Q, K, beta), f"The head's attention, β = {beta:g}"


def attention_slider(beta: float = 0.0) -> Live:
    """Return a slider for beta; the map of the sentence follows it.

    Parameters
    ----------
    beta : float
        Where the slider starts, 0 to 2.

    Examples
    --------
    >>> attention_slider()
    A slider for beta from 0 to 2 in steps of 0.05. Run this cell to use it.
    """
    slider = beta_control(beta)
    cells = ipywidgets.HTML()

    moving = Moving(attention_map(slider.value))

    def follow(change: Mapping[str, Any]) -> None:
        move_heatmap(moving.axes, *_weights(change["new"]), (WORDS, WORDS))
        cells.value = moving.picture.html

    slider.observe(follow, "value")
    follow({"new": slider.value})
    return Live(
        ipywidgets.VBox([with_field(slider), cells]),
        FOR_BETA,
        cells.value,
    )
