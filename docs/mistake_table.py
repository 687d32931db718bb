"""The table of known mistakes: each wrong answer, what the student is told, and its picture."""

import base64
import re
from collections.abc import Iterator
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from linbias.check import CASES
from linbias.check.call import quiet
from linbias.check.catalogue import EXERCISES
from linbias.check.compare import Finding, examine
from linbias.check.exercise import Exercise, Mistake
from linbias.check.message import MOST_SHOWN, came_back, show_call
from linbias.check.picture import picture

PICTURES = "mistakes"  # the folder below docs/_static
_FILLED_IN = re.compile(r"\{[^{}]*\}")
_IMAGE = re.compile(r'src="data:image/svg\+xml;base64,([^"]*)"')


def own_exercises() -> dict[str, Exercise]:
    """Return the exercises by name; of two that share their mistakes only the first."""
    return {name: exercise for name, exercise in EXERCISES.items() if name == exercise.name}


def overview() -> Iterator[str]:
    """Give the numbers of mistakes as a table."""
    counts = {name: len(exercise.mistakes) for name, exercise in own_exercises().items()}
    yield f"{len(counts)} exercises know {sum(counts.values())} mistakes:"
    rows = [f"| {_link(name)} | {count} |" for name, count in counts.items()]
    yield "\n".join(["| exercise | known mistakes |", "|---|---|", *rows])


def _link(name: str) -> str:
    return f"[`{name}`](#{name.replace('_', '-')})"


def mistakes() -> Iterator[str]:
    """Give a section for each exercise: its known mistakes, each with all that a student sees."""
    for name, exercise in own_exercises().items():
        yield f"### `{name}`"
        yield plain((exercise.reference.__doc__ or "").splitlines()[0])
        yield "\n".join(_entry(exercise, mistake) for mistake in exercise.mistakes)


def put_pictures(folder: Path) -> None:
    """Write the images of all mistakes' pictures as files."""
    folder.mkdir(parents=True, exist_ok=True)
    for exercise in own_exercises().values():
        for mistake in exercise.mistakes:
            for data in _IMAGE.findall(_picture(exercise, mistake)):
                (folder / _file(data)).write_bytes(base64.b64decode(data))


def found(exercise: Exercise, mistake: Mistake) -> Finding:
    """Return what the check finds out about a mistake on the lesson's visible cases."""
    with quiet():
        finding = examine(exercise, mistake.wrong, CASES[exercise.name])
    assert isinstance(finding, Finding), f"{exercise.name}: {mistake.slug} passes"
    return finding


def row(term: str, *paragraphs: str) -> str:
    """Return an entry of a list of terms."""
    first, *rest = paragraphs
    return "\n\n".join([f"`{term}`\n: {first}", *(f"  {one}" for one in rest)]) + "\n"


def plain(text: str) -> str:
    """Return text that Markdown shows as it is."""
    return re.sub(r"([\\`*_$<>\[\]#|])", r"\\\1", text)


def _entry(exercise: Exercise, mistake: Mistake) -> str:
    finding = found(exercise, mistake)
    gives = plain(f"{show_call(exercise.name, finding.attempt)} gives {_given(finding)}")
    shown = [_details(exercise, mistake)] if _picture(exercise, mistake) else []
    return row(mistake.slug, _told(mistake), f"*Wrong answer:* {gives.rstrip('.')}.", *shown)


def _given(finding: Finding) -> str:
    """Return what came back, and of numbers in a row or in rows the last row."""
    yours = finding.attempt.yours
    if not isinstance(yours, np.ndarray) or not yours.size or yours.shape[-1] > MOST_SHOWN:
        return came_back(finding)
    last = ", ".join(map(_short, yours.reshape(-1, yours.shape[-1])[-1].tolist()))
    return f"[{last}]" if yours.ndim == 1 else f"{came_back(finding)}, the last row is [{last}]"


def _short(value: Any) -> str:
    # Adding 0 turns -0 into 0.
    return str(value) if isinstance(value, bool) else f"{value + 0.0:.3g}"


def _details(exercise: Exercise, mistake: Mistake) -> str:
    """Return the picture; its images are loaded when it is unfolded."""
    drawn = _IMAGE.sub(
        lambda image: f'loading="lazy" src="_static/{PICTURES}/{_file(image[1])}"',
        _picture(exercise, mistake),
    )
    # A blank line would end the HTML; in an attribute a line break is a blank.
    return (
        f"<details><summary>Picture of <code>{escape(mistake.slug)}</code></summary>"
        f"{' '.join(drawn.split())}</details>"
    )


def _picture(exercise: Exercise, mistake: Mistake) -> str:
    """Return the picture's HTML, "" where there is nothing to draw."""
    drawn = picture(exercise.name, found(exercise, mistake))
    return drawn[0] if drawn else ""


def _file(data: str) -> str:
    """Return a name by what is in the file, so that equal images are one file."""
    return f"{sha256(data.encode()).hexdigest()[:16]}.svg"


def _told(mistake: Mistake) -> str:
    """Return what a student reads; numbers of their own answer stand there as three dots."""
    return plain(_FILLED_IN.sub("…", f"{mistake.sentence} {mistake.detail}".strip()))
