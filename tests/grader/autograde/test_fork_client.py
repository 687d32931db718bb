"""Fork servers: what they are asked to import is nobody's to read."""

from pathlib import Path

from engine import answer, check, defines, graded, lesson, passed

HIDDEN = "assert f() == 1\n### BEGIN HIDDEN TESTS\nimport colorsys\nf()\n### END HIDDEN TESTS"


def command_lines() -> str:
    return " ".join(file.read_text() for file in Path("/proc").glob("[0-9]*/cmdline"))


def test_what_only_hidden_tests_import_is_loaded_for_judges_alone() -> None:
    look = "import sys\ndef f():\n    return 1 - ('colorsys' in sys.modules)"
    loaded = check("loaded", "import sys\nassert 'colorsys' in sys.modules")
    source = lesson(defines("f"), check("test", HIDDEN), loaded)

    assert all(passed(one) for one in graded(source, f=look).results)
    assert "colorsys" not in command_lines()


def test_a_solutions_modules_that_take_long_to_load_are_loaded_beforehand() -> None:
    source = lesson(answer("a", "pass", "import scipy.stats as st\nimport bisect"))

    assert {"scipy", "bisect"} & set(source.session_imports) == {"scipy"}
    assert {"scipy.stats", "bisect"} <= set(source.imports)
