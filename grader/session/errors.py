"""Errors of a student's code, read with care: they may refuse even to show their text."""


def text_of(error: BaseException) -> str:
    """Return an error's text; none where it cannot even say that."""
    try:
        return str(error)
    except Exception:
        return ""
