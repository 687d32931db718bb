"""A language model small enough to read: one layer of causal attention, with its gradients.

Characters become vectors, attention mixes them, two matrices think about each one, and the result
says how probable each next character is. Every step has its derivative beside it; a test compares
them with finite differences.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linbias.experiment.positions import Position
from linbias.experiment.text import Ids

Floats = NDArray[Any]
Parameters = dict[str, Floats]

HEADS = 4
EPSILON = 1e-5
EVERY, LAST = slice(None), slice(-1, None)


def new_parameters(
    characters: int, rng: np.random.Generator, *, width: int = 64, inner: int = 128
) -> Parameters:
    """Return random parameters for an alphabet of so many characters.

    Parameters
    ----------
    width : int
        How many numbers stand for a character; a multiple of the number of heads.
    inner : int
        How many numbers the two matrices after attention have between them.
    """

    def random(rows: int, columns: int) -> Floats:
        numbers = rng.standard_normal((rows, columns)) / np.sqrt(rows)
        return np.asarray(numbers, dtype=np.float32)

    return {
        "embedding": rng.standard_normal((characters, width)).astype(np.float32),
        "qkv": random(width, 3 * width),
        "mix": random(width, width),
        "grow": random(width, inner),
        "shrink": random(inner, width),
        "output": random(width, characters),
    }


def losses(parameters: Parameters, position: Position, pieces: Ids) -> Floats:
    """Return how surprised the model is by each next character.

    Parameters
    ----------
    pieces : ndarray of int, shape (pieces, length + 1)
        Characters as numbers; the last one of a piece is only predicted.

    Returns
    -------
    ndarray of float, shape (pieces, length)
        In nats: minus the logarithm of the probability of the character that came.
    """
    logits = _forward(parameters, position, pieces[:, :-1])["logits"]
    return -_log_probability(logits, pieces[:, 1:])


def last_losses(parameters: Parameters, position: Position, pieces: Ids) -> Floats:
    """Return the loss of each piece's last character only, shape (pieces,)."""
    logits = _forward(parameters, position, pieces[:, :-1], LAST)["logits"]
    return -_log_probability(logits, pieces[:, -1:])[:, 0]


def gradients(parameters: Parameters, position: Position, pieces: Ids) -> tuple[float, Parameters]:
    """Return the mean loss, and how it changes with each parameter."""
    ids, following = pieces[:, :-1], pieces[:, 1:]
    seen = _forward(parameters, position, ids)
    loss = -float(_log_probability(seen["logits"], following).mean())
    return loss, _backward(parameters, seen, ids, following)


def _forward(
    p: Parameters, position: Position, ids: Ids, queries: slice = EVERY
) -> dict[str, Floats]:
    """Return all that the way from characters to logits leaves behind."""
    length = ids.shape[1]
    x = p["embedding"][ids] + position.added(length, p["embedding"].shape[1])
    normed, scale = _norm(x)
    attended = _attention(normed @ p["qkv"], position.bias(length), queries)
    x = x[:, queries] + attended["mixed"] @ p["mix"]
    normed_2, scale_2 = _norm(x)
    grown = np.maximum(normed_2 @ p["grow"], 0)
    x = x + grown @ p["shrink"]
    normed_3, scale_3 = _norm(x)
    return attended | {
        "normed": normed,
        "scale": scale,
        "normed_2": normed_2,
        "scale_2": scale_2,
        "grown": grown,
        "normed_3": normed_3,
        "scale_3": scale_3,
        "logits": normed_3 @ p["output"],
    }


def _backward(p: Parameters, seen: Mapping[str, Floats], ids: Ids, following: Ids) -> Parameters:
    """Return the gradients: the same way backwards, step by step."""
    g: Parameters = {}
    d_logits = _back_through_softmax(seen["logits"], following)
    g["output"] = _outer(seen["normed_3"], d_logits)
    d_x = _back_through_norm(d_logits @ p["output"].T, seen["normed_3"], seen["scale_3"])

    g["shrink"] = _outer(seen["grown"], d_x)
    d_grown = (d_x @ p["shrink"].T) * (seen["grown"] > 0)
    g["grow"] = _outer(seen["normed_2"], d_grown)
    d_x = d_x + _back_through_norm(d_grown @ p["grow"].T, seen["normed_2"], seen["scale_2"])

    g["mix"] = _outer(seen["mixed"], d_x)
    d_qkv = _back_through_attention(d_x @ p["mix"].T, seen)
    g["qkv"] = _outer(seen["normed"], d_qkv)
    d_x = d_x + _back_through_norm(d_qkv @ p["qkv"].T, seen["normed"], seen["scale"])

    g["embedding"] = _sum_by_character(d_x, ids, len(p["embedding"]))
    return g


