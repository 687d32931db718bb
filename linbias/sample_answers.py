"""Wrong answers as students write them, for a sample class and for tests of the checks.

``ANSWERS[lesson][cell][mistake]`` is the source of an answer cell, and the check of that cell tells
the mistake by this slug. Nothing here is right.
"""

from collections.abc import Mapping
from textwrap import indent

from linbias._sample_bodies import FUNCTIONS, QUIZZES

Bodies = Mapping[str, str]


def _functions(bodies: Mapping[str, Bodies]) -> dict[str, dict[str, str]]:
    """Return whole functions, by their name, from signatures and bodies."""
    return {
        signature.partition("(")[0]: {
            mistake: f"def {signature}:\n{indent(body, '    ')}" for mistake, body in wrong.items()
        }
        for signature, wrong in bodies.items()
    }


def _quizzes(answers: Mapping[str, Mapping[str, object]]) -> dict[str, dict[str, str]]:
    """Return assignments, by the cell of the question, from questions and answers."""
    return {
        f"quiz_{question}": {
            mistake: f"{question} = {answer!r}" for mistake, answer in wrong.items()
        }
        for question, wrong in answers.items()
    }


_BIAS_MATRIX = {
    "sign_flipped": """\
bias = np.full((n, n), -np.inf)
for i in range(n):
    for j in range(i + 1):
        bias[i, j] = beta * (i - j)
return bias""",
    "transposed": """\
bias = np.full((n, n), -np.inf)
for i in range(n):
    for j in range(i + 1):
        bias[j, i] = -beta * (i - j)
return bias""",
    "zeros_outside": """\
bias = np.zeros((n, n))
for i in range(n):
    for j in range(i + 1):
        bias[i, j] = -beta * (i - j)
return bias""",
}

_NO_LOOPS = {
    "sign_flipped": """\
i = np.arange(n)[:, None]
j = np.arange(n)[None, :]
return np.where(j <= i, beta * (i - j), -np.inf)""",
    "transposed": """\
i = np.arange(n)[None, :]
j = np.arange(n)[:, None]
return np.where(j <= i, beta * (j - i), -np.inf)""",
    "zeros_outside": """\
steps = np.arange(n)[:, None] - np.arange(n)[None, :]
return np.tril(-beta * steps)""",
    "nan": """\
steps = np.arange(n)[:, None] - np.arange(n)[None, :]
return -beta * steps + np.triu(np.ones((n, n)), 1) * -np.inf""",
}

_SOFTMAX = {
    "wrong_axis": """\
positive = np.exp(x - x.max(axis=0, keepdims=True))
return positive / positive.sum(axis=0, keepdims=True)""",
    "overflow": """\
positive = np.exp(x)
return positive / positive.sum(axis=1, keepdims=True)""",
    "not_normalised": "return np.exp(x - x.max(axis=1, keepdims=True))",
    "maximum_lies_flat": """\
positive = np.exp(x - x.max(axis=1))
return positive / positive.sum(axis=1, keepdims=True)""",
}

_WEIGHTS = {
    "bias_inside_root": """\
n, d = Q.shape
return softmax_rows((Q @ K.T + bias_matrix(n, beta)) / np.sqrt(d))""",
    "not_scaled": """\
n, d = Q.shape
return softmax_rows(Q @ K.T + bias_matrix(n, beta))""",
    "no_bias": """\
n, d = Q.shape
return softmax_rows(Q @ K.T / np.sqrt(d) + bias_matrix(n, 0.0))""",
    "mask_after_softmax": """\
n, d = Q.shape
i, j = np.arange(n)[:, None], np.arange(n)[None, :]
return np.tril(softmax_rows(Q @ K.T / np.sqrt(d) - beta * (i - j)))""",
    "infinite_weights": """\
n, d = Q.shape
return softmax_rows(Q @ K.T / np.sqrt(d)) + bias_matrix(n, beta)""",
}

_HAND_OVER = """\
positive = np.exp(keys @ query)
shares = positive / positive.sum()
return shares[:, None] * values"""

_FIRST_TABLE = {
    "sign_flipped": """\
steps = np.array([[0, -np.inf, -np.inf, -np.inf], [1, 0, -np.inf, -np.inf],
                  [2, 1, 0, -np.inf], [3, 2, 1, 0]])
return beta * steps[:n, :n]""",
    "zeros_outside": """\
steps = np.array([[0, 0, 0, 0], [-1, 0, 0, 0], [-2, -1, 0, 0], [-3, -2, -1, 0]])
return beta * steps[:n, :n]""",
    "one_too_many": """\
X = -np.inf
steps = np.array([[-1, X, X, X], [-2, -1, X, X], [-3, -2, -1, X], [-4, -3, -2, -1]])
return beta * steps[:n, :n]""",
}

