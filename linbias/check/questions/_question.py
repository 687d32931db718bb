"""What a question is: what is asked, what is right, and a sentence for each wrong answer."""

from dataclasses import dataclass, field
from typing import NamedTuple


class Wrong(NamedTuple):
    """A wrong answer that somebody will give, and what to tell them."""

    answer: float | str
    slug: str
    sentence: str


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes
    ----------
    asks : str
        The question in Markdown.
    right : float or str
        A number, or a key of `choices`; where several fit, their letters in a row, such as "AC".
    wrong : tuple of Wrong
        Each wrong choice has one; of numbers the ones that a known slip gives; where several
        choices fit, each choice has one, for who puts it on the wrong side.
    hint : str
        What to say of a number that no known slip gives.
    choices : mapping of str to str
        Letter and text, in the order in which they are printed; empty when a number is asked for.
    several : bool
        Whether all choices that fit are asked for.
    """

    asks: str
    right: float | str
    wrong: tuple[Wrong, ...]
    hint: str = ""
    choices: dict[str, str] = field(default_factory=dict)
    several: bool = False

    @property
    def is_number(self) -> bool:
        """Whether a number is asked for."""
        return not self.choices

    @property
    def markdown(self) -> str:
        """The question with its choices, as a lesson prints it."""
        lines = [f"- **{letter}**: {text}" for letter, text in self.choices.items() if text]
        return "\n".join([self.asks, "", *lines]).strip()
