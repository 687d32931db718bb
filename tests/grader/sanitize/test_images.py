"""Images are small, whole, and what they say they are."""

import base64

from hostile_pages import PNG

from grader.sanitize.images import safe_bitmap, safe_svg


def test_an_image_that_would_fill_the_memory_is_refused() -> None:
    raw = bytearray(base64.b64decode(PNG))
    raw[16:24] = (60_000).to_bytes(4, "big") * 2

    assert safe_bitmap("image/png", base64.b64encode(raw).decode()) is None


def test_an_svg_that_unfolds_without_end_is_refused() -> None:
    groups = "".join(
        f'<g id="g{i}">' + f'<use href="#g{i - 1}"/>' * 10 + "</g>" for i in range(1, 9)
    )
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><g id="g0"><path d="M0 0"/></g>{groups}</svg>'

    assert safe_svg(svg) is None


def test_an_svg_of_matplotlib_is_kept() -> None:
    svg = (
        '<?xml version="1.0" encoding="utf-8" standalone="no"?>\n'
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD">\n'
        '<svg xmlns:xlink="http://www.w3.org/1999/xlink" xmlns="http://www.w3.org/2000/svg">'
        '<defs><style type="text/css">*{stroke-linejoin: round}</style>'
        '<path id="m" d="M0 0"/></defs>'
        '<g id="tick"><use xlink:href="#m" x="1"/></g></svg>'
    )

    assert safe_svg(svg)
