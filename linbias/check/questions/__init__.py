"""The questions of the lessons.

The lessons print `Question.markdown`, so that the choices stand in one place only.
"""

from linbias.check.questions import (
    causal_triangle,
    experiment,
    many_heads,
    one_pair,
    order_and_slope,
    relatives,
    same_attention,
)
from linbias.check.questions._question import Question, Wrong

QUESTIONS: dict[str, Question] = {
    **one_pair.QUESTIONS,
    **causal_triangle.QUESTIONS,
    **order_and_slope.ORDER,
    **order_and_slope.SLOPE,
    **same_attention.QUESTIONS,
    **many_heads.QUESTIONS,
    **relatives.QUESTIONS,
    **experiment.QUESTIONS,
}

__all__ = ["QUESTIONS", "Question", "Wrong"]
