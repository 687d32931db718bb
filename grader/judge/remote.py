"""The session as the verdict sees it: it asks for names, calls functions, reads what comes."""

import builtins
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from grader.judge.arguments import Changes
from grader.judge.around import Around
from grader.judge.border import Border
from grader.judge.callables import CallsBack, NotCarried, TooManyCalls
from grader.judge.conversation import Conversation, NoAnswer, NotPlain, TookTooLong
from grader.judge.handles import CHANGED, Handles, NotAccepted, is_handle, number_of
from grader.judge.instances import Instances
from grader.judge.proxy import ProxyFunction, ProxyObject
from grader.judge.remote_errors import Kinds
from grader.judge.retained import Retained
from grader.judge.student_text import StudentText
from grader.session.callables import BACK, BUILT_IN, OWN
from grader.session.handles import HANDLE
from grader.session.instances import INSTANCE
from grader.session.serve import origin
from grader.session.wire import WireError, encode


class Remote(Conversation):
    """What tests need of a student's session.

    Attributes
    ----------
    doubt : str
        Why a test that fails may have failed for want of an answer.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        self.kinds = Kinds(lambda module, name: None)
        self.handles = Handles(
            self.use,
            self._function,
            self._sent,
            self.give_up,
            lambda module, name: self.kinds.known(module, name),
        )
        self._functions: dict[Any, ProxyFunction] = {}
        # What the instructor imports by a name, for what the session says to have by it.
        self.imported: Callable[[str], Any] = lambda name: None
        # What the instructor calls by a name, for the hints in a student's text.
        self.own: Callable[[str], Any] = lambda name: None
        self.border = Border(self.handles.value, self.form)
        self.changes, self.instances = Changes(self.border), Instances(self.border)
        self.retained = Retained(self.border)
        self.around = Around()
        self.text = StudentText()
        self.begin_test()

    def begin_test(self) -> None:
        """Forget what an earlier test could not learn."""
        self.unanswered = None
        self.doubt = ""
        self.calls_back = CallsBack(self.border)
        self.around.begin()

    def ask(self, **message: Any) -> dict[str, Any]:
        """Send one question, with what a test has replaced, and return the answer.

        Raises
        ------
        NotPlain, TookTooLong, SessionEnded
            As for `Conversation`.
        """
        try:
            told = self.around.told(self.calls_back)
            answer = super().ask(**message | ({"around": told} if told else {}))
            self.around.heed(told, answer)
        except NoAnswer as error:
            self.unanswered = error
            raise
        return answer

    def call_back(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Call a function of the test that the session asks for, and return the reply."""
        try:
            self._heed(asked)
            return self.calls_back.call(asked) | self._told()
        except TooManyCalls as error:
            self._end(str(error))
        except NotCarried as error:
            raise NotPlain(f"{error}.") from None
        except NotAccepted as error:
            what = "A function of the test is given what cannot be checked here"
            raise NotPlain(f"{what}: {error}.") from None

    def proxies(self, names: list[str], write_back: bool = True) -> dict[str, Any]:
        """Return proxies for those of the names that the student has defined.

        Parameters
        ----------
        write_back : bool
            Whether a function may change the lists and arrays that it is given.
        """
        answer = self.ask(do="names", names=names)
        if type(answer.get("unplain")) is str:
            self.give_up(
                f"What {' and '.join(names)} stand for cannot be carried: it is too large."
            )
        return {
            name: self._proxy(name, answer[name], write_back)
            for name in names
            if type(answer.get(name)) is dict
        }

    def _proxy(self, name: str, told: dict[str, Any], write_back: bool) -> Any:
        kind, own = told.get("is"), self.imported(name)
        if own is not None and told.get("from") == origin(own):
            return own
        if type(kind) is str and "value" in told:
            try:
                return self.handles.value(told["value"], name, name)
            except NotAccepted:  # the official solution has no such object by this name
                pass
            except WireError as error:
                self.give_up(f"'{name}' cannot be read: {error}.")
        if kind in ("function", "class"):  # a class in a function's place can be called
            return self._known_function(name, told, name, write_back)
        if kind == "exception":
            return self.kinds.kind(told.get("kinds"))
        return ProxyObject(self, name, _what(kind, str(told.get("type", "thing"))[:80]))

    def _function(self, form: dict[str, Any], site: str, name: str) -> "ProxyFunction":
        own = form.get("name")
        name = own if type(own) is str and own.isidentifier() else name
        return self._known_function(form["v"], form, site, True, name)

    def _known_function(
        self, key: Any, told: dict[str, Any], site: str, write_back: bool, name: str = ""
    ) -> "ProxyFunction":
        """Return what stands for a function: the same for the same one."""
        made = ProxyFunction(self, name or key, told, write_back, key=key, site=site)
        self._functions[repr(key)] = made
        return made

    def _sent(self, form: dict[str, Any]) -> Any:
        """Return what a test has sent, from the form that it was sent in."""
        kind, what = form["t"], form.get("v")
        if kind == INSTANCE:
            return self.instances.thing(what)
        if kind == OWN and repr(what) in self._functions:
            return self._functions[repr(what)]
        if kind == BACK:
            return self.calls_back.function(what)
        if kind == BUILT_IN and type(what) is str and what in vars(builtins):
            return getattr(builtins, what)
        raise WireError(f"a reply claims to be a {kind[:40]!r}, which is not plain data")

    def form(self, thing: Any) -> Any:
        """Return how something travels: plain data, or in parts as functions and handles."""
        return encode(thing, other=self._form)

    def _form(self, thing: Any) -> dict[str, Any]:
        if is_handle(thing):
            return {"t": HANDLE, "v": number_of(thing)}
        if type(thing) is ProxyFunction:
            return {"t": OWN, "v": thing.key}
        return self.instances.form(thing) or self.calls_back.form(thing)

    def _told(self) -> dict[str, Any]:
        """Return the states of a test's objects and lists that a message has to tell of."""
        states, kept = self.instances.changed(), self.retained.changed()
        return ({"states": states} if states else {}) | ({"kept": kept} if kept else {})

    def _heed(self, message: dict[str, Any]) -> None:
        """Give a test's objects and lists the states that a message tells of."""
        if "states" in message:
            self.changes.add(self.instances.take(message["states"]))
        if "kept" in message:
            unasked = not self.handles.sites.may("what is kept", CHANGED)
            self.changes.follow(self.retained.read(message["kept"]), unasked)

    def use(
        self,
        key: Any,
        operation: str,
        site: str,
        arguments: tuple[Any, ...],
        keywords: dict[str, Any],
        *,
        write_back: bool = True,
        name: str = "",
    ) -> Any:
        """Have the session call a function, or do something else with what it keeps.

        Parameters
        ----------
        key : str, int or list
            What the session knows it by.
        operation : str
            One of `grader.session.handles.OPERATIONS`.
        site : str
            Where the result comes from.
        name : str
            What it is called in errors; by default its site.

        Raises
        ------
        Exception
            What the student's code raised.
        """
        name = name or site
        given = self._given(name, arguments, keywords)
        answer = self.ask(do="call", name=key, op=operation, **given)
        self.calls_back.write(answer)
        if "unplain" in answer:
            self.give_up(str(answer["unplain"])[:1000])
        with self._reading(name, "changed what it was given to"):
            self._heed(answer)
            if write_back:
                self.changes.write_back(name, arguments, keywords, answer)
            if "retained" in answer:
                self.retained.learn(arguments, answer["retained"])
        with self._reading(name, "returned"):
            if "error" in answer:
                raise self.error(answer["error"])
            if operation == "next" and answer.get("end") is True:
                raise StopIteration
            if operation == "getattr" and type(told := answer.get("method")) is dict:
                return self._known_function([key, *arguments], told, site, write_back, arguments[0])
            value = self._value(answer, site, name)
        return self.changes.same(arguments, answer, value) if write_back else value

    def _given(self, name: str, arguments: Any, keywords: dict[str, Any]) -> dict[str, Any]:
        """Return how a call's arguments travel."""
        try:
            args = [self.form(one) for one in arguments]
            kwargs = {keyword: self.form(one) for keyword, one in keywords.items()}
            return {"args": args, "kwargs": kwargs, **self._told()}
        except WireError as error:
            self.give_up(
                f"{name} cannot be given this argument in a test: {error}. Tests are run "
                "outside the student's process."
            )

    @contextmanager
    def _reading(self, name: str, did: str) -> Iterator[None]:
        """Leave to a person what cannot be read of an answer."""
        try:
            yield
        except NotAccepted as error:
            self.give_up(f"It {did} what cannot be checked here: {error}.")
        except WireError as malformed:
            self.give_up(f"{name}: {malformed}")

    def _value(self, answer: dict[str, Any], site: str, name: str) -> Any:
        if "value" not in answer:
            raise WireError("a reply is not in the form that the session writes")
        return self.handles.value(answer["value"], site, name)

    def error(self, told: Any) -> BaseException:
        """Return what a student's function raised, as the session tells of it."""
        if type(told) is dict and told.get("kinds", [""])[:1] == ["builtins.KeyboardInterrupt"]:
            self.unanswered = self.unanswered or TookTooLong("It was stopped.")
            return self.unanswered
        error = self.kinds.error(told)
        error.of_student = True  # type: ignore[attr-defined]
        return error


def _what(kind: Any, own: str) -> str:
    if kind == "module":
        return f"the module {own}, imported in a cell that students may change, not in a locked one"
    return "a class" if kind == "class" else f"a {own}"
