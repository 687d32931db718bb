"""The course's figures: each function returns a `Picture`, which a notebook shows as it is.

A picture is SVG and costs about a millisecond; its alternative text tells what is to be seen.
"""

from linbias.plots.bars import row_weights
from linbias.plots.causal import triangle
from linbias.plots.cells import heatmap
from linbias.plots.charts import bias_by_distance, ruler
from linbias.plots.experiment import by_context, by_position, extrapolation
from linbias.plots.forms import three_forms
from linbias.plots.head_figures import head_slopes, head_windows
from linbias.plots.panels import steps
from linbias.plots.parts import anatomy
from linbias.plots.picture import Picture
from linbias.plots.relatives import family, turned
from linbias.plots.short_numbers import low_precision

__all__ = [
    "Picture",
    "anatomy",
    "bias_by_distance",
    "by_context",
    "by_position",
    "extrapolation",
    "family",
    "head_slopes",
    "head_windows",
    "heatmap",
    "low_precision",
    "row_weights",
    "ruler",
    "steps",
    "three_forms",
    "triangle",
    "turned",
]
