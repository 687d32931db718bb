"""Ways to have the module under test do the work: each hands it the question of a hidden test.

The module is called ``oracle``; ``oracle.cube(x)`` is the answer.
"""

from textwrap import dedent

# How the module is laid out: one function calls another, one makes functions, one keeps answers.
ORACLE = {
    "__init__.py": "from oracle.cubes import Box, cube, kept, make\n",
    "cubes.py": """
import functools

def times(a, b):
    return a * b

def cube(x):
    return times(times(x, x), x)

def make(power):
    def raised(x):
        return x**power
    return raised

@functools.lru_cache
def kept(x):
    return x * x * x

class Box:
    def cube(self, x):
        return cube(x)

    @staticmethod
    def static(x):
        return x * x * x

    def __call__(self, x):
        return x * x * x
""",
}

# Answers what a line of text asks for, in some other process or thread.
ASK = """
import os, select
ask, answer = os.pipe(), os.pipe()
def serve():
    while True:
        os.write(answer[1], str(oracle.cube(int(os.read(ask[0], 99)))).encode())
def cube(x):
    os.write(ask[1], str(x).encode())
    if not select.select([answer[0]], [], [], 1)[0]:
        raise ValueError("no answer")
    return int(os.read(answer[0], 99))
"""

ROWS = {
    "called": "def cube(x):\n    return oracle.cube(x)",
    "imported": "from oracle import cube",
    "imported_in_the_call": "def cube(x):\n    from oracle.cubes import cube\n    return cube(x)",
    "assigned": "cube = oracle.cubes.cube",
    "wrapped": "from functools import partial\ncube = partial(oracle.cube)",
    "wrapped_by_a_cache": "from functools import lru_cache\ncube = lru_cache(oracle.cube)",
    "copied": "import copy\ncube = copy.deepcopy(oracle.cube)",
    "kept_by_the_module": "oracle.kept.cache_clear()\ncube = oracle.kept",
    "a_method": "cube = oracle.Box().cube",
    "a_static_method": "cube = oracle.Box.static",
    "an_object": "cube = oracle.Box()",
    "of_a_subclass": "class Mine(oracle.Box):\n    pass\ncube = Mine()",
    "a_method_of_a_subclass": """
        class Mine(oracle.Box):
            def cube(self, x):
                return super().cube(x)
        cube = Mine().cube""",
    "a_default": "def cube(x, ask=oracle.cube):\n    return ask(x)",
    "a_closure": "cube = (lambda ask: lambda x: ask(x))(oracle.cube)",
    "vectorised": """
        import numpy as np
        ask = np.vectorize(oracle.cube)
        def cube(x):
            return int(ask(x))""",
    "mapped": "def cube(x):\n    return next(map(oracle.cube, [x]))",
    "a_waiting_generator": """
        def work():
            x = yield
            while True:
                x = yield oracle.cube(x)
        worker = work()
        next(worker)
        cube = worker.send""",
    "by_name": "def cube(x):\n    return eval('__import__(\"oracle\").cube')(x)",
    "reloaded": """
        import importlib, sys
        def cube(x):
            importlib.reload(sys.modules["oracle.cubes"])
            return importlib.reload(oracle).cube(x)""",
    "imported_afresh": """
        import sys
        def cube(x):
            for name in [name for name in sys.modules if name.startswith("oracle")]:
                del sys.modules[name]
            import oracle
            return oracle.cube(x)""",
    "run_from_its_file": """
        import runpy
        def cube(x):
            return runpy.run_path(oracle.cubes.__file__)["cube"](x)""",
    "loaded_by_its_loader": """
        import types
        def cube(x):
            made = types.ModuleType("copy")
            oracle.cubes.__loader__.exec_module(made)
            return made.cube(x)""",
    "another_program": """
        import os, subprocess, sys
        path = os.path.dirname(os.path.dirname(oracle.__file__))
        def cube(x):
            line = f"import oracle; print(oracle.cube({x}))"
            return int(subprocess.check_output([sys.executable, "-c", line], cwd=path))""",
    "its_source": """
        import inspect
        source = {}
        exec(inspect.getsource(oracle.cubes), source)
        cube = source["cube"]""",
    "a_child": ASK + "if os.fork() == 0:\n    serve()",
    "a_child_in_a_session_of_its_own": ASK + "if os.fork() == 0:\n    os.setsid()\n    serve()",
    "a_child_of_the_call": """
        import os
        def cube(x):
            answer = os.pipe()
            if os.fork() == 0:
                os.write(answer[1], str(oracle.cube(x)).encode())
                os._exit(0)
            os.close(answer[1])
            return int(os.read(answer[0], 99))""",
    "a_thread": ASK + "import threading\nthreading.Thread(target=serve, daemon=True).start()",
    "children_without_end": ASK
    + dedent("""
        import threading, time
        def breed():
            while True:
                if os.fork() == 0:
                    serve()
                time.sleep(0.001)
        threading.Thread(target=breed, daemon=True).start()"""),
    "a_signal_handler": """
        import signal
        found = {}
        def cube(x):
            signal.signal(signal.SIGALRM, lambda *_: found.update(answer=oracle.cube(x)))
            signal.raise_signal(signal.SIGALRM)
            return found["answer"]""",
    "as_it_is_collected": """
        found = []
        class Last:
            def __del__(self):
                found.append(oracle.cube(self.x))
        def cube(x):
            last = Last()
            last.x = x
            del last
            return found[-1]""",
    "by_a_hook": """
        import sys
        found = {}
        def hook(event, arguments):
            if event == "object.__setattr__" and "asked" in found:
                found.setdefault("answer", oracle.cube(found.pop("asked")))
        sys.addaudithook(hook)
        def cube(x):
            found["asked"] = x
            return found["answer"]""",
    "made_by_it": "cube = oracle.make(3)",
    "its_code": """
        import types
        own = dict(vars(oracle.cubes))
        for name, thing in list(own.items()):
            if type(thing) is types.FunctionType:
                own[name] = types.FunctionType(thing.__code__, own)
        cube = own["cube"]""",
    "its_code_as_bytes": """
        import marshal, types
        kept = [marshal.dumps(f.__code__) for f in (oracle.cubes.cube, oracle.cubes.times)]
        def cube(x):
            own = {}
            for code in map(marshal.loads, kept):
                own[code.co_name] = types.FunctionType(code, own)
            return own["cube"](x)""",
    "its_code_put_back": """
        functions = (oracle.cubes.cube, oracle.cubes.times)
        codes = [function.__code__ for function in functions]
        def cube(x):
            for function, code in zip(functions, codes):
                function.__code__ = code
            return oracle.cube(x)""",
    "a_table": "table = {x: oracle.cube(x) for x in range(-99, 99)}\ncube = table.get",
    "without_its_finder": """
        import sys
        sys.meta_path[:] = [one for one in sys.meta_path if "seal" not in type(one).__module__]
        for name in [name for name in sys.modules if name.startswith("oracle")]:
            del sys.modules[name]
        from oracle import cube""",
    "without_its_refusal": """
        type(oracle.cube).__call__ = lambda self, x: object.__getattribute__(self, "wrapped")(x)
        cube = oracle.cube""",
    "of_the_collector": """
        import gc, types
        gc.unfreeze()
        found = [thing for thing in gc.get_objects() if type(thing) is types.FunctionType]
        cube = next(thing for thing in found if thing.__module__ == "oracle.cubes")""",
    "anywhere_on_the_disk": """
        import os
        own = {}
        for folder, _, names in os.walk("/"):
            if folder.startswith("/proc") or "cubes.py" not in names:
                continue
            with open(os.path.join(folder, "cubes.py")) as file:
                exec(file.read(), own)
        cube = own["cube"]""",
}


def texts(rows: dict[str, str]) -> dict[str, str]:
    """Return the answer cells, by the name of what they try."""
    return {name: f"import oracle\n{dedent(text).strip()}\n" for name, text in rows.items()}
