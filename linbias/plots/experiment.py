"""What the experiment of lesson 08 shows: curves of three ways to tell positions, with spread."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linbias import evaluation
from linbias.experiment.runs import CONTEXTS, NOT_REPEATED, Runs, losses_after, targets
from linbias.experiment.train import LENGTH
from linbias.plots.curves import figure_of, note

# One colour and one marker for each, in every figure of the lesson.
LOOKS = {
    "ALiBi": {"color": "#0072B2", "marker": "o", "linestyle": "-"},
    "sinusoidal": {"color": "#D55E00", "marker": "s", "linestyle": "--"},
    "no position": {"color": "#555555", "marker": "^", "linestyle": ":"},
}
SPREAD = "Lines are means over the seeds, bands reach from the lowest to the highest."

Curves = Mapping[str, NDArray[np.float64]]


def extrapolation(
    runs: Runs,
    perplexity: Callable[[Any], float] = evaluation.perplexity,
    guesses: Mapping[str, float] | None = None,
    *,
    ax: Any = None,
) -> Any:
    """Return the perplexity against the length of the pieces that were tested.

    Parameters
    ----------
    perplexity : callable
        Makes one number of a list of losses.
    guesses : mapping of str to float
        By the name of a way to tell positions: the perplexity guessed for the longest pieces.
    ax : matplotlib.axes.Axes
        Where to draw; without it a figure of its own is made.

    Returns
    -------
    Picture or Axes
        The axes where some were given.

    Examples
    --------
    >>> extrapolation(Runs()).alt == NOT_REPEATED
    True
    """
    if not runs.models:
        return note(NOT_REPEATED)
    lengths = sorted(runs.models[0].losses)
    curves = {
        name: np.array(
            [[perplexity(model.losses[n].ravel()) for n in lengths] for model in runs.of(name)]
        )
        for name in runs.names
    }

    def draw(axes: Any) -> str:
        _draw(axes, lengths, curves)
        _mark_training(axes)
        for name, guess in (guesses or {}).items():
            axes.plot(
                lengths[-1], guess, "D", mfc="none", mec=LOOKS[name]["color"], ms=10, clip_on=False
            )
        axes.set(xlabel="length of the tested pieces, in characters", ylabel="perplexity")
        return _told("Perplexity by the length of the pieces", lengths, curves)

    return figure_of(draw, ax)


def by_position(
    runs: Runs,
    loss_by_position: Callable[[Any], Any] = evaluation.loss_by_position,
    length: int = 2 * LENGTH,
    *,
    ax: Any = None,
) -> Any:
    """Return the loss against the position in a piece, in groups that double in width.

    Parameters
    ----------
    loss_by_position : callable
        Makes one loss for each position of a table of losses.
    length : int
        The length of the pieces.
    ax : matplotlib.axes.Axes
        Where to draw; without it a figure of its own is made.

    Returns
    -------
    Picture or Axes
        The axes where some were given.

    Examples
    --------
    >>> by_position(Runs()).alt == NOT_REPEATED
    True
    """
    if not runs.models:
        return note(NOT_REPEATED)
    ends = [2**k for k in range(int(np.log2(length)) + 1)]
    names = ["1", "2", *(f"{end // 2 + 1}–{end}" for end in ends[2:])]
    curves = {
        name: np.array(
            [_grouped(loss_by_position(model.losses[length]), ends) for model in runs.of(name)]
        )
        for name in runs.names
    }

    def draw(axes: Any) -> str:
        _draw(axes, ends, curves)
        axes.set_xticks(ends, names)
        _mark_training(axes)
        axes.set(xlabel="characters of context", ylabel="mean loss, in nats")
        return _told(f"Loss by position in pieces of {length}", names, curves)

    return figure_of(draw, ax)


def by_context(
    runs: Runs, contexts: Callable[..., Any] = evaluation.contexts, *, ax: Any = None
) -> Any:
    """Return the loss of the same characters against how much context each of them has.

    Parameters
    ----------
    contexts : callable
        ``contexts(ids, targets, c)`` returns the c characters before each target.
    ax : matplotlib.axes.Axes
        Where to draw; without it a figure of its own is made.

    Returns
    -------
    Picture or Axes
        The axes where some were given.

    Examples
    --------
    >>> by_context(Runs()).alt == NOT_REPEATED
    True
    """
    if not runs.models or runs.text is None:
        return note(NOT_REPEATED)
    ids = runs.text.held_out
    places = targets(ids)
    windows = {c: np.asarray(contexts(ids, places, c)) for c in CONTEXTS}
    curves = {
        name: np.array(
            [
                [losses_after(model, windows[c], ids[places]).mean() for c in CONTEXTS]
                for model in runs.of(name)
            ]
        )
        for name in runs.names
    }

    def draw(axes: Any) -> str:
        _draw(axes, CONTEXTS, curves)
        _mark_training(axes)
        axes.set(xlabel="characters of context, for every target", ylabel="mean loss, in nats")
        return _told(f"Loss of the same {len(places)} characters by context", CONTEXTS, curves)

    return figure_of(draw, ax)


def _grouped(losses: Any, ends: Sequence[int]) -> list[float]:
    """Return the mean of positions 1, 2, 3 to 4, 5 to 8, ..."""
    starts = [0, *ends[:-1]]
    return [float(np.mean(losses[start:end])) for start, end in zip(starts, ends, strict=True)]


def _draw(axes: Any, xs: Sequence[int], curves: Curves) -> None:
    for name, values in curves.items():
        look = LOOKS[name]
        axes.fill_between(xs, values.min(0), values.max(0), color=look["color"], alpha=0.2, lw=0)
        axes.plot(xs, values.mean(0), label=name, **look)
    axes.set_xscale("log", base=2)
    axes.set_xticks(xs, [str(x) for x in xs])
    axes.minorticks_off()
    axes.legend()


def _mark_training(axes: Any) -> None:
    axes.axvline(LENGTH, color="#888888", lw=1)
    axes.annotate(
        f"trained at {LENGTH}",
        (LENGTH, 1),
        xycoords=("data", "axes fraction"),
        xytext=(4, 4),
        textcoords="offset points",
    )


def _told(title: str, xs: Sequence[object], curves: Curves) -> str:
    lines = [f"{title}: {', '.join(map(str, xs))}. {SPREAD}"]
    for name, values in curves.items():
        means = ", ".join(f"{value:.2f}" for value in values.mean(0))
        widest = float(np.ptp(values, axis=0).max())
        lines.append(f"{name}: {means}; the widest band is {widest:.2f}.")
    return "\n".join(lines)
