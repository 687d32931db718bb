"""Colours on paper and what they are on a dark page, for the figures and the checks' pictures.

An image does not see the page around it. Its element says whether it is to be light or dark, and
the SVG inside asks for that.
"""

# INK and GREY stand on the paper and turn light in a dark theme.
INK, GREY, PAPER, FAINT, LINE = "#1b1f24", "#57606a", "#ffffff", "#eaeef2", "#d0d7de"
# The course's one colour code, told apart by every kind of colour vision. Lines and words: BELOW
# is a number below 0, ABOVE one above 0, SHARE a share of attention (a weight). A sign, a marker
# or a hatch always says the same as the colour. AGREES and DIFFERS come with a tick and a cross.
BELOW, ABOVE, SHARE = "#0067a5", "#a85100", "#00704f"
AGREES, DIFFERS = "#3d444d", "#7a1f7a"

DARK = {
    INK: "#e6edf3",
    GREY: "#a9b3be",
    PAPER: "#111111",
    FAINT: "#2d333b",
    BELOW: "#6cb6ff",
    ABOVE: "#f0a35e",
    SHARE: "#4cc38a",
    DIFFERS: "#e08fe0",
    AGREES: "#c3cad2",
    LINE: "#4b535d",
}

# Where a page drops this rule, its images stay light.
DARK_PAGES = (
    "<style>img.linbias{color-scheme:light}"
    "[data-jp-theme-light=false] img.linbias,.vscode-dark img.linbias{color-scheme:dark}</style>"
)


def dark_rules(selector: str) -> str:
    """Return a style for an SVG: in a dark image each colour on paper is its like.

    Parameters
    ----------
    selector : str
        Which elements have a colour: a template with {what}, fill or stroke, and {light}.

    Examples
    --------
    >>> dark_rules("[{what}='{light}']")[:76]
    "<style>@media (prefers-color-scheme: dark){[fill='#1b1f24']{fill:#e6edf3!imp"
    """
    rules = "".join(
        f"{selector.format(what=what, light=light)}{{{what}:{dark}!important}}"
        for light, dark in DARK.items()
        for what in ("fill", "stroke")
    )
    return f"<style>@media (prefers-color-scheme: dark){{{rules}}}</style>"
