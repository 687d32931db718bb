"""What a notebook can hold that must not run, load or pose in a page; what runs calls pwned()."""

import base64
import re
from html.parser import HTMLParser
from typing import Any

from grader.sanitize.style import words

ELSEWHERE = "http://elsewhere.invalid"
RUN = "pwned()"
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
_XMLNS = 'xmlns="http://www.w3.org/2000/svg"'
SVG = f'<svg {_XMLNS} width="9" height="9"><rect width="9" height="9"/></svg>'


def encoded(text: str) -> str:
    """Return text as base64."""
    return base64.b64encode(text.encode()).decode()


SCRIPTED_SVG = f'<svg {_XMLNS} onload="{RUN}"><script>{RUN}</script></svg>'
SCRIPT_PAGE = encoded(f"<script>parent.{RUN}</script>")

MARKDOWN = {
    "script": f"<script>{RUN}</script>",
    "script in a sentence": f"an answer <script>{RUN}</script> goes on",
    "script in a list": f"- one\n- <script>{RUN}</script>",
    "script in a quotation": f"> <script>\n> {RUN}\n> </script>",
    "script in a table": f"| a |\n|---|\n| <script>{RUN}</script> |",
    "script after code that shows it": f"`<script>{RUN}</script>`\n\n<script>{RUN}</script>",
    "script in capitals": f"<ScRiPt>{RUN}</sCrIpT>",
    "handler of an image": f"<img src=x onerror={RUN}>",
    "handler over lines": f"<img\nsrc=x\nonerror={RUN}>",
    "handler after a slash": f"<img/src=x/onerror={RUN}>",
    "handler of details": f'<details open ontoggle="{RUN}">x</details>',
    "handler in a heading": f"# <img src=x onerror={RUN}> heading",
    "handler with focus": f"<input autofocus onfocus={RUN}>",
    "handler of an animation": f"<style>@keyframes x{{}}</style>"
    f"<b style='animation-name:x' onanimationstart={RUN}>",
    "handler in quotes": f'<b title="a > b" onmouseover="{RUN}">b</b><img src="x" onerror="{RUN}">',
    "svg": f"<svg onload={RUN}><script>{RUN}</script></svg>",
    "math": f"<math><mtext><table><mglyph><style><img src=x onerror={RUN}>",
    "iframe": f"<iframe src='javascript:parent.{RUN}'></iframe>",
    "iframe with its own page": f'<iframe srcdoc="<script>parent.{RUN}</script>"></iframe>',
    "object": f"<object data='data:text/html;base64,{SCRIPT_PAGE}'></object>",
    "embed": f"<embed src='data:text/html;base64,{SCRIPT_PAGE}'>",
    "refresh": f"<meta http-equiv=refresh content='0;url={ELSEWHERE}'>",
    "base": f"<base href='{ELSEWHERE}/'>",
    "style from elsewhere": f"<link rel=stylesheet href={ELSEWHERE}/a.css>",
    "imported style": f"<style>@import url({ELSEWHERE}/a.css);</style>",
    "style attribute": f"<b style='background:url({ELSEWHERE}/b.png);position:fixed'>b</b>",
    "image from elsewhere": f"![a]({ELSEWHERE}/a.png)",
    "image tag from elsewhere": f"<img src={ELSEWHERE}/b.png srcset='{ELSEWHERE}/c.png 2x'>",
    "image by reference": f"![a][r]\n\n[r]: {ELSEWHERE}/r.png",
    "video": f"<video poster={ELSEWHERE}/p.png src={ELSEWHERE}/v autoplay onerror={RUN}></video>",
    "form": f"<form action={ELSEWHERE}><button>send</button></form>",
    "link": f"[a](javascript:{RUN})",
    "link in angles": f"[a](<javascript:{RUN}>)",
    "link with an entity": f"[a](jav&#x61;script:{RUN})",
    "link with a tab": f"[a](java&Tab;script:{RUN})",
    "link by reference": f"[a][r]\n\n[r]: javascript:{RUN}",
    "link by itself": f"<javascript:{RUN}>",
    "link tag": f"<a href='javascript:{RUN}'>a</a>",
    "link tag in a table": f"| a |\n|---|\n| <a href=javascript:{RUN}>a</a> |",
    "link to data": f"[a](data:text/html;base64,{SCRIPT_PAGE})",
    "link on the server": "[a](/hub/logout)",
    "diagram": f"```mermaid\n</pre><script>{RUN}</script>\n```",
    "diagram of waves": f"~~~mermaid\n</pre><img src=x onerror={RUN}>\n~~~",
    "missing attachment": "![a](attachment:nowhere.png)",
    "comment that never ends": f"<!-- <script>{RUN}</script>",
    "closing tags": "</div></div></div></article>",
    "style that never ends": "<style>",
    "textarea that never ends": f"<textarea></textarea><img src=x onerror={RUN}><textarea>",
    "noscript": f'<noscript><p title="</noscript><img src=x onerror={RUN}>"></noscript>',
    "formula with a tag": rf"$\text{{<script>{RUN}</script>}}$",
    "formula with a link": rf"$\href{{javascript:{RUN}}}{{x}}$",
    "environment with a tag": rf"\begin{{align}}<script>{RUN}</script>\end{{align}}",
    "field of the formgrader": '<input id="test_square" value="2"><p id="test_square">x</p>',
    "control characters": f"<scr\x00ipt>{RUN}</scr\x00ipt><img\x0csrc=x\x0conerror={RUN}>",
    "deep quotations": ">" * 5000 + f"<script>{RUN}</script>",
    "deep brackets": "[" * 3000 + "a" + f"](javascript:{RUN})" * 3000,
    "endless environments": r"\begin{a}" * 3000,
}

