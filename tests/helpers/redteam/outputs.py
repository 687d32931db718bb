"""Outputs: too large, too many, of odd kinds, or errors that cannot be shown (17)."""

from redteam.hostile import trick

LARGE = [
    trick("prints_100_mb", 17, "print('x' * 10**8)"),
    trick("prints_in_a_call", 17, "def square(x):\n    print('x' * 10**8)\n    return 0"),
    trick("raises_10_mb", 17, "def square(x):\n    raise ValueError('x' * 10**7)"),
    trick(
        "prints_many_lines",
        17,
        """
        import sys
        for _ in range(300):
            sys.stderr.write("line\\n" * 10**4)""",
    ),
    trick(
        "displays_very_often",
        17,
        """
        from IPython.display import display
        for _ in range(3 * 10**4):
            display({"text/plain": ""}, raw=True)""",
    ),
    trick(
        "displays_large_html",
        17,
        """
        from IPython.display import HTML, display
        display(HTML("<b>" * 10**7))""",
    ),
    trick(
        "displays_deep_json",
        17,
        """
        from IPython.display import display
        value = {}
        for _ in range(600):
            value = {"a": value}
        display({"application/json": value, "x" * 10**6: "", "text/html": 7}, raw=True)""",
        keeps=False,
    ),
]

ODD = [
    trick(
        "displays_surrogates",
        17,
        """
        from IPython.display import display
        print("\\ud800")
        display({"text/plain": "\\ud800", "\\udfff": "x"}, raw=True)
        display({"application/json": {"\\ud800": ["\\ud800"]}}, raw=True)""",
    ),
    trick(
        "raises_surrogates",
        17,
        """
        def square(x):
            print("\\udfff")
            raise ValueError("\\ud800")""",
    ),
    trick(
        "prints_escapes",
        17,
        """
        def square(x):
            text = "\\x1b]0;owned\\x07\\x1b[2J\\r\\n<script>alert(1)</script>"
            print(text)
            raise AssertionError(text)""",
    ),
    trick(
        "unspeakable_error",
        0,
        """
        class Mute(Exception):
            def __str__(self):
                raise SystemExit
            __repr__ = __reduce__ = __str__
        def square(x):
            raise Mute
        raise Mute""",
    ),
    trick(
        "error_without_end",
        0,
        """
        class Long(Exception):
            def __str__(self):
                while True:
                    pass
        def square(x):
            raise Long""",
        keeps=False,
    ),
]

OUTPUTS = [*LARGE, *ODD]
