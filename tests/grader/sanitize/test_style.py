"""An inline style formats what it stands on, and moves it over nothing else."""

import pytest

from grader.sanitize.html import clean
from grader.sanitize.style import safe_style

COVERS = [
    "margin: 0 0 0-40px",
    "margin-top: -3000px",
    "margin: 1ex-40px",
    "letter-spacing: -9em",
    "line-height: 0",
    "line-height: 1em",
    "font-size: 3000px",
    "font-size: 1e9px",
    "flex-direction: column-reverse",
    "align-items: center",
    "grid-template-columns: 1fr",
    "position: fixed",
    "overflow: visible",
    "width: 100vw",
    "height: 99999px",
    "height: calc(1px)",
    "padding: 3000px",
    "vertical-align: 90em",
    "background-color: url(x)",
    "display: inline",
    "width: 1..5px",
]

STAYS = [
    "width: 300px; max-width: 100%; height: auto",
    "margin: 4px 0; line-height: 1.4",
    "color: #fff; background-color: rgb(1, 2, 3)",
    "font-family: 'Segoe UI', sans-serif; font-size: 1.2em",
    "text-align: right; font-weight: bold; white-space: pre-wrap",
    "border: 1px solid #ccc; border-collapse: collapse; padding: .3em .6em",
    "display: inline-block; vertical-align: top",
]


@pytest.mark.parametrize("style", COVERS)
def test_what_could_lie_on_other_parts_of_the_page_goes(style: str) -> None:
    assert safe_style(style) is None


@pytest.mark.parametrize("style", STAYS)
def test_what_only_formats_stays(style: str) -> None:
    assert safe_style(style) == style


@pytest.mark.parametrize("style", ["height: 0", "max-height: 1px; overflow: visible"])
def test_what_is_given_a_height_keeps_its_content_within(style: str) -> None:
    assert str(safe_style(style)).endswith("; overflow: auto")


def test_a_border_in_a_line_of_text_makes_room_for_itself() -> None:
    assert clean('<span style="padding: 90px">x</span>') == (
        '<span style="padding: 90px; display: inline-block">x</span>'
    )
    assert clean('<p style="padding: 9px">x</p>') == '<p style="padding: 9px">x</p>'


@pytest.mark.parametrize("style", [*COVERS, *STAYS, "height: 0; color: red"])
def test_made_safe_twice_is_made_safe_once(style: str) -> None:
    once = safe_style(style, in_line=True) or ""

    assert (safe_style(once, in_line=True) or "") == once
