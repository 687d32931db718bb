"""The site: it is built without a warning, its links lead somewhere, nothing comes from outside."""

import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag

import pytest

ROOT = Path(__file__).parents[2]
OUTSIDE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)

# What reaches beyond the screen and has nothing around it that scrolls: the theme hides it.
CUT = """
() => [...document.querySelectorAll("article *")].filter(element => {
  for (let around = element; around.tagName != "ARTICLE"; around = around.parentElement)
    if (getComputedStyle(around).overflowX != "visible") return false;
  return element.getBoundingClientRect().right > innerWidth + 1;
}).map(element => element.textContent.slice(0, 60))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = ["-m", "sphinx", "--quiet", "--fail-on-warning", "--keep-going"]
    done = subprocess.run(
        [sys.executable, *command, "docs", str(folder)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return folder


class Page(HTMLParser):
    """What a page loads, where it links to, and where one can link to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self.ids |= {given[name] for name in ("id", "name") if name in given}
        loaded = [given[name] for name in ("src", "srcset", "data", "poster") if name in given]
        if tag == "link":
            loaded.append(given.get("href", ""))
        elif "href" in given:
            self.links.append(given["href"])
        self.loads += [*loaded, *addresses(given.get("style", ""))]


def addresses(css: str) -> list[str]:
    """What a style loads."""
    found = re.findall(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)", css)
    return [address for pair in found for address in pair if address]


def pages(site: Path) -> Iterator[tuple[Path, Page]]:
    found = sorted(site.rglob("*.html"))
    assert len(found) > 15
    for path in found:
        yield path, Page(path.read_text(encoding="utf-8"))


def from_outside(loaded: list[str]) -> list[str]:
    return [one for one in loaded if OUTSIDE.match(one) and not one.startswith("data:")]


def test_no_page_loads_anything_from_outside(site: Path):
    loaded = {path.name: from_outside(page.loads) for path, page in pages(site)}

    assert {name: found for name, found in loaded.items() if found} == {}


def test_no_style_loads_anything_from_outside(site: Path):
    styles = list(site.rglob("*.css"))

    assert styles
    assert [one for css in styles for one in from_outside(addresses(css.read_text()))] == []


def test_every_link_within_the_site_leads_somewhere(site: Path):
    known = {path.resolve(): page for path, page in pages(site)}
    broken = [
        f"{path.relative_to(site.resolve())}: {link}"
        for path, page in known.items()
        for link in [*page.links, *page.loads]
        if not OUTSIDE.match(link) and not leads_somewhere(path, link, known)
    ]

    assert broken == []


def leads_somewhere(path: Path, link: str, known: dict[Path, Page]) -> bool:
    address, part = urldefrag(unquote(link))
    target = (path.parent / address.partition("?")[0]).resolve() if address else path
    if target in known:
        return not part or part in known[target].ids
    return target.is_file()


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://example.org/a.js"></script>',
        '<link rel="stylesheet" href="//example.org/a.css">',
        '<p style="background: url(http://example.org/a.png)">',
    ],
)
def test_the_tests_above_would_notice(html: str):
    assert from_outside(Page(html).loads)


def test_every_formula_is_mathml(site: Path):
    texts = {path: path.read_text(encoding="utf-8") for path in site.rglob("*.html")}

    assert [path.name for path, text in texts.items() if 'class="tex"' in text] == []
    assert any("<math" in text for text in texts.values())


def test_a_phone_shows_the_pages_from_a_file(site: Path, browser: Any):
    """Nothing is asked of a server, nothing is wider than the screen, no script fails."""
    page = browser.new_page(viewport={"width": 400, "height": 900})
    asked: list[str] = []
    failed: list[str] = []
    wide: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: failed.append(str(error)))
    for path in sorted(site.rglob("*.html")):
        page.goto(path.as_uri())
        wide += [f"{path.name}: {cut}" for cut in page.evaluate(CUT)]
    page.close()

    assert (wide, failed) == ([], [])
    assert {url.partition(":")[0] for url in asked} <= {"file", "data"}


def test_one_can_search_without_a_server(site: Path, browser: Any):
    page = browser.new_page()
    page.goto(f"{(site / 'search.html').as_uri()}?q=penalties")
    page.wait_for_selector("#search-results li", timeout=20_000)
    found = page.inner_text("#search-results")
    page.close()

    assert "A term with it" in found
