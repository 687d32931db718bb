"""The linear relative position bias in causal attention (ALiBi): the course's reference.

Query i is the row, key j is the column, both count from 0. ``beta`` is the slope, in nats per
token. Importing this package imports NumPy and nothing heavier; the checks, the figures and the
widgets live in `linbias.check`, `linbias.plots` and `linbias.widgets`.
"""

from linbias.attention import attend, attend_shuffled, attention_weights, softmax_rows
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
from linbias.heads import alibi_bias, slopes_official, slopes_paper, slopes_power_of_two
from linbias.precision import bf16, bf16_positions
from linbias.relatives import (
    book_beta,
    kerple_log,
    kerple_power,
    rope_score,
    t5_bucket,
    two_sided,
)
from linbias.same import bias_with_cache, key_only_bias, same_attention

__all__ = [
    "alibi_bias",
    "attend",
    "attend_shuffled",
    "attention_weights",
    "bf16",
    "bf16_positions",
    "bias_matrix",
    "bias_row",
    "bias_with_cache",
    "book_beta",
    "causal_mask",
    "content_needed",
    "contexts",
    "distance",
    "half_distance",
    "kerple_log",
    "kerple_power",
    "key_only_bias",
    "linear_bias",
    "loss_by_position",
    "pairs_at_distance",
    "perplexity",
    "rope_score",
    "same_attention",
    "score_labels",
    "short_context_fraction",
    "slopes_official",
    "slopes_paper",
    "slopes_power_of_two",
    "softmax_rows",
    "t5_bucket",
    "two_sided",
    "weights_by_distance",
    "window",
]
