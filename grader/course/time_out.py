"""A database server that never answers: a command is not to wait for it without end."""

from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

SECONDS = 10
# What each driver calls it; SQLite is a file.
_NAMES = {
    "psycopg": "connect_timeout",
    "psycopg2": "connect_timeout",
    "pymysql": "connect_timeout",
    "mysqldb": "connect_timeout",
    "mysqlconnector": "connection_timeout",
}


def limit_waiting() -> None:
    """Let a connection be given up after a while, unless the gradebook's address says when.

    nbgrader opens the gradebook itself, so this holds for every database of the process.
    """
    event.listen(Engine, "do_connect", _limit)


def _limit(dialect: Any, _record: Any, _arguments: Any, settings: dict[str, Any]) -> None:
    name = _NAMES.get(dialect.driver)
    if name:
        settings.setdefault(name, SECONDS)
