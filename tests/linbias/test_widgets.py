"""The slider and the guess, driven as the front end drives them."""

import doctest
import re
from collections import Counter
from html import unescape

import pytest
from ipywidgets import HTML, BoundedFloatText, BoundedIntText, Box, FloatSlider, IntSlider
from matplotlib.figure import Figure

from linbias import plots, widgets


def parts(live, kind):
    """Return the widgets of one kind, from the top to the bottom."""

    def walk(widget):
        yield widget
        for child in getattr(widget, "children", ()):
            yield from walk(child)

    return [widget for widget in walk(live.box) if type(widget) is kind]


def alt_of(page):
    return unescape(re.search('alt="([^"]+)"', page.value)[1])


@pytest.fixture
def calls():
    return []


@pytest.fixture
def form(calls):
    """A form that asks for two guesses and notes with what its figure was drawn."""

    def reveal(near, far):
        calls.append((near, far))
        return plots.row_weights(6, (0.1, 1.0), (near / 100, far / 100))

    return widgets.predict(
        "How much <attention>?",
        {"near": (0, 100), "far": (0, 100)},
        reveal,
        "Which & why?",
    )


def button(form):
    return form.box.children[-2]


def figure(form):
    return form.box.children[-1]


def test_the_figures_follow_the_slider():
    live = widgets.beta_slider(6, 0.5)
    (slider,), pictures = parts(live, FloatSlider), parts(live, HTML)
    assert alt_of(pictures[0]) == plots.row_weights(6, [0.5]).alt

    slider.value = 1.0

    assert alt_of(pictures[0]) == plots.row_weights(6, [1.0]).alt
    assert "β = 1" in alt_of(pictures[1])
    assert pictures[0].value != pictures[1].value


def test_the_slider_is_named_shows_its_value_and_reaches_no_bias_at_all():
    (slider,) = parts(widgets.beta_slider(), FloatSlider)

    assert (slider.description, slider.min, slider.max) == ("β, the slope", 0, 2)
    assert slider.continuous_update
    assert not slider.disabled


def test_a_number_can_be_typed_and_its_field_has_the_name():
    live = widgets.beta_slider()
    (field,), (slider,) = parts(live, BoundedFloatText), parts(live, FloatSlider)
    field.value = 1.5

    assert (field.description, slider.value) == ("β, the slope", 1.5)
    assert "β = 1.5" in alt_of(parts(live, HTML)[1])


def test_whole_guesses_have_fields_for_whole_numbers(form):
    near, far = parts(form, BoundedIntText)
    near.value, far.value = 30, 60

    assert [near.description, far.description] == ["near", "far"]
    assert not button(form).disabled
    button(form).click()
    assert near.disabled


@pytest.fixture
def drawn(monkeypatch):
    """How often each figure was drawn."""
    drawn, draw = Counter(), Figure.savefig

    def count(figure, *given, **named):
        drawn[figure] += 1
        return draw(figure, *given, **named)

    monkeypatch.setattr(Figure, "savefig", count)
    return drawn


def test_the_slider_draws_what_stands_once_and_what_moves_once_a_step(drawn):
    (slider,) = parts(widgets.beta_slider(), FloatSlider)
    assert [*drawn.values()] == [2, 2]

    for step in range(1, 4):
        slider.value = step * 0.1
    assert [*drawn.values()] == [5, 5]


def test_what_is_guessed_is_not_drawn_before(drawn):
    widgets.predict("?", {"a": (0, 1)}, lambda _: plots.triangle(3))

    assert not drawn


def test_every_picture_of_the_slider_has_its_own_words():
    live = widgets.beta_slider()

    assert all(picture.value.count('alt="') == 1 for picture in parts(live, HTML))


@pytest.fixture
def shown(monkeypatch):
    """The outputs that are displayed; an update replaces the one it updates."""
    outputs = []

    class Handle:
        def __init__(self, place):
            self.place = place

        def update(self, bundle, raw):
            outputs[self.place] = bundle

    def display(bundle, raw, display_id=False):
        outputs.append(bundle)
        return Handle(len(outputs) - 1) if display_id else None

    monkeypatch.setattr("IPython.display.display", display)
    return outputs


def test_without_a_kernel_a_notebook_shows_the_slider_s_picture(shown):
    widgets.beta_slider(6, 0.5)._ipython_display_()
    controls, still = shown

    assert "application/vnd.jupyter.widget-view+json" in controls
    assert "Run this cell" in controls["text/plain"]
    assert "beta = 0.5: " in still["text/html"]
    assert 'src="data:image/svg+xml' in still["text/html"]
    assert "Run this cell to use it." in still["text/html"]


