"""The exercises and their known mistakes: one module for each exercise."""

from dataclasses import replace

from linbias.check.catalogue import (
    alibi_bias,
    attend,
    attend_shuffled,
    attention_weights,
    bf16_positions,
    bias_matrix,
    bias_row,
    bias_with_cache,
    book_beta,
    causal_mask,
    content_needed,
    contexts,
    distance,
    half_distance,
    kerple_log,
    kerple_power,
    key_only_bias,
    linear_bias,
    loss_by_position,
    pairs_at_distance,
    perplexity,
    rope_score,
    same_attention,
    score_labels,
    short_context_fraction,
    slopes_official,
    slopes_paper,
    slopes_power_of_two,
    softmax_rows,
    t5_bucket,
    two_sided,
    weights_by_distance,
    window,
)
from linbias.check.exercise import Exercise

# In the order in which the lessons ask for them.
EXERCISES: dict[str, Exercise] = {
    module.EXERCISE.name: module.EXERCISE
    for module in (
        attend_shuffled,
        distance,
        linear_bias,
        bias_row,
        score_labels,
        causal_mask,
        bias_matrix,
        pairs_at_distance,
        softmax_rows,
        attention_weights,
        attend,
        weights_by_distance,
        half_distance,
        window,
        content_needed,
        same_attention,
        key_only_bias,
        bias_with_cache,
        bf16_positions,
        slopes_power_of_two,
        slopes_paper,
        slopes_official,
        alibi_bias,
        book_beta,
        t5_bucket,
        kerple_power,
        kerple_log,
        two_sided,
        rope_score,
        perplexity,
        loss_by_position,
        short_context_fraction,
        contexts,
    )
}

# Lesson 02 asks for the bias matrix a second time, without loops; lesson 00 shows a wrong one.
EXERCISES["bias_matrix_no_loops"] = replace(EXERCISES["bias_matrix"], loops=False)
EXERCISES["first_try"] = EXERCISES["bias_matrix"]
