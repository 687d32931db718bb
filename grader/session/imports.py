"""Imports of a fork server: what lessons need is there before the first submission."""

import importlib
import sys


def without_slow_imports() -> None:
    """Keep jsonschema from building a parser of web addresses, which takes seconds.

    It goes without where the parser is not installed; no notebook's schema asks for it.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def import_quietly(names: list[str]) -> None:
    """Import what lessons import; what cannot be imported will say so in its own cell."""
    for name in names:
        try:
            importlib.import_module(name)
        except Exception:
            continue
