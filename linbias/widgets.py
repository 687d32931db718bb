"""Figures to play with: a slider for beta, and a guess to commit before a figure unlocks.

Without a front end, as in grading, nothing is drawn twice, and what is guessed is not drawn.
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

import ipywidgets
from matplotlib.axes import Axes
from numpy.typing import NDArray

from linbias import _arguments
from linbias.attention import softmax_rows
from linbias.bias import bias_matrix, causal_mask
from linbias.plots import Picture, as_picture, heatmap, row_weights
from linbias.plots.bars import move_bars
from linbias.plots.cells import move_heatmap
from linbias.plots.moving import Moving
from linbias.slider import FOR_BETA, STEEPEST, beta_control, with_field

# The still page is hidden while the controls are there, and the front end's error where they are
# gone.
_ONE_OF_TWO = (
    "<style>.jp-OutputArea-child:has(.jupyter-widgets > :not(script)) + "
    ".jp-OutputArea-child:has(.linbias-still){display:none}"
    ".jp-OutputArea-child:not(:has(.jupyter-widgets > :not(script))):has("
    "+ .jp-OutputArea-child .linbias-still){display:none}</style>"
)


class Live:
    """Controls with a figure, and what stands for them in a notebook that has no kernel.

    A notebook stores two outputs: the controls, which need a kernel, and a still page, which is
    hidden as long as the controls are there.

    Parameters
    ----------
    box : ipywidgets.VBox
        The controls and the figure.
    text : str
        What to show where only text can be shown.
    still : str
        The HTML of a still picture, which stands above the text.
    """

    def __init__(self, box: Any, text: str, still: str = "") -> None:
        self.box, self.text = box, text
        self._still = still + _small(text)
        self._shown: Any = None

    @property
    def still(self) -> str:
        """What a notebook shows that has no kernel."""
        return f'<div class="linbias-still">{self._still}</div>{_ONE_OF_TWO}'

    def keep(self, html: str) -> None:
        """Show something else where there is no kernel, such as a guess that was committed."""
        self._still = html
        if self._shown is not None:
            self._shown.update(self._page(), raw=True)

    def _page(self) -> dict[str, str]:
        return {"text/html": self.still, "text/plain": ""}

    def _ipython_display_(self) -> None:
        from IPython.display import display

        controls = {**self.box._repr_mimebundle_(), "text/plain": self.text}
        display(controls, raw=True)
        self._shown = display(self._page(), raw=True, display_id=True)

    def __repr__(self) -> str:
        """Return the text."""
        return self.text


def beta_slider(i: Any = 6, beta: Any = 0.5) -> Live:
    """Return a slider for beta; the bars of query i and all weights follow it.

    Parameters
    ----------
    i : int
        The query whose shares are shown, 0 to 15; the heat map shows i + 1 tokens.
    beta : float
        Where the slider starts, 0 to 2, in nats per token.

    Returns
    -------
    Live
        Drag the slider, or type a number into its field.

    Raises
    ------
    TypeError, ValueError
        If i or beta is not such a number.

    Examples
    --------
    >>> beta_slider()
    A slider for beta from 0 to 2 in steps of 0.05. Run this cell to use it.
    """
    start = _arguments.slope(beta)
    if start > STEEPEST:
        raise ValueError(f"beta must be at most {STEEPEST} to be on the slider, got {start}.")
    slider = beta_control(start)
    # Small enough to stand side by side under the slider on one screen.
    bars, cells = (
        ipywidgets.HTML(layout=ipywidgets.Layout(width=f"min({width}px, 100%)"))
        for width in (540, 340)
    )

    moving_bars, moving_cells = Moving(row_weights(i, (start,))), _all_weights(i, start)

    def follow(change: Mapping[str, Any]) -> None:
        move_bars(moving_bars.axes, i, change["new"])
        bars.value = moving_bars.picture.html
        move_heatmap(moving_cells.axes, *_weights(i, change["new"]))
        cells.value = moving_cells.picture.html

    slider.observe(follow, "value")
    follow({"new": slider.value})
    side_by_side = ipywidgets.Box([bars, cells], layout=ipywidgets.Layout(flex_flow="row wrap"))
    return Live(
        ipywidgets.VBox([with_field(slider), side_by_side]),
        FOR_BETA,
        bars.value,
    )


def predict(
    question: str,
    guesses: Mapping[str, tuple[Any, ...]],
    reveal: Callable[..., Axes | Picture],
    afterwards: str | Callable[..., str] = "",
) -> Live:
    """Return a question whose figure unlocks when a guess has been committed.

    Parameters
    ----------
    question : str
        What to guess.
    guesses : mapping of str to tuple
        For each slider its label and (lowest, highest) or (lowest, highest, step); whole numbers
        give whole guesses.
    reveal : callable
        Gets the guesses, in the order of `guesses`, and returns the picture to show. It is not
        called before.
    afterwards : str or callable
        What to say below the picture; a callable gets the guesses and returns it.

    Returns
    -------
    Live
        Every slider starts in its middle; the button wakes up once each has been moved.

    Examples
    --------
    >>> from linbias.plots import triangle
    >>> predict("How many cells does it have?", {"cells": (0, 49)}, lambda cells: triangle(7))
    How many cells does it have? Run this cell and commit your guess; then the figure unlocks.
    """
    sliders = [_guess_slider(label, *limits) for label, limits in guesses.items()]
    button = ipywidgets.Button(
        description="Commit my guess",
        tooltip="Move every slider first; a guess cannot be taken back",
        button_style="primary",
        disabled=True,
    )
    figure = ipywidgets.HTML(
        _small("Move every slider, then commit. The figure unlocks after that.")
    )
    untouched = set(guesses)

    def touched(change: Mapping[str, Any]) -> None:
        untouched.discard(change["owner"].description)
        button.disabled = bool(untouched)

    def commit(_: Any) -> None:
        for control in (*sliders, button):
            control.disabled = True
        # A disabled button is too pale to read, and it has done its work.
        button.layout.display = "none"
        values = [slider.value for slider in sliders]
        told = ", ".join(f"{slider.description}: {slider.value:g}" for slider in sliders)
        words = afterwards if isinstance(afterwards, str) else afterwards(*values)
        figure.value = (
            _small(f"Your guess, committed: {told}")
            + as_picture(reveal(*values)).html
            + _small(words)
        )
        live.keep(asked.value + figure.value)

    for slider in sliders:
        slider.observe(touched, "value")
    button.on_click(commit)
    text = f"{question} Run this cell and commit your guess; then the figure unlocks."
    asked = ipywidgets.HTML(f"<b>{escape(question)}</b>")
    live = Live(ipywidgets.VBox([asked, *map(with_field, sliders), button, figure]), text)
    return live


def _guess_slider(label: str, lowest: Any, highest: Any, step: Any = None) -> Any:
    whole = all(isinstance(limit, int) for limit in (lowest, highest, step or 1))
    kind = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
    return kind(
        value=lowest + (highest - lowest) // 2 if whole else (lowest + highest) / 2,
        min=lowest,
        max=highest,
        step=step or (1 if whole else (highest - lowest) / 100),
        description=label,
    )


def _small(words: str) -> str:
    return f'<p style="margin: 4px 0; line-height: 1.4">{escape(words)}</p>' if words else ""


def _all_weights(i: int, beta: float) -> Moving:
    weights, title = _weights(i, beta)
    return Moving(heatmap(weights, title, hidden=~causal_mask(i + 1), shares=True))


def _weights(i: int, beta: float) -> tuple[NDArray[Any], str]:
    weights = softmax_rows(bias_matrix(i + 1, beta))
    return weights, f"All weights, equal contents, β = {beta:g}"
