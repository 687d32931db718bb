"""Formulas as MathML, which browsers draw by themselves: no script, no font, no network."""

import re
from functools import lru_cache
from html import escape
from xml.etree import ElementTree

from latex2mathml.converter import convert

from grader.sanitize.style import words

MAX_TEX = 1000

_TAGS = words(
    "math mrow mi mn mo ms mtext mspace mstyle mpadded mphantom merror mfrac msqrt mroot msub msup "
    "msubsup munder mover munderover mmultiscripts mprescripts none mtable mtr mtd menclose"
)
_ATTRIBUTES = words(
    "accent accentunder columnalign columnlines columnspacing display displaystyle fence form "
    "largeop linethickness mathvariant maxsize minsize movablelimits notation rowlines rowspacing "
    "scriptlevel separator stretchy symmetric width"
)
# Words, and lengths that are short and not negative. Sizes and shifts of parts are left out, as
# of `\\smash` and `\\rlap`: a formula does not lie upon its neighbours.
_LENGTH = r"(?:[0-9](?:\.[0-9]{0,5})?(?:em|ex)?|[0-9]{1,2}(?:\.[0-9]{0,5})?(?:pt|px))"
_VALUE = re.compile(rf"(?!negative)(?:[a-z-]+|{_LENGTH})(?: (?:[a-z-]+|{_LENGTH})){{0,9}}")
_BREAKS = re.compile(r"\\(label|tag)\*?\{[^{}]*\}|\\nonumber|\\notag")
_NUMBERED = re.compile(r"\\(begin|end)\{(align|gather|equation|multline|eqnarray)\}")


class _NotPlain(ValueError):
    """The converter wrote an element that has no place in a formula."""


def _write(element: ElementTree.Element) -> str:
    """Write an element anew, so that only what is known to be harmless comes out."""
    tag = element.tag.rsplit("}", 1)[-1]
    if tag not in _TAGS:
        raise _NotPlain(tag)
    attributes = "".join(
        f' {name}="{escape(value)}"'
        for name, value in element.items()
        if name in _ATTRIBUTES and _VALUE.fullmatch(value) and (name != "width" or tag == "mspace")
    )
    inner = escape(element.text or "") + "".join(
        _write(child) + escape(child.tail or "") for child in element
    )
    return f"<{tag}{attributes}>{inner}</{tag}>"


@lru_cache(maxsize=4096)
def mathml(tex: str, *, block: bool = False) -> str:
    r"""Return a formula as MathML, or its TeX source where it cannot be read.

    Parameters
    ----------
    tex : str
        The formula without its dollar signs; from anyone.
    block : bool
        Whether it stands on a line of its own.

    Returns
    -------
    str
        HTML that holds nothing active.

    Notes
    -----
    The converter copies ``\text{...}`` as it is, HTML included; so its result is read as XML and
    written anew from a list of known elements.

    Examples
    --------
    >>> "<msup>" in mathml(r"e^{-\beta d}")
    True
    >>> mathml(r"\text{<script>run()</script>}")
    '<code class="tex">\\text{&lt;script&gt;run()&lt;/script&gt;}</code>'
    """
    source = _NUMBERED.sub(r"\\\1{\2*}", _BREAKS.sub("", tex))
    try:
        if len(source) > MAX_TEX:
            raise _NotPlain("too long")
        written = convert(source, display="block" if block else "inline")
        return _write(ElementTree.fromstring(written))
    except Exception:  # The converter raises many kinds, and a formula is never worth a page.
        return f'<code class="tex">{escape(tex[: 4 * MAX_TEX], quote=False)}</code>'
