"""What the benchmark makes of its measurements."""

import pytest

from tests.bench.figures import Figure, as_table, growth, last_over_first_tenth


@pytest.mark.parametrize(
    ("least", "most", "reached", "aim"),
    [
        (None, None, True, ""),
        (60, None, True, "at least 60"),
        (60.5, None, False, "at least 60.5"),
        (None, 59, False, "at most 59"),
        (0.95, 60, True, "at least 0.95 and at most 60"),
    ],
)
def test_a_figure_says_whether_it_is_as_it_should_be(least, most, reached, aim):
    figure = Figure("speed", 60.0, "times", least, most)

    assert (figure.reached, figure.aim) == (reached, aim)
    assert figure.row == ("speed", "60 times", aim, "" if reached else "missed", "")


def test_figures_are_printed_as_a_table():
    lines = as_table([Figure("speed", 61.23, least=60, seen="10 in 5 s")]).splitlines()

    assert [line.split() for line in lines] == [
        ["figure", "value", "aim", "seen"],
        ["------", "-----", "-----------", "---------"],
        ["speed", "61.2", "at", "least", "60", "10", "in", "5", "s"],
    ]


def test_a_run_that_slows_down_is_seen_and_slower_cells_are_not_to_blame():
    grading = [0.1] * 10 + [0.2] * 80 + [0.3] * 10
    ends, now = {}, 0.0
    for seconds in grading:
        now += seconds
        ends[now] = 0.1
    assert last_over_first_tenth(ends) == pytest.approx(3)

    now, with_slow_cells = 0.0, {}
    for seconds in grading:
        now += seconds
        with_slow_cells[now] = seconds
    assert last_over_first_tenth(with_slow_cells) == pytest.approx(1)


def test_memory_that_is_taken_once_is_no_growth():
    assert growth([10, 20, 50, 50, 50, 50, 50, 50]) == 0
    assert growth([10, 20, 50, 60, 70, 80, 90, 100]) == 40
