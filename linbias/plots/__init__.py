"""The course's figures: each function draws on Matplotlib axes, its own or given, and returns them.

A notebook shows axes of a figure's own as SVG, with words that tell what is to be seen.
"""

from linbias.plots.bars import row_weights
from linbias.plots.causal import triangle
from linbias.plots.cells import heatmap
from linbias.plots.charts import bias_by_distance, ruler
from linbias.plots.experiment import by_context, by_position, extrapolation
from linbias.plots.forms import three_forms
from linbias.plots.head_figures import head_slopes, head_windows
from linbias.plots.mastery import mastery_map
from linbias.plots.panels import steps
from linbias.plots.picture import Picture
from linbias.plots.relatives import family, turned
from linbias.plots.short_numbers import low_precision
from linbias.plots.style import as_picture

__all__ = [
    "Picture",
    "as_picture",
    "bias_by_distance",
    "by_context",
    "by_position",
    "extrapolation",
    "family",
    "head_slopes",
    "head_windows",
    "heatmap",
    "low_precision",
    "mastery_map",
    "row_weights",
    "ruler",
    "steps",
    "three_forms",
    "triangle",
    "turned",
]
