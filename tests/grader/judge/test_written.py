"""Files that students' functions write, and that tests write for them."""

import base64
from pathlib import Path
from typing import Any

import pytest
from engine import answer, check, defines, graded, lesson, locked, passed, verdict

from grader.judge.written import MOST_BYTES, MOST_KEPT, Files, reads_files, to_keep
from grader.session.written import LARGEST, MOST

SAVES = "def f(text, path='out.txt'):\n    with open(path, 'w') as file:\n        file.write(text)"
LOADS = "def f(path):\n    with open(path) as file:\n        return file.read()"


@pytest.mark.parametrize(
    "test",
    [
        "f('one')\nassert open('out.txt').read() == 'one', 'no'",
        "f('one')\nf('two')\nassert open('out.txt').read() == 'two', 'no'",
        "import os\nf('a')\nassert os.path.exists('out.txt'), 'no'",
        "import os\nf('a')\nos.remove('out.txt')\nf('b', 'b.csv')\n"
        "assert os.listdir() == ['b.csv'], 'no'",
        "from pathlib import Path\nf('x,y', 'table.csv')\n"
        "assert Path('table.csv').read_text() == 'x,y', 'no'",
        "open('out.txt', 'w').write('x')\nf('one')\nassert open('out.txt').read() == 'one', 'no'",
    ],
)
def test_a_test_reads_what_a_function_writes(test: str) -> None:
    assert passed(verdict(test, SAVES))
    wrong = verdict(test, "def f(text, path='out.txt'): open('other.md', 'w').write(text)")
    assert not passed(wrong)


def test_a_wrong_text_fails_with_the_tests_own_words() -> None:
    test = "f('one')\nassert open('out.txt').read() == 'one', 'write it as it is'"
    found = verdict(test, SAVES.replace("write(text)", "write(text.upper())"))

    assert (found.points, found.message) == (0, "write it as it is")


@pytest.mark.parametrize("path", ["in.txt", "data/in.csv"])
def test_a_function_reads_what_a_test_writes(path: str) -> None:
    test = f"import os\nos.makedirs('data', exist_ok=True)\nopen({path!r}, 'w').write('1')\n"
    test += f"assert f({path!r}) == '1'\nopen({path!r}, 'w').write('2')\nassert f({path!r}) == '2'"

    assert passed(verdict(test, LOADS))
    assert not passed(verdict(test, "def f(path): return '1'"))


def test_what_a_function_deletes_is_gone() -> None:
    test = (
        "import os\nopen('a.txt', 'w').write('1')\nf('a.txt')\nassert not os.path.exists('a.txt')"
    )

    assert passed(verdict(test, "import os\ndef f(path): os.remove(path)"))
    assert not passed(verdict(test, "def f(path): pass"))


def test_a_file_of_an_answer_is_there_for_the_test() -> None:
    source = lesson(answer("a"), check("test", "assert open('out.txt').read() == 'done'"))

    assert passed(graded(source, a="print('done', end='', file=open('out.txt', 'w'))").results[0])


