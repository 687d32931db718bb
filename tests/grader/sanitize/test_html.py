"""HTML that students' code wrote: what is inert stays, and no HTML takes long."""

import time

from hostile_pages import ELSEWHERE, PNG

from grader.sanitize.html import TOO_TANGLED, clean


def test_no_html_takes_the_cleaner_long() -> None:
    """Each would become tens of megabytes: what is left open is opened again and again."""
    many = range(3000)
    begin = time.process_time()
    for html in (
        "<p>" + "".join(f"<b title={i}>" for i in many) + "</p>" + "<p>x</p>" * 3000,
        "".join(f"<b title={i}><p>" for i in many) + "</b>" * 3000,
        "<div>" * 100_000,
        "<p>" + "<b>" * 50 + "</p>" + "<p>x</p>" * 3000 + "</b>" * 50,
    ):
        assert clean(html) == TOO_TANGLED

    assert time.process_time() - begin < 2


def test_a_table_as_pandas_writes_it_is_shown_whole() -> None:
    row = '<tr style="text-align: right;"><th>1</th><td>0.5</td><td><b>0.25</b></td></tr>'
    table = f'<div><table border="1" class="dataframe"><tbody>{row * 1000}</tbody></table></div>'

    assert clean(table).count("<td>") == 2000


def test_a_picture_in_html_stays_and_one_from_elsewhere_goes() -> None:
    inline = f'<img alt="yours" src="data:image/png;base64,{PNG}">'

    assert clean(inline) == inline
    assert clean(f'<img alt="theirs" src="{ELSEWHERE}/a.png">') == (
        "<em>[image not shown: theirs]</em>"
    )


def test_a_flood_of_character_references_is_not_read() -> None:
    """The time to read them grows with the square of their number."""
    assert clean("&amp" * 200_000) == TOO_TANGLED
    assert clean("&#" * 200_000) == TOO_TANGLED
    assert clean("&nbsp;" * 1000).count("&nbsp;") == 1000
