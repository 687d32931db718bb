"""Wrong answers for lessons 07 and 08; `linbias.sample_answers` makes whole cells of them.

``FUNCTIONS[lesson][signature][mistake]`` is the body of a function, and
``QUIZZES[lesson][question][mistake]`` is the answer to a question.
"""

_STEPS = """\
position = np.arange(n)
steps = np.maximum(position[:, None] - position[None, :], 0)
"""

FUNCTIONS: dict[str, dict[str, dict[str, str]]] = {
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
    "07_relatives_and_limits": {
        "falcon_slope": {"multiplied": 4.0, "same": 0.5},
        "nope_order": {"distance_assumed": "B"},
        "length_feature": {"feature_for_weight": "A"},
        "who_uses": {"baichuan_7b": "B"},
        "claim_uses": {"gain_means_use": "A", "window_overlooked": "C"},
        "claim_rotary": {"believed": "A"},
    },
    "08_train_short_test_long": {
        "where_it_breaks": {"early_tokens": "B", "all_alike": "A"},
        "survives_or_uses": {"flat_means_used": "A", "wall": "C"},
    },
}
