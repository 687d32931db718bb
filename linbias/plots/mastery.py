"""The mastery map: which mistakes were met and mended, lesson by lesson."""

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.path import Path

from linbias._paper import AGREES, DIFFERS, FAINT, GREY, INK
from linbias.plots.style import canvas, told

if TYPE_CHECKING:
    from linbias.check.mistakes_met import Mastery, Met

MOST_ROWS = 16
_ROW, _TOP = 30, 96
_TICK = Path([(-1, 0), (-0.3, -0.8), (1, 0.9)])


def mastery_map(mastery: "Mastery", *, ax: Axes | None = None) -> Axes:
    """Return the mistakes that were met as rows, the lessons as columns.

    A tick stands where all is mended, a cross where something is open; beside it stands how often
    the mistake was met. A mistake that comes back in a later lesson has more than one sign.

    Parameters
    ----------
    mastery : Mastery
        What `linbias.check.mastery` returns.
    ax : matplotlib.axes.Axes
        Where to draw; without it a new figure is made.

    Returns
    -------
    Axes
        A notebook shows them with their words.

    Examples
    --------
    >>> from linbias.check.mistakes_met import Mastery
    >>> print(mastery_map(Mastery(checks={"01_one_pair": 8})))
    Mastery map: no mistakes are noted.
    Checks that pass, by lesson: 01: 0 of 8.
    """
    lessons = list(mastery.checks)
    rows = _rows(mastery.met)
    shown = list(rows)[:MOST_ROWS]
    height = _TOP + 64 + _ROW * max(len(shown), 1)
    with canvas(ax, 780, height, left=215, right=20, top=_TOP, bottom=48) as axes:
        axes.set(xlim=(-0.5, len(lessons) - 0.5), ylim=(max(len(shown), 1) - 0.5, -0.5))
        axes.set_title("Mistakes met and mended", loc="left", pad=52, x=-0.38)
        axes.set_xticks(range(len(lessons)), [_head(mastery, lesson) for lesson in lessons])
        axes.set_yticks(range(len(shown)), shown)
        side: dict[str, Any] = {
            "xytext": (-8, 6),
            "textcoords": "offset points",
            "annotation_clip": False,
        }
        axes.annotate("lesson\nchecks passed", (-0.5, -0.5), ha="right", color=GREY, **side)
        axes.tick_params(length=0, labeltop=True, labelbottom=False)
        axes.spines[:].set_visible(False)
        for row in range(len(shown) + 1):
            axes.axhline(row - 0.5, color=FAINT, linewidth=1, zorder=0)
        for row, name in enumerate(shown):
            for lesson, found in rows[name].items():
                _sign(axes, lessons.index(lesson), row, found)
        if not shown:
            nothing = mastery.remark or "No mistakes are noted yet."
            axes.text((len(lessons) - 1) / 2, 0, nothing, ha="center", va="center", color=GREY)
        axes.set_xlabel(_below(len(rows) - len(shown)), loc="left", color=GREY, labelpad=8)
        return told(axes, _words(mastery, rows))


def _rows(met: "tuple[Met, ...]") -> "dict[str, dict[str, list[Met]]]":
    """Return by mistake and lesson what was met; the mistakes that came most often first."""
    rows: dict[str, dict[str, list[Met]]] = defaultdict(lambda: defaultdict(list))
    times: Counter[str] = Counter()
    for one in met:
        rows[one.name][one.lesson].append(one)
        times[one.name] += one.times
    return {name: dict(rows[name]) for name, _ in times.most_common()}


def _sign(axes: Axes, column: int, row: int, found: "list[Met]") -> None:
    mended, times = _state(found)
    axes.plot(
        column - 0.12,
        row,
        marker=_TICK if mended else "x",
        color=AGREES if mended else DIFFERS,
        fillstyle="none",
        markersize=9,
        markeredgewidth=2,
    )
    if times > 1:
        axes.text(column + 0.1, row, f"{times} ×", va="center", fontsize=9, color=INK)


def _state(found: "list[Met]") -> tuple[bool, int]:
    return all(one.mended for one in found), sum(one.times for one in found)


def _head(mastery: "Mastery", lesson: str) -> str:
    return f"{lesson[:2]}\n{mastery.passed.get(lesson, 0)} of {mastery.checks[lesson]}"


def _below(left_out: int) -> str:
    more = f" {left_out} rarer mistakes are not shown." if left_out else ""
    return f"Tick: mended. Cross: still open. 3 ×: met three times.{more}"


def _words(mastery: "Mastery", rows: "dict[str, dict[str, list[Met]]]") -> str:
    count = len(rows)
    kinds = "1 mistake" if count == 1 else f"{count or 'no'} mistakes"
    head = f"Mastery map: {kinds} {'is' if count == 1 else 'are'} noted."
    lines = [f"{head} {mastery.remark}".rstrip()]
    for name, by_lesson in rows.items():
        parts = [_told(lesson, *_state(found)) for lesson, found in by_lesson.items()]
        lines.append(f"{name}: {'; '.join(parts)}.")
    done = [f"{lesson[:2]}: {_head(mastery, lesson)[3:]}" for lesson in mastery.checks]
    return "\n".join([*lines, f"Checks that pass, by lesson: {', '.join(done)}."])


def _told(lesson: str, mended: bool, times: int) -> str:
    often = "once" if times == 1 else f"{times} times"
    return f"lesson {lesson[:2]}, {often}, {'mended' if mended else 'still open'}"
