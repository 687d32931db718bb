"""What an exercise and a mistake are: frozen data that message, report and tests share."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from linbias.check.same import close
from linbias.check.values import Plain

Case = tuple[Any, ...]
Answer = Literal["whole", "number", "vector", "matrix", "heads", "truth", "booleans", "labels"]

# From here down a bias counts as blocked: e^-10000 is 0 in every float.
BLOCKED = -1e4


@dataclass(frozen=True)
class Attempt:
    """One call and what came of it: the facts a sentence may quote.

    Attributes
    ----------
    arguments : mapping of str to object
        The call's arguments by name.
    yours, right : plain value
        What the student's function and the reference returned.
    """

    arguments: Mapping[str, Any]
    yours: Plain
    right: Plain

    @cached_property
    def differs(self) -> NDArray[np.bool_]:
        """Which cells differ; only for answers of the right shape."""
        if isinstance(self.right, np.ndarray):
            return np.asarray(~close(self.yours, self.right))
        return np.array(self.yours != self.right)

    @cached_property
    def cell(self) -> tuple[int, ...]:
        """The differing cell to talk about: the first at distance 2, else the first of all.

        At distance 1 a squared and a plain distance look alike, so distance 2 teaches more.
        """
        cells = [tuple(map(int, cell)) for cell in np.argwhere(self.differs)]
        far = [cell for cell in cells if len(cell) > 1 and cell[-2] - cell[-1] == 2]
        return (far or cells)[0]

    @cached_property
    def factor(self) -> float:
        """By how much yours is too large, as a factor: the middle one of all cells."""
        yours, right = np.ravel(self.yours), np.ravel(self.right)
        use = np.isfinite(yours) & np.isfinite(right) & (right != 0)
        return float(np.median(yours[use] / right[use]))

    @cached_property
    def row(self) -> int:
        """The row whose sum is farthest from 1."""
        return int(np.abs(self.yours.sum(axis=1) - 1).argmax())

    @property
    def row_sum(self) -> float:
        """The sum of that row."""
        return float(self.yours[self.row].sum())

    @property
    def total(self) -> float:
        """The sum of all that came back."""
        return float(np.sum(self.yours))

    @property
    def steps(self) -> tuple[float, float]:
        """How a square's last row changes from distance 1 to 2, and from 2 to 3."""
        one, two, three = self.yours[-1][[-2, -3, -4]]
        return float(two - one), float(three - two)

    @property
    def root(self) -> float:
        """sqrt(d), by which the scores of Q and K are divided."""
        return float(np.sqrt(self.arguments["Q"].shape[1]))


@dataclass(frozen=True)
class Mistake:
    """A known wrong answer: the message, the class report and the tests read the same row.

    Attributes
    ----------
    slug : str
        Its name, the same in all exercises where it can happen.
    wrong : callable
        A wrong implementation; who returns the same has made this mistake.
    sentence : str
        What the student is told. ``{it.factor:.3g}`` and ``{beta}`` are filled in from the attempt.
    detail : str
        A further sentence with numbers from the attempt.
    recognise : callable or None
        Tells by a property of the attempt what no single implementation can stand for.
    """

    slug: str
    wrong: Callable[..., Any]
    sentence: str
    detail: str = ""
    recognise: Callable[[Attempt], bool] | None = None

    def say(self, attempt: Attempt) -> str:
        """Return the sentence for one attempt."""
        try:
            text = f"{self.sentence} {self.detail}".strip()
            return text.format(it=attempt, **attempt.arguments)
        except IndexError:
            # A detail such as the step from distance 2 to 3 needs a matrix that has them.
            return self.sentence.format(it=attempt, **attempt.arguments)


@dataclass(frozen=True)
class Exercise:
    """A function that students write, and all that its check needs to know.

    Attributes
    ----------
    answer : str
        What the function returns: a whole number, a number, a vector, a matrix, a matrix for each
        of some heads, True or False, ...
    cases : tuple of tuples
        The visible cases: together they tell all mistakes apart.
    make_case : callable
        ``make_case(rng, number)`` makes one hidden case.
    axes : tuple of str
        What the axes of the answer count, such as query and key.
    arithmetic : callable or None
        Says how the cell in question comes about, without saying what it should be.
    traits : mapping of str to callable
        Properties that a message may praise, each told by its test.
    refuses : bool
        Whether the reference's ValueError is what a case asks for.
    blocks : bool
        Whether -inf is asked for and any number up to -10000 is taken for it.
    shares : bool
        Whether the numbers are shares of attention, which have a colour of their own.
    loops : bool
        Whether a loop is allowed.
    note : callable or None
        ``note(call, answers)`` returns what the success line adds; ``call`` runs the student's
        function once more.
    fewest : int
        How many hidden cases it takes to tell all mistakes apart; of yes and no it takes many.
    """

    reference: Callable[..., Any]
    answer: Answer
    mistakes: tuple[Mistake, ...]
    cases: tuple[Case, ...]
    make_case: Callable[[np.random.Generator, int], Case]
    axes: tuple[str, ...] = ()
    arithmetic: Callable[[Attempt], str] | None = None
    traits: Mapping[str, Callable[[Attempt], bool]] | None = None
    refuses: bool = False
    blocks: bool = False
    shares: bool = False
    loops: bool = True
    note: Callable[[Callable[..., Plain], list[Plain]], str] | None = None
    fewest: int = 3

    @property
    def name(self) -> str:
        """The name that students give their function."""
        return self.reference.__name__

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The names of the arguments."""
        return tuple(inspect.signature(self.reference).parameters)

    def named(self, case: Case) -> dict[str, Any]:
        """Return the arguments of a case by name."""
        return dict(zip(self.parameters, case, strict=True))

    def settle(self, answer: Plain) -> Plain:
        """Return an answer with every way to write 'blocked' as -inf."""
        if self.answer == "labels" and isinstance(answer, list):
            return [[] if isinstance(row, np.ndarray) and not row.size else row for row in answer]
        if self.blocks and isinstance(answer, np.ndarray) and answer.dtype != bool:
            return np.where(answer <= BLOCKED, -np.inf, answer)
        return answer
