"""A slider with a field: the number can be dragged or typed, and a screen reader knows its name."""

from typing import Any

import ipywidgets


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
    slider.style.description_width = "0px"  # the label stands at the field
    for trait in ("value", "disabled"):
        ipywidgets.link((slider, trait), (field, trait))
    return ipywidgets.Box([field, slider], layout=ipywidgets.Layout(flex_flow="row wrap"))
