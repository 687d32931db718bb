"""Wrong answers for lessons 05 to 08; `linbias.sample_answers` makes whole cells of them.

``FUNCTIONS[lesson][signature][mistake]`` is the body of a function, and
``QUIZZES[lesson][question][mistake]`` is the answer to a question.
"""

_STEPS = """\
position = np.arange(n)
steps = np.maximum(position[:, None] - position[None, :], 0)
"""

FUNCTIONS: dict[str, dict[str, dict[str, str]]] = {
    "05_same_attention": {
        "same_attention(A, B)": {
            "equal_matrices": "return bool((A == B).all())",
            "one_constant": """\
seen = np.isfinite(A) & np.isfinite(B)
shift = (B - A)[seen]
return bool(np.allclose(shift, shift[0]) and (np.isfinite(A) == np.isfinite(B)).all())""",
            "nan": """\
shift = B - A
return bool(np.allclose(shift, shift[:, :1]))""",
            "mask_ignored": """\
seen = np.isfinite(A) & np.isfinite(B)
for i in range(len(A)):
    shift = (B - A)[i][seen[i]]
    if not np.allclose(shift, shift[0]):
        return False
return True""",
            "all_forgotten": """\
def shares(x):
    positive = np.exp(x - x.max(axis=1, keepdims=True))
    return positive / positive.sum(axis=1, keepdims=True)

return np.isclose(shares(A), shares(B)).all(axis=1)""",
        },
        "key_only_bias(n, beta)": {
            "sign_flipped": """\
i, j = np.arange(n)[:, None], np.arange(n)[None, :]
return np.where(j <= i, -beta * j, -np.inf)""",
            "no_mask": """\
i, j = np.arange(n)[:, None], np.arange(n)[None, :]
return beta * j + 0 * i""",
            "distance_form": """\
i, j = np.arange(n)[:, None], np.arange(n)[None, :]
return np.where(j <= i, beta * (j - i), -np.inf)""",
            "one_row": "return beta * np.arange(n)",
        },
        "bias_with_cache(n_q, n_k, beta)": {
            "top_left": """\
i, j = np.arange(n_q)[:, None], np.arange(n_k)[None, :]
return np.where(j <= i, beta * (j - i), -np.inf)""",
            "after_all_keys": """\
i, j = np.arange(n_q)[:, None] + n_k, np.arange(n_k)[None, :]
return np.where(j <= i, beta * (j - i), -np.inf)""",
            "cache_forgotten": """\
i, j = np.arange(n_q)[:, None], np.arange(n_q)[None, :]
return np.where(j <= i, beta * (j - i), -np.inf)""",
            "no_mask": """\
i, j = np.arange(n_q)[:, None] + n_k - n_q, np.arange(n_k)[None, :]
return beta * (j - i)""",
            "mask_top_left": """\
i, j = np.arange(n_q)[:, None] + n_k - n_q, np.arange(n_k)[None, :]
return np.where(np.tri(n_q, n_k, dtype=bool), beta * (j - i), -np.inf)""",
        },
        "bf16_positions(n)": {
            "all_exact": "return len(np.unique(np.arange(n, dtype=np.float32)))",
            "float16": "return len(np.unique(np.arange(n).astype(np.float16)))",
            "stops_at_256": "return min(n, 257)",
        },
    },
    "06_many_heads": {
        "slopes_power_of_two(H)": {
            "counted_from_zero": """\
if H & (H - 1):
    raise ValueError("no power of two")
return 2.0 ** (-8 * np.arange(H) / H)""",
            "always_half": """\
if H & (H - 1):
    raise ValueError("no power of two")
return 0.5 ** np.arange(1, H + 1)""",
            "any_number": "return 2.0 ** (-8 * np.arange(1, H + 1) / H)",
        },
        "slopes_paper(H)": {
            "counted_from_zero": "return [2 ** (-8 * h / H) for h in range(H)]",
            "one_missing": "return [2 ** (-8 * h / H) for h in range(1, H)]",
            "upside_down": "return [1 / 2 ** (8 / h) for h in range(1, H + 1)]",
        },
        "slopes_official(H)": {
            "paper_for_code": "return 2.0 ** (-8 * np.arange(1, H + 1) / H)",
            "sorted": """\
power = 2 ** (H.bit_length() - 1)
both = np.concatenate([slopes_paper(power), slopes_paper(2 * power)[0::2][: H - power]])
return np.sort(both)[::-1]""",
            "every_second_forgotten": """\
power = 2 ** (H.bit_length() - 1)
return np.concatenate([slopes_paper(power), slopes_paper(2 * power)[: H - power]])""",
            "not_cut": """\
power = 2 ** (H.bit_length() - 1)
return np.concatenate([slopes_paper(power), slopes_paper(2 * power)[0::2]])""",
        },
        "alibi_bias(H, n)": {
            "heads_last": """\
i, j = np.arange(n)[:, None, None], np.arange(n)[None, :, None]
return np.where(j <= i, slopes_official(H) * (j - i), -np.inf)""",
            "no_mask": """\
i, j = np.arange(n)[:, None], np.arange(n)[None, :]
return slopes_official(H)[:, None, None] * (j - i)""",
            "sign_flipped": """\
i, j = np.arange(n)[:, None], np.arange(n)[None, :]
return np.where(j <= i, slopes_official(H)[:, None, None] * (i - j), -np.inf)""",
            "paper_for_code": """\
i, j = np.arange(n)[:, None], np.arange(n)[None, :]
return np.where(j <= i, slopes_paper(H)[:, None, None] * (j - i), -np.inf)""",
        },
    },
    "07_relatives_and_limits": {
        "book_beta(slope, d)": {
            "divided": "return slope / np.sqrt(d)",
            "same": "return slope",
            "root_missing": "return slope * d",
        },
        "t5_bucket(d)": {
            "not_capped": (
                "return d if d < 16 else 16 + int(16 * np.log(d / 16) / np.log(128 / 16))"
            ),
            "exact_missing": (
                "return d if d < 16 else min(int(16 * np.log(d / 16) / np.log(8)), 31)"
            ),
            "one_each": "return min(d, 31)",
        },
        "kerple_power(n, beta1, beta2)": {
            "exponent_ignored": _STEPS + "return np.where(np.tri(n) > 0, -beta1 * steps, -np.inf)",
            "price_inside": _STEPS
            + "return np.where(np.tri(n) > 0, -((beta1 * steps) ** beta2), -np.inf)",
            "zeros_outside": _STEPS + "return np.tril(-beta1 * steps**beta2)",
        },
        "kerple_log(n, beta1, beta2)": {
            "one_missing": _STEPS
            + "return np.where(np.tri(n) > 0, -beta1 * np.log(beta2 * steps), -np.inf)",
            "log_ten": _STEPS
            + "return np.where(np.tri(n) > 0, -beta1 * np.log10(1 + beta2 * steps), -np.inf)",
            "bend_outside": _STEPS
            + "return np.where(np.tri(n) > 0, -beta1 * beta2 * np.log(1 + steps), -np.inf)",
        },
        "two_sided(n, beta)": {
            "causal": _STEPS + "return np.where(np.tri(n) > 0, -beta * steps, -np.inf)",
            "no_absolute": """\
position = np.arange(n)
return -beta * (position[:, None] - position[None, :])""",
            "future_free": _STEPS + "return -beta * steps",
        },
        "rope_score(q, k, i, j, speed)": {
            "not_turned": "return q @ k",
            "bias_added": "return q @ k - speed * (i - j)",
            "same_angle": "return q @ k * np.cos((i - j) * speed)",
        },
    },
    "08_train_short_test_long": {
        "perplexity(losses)": {
            "mean_returned": "return np.mean(losses)",
            "mean_of_powers": "return np.mean(np.exp(losses))",
            "base_two": "return 2 ** np.mean(losses)",
            "sign_flipped": "return np.exp(-np.mean(losses))",
        },
        "loss_by_position(losses)": {
            "wrong_axis": "return losses.mean(axis=1)",
            "one_mean": "return losses.mean()",
            "summed": "return losses.sum(axis=0)",
        },
        "short_context_fraction(L, c)": {
            "above_one": "return c / L",
            "one_too_few": "return (min(c, L + 1) - 1) / L",
            "number_for_share": "return min(c, L)",
        },
        "contexts(ids, targets, c)": {
            "target_included": "return np.array([ids[t - c + 1 : t + 1] for t in targets])",
            "one_too_early": "return np.array([ids[t - c - 1 : t - 1] for t in targets])",
            "both_ends": "return np.array([ids[t - c : t + 1] for t in targets])",
            "reversed": "return np.array([ids[t - c : t][::-1] for t in targets])",
        },
    },
}

QUIZZES: dict[str, dict[str, dict[str, object]]] = {
    "05_same_attention": {
        "left_padding": {"position_for_distance": "A", "mask_upside_down": "D"},
        "museum_one": {"one_too_many": "ABD", "sign_flipped": "D", "row_repeated": "ACD"},
        "museum_two": {"cache_forgotten": "CD", "paper_for_machine": "AC", "row_repeated": "ABCD"},
    },
    "06_many_heads": {
        "neighbour_formula": {"upside_down": "C", "formula_trusted": "ACD"},
        "grouped_slopes": {"key_heads": "A", "group_repeated": "B"},
        "memory_ratio": {"heads_counted": 16, "heads_counted_twice": 32768},
    },
    "07_relatives_and_limits": {
        "nope_order": {"distance_assumed": "B"},
        "length_feature": {"feature_for_weight": "A"},
        "claim_uses": {"gain_means_use": "A", "window_overlooked": "C"},
        "claim_rotary": {"believed": "A"},
    },
    "08_train_short_test_long": {
        "where_it_breaks": {"early_tokens": "B", "all_alike": "A"},
        "survives_or_uses": {"flat_means_used": "A", "wall": "C"},
    },
}