def content(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_the_lessons_own_files_stay_what_they_are() -> None:
    test = "f('0', 'data.csv')\nassert open('data.csv').read() == '7'"
    source = lesson(defines("f"), check("test", test), files=(("data.csv", content("7")),))

    assert passed(graded(source, f=SAVES).results[0])


@pytest.mark.parametrize(
    ("test", "carried"),
    [
        ("open('out.txt')", True),
        ("pd.read_csv('out.csv')", True),
        ("assert f(3) == 9", False),
        ("pickle.load(open('out.txt', 'rb'))", False),
        ("exec(open('out.txt').read())", False),
        ("np.load('out.npy', allow_pickle=True)", False),
        ("pd.read_pickle('out.txt')", False),
        ("json.load(open('out.json'))", True),
        ("yaml.safe_load(open('out.txt'))", False),
        ("load(open('out.txt'))", False),
        ("model.load('out.txt')", False),
        ("zipfile.ZipFile('out.dat').extractall(); open", False),
    ],
)
def test_files_are_carried_where_tests_read_them_as_data(test: str, carried: bool) -> None:
    assert reads_files(lesson(defines("f"), check("test", test))) == carried


def test_a_lesson_that_may_run_what_it_reads_gets_no_files() -> None:
    helper = ("helper.py", content("import pickle\ndef load(file): return pickle.load(file)"))
    test = check("test", "assert open('out.txt')")

    assert not reads_files(lesson(test, files=(helper,)))
    assert not reads_files(lesson(locked("a", "from joblib import load"), test))
    assert reads_files(lesson(answer("a", official="import pickle"), test))


@pytest.mark.parametrize("name", ["helper.py", "json.py", "sitecustomize.py", "helper.txt.py"])
def test_no_module_reaches_the_tests(name: str) -> None:
    own = f"def f():\n    open({name!r}, 'w').write('found = 1')"
    assert passed(verdict("import os\nf()\nopen\nassert os.listdir() == []", own))


ODD: list[Any] = [
    "../out.txt",
    "/tmp/out.txt",
    "a/../../out.txt",
    "a/./out.txt",
    ".hidden.txt",
    "out.txt\n",
    "out\0.txt",
    "out.py",
    "out.pkl",
    "out",
    "a/b/c/d/e.txt",
    "x" * 300 + ".txt",
    "",
    5,
    None,
    ["out.txt"],
    {"t": "tuple", "v": []},
]


@pytest.mark.parametrize("path", ODD, ids=lambda path: ascii(path)[:30])
def test_an_odd_path_is_left_out(tmp_path: Path, path: Any) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    Files(folder, []).heed({"written": [[path, content("x")]], "gone": [path]})

    assert [*tmp_path.rglob("*")] == [folder]


@pytest.mark.parametrize(
    "told",
    [
        5,
        None,
        {"written": 5, "gone": 5},
        {"written": [5, [], ["a.txt"], ["a.txt", "eA==", 1], ("a.txt", "eA==")]},
        {"written": [["a.txt", "no base64"], ["a.txt", 5], ["a.txt", None], ["a.txt", "\u00e9"]]},
        {"written": [["a.txt", content("x" * (LARGEST + 1))]]},
        {"written": [["data.csv", content("x")]], "gone": ["data.csv"]},
    ],
)
def test_what_is_told_in_another_form_changes_nothing(tmp_path: Path, told: Any) -> None:
    (tmp_path / "data.csv").write_text("7")
    Files(tmp_path, ["data.csv"]).heed(told)

    assert [path.name for path in tmp_path.iterdir()] == ["data.csv"]
    assert (tmp_path / "data.csv").read_text() == "7"


def test_a_session_lays_out_so_much_and_no_more(tmp_path: Path) -> None:
    files = Files(tmp_path, [])
    large = content("x" * LARGEST)
    for _ in range(3):
        files.heed({"written": [[f"{n}.txt", large] for n in range(2 * MOST)]})

    sizes = [path.stat().st_size for path in tmp_path.iterdir()]
    assert sum(sizes) <= MOST_BYTES
    assert len(sizes) <= MOST


def test_links_and_strange_files_are_not_told() -> None:
    own = """import os
def f():
    os.symlink('/etc/passwd', 'a.txt')
    os.symlink('/etc', 'b')
    os.mkfifo('c.txt')
    os.makedirs('d.txt')
    open('e.txt', 'w').write('x' * 2 * 2**20)"""
    test = "import os\nf()\nassert os.listdir() == []"

    assert passed(verdict(test, own))


def test_what_a_notebook_has_written_is_kept() -> None:
    own = """import os
os.makedirs("out")
open("out/a.csv", "w").write("x")
open("data.csv", "a").write("9")
for name in ("timestamp.txt", "page.svg", "page.html", ".hidden.txt", "run.py"):
    open(name, "w").write("y")"""
    files = (("data.csv", content("7")), ("other.csv", content("8")))
    found = graded(lesson(answer("a"), files=files), a=own)

    assert found.files == (("data.csv", content("79")), ("out/a.csv", content("x")))


def test_nothing_is_kept_of_a_session_that_has_ended() -> None:
    own = "open('a.txt', 'w').write('x')\nimport os\nos._exit(1)"

    assert graded(lesson(answer("a")), a=own).files == ()


@pytest.mark.parametrize(
    "told",
    [
        5,
        {"written": [["../a.txt", content("x")], ["a.py", content("x")], ["a.txt", 5]]},
        {"written": [["timestamp.txt", content("x")], ["a.svg", content("<script/>")]]},
    ],
)
def test_what_is_odd_is_not_kept(told: Any) -> None:
    assert to_keep(told) == ()


def test_so_much_is_kept_and_no_more() -> None:
    told = {"written": [[f"{n}.txt", content("x" * LARGEST)] for n in range(9)]}

    assert len(to_keep(told)) == MOST_KEPT // LARGEST
