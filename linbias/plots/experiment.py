"""What the experiment of lesson 08 shows: curves of three ways to tell positions, with spread."""

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, cast

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from linbias import evaluation
from linbias._paper import GREY
from linbias.experiment.positions import POSITIONS
from linbias.experiment.runs import CONTEXTS, NOT_REPEATED, Runs, losses_after, targets
from linbias.experiment.train import LENGTH
from linbias.plots.style import GUESS, KINDS, canvas, told

# One colour and one marker for each, in every figure of the lesson.
LOOKS = {position.name: look for position, look in zip(POSITIONS, KINDS, strict=True)}
SPREAD = "Lines are means over the seeds, bands reach from the lowest to the highest."

NOT_WRITTEN = (
    "Your function draws this figure, and it has no answer yet. Write it above and check it, then "
    "run this cell again."
)

Curves = Mapping[str, NDArray[np.float64]]
P = ParamSpec("P")


class _NoCurves(ValueError):
    """What a student's function gave cannot be drawn; the words say why."""


def _or_a_sentence(figure: Callable[P, Axes]) -> Callable[P, Axes]:
    """Let a figure say in a sentence, not in a traceback, that a student's function fails it."""

    @wraps(figure)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Axes:
        try:
            return figure(*args, **kwargs)
        except (NotImplementedError, _NoCurves) as error:
            return _sentence(str(error) or NOT_WRITTEN, cast("Axes | None", kwargs.get("ax")))

    return drawn


@_or_a_sentence
def extrapolation(
    runs: Runs,
    perplexity: Callable[[Any], float] = evaluation.perplexity,
    guesses: Mapping[str, float] | None = None,
    *,
    ax: Axes | None = None,
) -> Axes:
    """Return the perplexity against the length of the pieces that were tested.

    Parameters
    ----------
    perplexity : callable
        Makes one number of a list of losses.
    guesses : mapping of str to float
        By the name of a way to tell positions: the perplexity guessed for the longest pieces.
    ax : matplotlib.axes.Axes
        Where to draw; without it a new figure is made.

    Returns
    -------
    Axes
        A notebook shows them with their words.

    Examples
    --------
    >>> repr(extrapolation(Runs())) == NOT_REPEATED
    True
    """
    if not runs.models:
        return _sentence(NOT_REPEATED, ax)
    lengths = sorted(runs.models[0].losses)
    curves = {
        name: np.array(
            [[perplexity(model.losses[n].ravel()) for n in lengths] for model in runs.of(name)]
        )
        for name in runs.names
    }

    title = "Perplexity by the length of the pieces"
    with _curves(ax, title, lengths, curves) as axes:
        axes.set(xlabel="length of the tested pieces, in characters", ylabel="perplexity")
        for name, guess in (guesses or {}).items():
            edge: dict[str, Any] = {"markeredgecolor": LOOKS[name]["color"], "markeredgewidth": 2.5}
            axes.plot(lengths[-1], guess, **{**GUESS, **edge}, clip_on=False)
    return axes


@_or_a_sentence
def by_position(
    runs: Runs,
    loss_by_position: Callable[[Any], Any] = evaluation.loss_by_position,
    length: int = 2 * LENGTH,
    *,
    ax: Axes | None = None,
) -> Axes:
    """Return the loss against the position in a piece, in groups that double in width.

    Parameters
    ----------
    loss_by_position : callable
        Makes one loss for each position of a table of losses.
    length : int
        The length of the pieces.
    ax : matplotlib.axes.Axes
        Where to draw; without it a new figure is made.

    Returns
    -------
    Axes
        A notebook shows them with their words.

    Examples
    --------
    >>> repr(by_position(Runs())) == NOT_REPEATED
    True
    """
    if not runs.models:
        return _sentence(NOT_REPEATED, ax)
    ends = [2**k for k in range(int(np.log2(length)) + 1)]
    names = ["1", "2", *(f"{end // 2 + 1}–{end}" for end in ends[2:])]
    curves = {
        name: np.array(
            [
                _grouped(_of_positions(loss_by_position(model.losses[length]), length), ends)
                for model in runs.of(name)
            ]
        )
        for name in runs.names
    }

    with _curves(ax, f"Loss by position in pieces of {length}", ends, curves, names) as axes:
        axes.set(xlabel="characters of context", ylabel="mean loss, in nats")
    return axes


