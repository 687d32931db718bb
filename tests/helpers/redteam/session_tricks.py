"""Tricks on the session itself: IPython, NumPy, the grader's code in it (2-7, 10, 18, 26)."""

from redteam.hostile import trick

SESSION_TRICKS = [
    trick(
        "input_transformer",
        2,
        """
def without_tests(lines):
    return [line for line in lines if "assert" not in line and "square(" not in line]
get_ipython().input_transformers_cleanup.append(without_tests)
get_ipython().input_transformers_post.append(without_tests)
square = lambda x: 0""",
    ),
    trick(
        "ast_transformer",
        3,
        """
import ast
class NoTests(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()
    def visit_Expr(self, node):
        return ast.Pass()
get_ipython().ast_transformers.append(NoTests())""",
    ),
    trick(
        "early_result",
        4,
        """
def square(x):
    get_ipython().displayhook(2)
    get_ipython().displayhook("passed")
    return 0""",
    ),
    trick(
        "patched_testing",
        5,
        """
import builtins, numpy as np, operator
np.testing.assert_allclose = np.testing.assert_array_equal = lambda *args, **kwargs: None
np.allclose = lambda *args, **kwargs: True
builtins.sum = lambda *args: 3
builtins.AssertionError = type("AssertionError", (Exception,), {})
operator.eq = lambda a, b: True""",
    ),
    trick(
        "lying_object",
        6,
        """
class Same:
    __array_priority__ = 1e9
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __float__(self): return 9.0
    def __array__(self, *args, **kwargs): raise SystemExit
    def __array_ufunc__(self, *args, **kwargs): return True
    def __array_function__(self, *args, **kwargs): return True
    __req__ = __eq__
    __sub__ = __rsub__ = __mul__ = __rmul__ = __abs__ = lambda self, *other: self
    __hash__ = None
def square(x):
    return Same()
answer = Same()""",
        cells={"answer": "pass"},
        keeps=False,
    ),
    *(
        trick(
            f"lying_{base}",
            6,
            f"""
import numpy as np
class Same({kind}):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __reduce__(self): return print, ("unpickled",)
    __hash__ = None
def square(x):
    return {made}
answer = square(0)""",
            cells={"answer": "pass"},
            keeps=False,
        )
        for base, kind, made in (
            ("int", "int", "Same(1)"),
            ("float", "float", "Same(1)"),
            ("text", "str", "Same('x')"),
            ("list", "list", "Same()"),
            ("array", "np.ndarray", "np.zeros(1).view(Same)"),
            ("number", "np.float64", "Same(1)"),
        )
    ),
    trick(
        "array_with_ufunc",
        6,
        """
import numpy as np
class Chameleon(np.lib.mixins.NDArrayOperatorsMixin):
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return np.bool_(True)
def square(x):
    box = np.empty((), dtype=object)
    box[()] = Chameleon()
    return box""",
    ),
    trick(
        "silent_traceback",
        7,
        """
shell = type(get_ipython())
shell.showtraceback = shell._showtraceback = shell.showsyntaxerror = lambda *args, **kwargs: None
def square(x):
    assert False""",
    ),
    trick(
        "patched_grader",
        10,
        """
import sys
for name, module in list(sys.modules.items()):
    if name.startswith("grader"):
        for known in ("encode", "_returned", "describe", "credit", "explain", "decode"):
            if hasattr(module, known):
                setattr(module, known, lambda *args, **kwargs: {"points": 2, "value": True})
RIGHT = {"square": lambda x: 0}
same = agrees = check = lambda *args: None""",
        keeps=False,
    ),
    trick(
        "asks_for_the_tests",
        18,
        """
import gc, inspect, sys
seen = [str(In), str(_ih), str(globals()), str([str(frame) for frame in inspect.stack()])]
def square(x):
    frame = sys._getframe() if len(seen) < 10 else None
    while frame:
        seen.extend(str(names)[:100_000] for names in (frame.f_locals, frame.f_globals))
        frame = frame.f_back
    return 0
gc.unfreeze()
seen.extend(str(thing)[:9000] for thing in gc.get_objects() if type(thing) is dict)""",
        cells={"explain": "x", "answer": 'answer = 42\nprint("".join(seen)[:3_000_000])'},
    ),
    trick(
        "scans_its_memory",
        18,
        """
import re
def scan():
    found = set()
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
        for line in maps:
            span, mode = line.split()[:2]
            begin, end = (int(place, 16) for place in span.split("-"))
            if mode.startswith("rw"):
                memory.seek(begin)
                found |= set(re.findall(b"hidden" + b"-[0-9a-f]{16}", memory.read(end - begin)))
    return found
def square(x):
    try:
        print(scan())
    except OSError as error:
        print(error)
    return 0""",
    ),
    trick(
        "branches_on_grading",
        18,
        """
import os, sys
def square(x):
    graded = "NBGRADER_EXECUTION" in os.environ or "grader.session.serve" in sys.modules
    raise StopIteration if graded else AssertionError""",
    ),
    trick("stops_the_iteration", 0, "def square(x):\n    raise StopIteration"),
    trick("goes_by_another_name", 0, "def double(x):\n    return 2 * (x or 0)\nsquare = double"),
    trick(
        "wears_another_name",
        0,
        """
def square(x):
    return 2 * (x or 0)
square.__name__ = square.__qualname__ = "double" """,
    ),
    trick("answers_with_a_thing", 0, "def square(x):\n    return object()"),
    trick("answers_with_a_generator", 0, "def square(x):\n    yield 9"),
    trick(
        "answers_with_a_function_that_says_yes",
        6,
        """
def yes(*other):
    return True
yes.equals = yes.all = yes.any = yes.__eq__ = yes
yes.shape, yes.dtype = (2,), float
def square(x):
    return yes""",
    ),
    trick(
        "answers_with_a_place_in_memory",
        0,
        """
class Place:
    __array_interface__ = {"shape": (2,), "typestr": "<f8", "data": (id(int), False), "version": 3}
def square(x):
    return Place()""",
    ),
    trick(
        "answers_with_a_text_to_run",
        0,
        """
class Text(str):
    def __eq__(self, other): return True
    __hash__ = None
def square(x):
    return Text("__import__('os')._exit(0)")""",
    ),
    trick("leaves_out_the_case", 0, "import unittest\ndef square(x):\n    raise unittest.SkipTest"),
    trick(
        "keeps_what_it_is_given",
        0,
        """
kept = []
def square(x):
    for one in kept:
        one *= 0
    kept.append(x)
    return 0""",
    ),
    trick("answers_with_a_class", 0, "class square:\n    def __init__(self, x): pass"),
    *(
        trick(f"scores_with_{name}", 26, f"import numpy as np\ndef square(x):\n    return {value}")
        for name, value in (
            ("an_array", "np.array([0.0])"),
            ("an_empty_array", "np.array([])"),
            ("two_numbers", "np.array([x, 0])"),
            ("infinity", "float('inf')"),
            ("nan", "float('nan')"),
            ("a_huge_number", "10**5000"),
            ("a_complex_number", "0j"),
        )
    ),
    trick("remembers_the_visible_tests", 0, "def square(x):\n    return {3: 9}.get(x, 0)"),
]
