"""What a test binds and a student's function reads, for as long as the session answers.

In a notebook tests and answers share their names. So a test may set a number that a function
reads, and put a function of its own in a student's place, or delete one, to see who calls it.
Only names are lent that the official solution reads from outside of its functions: what else a
test has made, such as what it expects, is none of the session's business.
"""

from collections.abc import Mapping
from contextlib import suppress
from types import ModuleType
from typing import Any

from grader.judge.handles import is_handle
from grader.judge.plan import Plan
from grader.judge.proxy import ProxyFunction, ProxyObject
from grader.judge.remote import Remote
from grader.judge.space import Space
from grader.session.callables import MODULE
from grader.session.wire import WireError, encode


class Lending:
    """Knows what the session has to be lent.

    Parameters
    ----------
    space : Space
        The names of tests.
    """

    def __init__(self, plan: Plan, space: Space, remote: Remote) -> None:
        self._plan, self._space, self._remote = plan, space, remote
        # What the session has made by itself, when it ran the instructor's other cells.
        self._made: dict[str, Any] = {}

    def settle(self, before: Mapping[str, Any]) -> None:
        """Take note that the session has made what is new since `before`."""
        for name in self._bound():
            if name not in before or self._space.own(name) is not before[name]:
                self._made[name] = self._space.own(name)

    def _bound(self) -> list[str]:
        space = self._space
        return [
            name
            for name in self._plan.read_by_answers
            if dict.__contains__(space, name) and name not in space.held
        ]

    def told(self) -> dict[str, Any]:
        """Return the forms of what is lent, by name; what cannot be carried is not lent."""
        told: dict[str, Any] = {}
        for name in self._bound():
            thing = self._space.own(name)
            if name not in self._made or thing is not self._made[name]:
                with suppress(WireError):
                    told[name] = self._form(name, thing)
        return told

    def _form(self, name: str, thing: Any) -> Any:
        if type(thing) is ProxyObject or (type(thing) is ProxyFunction and thing.key == name):
            raise WireError("the session has it by itself")
        if type(thing) is ProxyFunction or is_handle(thing):
            return self._remote.form(thing)
        if callable(thing) and not isinstance(thing, type):
            return self._remote.calls_back.back(thing) | {"name": name}
        if name in self._plan.hidden:
            raise WireError("only hidden tests know it")
        if type(thing) is ModuleType:
            return {"t": MODULE, "v": thing.__name__}
        return encode(thing)

    def deleted(self) -> list[str]:
        """Return what tests have deleted."""
        gone = self._plan.read_by_answers & self._space.deleted
        return [name for name in gone if not dict.__contains__(self._space, name)]
