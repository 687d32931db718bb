"""A slider with a field: the number can be dragged or typed, and a screen reader knows its name."""

from typing import Any

import ipywidgets

STEEPEST, STEP = 2, 0.05
FOR_BETA = f"A slider for beta from 0 to {STEEPEST} in steps of {STEP}. Run this cell to use it."


def beta_control(beta: float) -> Any:
    """Return a slider for beta, without its field.

    Parameters
    ----------
    beta : float
        Where it starts, 0 to 2, in nats per token.

    Examples
    --------
    >>> beta_control(0.5).value
    0.5
    """
    return ipywidgets.FloatSlider(
        value=beta, min=0, max=STEEPEST, step=STEP, description="β, the slope"
    )


def with_field(slider: Any) -> Any:
    """Return a slider with a field beside it that shows its number and takes another one.

    The front end gives a slider's handle no name that assistive technology could tell; a field
    has its label.

    Parameters
    ----------
    slider : ipywidgets.IntSlider or ipywidgets.FloatSlider
        Its description becomes the field's label.

    Returns
    -------
    ipywidgets.Box
        The field and the slider: they have one value, and are disabled together.

    Examples
    --------
    >>> row = with_field(ipywidgets.IntSlider(30, description="pairs"))
    >>> field, slider = row.children
    >>> field.value = 28
    >>> field.description, slider.value
    ('pairs', 28)
    """
    kind = ipywidgets.BoundedFloatText
    if isinstance(slider, ipywidgets.IntSlider):
        kind = ipywidgets.BoundedIntText
    field = kind(
        min=slider.min,
        max=slider.max,
        step=slider.step,
        description=slider.description,
        style={"description_width": "initial"},
        layout=ipywidgets.Layout(width="15em"),  # alike, so that sliders stand in line
    )
    slider.readout = False
    slider.layout.width = "min(480px, 100%)"
    slider.style.description_width = "0px"  # the label stands at the field
    for trait in ("value", "disabled"):
        ipywidgets.link((slider, trait), (field, trait))
    return ipywidgets.Box([field, slider], layout=ipywidgets.Layout(flex_flow="row wrap"))