@_or_a_sentence
def by_context(
    runs: Runs, contexts: Callable[..., Any] = evaluation.contexts, *, ax: Axes | None = None
) -> Axes:
    """Return the loss of the same characters against how much context each of them has.

    Parameters
    ----------
    contexts : callable
        ``contexts(ids, targets, c)`` returns the c characters before each target.
    ax : matplotlib.axes.Axes
        Where to draw; without it a new figure is made.

    Returns
    -------
    Axes
        A notebook shows them with their words.

    Examples
    --------
    >>> repr(by_context(Runs())) == NOT_REPEATED
    True
    """
    if not runs.models or runs.text is None:
        return _sentence(NOT_REPEATED, ax)
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

    title = f"Loss of the same {len(places)} characters by their context"
    with _curves(ax, title, CONTEXTS, curves) as axes:
        axes.set(xlabel="characters of context, for every target", ylabel="mean loss, in nats")
    return axes


def _of_positions(losses: Any, length: int) -> Any:
    """Return the losses if there is one for each position."""
    if np.shape(losses) != (length,):
        raise _NoCurves(
            f"This figure needs {length} numbers, one for each position; your function gave "
            f"{np.size(losses)}. Mend it above, then run this cell again."
        )
    return losses


def _grouped(losses: Any, ends: Sequence[int]) -> list[float]:
    """Return the mean of positions 1, 2, 3 to 4, 5 to 8, ..."""
    starts = [0, *ends[:-1]]
    return [float(np.mean(losses[start:end])) for start, end in zip(starts, ends, strict=True)]


@contextmanager
def _curves(
    ax: Axes | None,
    title: str,
    xs: Sequence[int],
    curves: Curves,
    names: Sequence[str] = (),
) -> Iterator[Axes]:
    """Draw all curves with their spread, and a line at the training length."""
    names = names or [str(x) for x in xs]
    with canvas(ax, 700, 400) as axes:
        axes.grid()
        for name, values in curves.items():
            color = LOOKS[name]["color"]
            axes.fill_between(xs, values.min(0), values.max(0), color=color, alpha=0.2, lw=0)
            axes.plot(xs, values.mean(0), label=name, **LOOKS[name])
        axes.axvline(LENGTH, color=GREY, lw=1)
        axes.annotate(
            f"trained at {LENGTH}",
            (LENGTH, 1),
            xycoords=("data", "axes fraction"),
            xytext=(4, -12),
            textcoords="offset points",
        )
        axes.set_xscale("log", base=2)
        axes.set_xticks(xs, names)
        axes.minorticks_off()
        axes.set_title(title)
        axes.legend()
        told(axes, _in_words(title, names, curves))
        yield axes


def _in_words(title: str, xs: Sequence[str], curves: Curves) -> str:
    lines = [f"{title}: {', '.join(xs)}. {SPREAD}"]
    for name, values in curves.items():
        means = ", ".join(f"{value:.2f}" for value in values.mean(0))
        widest = float(np.ptp(values, axis=0).max())
        lines.append(f"{name}: {means}; the widest band is {widest:.2f}.")
    return "\n".join(lines)


def _sentence(words: str, ax: Axes | None) -> Axes:
    """Say on axes why there are no curves."""
    with canvas(ax, 470, 80, left=8, right=8, top=8, bottom=8) as axes:
        axes.set_axis_off()
        axes.text(0, 0.5, textwrap.fill(words, 60), va="center")
        return told(axes, words)
