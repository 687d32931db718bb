"""The linear relative position bias in causal attention (ALiBi): the course's reference.

Query i is the row, key j is the column, both count from 0. ``beta`` is the slope, in nats per
token. Importing this package imports NumPy and nothing heavier; the checks, the figures and the
widgets live in `linbias.check`, `linbias.plots` and `linbias.widgets`.
"""

from linbias.attention import attend, attention_weights, softmax_rows
from linbias.bias import (
    bias_matrix,
    bias_row,
    causal_mask,
    distance,
    linear_bias,
    pairs_at_distance,
    score_labels,
)
from linbias.effect import content_needed, half_distance, weights_by_distance, window
from linbias.evaluation import contexts, loss_by_position, perplexity, short_context_fraction
from linbias.relatives import (
    book_beta,
    kerple_log,
    kerple_power,
    rope_score,
    t5_bucket,
    two_sided,
)

__all__ = [
    "attend",
    "attention_weights",
    "bias_matrix",
    "bias_row",
    "book_beta",
    "causal_mask",
    "content_needed",
    "contexts",
    "distance",
    "half_distance",
    "kerple_log",
    "kerple_power",
    "linear_bias",
    "loss_by_position",
    "pairs_at_distance",
    "perplexity",
    "rope_score",
    "score_labels",
    "short_context_fraction",
    "softmax_rows",
    "t5_bucket",
    "two_sided",
    "weights_by_distance",
    "window",
]