def _norm(x: Floats) -> tuple[Floats, Floats]:
    """Return each vector with a mean square of 1, and by what it was divided."""
    scale = np.sqrt((x * x).mean(axis=-1, keepdims=True) + x.dtype.type(EPSILON))
    return x / scale, scale


def _back_through_norm(d_normed: Floats, normed: Floats, scale: Floats) -> Floats:
    along = (d_normed * normed).mean(axis=-1, keepdims=True)
    return np.asarray((d_normed - normed * along) / scale)


def _attention(qkv: Floats, bias: Floats, queries: slice) -> dict[str, Floats]:
    """Scale, add the bias with its mask, softmax, mix the values: lesson 03, for all heads."""
    q, k, v = map(_split, np.split(qkv, 3, axis=-1))
    q, bias = q[:, :, queries], bias[:, queries]
    scores = q @ k.swapaxes(-1, -2) * q.dtype.type(1 / np.sqrt(q.shape[-1])) + bias
    scores -= scores.max(axis=-1, keepdims=True)
    weights = np.exp(scores, out=scores)
    weights /= weights.sum(axis=-1, keepdims=True)
    return {"q": q, "k": k, "v": v, "weights": weights, "mixed": _join(weights @ v)}


def _back_through_attention(d_mixed: Floats, seen: Mapping[str, Floats]) -> Floats:
    q, k, v, weights = (seen[name] for name in ("q", "k", "v", "weights"))
    d_out = _split(d_mixed)
    d_weights = d_out @ v.swapaxes(-1, -2)
    d_scores = weights * (d_weights - (d_weights * weights).sum(axis=-1, keepdims=True))
    d_scores *= q.dtype.type(1 / np.sqrt(q.shape[-1]))
    parts = d_scores @ k, d_scores.swapaxes(-1, -2) @ q, weights.swapaxes(-1, -2) @ d_out
    return np.concatenate([_join(part) for part in parts], axis=-1)


def _split(x: Floats) -> Floats:
    """Give each head its share of the width: (pieces, length, width) to (pieces, heads, ...)."""
    pieces, length, width = x.shape
    return x.reshape(pieces, length, HEADS, width // HEADS).swapaxes(1, 2)


def _join(x: Floats) -> Floats:
    """Put the heads' shares side by side again."""
    pieces, heads, length, share = x.shape
    return x.swapaxes(1, 2).reshape(pieces, length, heads * share)


def _log_probability(logits: Floats, following: Ids) -> Floats:
    """Return the logarithm of the probability of each character that came."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    chosen = np.take_along_axis(shifted, following[..., None], axis=-1)[..., 0]
    return np.asarray(chosen - np.log(np.exp(shifted).sum(axis=-1)))


def _back_through_softmax(logits: Floats, following: Ids) -> Floats:
    """Return the probabilities less 1 where the character stands, over the number of losses."""
    positive = np.exp(logits - logits.max(axis=-1, keepdims=True))
    positive /= positive.sum(axis=-1, keepdims=True)
    flat = positive.reshape(-1, positive.shape[-1])
    flat[np.arange(len(flat)), following.ravel()] -= 1
    positive /= len(flat)
    return np.asarray(positive)


def _outer(x: Floats, d: Floats) -> Floats:
    """Return the gradient of a matrix that x was multiplied by, summed over all characters."""
    return np.asarray(x.reshape(-1, x.shape[-1]).T @ d.reshape(-1, d.shape[-1]))


def _sum_by_character(d_x: Floats, ids: Ids, characters: int) -> Floats:
    """Return the gradient of the embedding: the sum over all places of each character."""
    chosen = np.zeros((characters, ids.size), dtype=d_x.dtype)
    chosen[ids.ravel(), np.arange(ids.size)] = 1
    return np.asarray(chosen @ d_x.reshape(ids.size, -1))
