"""Bodies of wrong functions for the sample class, and answers: lessons 05 and 06."""

from collections.abc import Mapping

SAME_ATTENTION: Mapping[str, Mapping[str, str]] = {
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
}

SAME_ATTENTION_QUESTIONS: Mapping[str, Mapping[str, object]] = {
    "left_padding": {"position_for_distance": "A", "mask_upside_down": "D"},
    "museum_one": {"one_too_many": "ABD", "sign_flipped": "D", "row_repeated": "ACD"},
    "museum_two": {"cache_forgotten": "CD", "paper_for_machine": "AC", "row_repeated": "ABCD"},
}

MANY_HEADS: Mapping[str, Mapping[str, str]] = {
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
}

MANY_HEADS_QUESTIONS: Mapping[str, Mapping[str, object]] = {
    "neighbour_formula": {"upside_down": "C", "formula_trusted": "ACD"},
    "grouped_slopes": {"key_heads": "A", "group_repeated": "B"},
    "memory_ratio": {"heads_counted": 16, "heads_counted_twice": 32768},
}
