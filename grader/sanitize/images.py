"""Which images may stand in a page: small, whole, and what they say they are."""

import base64
import binascii
import re
import struct
from functools import lru_cache
from xml.etree import ElementTree

MEGABYTE = 2**20
MAX_BYTES = 4 * MEGABYTE
MAX_PIXELS = 40_000_000
MAX_SVG_ELEMENTS = 50_000
MAX_SVG_DEPTH = 100

DATA_URL = re.compile(r"data:(image/(?:png|jpeg|gif|svg\+xml));base64,([A-Za-z0-9+/=\s]+)")

_MAGIC = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff", "image/gif": b"GIF8"}
_SVG_REFUSED = {"script", "foreignobject", "iframe", "image", "feimage", "handler", "listener"}


def _decoded(data: object) -> bytes | None:
    if not isinstance(data, str) or len(data) > 2 * MAX_BYTES:
        return None
    try:
        raw = base64.b64decode(re.sub(r"\s+", "", data), validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if 0 < len(raw) <= MAX_BYTES else None


def _jpeg_size(raw: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 < len(raw) and raw[at] == 0xFF:
        marker, length = raw[at + 1], struct.unpack_from(">H", raw, at + 2)[0]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", raw, at + 5)
            return width, height
        at += 2 + length
    return 0, 0


def _size(mime: str, raw: bytes) -> tuple[int, int]:
    """Return width and height in pixels; 0, 0 where the header does not tell."""
    if mime == "image/jpeg":
        return _jpeg_size(raw)
    if mime == "image/png" and len(raw) >= 24 and raw[12:16] == b"IHDR":
        width, height = struct.unpack_from(">II", raw, 16)
        return width, height
    if mime == "image/gif" and len(raw) >= 10:
        width, height = struct.unpack_from("<HH", raw, 6)
        return width, height
    return 0, 0


def safe_bitmap(mime: str, data: object) -> str | None:
    """Return a PNG, JPEG or GIF as one line of base64, or None where it is not one.

    Parameters
    ----------
    mime : str
        What the image claims to be.
    data : object
        Base64 text; anything else is refused.

    Notes
    -----
    The header is read so that a small file cannot unfold into an image that fills the memory
    of whoever opens the page.

    Examples
    --------
    >>> safe_bitmap("image/png", "PHNjcmlwdD4=") is None
    True
    """
    raw = _decoded(data)
    if raw is None or not raw.startswith(_MAGIC.get(mime, b"\0none")):
        return None
    width, height = _size(mime, raw)
    if not 0 < width * height <= MAX_PIXELS:
        return None
    return base64.b64encode(raw).decode()


def _local(name: str) -> str:
    return name.rpartition("}")[2].lower()


def _reference(element: ElementTree.Element) -> str:
    return next((value for name, value in element.items() if _local(name) == "href"), "")


def _elements_drawn(root: ElementTree.Element) -> int:
    """Count what a browser draws once every ``<use>`` is unfolded; a circle counts as too many."""
    elements = list(root.iter())
    names = {element.get("id"): element for element in elements if element.get("id")}
    targets = {
        id(element): names[_reference(element)[1:]]
        for element in elements
        if _local(element.tag) == "use" and _reference(element)[1:] in names
    }
    known: dict[int, int] = {}

    def count(element: ElementTree.Element, depth: int) -> int:
        if depth > MAX_SVG_DEPTH:
            return MAX_SVG_ELEMENTS + 1
        if id(element) not in known:
            target = targets.get(id(element))
            children = [*element, target] if target is not None else list(element)
            total = 1 + sum(count(child, depth + 1) for child in children)
            known[id(element)] = min(total, MAX_SVG_ELEMENTS + 1)
        return known[id(element)]

    return count(root, 0) if targets else len(elements)


def _harmless(element: ElementTree.Element) -> bool:
    if not isinstance(element.tag, str) or _local(element.tag) in _SVG_REFUSED:
        return False
    for name, value in element.items():
        name = _local(name)
        if name.startswith("on") or (name == "href" and value[:1] not in ("", "#")):
            return False
    return True


def safe_svg(text: object) -> str | None:
    """Return an SVG image as base64, or None where it is active, broken or endless.

    Inside ``<img>`` a browser runs no script of an SVG and fetches nothing for it; it is
    refused all the same when it holds either, and when repeated ``<use>`` would unfold into
    more than `MAX_SVG_ELEMENTS` elements.

    Examples
    --------
    >>> safe_svg('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>') is None
    True
    """
    if not isinstance(text, str) or len(text) > MAX_BYTES:
        return None
    return _remembered_svg(text) if len(text) < 2**17 else _checked_svg(text)


def _checked_svg(text: str) -> str | None:
    # Matplotlib writes a document type; one with declarations of its own could define entities.
    text = re.sub(r"<!DOCTYPE[^<>\[]*>", "", text, count=1)
    if "<!DOCTYPE" in text or "<!ENTITY" in text or "<?xml-stylesheet" in text:
        return None
    try:
        root = ElementTree.fromstring(text.strip())
    except (ElementTree.ParseError, ValueError, RecursionError):
        return None
    if _local(root.tag) != "svg" or not all(map(_harmless, root.iter())):
        return None
    if _elements_drawn(root) > MAX_SVG_ELEMENTS:
        return None
    return base64.b64encode(text.strip().encode()).decode()


# A lesson's own figures are in every student's notebook.
_remembered_svg = lru_cache(maxsize=64)(_checked_svg)


def safe_data_url(url: str) -> str | None:
    """Return a ``data:`` URL whose image is safe, or None for any other URL."""
    match = DATA_URL.fullmatch(url.strip())
    if match is None:
        return None
    mime, data = match.groups()
    if mime == "image/svg+xml":
        raw = _decoded(data)
        checked = None if raw is None else safe_svg(raw.decode(errors="replace"))
    else:
        checked = safe_bitmap(mime, data)
    return f"data:{mime};base64,{checked}" if checked else None
