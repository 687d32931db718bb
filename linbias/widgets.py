"""Figures to play with: a slider for beta, and a guess to commit before a figure unlocks.

Without a front end, as in grading, both are built in milliseconds and nothing is drawn twice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

import ipywidgets
from IPython import get_ipython
from IPython.display import DisplayHandle, display

from linbias import _arguments
from linbias.attention import softmax_rows
from linbias.bias import bias_matrix, causal_mask
from linbias.plots import Picture, heatmap, row_weights

STEEPEST = 2
_WIDE = {"description_width": "initial"}
# Jupyter shows one of the two: the controls, or, where they are gone, what stands for them.
_STYLE = (
    "<style>.jp-OutputArea-child:has(.widget-vbox) + .jp-OutputArea-child:has(.linbias-still),"
    ".jp-OutputArea-child:has(.jupyter-widgets):not(:has(.widget-vbox))"
    ":has(+ .jp-OutputArea-child .linbias-still) {display: none}</style>"
)


class Still:
    """What stands for controls where no kernel moves them: it stays when a notebook is reopened.

    Parameters
    ----------
    html : str
        A picture, or words; empty when there is nothing to show yet.
    """

    def __init__(self, html: str = "") -> None:
        self.html = html
        self._shown: DisplayHandle | None = None

    def show(self, text: str) -> None:
        """Show it below the controls, with the text."""
        self._shown = display(self._bundle(self.html + _small(text)), raw=True, display_id=True)

    def change(self, html: str) -> None:
        """Put this in its place, also where it is shown."""
        self.html = html
        if self._shown:
            self._shown.update(self._bundle(html), raw=True)

    def _bundle(self, html: str) -> dict[str, str]:
        return {"text/html": f'{_STYLE}<div class="linbias-still">{html}</div>'}


@dataclass(frozen=True, repr=False)
class Live:
    """Controls with a figure, and what stands for them on a page that has no kernel.

    Attributes
    ----------
    box : ipywidgets.VBox
        The controls and the figure.
    text : str
        What to show where only text can be shown.
    still : Still
        What to show on a page without widgets.
    """

    box: Any
    text: str
    still: Still = field(default_factory=Still)

    def _ipython_display_(self) -> None:
        if not hasattr(get_ipython(), "kernel"):
            raise NotImplementedError  # then IPython asks for the bundle
        display({**self.box._repr_mimebundle_(), "text/plain": self.text}, raw=True)
        self.still.show(self.text)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        still = {"text/html": self.still.html} if self.still.html else {}
        return {**self.box._repr_mimebundle_(), **still, "text/plain": self.text}

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
        Drag the slider, or focus it and use the arrow keys.

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
    slider = ipywidgets.FloatSlider(
        value=start,
        min=0,
        max=STEEPEST,
        step=0.05,
        description="β, the slope",
        style=_WIDE,
        layout=ipywidgets.Layout(width="min(480px, 100%)"),
    )
    # Small enough to stand side by side under the slider on one screen.
    bars, cells = (
        ipywidgets.HTML(layout=ipywidgets.Layout(width=f"min({width}px, 100%)"))
        for width in (540, 340)
    )

    def follow(change: Mapping[str, Any]) -> None:
        bars.value = row_weights(i, (change["new"],)).html
        cells.value = _all_weights(i, change["new"]).html

    slider.observe(follow, "value")
    follow({"new": slider.value})
    side_by_side = ipywidgets.Box([bars, cells], layout=ipywidgets.Layout(flex_flow="row wrap"))
    return Live(
        ipywidgets.VBox([slider, side_by_side]),
        "A slider for beta from 0 to 2 in steps of 0.05. Run this cell to use it.",
        Still(row_weights(i, (slider.value,)).html),
    )


def predict(
    question: str,
    guesses: Mapping[str, tuple[Any, ...]],
    reveal: Callable[..., Picture],
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
    untouched, still = set(guesses), Still()

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
            _small(f"Your guess, committed: {told}") + reveal(*values).html + _small(words)
        )
        still.change(_small(question) + figure.value)

    for slider in sliders:
        slider.observe(touched, "value")
    button.on_click(commit)
    text = f"{question} Run this cell and commit your guess; then the figure unlocks."
    asked = ipywidgets.HTML(f"<b>{escape(question)}</b>")
    return Live(ipywidgets.VBox([asked, *sliders, button, figure]), text, still)


def _guess_slider(label: str, lowest: Any, highest: Any, step: Any = None) -> Any:
    whole = all(isinstance(limit, int) for limit in (lowest, highest, step or 1))
    kind = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
    return kind(
        value=lowest + (highest - lowest) // 2 if whole else (lowest + highest) / 2,
        min=lowest,
        max=highest,
        step=step or (1 if whole else (highest - lowest) / 100),
        description=label,
        style=_WIDE,
        layout=ipywidgets.Layout(width="min(480px, 100%)"),
    )


def _small(words: str) -> str:
    return f'<p style="margin: 4px 0; line-height: 1.4">{escape(words)}</p>' if words else ""


def _all_weights(i: int, beta: float) -> Picture:
    weights = softmax_rows(bias_matrix(i + 1, beta))
    title = f"All weights, equal contents, β = {beta:g}"
    return heatmap(weights, title, hidden=~causal_mask(i + 1), shares=True)
