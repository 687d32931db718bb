"""Lesson 03: attention weights gone wrong; `attend` goes wrong with them."""

from typing import Any

import numpy as np

from linbias.check.catalogue._traits import future_is_zero, rows_sum_to_one
from linbias.check.exercise import Mistake


def _scores(Q: Any, K: Any) -> Any:
    return Q @ K.T / np.sqrt(Q.shape[1])


def _steps(Q: Any) -> Any:
    return np.arange(len(Q))[:, None] - np.arange(len(Q))[None, :]


def _causal(values: Any, outside: float = -np.inf) -> Any:
    return np.where(_steps(values) >= 0, values, outside)


def _softmax(x: Any, axis: int = 1) -> Any:
    positive = np.exp(x - x.max(axis=axis, keepdims=True))
    return positive / positive.sum(axis=axis, keepdims=True)


def _no_bias(Q: Any, K: Any) -> Any:
    return _softmax(_causal(_scores(Q, K)))


def _decay(Q: Any, beta: float) -> Any:
    return np.exp(-beta * np.maximum(_steps(Q), 0))


MISTAKES = (
    Mistake(
        "bias_inside_root",
        lambda Q, K, beta: _softmax(_causal((Q @ K.T - beta * _steps(Q)) / np.sqrt(Q.shape[1]))),
        "You added the bias first and divided everything by sqrt(d). Scale the scores first, "
        "then add the bias: the bias itself is not scaled.",
        "Your bias is sqrt(d) = {it.root:.3g} times too weak.",
    ),
    Mistake(
        "not_scaled",
        lambda Q, K, beta: _softmax(_causal(Q @ K.T - beta * _steps(Q))),
        "The scores are not divided by sqrt(d), so content is too loud beside the bias.",
        "Here sqrt(d) = {it.root:.3g}.",
    ),
    Mistake(
        "divided_by_d",
        lambda Q, K, beta: _softmax(_causal(Q @ K.T / Q.shape[1] - beta * _steps(Q))),
        "You divided the scores by d. The typical size of a sum of d products is sqrt(d): which "
        "root is missing?",
    ),
    Mistake(
        "divided_by_root_n",
        lambda Q, K, beta: _softmax(_causal(Q @ K.T / np.sqrt(len(Q)) - beta * _steps(Q))),
        "You divided by the root of the number of tokens. "
        "d is the number of features, the columns of Q.",
    ),
    Mistake(
        "bias_after_softmax",
        lambda Q, K, beta: _causal(_no_bias(Q, K) - beta * _steps(Q), 0.0),
        "You added the bias to the weights. It belongs to the scores, before softmax, which then "
        "makes shares of them.",
        "Row {it.row} of yours sums to {it.row_sum:.3g}.",
    ),
    Mistake(
        "decay_not_renormalised",
        lambda Q, K, beta: _no_bias(Q, K) * _decay(Q, beta),
        "You multiplied the weights by e^(-beta * distance), a good idea with one step missing: "
        "the rows no longer sum to 1.",
        "Row {it.row} sums to {it.row_sum:.3g}.",
    ),
    Mistake(
        "bias_times_weights",
        lambda Q, K, beta: _no_bias(Q, K) * -beta * _steps(Q),
        "You multiplied weights and bias. The bias is added, to the scores, before softmax.",
    ),
    Mistake(
        "mask_after_softmax",
        lambda Q, K, beta: np.tril(_softmax(_scores(Q, K) - beta * _steps(Q))),
        "You removed the future after softmax, so it had taken its share already. "
        "Mask before softmax; then the rest is shared out in full.",
        "Row {it.row} sums to {it.row_sum:.3g}.",
    ),
    Mistake(
        "no_bias",
        lambda Q, K, beta: _no_bias(Q, K),
        "That is attention without any bias, as if beta were 0.",
    ),
    Mistake(
        "no_mask",
        lambda Q, K, beta: _softmax(_scores(Q, K) - beta * _steps(Q)),
        "The future is not masked, and its keys even get a bonus. Future keys need -inf "
        "before softmax.",
    ),
    Mistake(
        "two_sided",
        lambda Q, K, beta: _softmax(_scores(Q, K) - beta * np.abs(_steps(Q))),
        "Your queries look into the future: penalised, yet visible. In causal attention future "
        "keys need -inf before softmax.",
    ),
    Mistake(
        "zeros_outside",
        lambda Q, K, beta: _softmax(np.tril(_scores(Q, K) - beta * _steps(Q))),
        "You set future scores to 0. e^0 is 1, so the future still gets weight; e^-inf is 0.",
    ),
    Mistake(
        "sign_flipped",
        lambda Q, K, beta: _softmax(_causal(_scores(Q, K) + beta * _steps(Q))),
        "Your bias has the wrong sign: far keys win. Which key should lose?",
    ),
    Mistake(
        "beta_ignored",
        lambda Q, K, beta: _softmax(_causal(_scores(Q, K) - _steps(Q))),
        "Your weights do not change with beta. Each step back should cost beta.",
    ),
    Mistake(
        "queries_and_keys_swapped",
        lambda Q, K, beta: _softmax(_causal(K @ Q.T / np.sqrt(Q.shape[1]) - beta * _steps(Q))),
        "You multiplied K by Q transposed: row i then asks with key i. Rows are queries.",
    ),
    Mistake(
        "wrong_axis",
        lambda Q, K, beta: _softmax(_causal(_scores(Q, K) - beta * _steps(Q)), axis=0),
        "Your columns sum to 1. A query shares its attention among keys, so the rows should.",
    ),
    Mistake(
        "transposed",
        lambda Q, K, beta: _softmax(_causal(_scores(Q, K) - beta * _steps(Q))).T,
        "The right weights, turned over: row i belongs to query i. Drop the last .T.",
    ),
    Mistake(
        "no_softmax",
        lambda Q, K, beta: _causal(_scores(Q, K) - beta * _steps(Q)),
        "These are the scores with their bias, and they are right. Softmax is still missing.",
    ),
    Mistake(
        "not_normalised",
        lambda Q, K, beta: np.exp(_causal(_scores(Q, K) - beta * _steps(Q))),
        "You took exp of the scores and did not divide by the row's sum.",
        "Row {it.row} sums to {it.row_sum:.3g}.",
    ),
    Mistake(
        "softmax_twice",
        lambda Q, K, beta: _softmax(_causal(_softmax(_causal(_scores(Q, K) - beta * _steps(Q))))),
        "You took softmax twice: the second one makes the weights almost equal.",
    ),
    Mistake(
        "nan",
        lambda Q, K, beta: _softmax(
            np.where(_steps(Q) > 0, _scores(Q, K) - beta * _steps(Q), -np.inf)
        ),
        "NaN came out. A row without any visible key gives 0 / 0 (is the diagonal blocked?), "
        "and 0 * -inf is NaN too: choose with np.where instead of multiplying by a mask.",
        recognise=lambda it: bool(np.isnan(it.yours).any()),
    ),
    Mistake(
        "infinite_weights",
        lambda Q, K, beta: _causal(_softmax(_scores(Q, K)) - beta * _steps(Q)),
        "-inf stands among your weights: the bias matrix was added after softmax. Add it to the "
        "scores; softmax comes last.",
        recognise=lambda it: bool(np.isneginf(it.yours).any()),
    ),
    Mistake(
        "all_blocked_alike",
        lambda Q, K, beta: _softmax(
            np.where(_steps(Q) > 0, _scores(Q, K) - beta * _steps(Q), -1e9)
        ),
        "Row 0 of yours gives every key the same, as if all were blocked alike: may query 0 not "
        "see itself? Is the diagonal blocked?",
        recognise=lambda it: bool(np.ptp(it.yours[0]) < 1e-9),
    ),
    Mistake(
        "bias_doubled",
        lambda Q, K, beta: _softmax(_causal(_scores(Q, K) - 2 * beta * _steps(Q))),
        "Your bias is twice as strong as it should be. Is it added twice?",
    ),
    Mistake(
        "times_root",
        lambda Q, K, beta: _softmax(_causal(Q @ K.T * np.sqrt(Q.shape[1]) - beta * _steps(Q))),
        "You multiplied the scores by sqrt(d). Divide: without that they grow with d and drown "
        "the bias.",
    ),
    Mistake(
        "bias_times_root",
        lambda Q, K, beta: _softmax(_causal(_scores(Q, K) - beta * _steps(Q) * np.sqrt(len(Q.T)))),
        "You scaled the bias too, by sqrt(d) = {it.root:.3g}. Only the scores are scaled; the bias "
        "is added as it is.",
    ),
    Mistake(
        "scores_decayed",
        lambda Q, K, beta: _softmax(_causal(_scores(Q, K) * _decay(Q, beta))),
        "You multiplied the scores by e^(-beta * distance). A negative score would gain from that: "
        "the bias is added to the scores.",
    ),
    Mistake(
        "bias_between_softmaxes",
        lambda Q, K, beta: _softmax(_causal(_no_bias(Q, K) - beta * _steps(Q))),
        "You took softmax, added the bias to the shares, and took softmax once more. Once is "
        "enough: add the bias to the scores.",
    ),
    Mistake(
        "future_weight",
        lambda Q, K, beta: _softmax(
            np.where(_steps(Q) >= -1, _scores(Q, K) - beta * _steps(Q), -np.inf)
        ),
        "Some weight falls on the future. Above the diagonal every weight has to be 0: put -inf "
        "into those scores before softmax; a finite number blocks small scores only.",
        recognise=lambda it: not future_is_zero(it),
    ),
    Mistake(
        "row_sum",
        lambda Q, K, beta: _no_bias(Q, K) * 0.9,
        "The weights of one query have to sum to 1.",
        "Row {it.row} of yours sums to {it.row_sum:.3g}.",
        recognise=lambda it: not rows_sum_to_one(it),
    ),
)