ANSWERS: dict[str, dict[str, dict[str, str]]] = {
    "00_start_here": _functions({"bias_matrix(n, beta)": _FIRST_TABLE}),
    "01_one_pair": _functions(
        {
            "attend_shuffled(query, keys, values, order)": {
                "only_keys": f"keys = keys[order]\n{_HAND_OVER}",
                "only_values": f"values = values[order]\n{_HAND_OVER}",
                "order_ignored": f"keys[order], values[order]\n{_HAND_OVER}",
                "returned_early": "return keys[order], values[order]",
            },
            "distance(i, j)": {
                "swapped": "return j - i",
                "absolute": "return abs(i - j)",
                "future_allowed": "return i - j",
            },
            "linear_bias(i, j, beta)": {
                "sign_flipped": "return beta * (i - j)",
                "one_too_many": "return -beta * (i - j + 1)",
                "beta_ignored": "return -(i - j)",
                "brackets_missing": "return -beta * i - j",
                "exchanged": "return -beta * distance(j, i)",
                "argument_unused": "return -0.1 * (i - j)",
            },
            "bias_row(i, beta)": {
                "reversed": "return [-beta * j for j in range(i + 1)]",
                "self_missing": "return [-beta * (i - j) for j in range(i)]",
                "sign_flipped": "return [beta * (i - j) for j in range(i + 1)]",
                "whole_numbers": "return [int(-beta * (i - j)) for j in range(i + 1)]",
                "returned_in_loop": """\
row = []
for j in range(i + 1):
    row.append(-beta * (i - j))
    return row""",
            },
        }
    )
    | _quizzes(
        {
            "bias_5_2": {"sign_flipped": 0.3, "one_too_many": -0.4},
            "penalty_shrinks": {"value_for_size": "true"},
            "interpret_bias": {"key_only": "B"},
        }
    ),
    "02_causal_triangle": _functions(
        {
            "score_labels(n)": {
                "rows_are_keys": 'return [[f"q{i}k{j}" for i in range(j, n)] for j in range(n)]',
                "counted_from_one": (
                    'return [[f"q{i}k{j}" for j in range(1, i + 1)] for i in range(1, n + 1)]'
                ),
            },
            "causal_mask(n)": {
                "diagonal_blocked": "return np.tril(np.ones((n, n), dtype=bool), -1)",
                "inverted": "return np.triu(np.ones((n, n), dtype=bool), 1)",
            },
            "bias_matrix(n, beta)": _BIAS_MATRIX,
            "bias_matrix_no_loops(n, beta)": _NO_LOOPS,
            "pairs_at_distance(n, d)": {
                "one_too_few": "return max(n - d - 1, 0)",
                "below_zero": "return n - d",
            },
        }
    )
    | _quizzes(
        {
            "visible_pairs_7": {"no_mask": 49, "self_missing": 21},
            "bias_sum": {"sign_flipped": 28.0, "beta_ignored": -56.0},
        }
    ),
    "03_scores_to_attention": _functions(
        {
            "bias_matrix(n, beta)": _NO_LOOPS,
            "softmax_rows(x)": _SOFTMAX,
            "attention_weights(Q, K, beta)": _WEIGHTS,
            "attend(Q, K, V, beta)": {
                "weights_returned": "return attention_weights(Q, K, beta)",
                "weights_transposed": "return attention_weights(Q, K, beta).T @ V",
            },
        }
    )
    | _quizzes({"scale_order": {"bias_inside_root": "A", "mask_after_softmax": "C"}}),
    "04_what_beta_does": _functions(
        {
            "weights_by_distance(n, beta)": {
                "not_normalised": "return np.exp(-beta * np.arange(n))",
                "reversed": """\
share = np.exp(-beta * np.arange(n))[::-1]
return share / share.sum()""",
            },
            "half_distance(beta)": {
                "one_over_beta": "return 1 / beta",
                "log_ten": "return np.log10(2) / beta",
            },
            "window(beta, mass)": {
                "rounded_down": "return int(-np.log(1 - mass) / beta)",
                "int_plus_one": "return int(-np.log(1 - mass) / beta) + 1",
                "mass_for_rest": "return int(np.ceil(-np.log(mass) / beta))",
            },
            "content_needed(beta, d)": {
                "one_step_only": "return beta",
                "sign_flipped": "return -beta * d",
            },
        }
    )
    | _quizzes({"ruler": {"upside_down": "A"}, "beta_compare": {"upside_down": "B", "wall": "C"}}),
}

ANSWERS |= {
    lesson: _functions(FUNCTIONS[lesson]) | _quizzes(QUIZZES[lesson]) for lesson in FUNCTIONS
}
