"""A picture read back, so that a test can say what stands on it."""

from xml.etree import ElementTree

from linbias.plots import as_picture

NAMESPACE = "{http://www.w3.org/2000/svg}"


def drawn(picture):
    return ElementTree.fromstring(as_picture(picture).data)


def texts(picture):
    """Return the text elements of a picture as strings, names of scores in one piece."""
    return ["".join(text.itertext()) for text in drawn(picture).iter(f"{NAMESPACE}text")]
