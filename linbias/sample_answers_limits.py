"""Wrong answers for lessons 07 and 08; `linbias.sample_answers` makes whole cells of them.

``FUNCTIONS[lesson][signature][mistake]`` is the body of a function, and
``QUIZZES[lesson][question][mistake]`` is the answer to a question.
"""

FUNCTIONS: dict[str, dict[str, dict[str, str]]] = {
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
    "08_train_short_test_long": {
        "where_it_breaks": {"early_tokens": "B", "all_alike": "A"},
        "survives_or_uses": {"flat_means_used": "A", "wall": "C"},
    },
}