OUTPUTS: dict[str, dict[str, Any]] = {
    "script": {"text/html": f"<script>{RUN}</script><b>kept</b>"},
    "handler": {"text/html": f"<img src=x onerror={RUN}>"},
    "iframe": {"text/html": f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>"},
    "link": {"text/html": f"<a href='&#106;avascript:{RUN}'>a</a>"},
    "link to data": {"text/html": f"<a href='data:text/html;base64,{SCRIPT_PAGE}'>a</a>"},
    "link on the server": {"text/html": "<a href='/hub/logout'>a</a>"},
    "form": {
        "text/html": f"<form action={ELSEWHERE}><input name=a><button formaction=javascript:{RUN}>"
    },
    "image from elsewhere": {"text/html": f"<img src={ELSEWHERE}/o.png>"},
    "style from elsewhere": {"text/html": f"<style>@import '{ELSEWHERE}/o.css'</style>"},
    "background from elsewhere": {"text/html": f"<td background={ELSEWHERE}/t.png>x</td>"},
    "mutating": {"text/html": f"<svg></p><style><g title='</style><img src=x onerror={RUN}>'>"},
    "html that is no text": {"text/html": {"a": 1}},
    "list of html": {"text/html": ["<scr", f"ipt>{RUN}</script>"]},
    "javascript": {"application/javascript": RUN},
    "svg": {"image/svg+xml": SCRIPTED_SVG},
    "svg that is html": {"image/svg+xml": f'"><script>{RUN}</script>'},
    "svg without end": {"image/svg+xml": f'<svg {_XMLNS}><g id="a"><use href="#a"/></g></svg>'},
    "png that is html": {"image/png": f'"><script>{RUN}</script>'},
    "png that is text": {"image/png": encoded(f"<script>{RUN}</script>")},
    "jpeg that is a list": {"image/jpeg": [f'"><script>{RUN}</script>']},
    "markdown": {"text/markdown": f"<script>{RUN}</script>"},
    "markdown link": {"text/markdown": f"[a](javascript:{RUN})"},
    "latex": {"text/latex": f"$\\text{{<script>{RUN}</script>}}$"},
    "diagram": {"text/vnd.mermaid": f"</pre><script>{RUN}</script>"},
    "widget": {"application/vnd.jupyter.widget-view+json": {"model_id": f"</script><script>{RUN}"}},
    "pdf": {"application/pdf": encoded(f"<script>{RUN}</script>")},
    "unknown": {f"x/<script>{RUN}</script>": "1"},
    "vendor's plot": {"application/vnd.plotly.v1+json": {"data": [f"<script>{RUN}</script>"]}},
    "text": {"text/plain": f"<script>{RUN}</script>"},
    "nothing": {},
}

_BITMAP = {"image/png": PNG}
ODD_OUTPUTS: dict[str, Any] = {
    "width": {"data": _BITMAP, "metadata": {"image/png": {"width": f"1 onload={RUN}"}}},
    "file name": {"data": _BITMAP, "metadata": {"filenames": {"image/png": f"{ELSEWHERE}/f.png"}}},
    "svg file name": {"data": {"image/svg+xml": SVG}, "svg_filename": f"{ELSEWHERE}/s.svg"},
    "alternative text": {
        "data": _BITMAP,
        "metadata": {"image/png": {"alt": f'"><script>{RUN}</script>'}},
    },
    "isolated": {
        "data": {"text/html": f"<script>parent.{RUN}</script>"},
        "metadata": {"text/html": {"isolated": True}},
    },
    "stream": {
        "output_type": "stream",
        "name": "stdout",
        "text": f"\x1b[31m<script>{RUN}</script>",
    },
    "stream's name": {"output_type": "stream", "name": f"<script>{RUN}</script>", "text": "t"},
    "error": {
        "output_type": "error",
        "ename": f"<script>{RUN}</script>",
        "evalue": f"<script>{RUN}</script>",
        "traceback": [f"\x1b[0;31m<script>{RUN}</script>", 7],
    },
    "count": {
        "output_type": "execute_result",
        "execution_count": f"<script>{RUN}</script>",
        "data": {},
    },
    "kind": {"output_type": f"<script>{RUN}</script>"},
    "no output": "text",
}


def hostile_cells() -> list[dict[str, Any]]:
    """Return cells of which each holds one of the dangers above, or one in a field of its own."""
    script = f'"><script>{RUN}</script>'
    cells: list[dict[str, Any]] = [
        {"cell_type": "markdown", "metadata": {}, "source": source, "id": f"md-{i}"}
        for i, source in enumerate(MARKDOWN.values())
    ]
    outputs: list[Any] = [
        {"output_type": "display_data", "metadata": {}, "data": data} for data in OUTPUTS.values()
    ]
    outputs += [
        {"output_type": "display_data", "metadata": {}} | output
        if isinstance(output, dict)
        else output
        for output in ODD_OUTPUTS.values()
    ]
    code = {"cell_type": "code", "metadata": {}, "source": "x", "execution_count": None}
    cells += [code | {"outputs": [output], "id": f"out-{i}"} for i, output in enumerate(outputs)]
    cells += [
        code | {"outputs": [], "id": script},
        code | {"outputs": [], "execution_count": script},
        code | {"outputs": [], "metadata": {"tags": [script], "magics_language": script}},
        code | {"outputs": [], "metadata": {"alt": script, "nbgrader": script}},
        code | {"outputs": [], "source": script},
        code
        | {
            "outputs": [],
            "metadata": {
                "nbgrader": {"grade_id": script, "grade": True, "solution": True, "points": script}
            },
        },
        {"cell_type": "raw", "metadata": {"raw_mimetype": "text/html"}, "source": script},
        {"cell_type": "raw", "metadata": {}, "source": script},
        {"cell_type": "strange", "type": script, "metadata": {}, "source": script},
        {
            "cell_type": "markdown",
            "metadata": {},
            "source": "![a](attachment:a.png) ![b](attachment:b.png)",
            "attachments": {
                "a.png": {"text/html": encoded(f"<script>{RUN}</script>")},
                "b.png": {"image/png": script},
            },
        },
    ]
    return cells


def hostile_notebook() -> dict[str, Any]:
    """Return a notebook of hostile cells with hostile metadata of its own."""
    script = f'"><script>{RUN}</script>'
    return {
        "cells": hostile_cells(),
        "metadata": {
            "title": script,
            "kernelspec": {"name": script, "display_name": script, "language": script},
            "language_info": {"name": script, "pygments_lexer": script},
            "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {}, "x": script}},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


class Dangers(HTMLParser):
    """Finds what would run, load or pose, by the strictest reading."""

    ELEMENTS = words(
        "script style iframe object embed form input button textarea select meta base link svg "
        "video audio template noscript"
    )

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.ELEMENTS:
            self.found.append(tag)
        for name, value in attrs:
            text = (value or "").strip().lower()
            loads = name in ("src", "srcset", "background", "poster", "data", "action")
            poses = name in ("id", "name") or (name == "style" and "position" in text)
            link = name == "href" and not text.startswith(("http://", "https://", "mailto:", "#"))
            link = link and not re.fullmatch(r"(\.\./)?[\w/]+\.ipynb", text)
            if name.startswith("on") or poses or link:
                self.found.append(f"{tag} {name}={value}")
            if loads and not text.startswith("data:image/"):
                self.found.append(f"{tag} {name}={value}")


def dangers(html: str, *, own_names: bool = False) -> list[str]:
    """Return what is dangerous in a piece of HTML; ids of headings are nbconvert's own.

    Parameters
    ----------
    own_names : bool
        Whether it holds the page's own parts as well, which have ids and figures.
    """
    passed = ("h1 id", "a href=#", *(("article id", "svg") if own_names else ()))
    return [one for one in Dangers(html).found if not one.startswith(passed)]
