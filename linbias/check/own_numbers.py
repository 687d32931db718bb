"""Numbers of one's own: questions whose numbers differ by student.

The environment variable ``STUDENT_CODE`` chooses them. Students write the code that their teacher
has sent them into their notebooks; who grades sets it for each submission, so that a notebook's
own code counts for nothing then. Where the variable is not set all is as the lessons print it.
"""

import hashlib
import os
from collections.abc import Callable
from functools import lru_cache, partial
from itertools import combinations, product

from linbias.check.questions import QUESTIONS, Question
from linbias.check.questions.causal_triangle import sum_of_biases, visible_pairs
from linbias.check.questions.one_pair import bias_of_pair
from linbias.check.same import close

VARIABLE = "STUDENT_CODE"
BETAS = (0.05, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)

Make = Callable[[], Question]

_POOLS: dict[str, list[Make]] = {
    "bias_5_2": [
        partial(bias_of_pair, query, key, beta)
        for query, key, beta in product(range(5, 12), range(2, 9), BETAS)
        if query - key >= 2
    ],
    "visible_pairs_7": [partial(visible_pairs, n) for n in range(6, 31) if n != 7],
    "bias_sum": [partial(sum_of_biases, n, beta) for n, beta in product(range(4, 11), BETAS)],
}


def question(name: str) -> Question:
    r"""Return a question with this student's numbers; as printed where it has none.

    Examples
    --------
    >>> question("bias_5_2").asks
    'Query 5 looks at key 2 and $\\beta = 0.1$. What is the bias?'
    """
    code = _code()
    return _drawn(name, code) if code and name in _POOLS else QUESTIONS[name]


def asks(name: str) -> str:
    """Return what to tell a student of their own numbers; "" where the printed ones count."""
    if not _code() or name not in _POOLS:
        return ""
    # The lessons print a question as Markdown; a check's text is plain.
    plain = question(name).asks.replace("$", "").replace("\\beta", "β")
    return f"Your own numbers: {plain}"


def code_is_missing(name: str) -> bool:
    """Whether a question needs a code that is not written yet, or is mistyped."""
    return name in _POOLS and VARIABLE in os.environ and not _code()


def code_remedy() -> str:
    """Return what to do where the code is missing."""
    given = os.environ.get(VARIABLE, "").strip()
    what = f"The code {given[:20]!r} has a typing error." if given else "Your code is missing."
    return (
        f"{what} This question has numbers of your own. Copy the code that your teacher has sent "
        "you between the quotes in the cell at the top, and run that cell and this one."
    )


def _code() -> str:
    """Return the student's code; "" where there is none or it is mistyped.

    Its last two letters follow from the others.
    """
    given = os.environ.get(VARIABLE, "").strip().lower()
    sign = hashlib.sha256(given[:-2].encode()).hexdigest()[:2]
    return given if len(given) > 2 and given[-2:] == sign else ""


@lru_cache
def _drawn(name: str, code: str) -> Question:
    pool = _usable(name)
    digest = hashlib.sha256(f"{code}/{name}".encode()).digest()
    return pool[int.from_bytes(digest[:8], "big") % len(pool)]


@lru_cache
def _usable(name: str) -> list[Question]:
    """Return the variants whose answers, right and wrong, all differ, also from the printed one."""
    printed = QUESTIONS[name].right
    return [
        asked
        for asked in (make() for make in _POOLS[name])
        if not any(
            close(one, other)
            for one, other in combinations(
                [asked.right, printed, *(row.answer for row in asked.wrong)], 2
            )
        )
    ]