def test_without_a_kernel_a_notebook_shows_the_question_and_later_the_guess(form, shown):
    form._ipython_display_()
    assert "How much &lt;attention&gt;? Run this cell" in shown[1]["text/html"]

    near, far = parts(form, IntSlider)
    near.value, far.value = 30, 60
    button(form).click()

    assert "Your guess, committed: near: 30, far: 60" in shown[1]["text/html"]
    assert 'src="data:image/svg+xml' in shown[1]["text/html"]


def test_nothing_is_drawn_before_the_guess(form, calls, shown):
    form._ipython_display_()

    assert calls == []
    assert "<img" not in figure(form).value
    assert "<img " not in shown[1]["text/html"]


def test_a_guess_can_be_committed_once_every_slider_was_moved(form, calls):
    near, far = parts(form, IntSlider)
    assert button(form).disabled

    near.value = 30
    assert button(form).disabled

    far.value = 60
    assert not button(form).disabled
    assert calls == []


def test_a_committed_guess_unlocks_the_figure_with_the_guess_on_it(form, calls):
    near, far = parts(form, IntSlider)
    near.value, far.value = 30, 60
    button(form).click()

    assert calls == [(30, 60)]
    assert plots.row_weights(6, (0.1, 1.0), (0.3, 0.6)).html in figure(form).value
    assert "Your guess, committed: near: 30, far: 60" in figure(form).value


def test_a_committed_guess_is_locked(form):
    near, far = parts(form, IntSlider)
    near.value, far.value = 30, 60
    button(form).click()

    assert near.disabled
    assert far.disabled
    assert button(form).disabled
    assert button(form).layout.display == "none"


def test_words_are_shown_as_words(form):
    near, far = parts(form, IntSlider)
    near.value, far.value = 1, 1
    button(form).click()

    assert "How much &lt;attention&gt;?" in parts(form, HTML)[0].value
    assert "Which &amp; why?" in figure(form).value


def test_whole_limits_give_whole_guesses_and_others_give_decimals():
    form = widgets.predict("?", {"a": (0, 7), "b": (-3.0, 0.0), "c": (0, 1, 0.05)}, plots.triangle)

    assert [(s.min, s.max, s.step) for s in parts(form, IntSlider)] == [(0, 7, 1)]
    assert [(s.min, s.max, s.step) for s in parts(form, FloatSlider)] == [
        (-3.0, 0.0, 0.03),
        (0, 1, 0.05),
    ]


def test_repr_is_the_text_and_not_a_dump_of_widgets(form):
    assert repr(form).startswith("How much <attention>? Run this cell and commit your guess")
    assert isinstance(form.box, Box)


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: widgets.beta_slider(beta=2.5), ValueError, "beta must be at most 2 to be on the"),
        (lambda: widgets.beta_slider(beta=-1), ValueError, "beta must be at least 0, got -1"),
        (lambda: widgets.beta_slider(beta="a"), TypeError, "beta must be one real number"),
        (lambda: widgets.beta_slider(16), ValueError, "i must be at most 15"),
    ],
)
def test_what_the_slider_cannot_show_is_refused(call, error, text):
    with pytest.raises(error, match=text):
        call()


def test_the_examples_run():
    assert doctest.testmod(widgets) == (0, 3)


def test_a_slider_starts_in_the_middle_and_says_nothing_about_the_answer():
    form = widgets.predict("?", {"a": (0, 49), "b": (-2.0, 2.0, 0.25)}, plots.triangle)

    assert [slider.value for slider in parts(form, IntSlider)] == [24]
    assert [slider.value for slider in parts(form, FloatSlider)] == [0.0]


def test_what_is_said_afterwards_may_depend_on_the_guess():
    form = widgets.predict(
        "?", {"pairs": (0, 49)}, lambda pairs: plots.triangle(3), "You said {}.".format
    )
    (slider,) = parts(form, IntSlider)
    slider.value = 7
    button(form).click()

    assert "You said 7." in figure(form).value


@pytest.mark.parametrize(
    ("controls", "seen"),
    [
        ('<div class="jupyter-widgets"><div>a slider</div></div>', False),
        ('<div class="jupyter-widgets"><script>{"model_id": "1"}</script></div>', True),
        ("<pre>Error displaying widget: model not found</pre>", True),
    ],
    ids=["controls", "a page made by nbconvert", "a reopened notebook"],
)
def test_the_still_page_is_seen_where_the_controls_are_not(browser, controls, seen):
    still = widgets.beta_slider().still
    page = browser.new_page()
    page.set_content(
        "".join(f'<div class="jp-OutputArea-child">{part}</div>' for part in (controls, still))
    )

    assert page.locator(".linbias-still").is_visible() is seen
    page.close()
