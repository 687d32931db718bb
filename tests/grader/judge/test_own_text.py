"""A test that runs a student's text is not run where it could forge a verdict."""

import pytest
from engine import passed, verdict

# Passes as any value where it is run.
YES = "type('Yes', (), {'__eq__': lambda self, other: True})()"
PICKLE = f"""
import pickle
def f():
    class Yes:
        def __reduce__(self): return eval, ({YES!r},)
    return pickle.dumps(Yes())
"""
CODE = f"""
import marshal
def f(): return marshal.dumps(compile({YES!r}, "", "eval"))
"""
DOCTEST = '''
def f():
    """>>> import sys; sys._getframe(1).f_globals.update(assert_=0)"""
'''
RUN = {
    "eval": ("assert eval(f()) == 3", f"def f(): return {YES!r}"),
    "exec": ("exec(f())\nassert x == 3", f"def f(): return 'x = ' + {YES!r}"),
    "compile": ("assert eval(compile(f(), '', 'eval')) == 3", f"def f(): return {YES!r}"),
    "caught": (
        "try:\n    x = eval(f())\nexcept BaseException:\n    x = 3\nassert x == 3",
        f"def f(): return {YES!r}",
    ),
    "a tree": (
        "import ast\nassert eval(compile(ast.parse(f(), mode='eval'), '', 'eval')) == 3",
        f"def f(): return {YES!r}",
    ),
    "timeit": ("import timeit\ntimeit.timeit(f(), number=1)", "def f(): return 'print(3)'"),
    "pickle": ("import pickle\nassert pickle.loads(f()) == 3", PICKLE),
    "marshal": ("import marshal\nassert eval(marshal.loads(f())) == 3", CODE),
    "a query": (
        "import pandas as pd\npd.DataFrame({'a': [1]}).query(f())",
        "def f(): return '@pd.io.common.os.getpid() > 0'",
    ),
    "a table": (
        "import pandas as pd\npd.eval(f())",
        "def f(): return 'np.ones(3).sum()'",
    ),
    "a schema": (
        "import fastjsonschema\nfastjsonschema.compile(f())",
        "def f(): return {'type': 'integer'}",
    ),
    "a docstring": (
        "import doctest\ndoctest.run_docstring_examples(f, globals())",
        DOCTEST,
    ),
}


@pytest.mark.parametrize(("test", "function"), RUN.values(), ids=RUN)
def test_a_students_text_is_not_run_by_a_test(test: str, function: str) -> None:
    found = verdict(test, function)

    assert found.points is None
    assert "It runs a text, or loads an object" in found.cause


OWN = {
    "a text of its own": "assert eval('f(2)') == 4",
    "a statement of its own": "exec('x = f(2)')\nassert x == 4",
    "a text that is read": "import ast\nassert ast.literal_eval(str(f(2))) == 4",
    "a source that is read": "import ast, inspect\nassert ast.parse(inspect.getsource(f)).body",
    "a named tuple": "from collections import namedtuple\nassert namedtuple('A', 'x')(f(2)).x == 4",
    "a data class": (
        "from dataclasses import make_dataclass\nassert make_dataclass('A', ['x'])(f(2)).x == 4"
    ),
    "a mock": (
        "from unittest.mock import create_autospec\n"
        "def g(x): pass\ng = create_autospec(g)\nassert f(2) == 4 and not g.called"
    ),
    "a module": "import colorsys, wave\nassert f(2) == 4",
    "a pickle of plain data": (
        "import pickle\nassert pickle.loads(pickle.dumps({f(2)}))\n"
        "assert pickle.loads(pickle.dumps(np.array([f(2)]))) == 4"
    ),
    "a time": "import timeit\nassert timeit.timeit('f(2)', number=1, globals=globals())",
    "a time of a function": "import timeit\nassert timeit.timeit(lambda: f(2), number=1)",
    "a query": (
        "import pandas as pd\nassert len(pd.DataFrame({'a': [f(2)]}).query('a == 4')) == 1\n"
        "assert pd.eval('2 + 2') == 4"
    ),
}


@pytest.mark.parametrize("test", OWN.values(), ids=OWN)
def test_a_tests_own_text_is_run(test: str) -> None:
    assert passed(verdict(test, "def f(x): return x * x"))
