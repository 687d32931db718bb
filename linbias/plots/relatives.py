"""ALiBi beside its relatives: a line, a root, a logarithm; and what turning does."""

import numpy as np
from matplotlib.axes import Axes

from linbias.plots.style import KINDS, canvas, told
from linbias.relatives import kerple_log, kerple_power, rope_score


def family(furthest: int = 128, *, ax: Axes | None = None) -> Axes:
    """Return the biases of ALiBi and of KERPLE's two forms against the distance.

    Parameters
    ----------
    furthest : int
        The largest distance shown, in tokens.
    ax : matplotlib.axes.Axes
        Where to draw; without it a new figure is made.

    Returns
    -------
    Axes
        A notebook shows them with their words.

    Examples
    --------
    >>> repr(family()).splitlines()[0]
    'Three biases over the distance 0 to 128; all start at 0 and fall.'
    """
    lines = {
        "ALiBi, β = 1/16": kerple_power(furthest + 1, 1 / 16, 1),
        "KERPLE power, 1/2 and 1/2": kerple_power(furthest + 1, 0.5, 0.5),
        "KERPLE log, 1 and 1": kerple_log(furthest + 1, 1, 1),
    }
    words = [f"Three biases over the distance 0 to {furthest}; all start at 0 and fall."]
    with canvas(ax, 700, 380) as axes:
        axes.grid()
        for (name, bias), look in zip(lines.items(), KINDS, strict=True):
            by_distance = bias[-1, ::-1]
            axes.plot(by_distance, label=name, markevery=max(furthest // 8, 1), **look)
            some = ", ".join(f"{by_distance[d]:.2f} at {d}" for d in (1, furthest // 2, furthest))
            words.append(f"{name}: {some}.")
        axes.set(xlabel="distance i − j, in tokens", ylabel="bias, in units of the score")
        axes.set_title("A line, a root and a logarithm")
        axes.legend()
        return told(axes, "\n".join(words))


def turned(speeds: tuple[float, ...] = (1.0, 0.25), *, ax: Axes | None = None) -> Axes:
    """Return the score of two equal pairs that are turned by their positions, by distance.

    Parameters
    ----------
    speeds : tuple of float
        The angle of one step, in radians; at most three.
    ax : matplotlib.axes.Axes
        Where to draw; without it a new figure is made.

    Returns
    -------
    Axes
        A notebook shows them with their words.

    Examples
    --------
    >>> repr(turned((0.5,))).splitlines()[0]
    'Scores of two equal pairs, turned by their positions, over the distance 0 to 30.'
    """
    pair, distances = [1.0, 0.0], range(31)
    words = ["Scores of two equal pairs, turned by their positions, over the distance 0 to 30."]
    with canvas(ax, 700, 320) as axes:
        axes.grid()
        for speed, look in zip(speeds, KINDS, strict=False):
            scores = np.array([rope_score(pair, pair, d, 0, speed) for d in distances])
            axes.plot(scores, label=f"speed {speed:g}", **look)
            words.append(f"speed {speed:g}: it swings between {scores.min():.2f} and 1.")
        axes.set(xlabel="distance i − j, in tokens", ylabel="score")
        # The curves swing over the whole height: room above them keeps the legend off.
        axes.set_ylim(-1.15, 1.55)
        axes.set_title("Turning alone: the score swings")
        axes.legend(loc="upper right", ncols=3)
        return told(axes, "\n".join(words))
