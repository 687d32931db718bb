"""Checking a question's answer: a number, a letter, true or false."""

from typing import Any

from linbias.check import own_numbers, progress
from linbias.check.failed import CheckFailed
from linbias.check.questions import QUESTIONS, Question
from linbias.check.same import close
from linbias.check.success import celebrate
from linbias.check.values import describe, is_number, number, plain

_OF_TEXT = "This is right for the numbers in the notebook's text. Yours are others."


def check_answer(question: str, answer: Any) -> None:
    """Check the answer to a question; silent but for one line when it is right.

    Parameters
    ----------
    question : str
        The question's name, a key of `QUESTIONS`.
    answer : object
        A number, or a choice's letter as text, or "true" or "false"; where several choices fit,
        their letters in a row, such as "AC". None means not answered yet.

    Raises
    ------
    CheckFailed
        If the answer is not right; the text says what to think about.
    ValueError
        If there is no such question.

    Examples
    --------
    >>> check_answer("visible_pairs_7", 28)
    visible_pairs_7: right.
    """
    if question not in QUESTIONS:
        raise ValueError(f"There is no question {question!r}. There are: {', '.join(QUESTIONS)}.")
    asked, given = own_numbers.question(question), plain(answer)
    if own_numbers.code_is_missing(question):
        raise _failed(question, "not_attempted", own_numbers.code_remedy())
    if given is None or answer is Ellipsis:
        raise _failed(question, "not_attempted", f"Not answered yet. {_how(asked)}")
    if asked.several:
        _check_several(asked, question, given)
        return
    choice = _number(asked, question, given) if asked.is_number else _letter(asked, question, given)
    if _fits(choice, asked.right):
        _right(question)
        return
    wrong = next((row for row in asked.wrong if _fits(choice, row.answer)), None)
    if wrong is None and _fits(choice, QUESTIONS[question].right):
        raise _failed(question, "numbers_of_text", _OF_TEXT, given=choice)
    if wrong is None:
        raise _failed(question, None, asked.hint, given=choice)
    raise _failed(question, wrong.slug, wrong.sentence, given=choice)


def _right(question: str) -> None:
    print(f"{question}: right.")
    celebrate(question)


def _number(asked: Question, question: str, given: Any) -> float:
    """Return the number that was given, or say why it is none."""
    if is_number(given):
        return float(given)
    remedy = f"{_capital(describe(given))} came. {_how(asked)}"
    if isinstance(given, str):
        remedy = f"Your answer is text: write the number without quotes. {_how(asked)}"
    elif _is_pair_of_digits(given):
        remedy = f"A comma makes two numbers of one: write a decimal point. {_how(asked)}"
    raise _failed(question, "wrong_type", remedy)


def _letter(asked: Question, question: str, given: Any) -> str:
    """Return the choice that was given in the way `choices` writes it, or say why it is none."""
    word = {True: "true", False: "false"}[given] if type(given) is bool else given
    if isinstance(word, str):
        for choice in asked.choices:
            if _bare(word) in (choice.casefold(), choice[:1].casefold()):
                return choice
    raise _failed(
        question,
        "wrong_type",
        f"{_capital(describe(given))} is none of the choices. {_how(asked)}",
    )


def _check_several(asked: Question, question: str, given: Any) -> None:
    """Check the letters of all choices that fit; the first that is on the wrong side is told."""
    chosen = _letters(asked, question, given)
    misplaced = [one for one in asked.choices if (one in chosen) != (one in str(asked.right))]
    if not misplaced:
        _right(question)
        return
    row = next(row for row in asked.wrong if row.answer == misplaced[0])
    count = len(asked.choices) - len(misplaced)
    sentence = f"{count} of {len(asked.choices)} are where they belong. {row.sentence}"
    raise _failed(question, row.slug, sentence, given=f'"{chosen}"')


def _letters(asked: Question, question: str, given: Any) -> str:
    """Return the letters that were given, in order, or say why they are none."""
    texts = given if isinstance(given, list) else [given]
    if all(isinstance(text, str) for text in texts):
        letters = {letter.upper() for letter in "".join(texts) if letter.isalnum()}
        if letters <= set(asked.choices):
            return "".join(sorted(letters))
    raise _failed(
        question,
        "wrong_type",
        f"{_capital(describe(given))} is no list of choices. Give the letters of all that fit, in "
        'quotes, such as "AB"; give "" if none does.',
    )


def _bare(word: str) -> str:
    return word.strip().strip("().:\"'").casefold()


def _capital(words: str) -> str:
    """Return words with a capital first letter; quoted text within them stays as it was."""
    return words[:1].upper() + words[1:]


def _fits(given: Any, answer: Any) -> bool:
    return bool(close(given, answer)) if is_number(answer) else given == answer


def _how(asked: Question) -> str:
    if asked.is_number:
        return "Give one number, such as 1.5."
    if asked.several:
        return 'Give the letters of all that fit, in quotes, such as "AB".'
    choices = [f'"{choice}"' for choice in asked.choices]
    return f"Give {', '.join(choices[:-1])} or {choices[-1]}, with the quotes."


def _is_pair_of_digits(given: Any) -> bool:
    return getattr(given, "ndim", 0) == 1 and given.size == 2


def _failed(question: str, slug: str | None, sentence: str, given: Any = None) -> CheckFailed:
    yours = number(given, 8) if is_number(given) else given
    told = "\n\n".join(filter(None, [own_numbers.asks(question), sentence]))
    text = f"{question}: not yet. You answered {yours}.\n\n{told}"
    if given is None:
        text = f"{question}: {told}"
    progress.note(question, passed=False, mistake=slug or "")
    return CheckFailed(text, exercise=question, mistake=slug, sentence=sentence)
