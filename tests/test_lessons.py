"""The lessons: each runs, is canonical, keeps its promises to students, and asks what it should."""

import ast
import json
import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat
import pytest

import linbias
from linbias import check, experiment, plots, widgets
from linbias.check import CASES, QUESTIONS
from linbias.check.tasks import DEMONSTRATION, TASKS

SOURCE = Path(__file__).parents[1] / "solutions"
LESSONS = sorted(path.stem for path in SOURCE.glob("*/*.ipynb"))

# The first five lessons together should leave time for a break in an afternoon: 2 h 15.
MINUTES = {
    "00_start_here": 10,
    "01_one_pair": 30,
    "02_causal_triangle": 35,
    "03_scores_to_attention": 30,
    "04_what_beta_does": 30,
    "05_same_attention": 30,
    "06_many_heads": 30,
    "07_relatives_and_limits": 30,
    "08_train_short_test_long": 35,
}

# What a learner should be able to answer about the subject, and the cell that asks it.
ASKED = {
    "attention by itself is blind to order": ("01_one_pair", "test_attend_shuffled"),
    "the bias of query 5 and key 2 with beta 0.1": ("01_one_pair", "test_quiz_bias_5_2"),
    "the bias of any pair": ("01_one_pair", "test_linear_bias"),
    "does the penalty decrease with distance": ("01_one_pair", "test_quiz_penalty_shrinks"),
    "how to read a given bias": ("01_one_pair", "test_quiz_interpret_bias"),
    "the penalties of query 4 on the keys 0 to 4": ("01_one_pair", "test_quiz_row_4"),
    "the biases of one query": ("01_one_pair", "test_bias_row"),
    "which products q k a causal model computes": ("02_causal_triangle", "test_score_labels"),
    "how many they are for 7 tokens": ("02_causal_triangle", "test_quiz_visible_pairs_7"),
    "which keys a query sees": ("02_causal_triangle", "test_causal_mask"),
    "all biases, zero on the diagonal": ("02_causal_triangle", "test_bias_matrix"),
    "the same without loops": ("02_causal_triangle", "test_bias_matrix_no_loops"),
    "where the bias goes in the formula": ("03_scores_to_attention", "test_attention_weights"),
    "scale first, then add": ("03_scores_to_attention", "test_quiz_scale_order"),
    "attention with beta 1.0 against 0.1": ("04_what_beta_does", "test_quiz_beta_compare"),
    "how far a beta lets a model look": ("04_what_beta_does", "test_window"),
    "when two biases give one attention": ("05_same_attention", "test_same_attention"),
    "the bias of the keys alone": ("05_same_attention", "test_key_only_bias"),
    "the bias of new queries with a cache": ("05_same_attention", "test_bias_with_cache"),
    "the slopes of 8, 12 and 16 heads": ("06_many_heads", "test_slopes_official"),
    "what is wrong with a neighbouring formula": ("06_many_heads", "test_quiz_neighbour_formula"),
    "the bias of all heads": ("06_many_heads", "test_alibi_bias"),
    "the formula in the book's form": ("07_relatives_and_limits", "test_book_beta"),
    "the likeness to length features": ("07_relatives_and_limits", "test_quiz_length_feature"),
    "does a longer text help": ("08_train_short_test_long", "test_quiz_survives_or_uses"),
}


# The source's page: the point, what stands beside it ("Related"), what follows ("Learn after").
THE_BOOKS = {
    "The point itself": 5,
    "What stands beside it": 7,
    "What follows from it": 4,
}


def text_of(lesson: str) -> str:
    return (SOURCE / lesson / f"{lesson}.ipynb").read_text()


def cells_of(lesson: str) -> list[Any]:
    return list(nbformat.reads(text_of(lesson), as_version=4).cells)


def nbgrader(cell: Any) -> dict[str, Any]:
    return dict(cell.metadata.get("nbgrader", {}))


def is_answer(cell: Any) -> bool:
    return bool(nbgrader(cell).get("solution"))


def is_test(cell: Any) -> bool:
    return bool(nbgrader(cell).get("grade")) and not is_answer(cell)


def is_manual(cell: Any) -> bool:
    return bool(nbgrader(cell).get("grade")) and is_answer(cell)


def is_quiz(cell: Any) -> bool:
    return str(cell.id).startswith("test_quiz_")


def prose(lesson: str) -> list[Any]:
    return [c for c in cells_of(lesson) if c.cell_type == "markdown" and not is_answer(c)]


def canonical(notebook: dict[str, Any]) -> str:
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    return json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


# IPython without a kernel takes a second for all lessons, and five kernels take twenty. It needs a
# process of its own: once IPython runs, linbias.check shows pictures in place of texts.
RUN_ALL = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

shell = InteractiveShell.instance()
told = {}
for lesson, cells in json.load(sys.stdin).items():
    shell.reset(new_session=False)
    told[lesson] = {}
    for name, source in cells.items():
        with capture_output() as output:
            result = shell.run_cell(source)
        error = result.error_before_exec or result.error_in_exec
        told[lesson][name] = {"error": error and repr(error), "stderr": output.stderr}
json.dump(told, sys.stdout)
"""


def run(sources: dict[str, dict[str, str]]) -> dict[str, dict[str, dict[str, Any]]]:
    """Run each lesson's cells in turn, past errors; return each cell's error and stderr."""
    done = subprocess.run(
        [sys.executable, "-c", RUN_ALL],
        input=json.dumps(sources),
        # As in grading, lesson 08 does not train its models.
        env=os.environ | {"NBGRADER_EXECUTION": "autograde"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.fixture(scope="session")
def outputs() -> dict[str, dict[str, dict[str, Any]]]:
    """What came of each cell of the solved lessons."""
    code = {
        lesson: {cell.id: cell.source for cell in cells_of(lesson) if cell.cell_type == "code"}
        for lesson in LESSONS
    }
    return run(code)


def test_the_lessons_are_there():
    assert list(MINUTES) == LESSONS


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_solved_lesson_runs_and_only_a_planned_failure_fails(lesson, outputs):
    tagged = [c.id for c in cells_of(lesson) if "raises-exception" in c.metadata.get("tags", [])]
    # An optional check has the tag too, so that "Run All" goes on for who leaves it out.
    planned = [name for name in tagged if not name.startswith("test_")]
    failed = {name: output["error"] for name, output in outputs[lesson].items() if output["error"]}

    assert list(failed) == planned, failed


@pytest.mark.parametrize("lesson", LESSONS)
def test_nothing_is_written_to_stderr(lesson, outputs):
    """nbgrader gives no points to a cell that writes there."""
    noise = {name: output["stderr"] for name, output in outputs[lesson].items()}

    assert set(noise.values()) == {""}, noise


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_notebook_in_git_is_canonical(lesson):
    text = text_of(lesson)

    assert text == canonical(json.loads(text)), (
        f"solutions/{lesson} has outputs or was saved in another form. In JupyterLab choose "
        "Edit > Clear Outputs of All Cells and save; then rewrite it with json.dumps(..., "
        "indent=1, sort_keys=True, ensure_ascii=False) and a newline at the end."
    )


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_cell_is_named_in_words_and_as_its_grade_id(lesson):
    for cell in cells_of(lesson):
        assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", cell.id), f"name {cell.id} in words"
        assert nbgrader(cell).get("grade_id", cell.id) == cell.id


def words_to_read(markdown: str) -> int:
    """Words of running text: not what <details> hides, not tables, not the choices of a quiz."""
    shown = re.sub(r"</summary>.*?</details>", "", markdown, flags=re.DOTALL)
    lines = [line for line in shown.splitlines() if not re.match(r"\||- \*\*[A-D]\*\*:", line)]
    return sum(any(map(str.isalnum, word)) for word in " ".join(lines).split())


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_cell_is_short(lesson):
    long = {cell.id: words_to_read(cell.source) for cell in prose(lesson)}
    code = {
        cell.id: len(cell.source.splitlines())
        for cell in cells_of(lesson)
        if cell.cell_type == "code" and not is_answer(cell) and not is_test(cell)
    }

    assert {name: words for name, words in long.items() if words > 80} == {}
    assert {name: lines for name, lines in code.items() if lines > 15} == {}


@pytest.mark.parametrize("lesson", LESSONS)
def test_headings_are_in_order(lesson):
    """A screen reader's user moves by headings: one title, then no level is skipped."""
    levels = [
        len(marks)
        for cell in prose(lesson)
        for marks in re.findall(r"^(#+) ", cell.source, flags=re.MULTILINE)
    ]

    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_title_states_the_time_and_the_points(lesson):
    stated = re.search(r"\*\*About (\d+) minutes · (\d+) points\*\*", prose(lesson)[0].source)
    points = sum(nbgrader(cell).get("points", 0) for cell in cells_of(lesson))

    assert stated, "the first cell says **About N minutes · P points**"
    assert [int(number) for number in stated.groups()] == [MINUTES[lesson], points]


def optional_minutes(lesson: str) -> int:
    """What the sections called optional say that they take."""
    sections = re.split(r"^(?=## )", _all_prose(lesson), flags=re.MULTILINE)
    optional = "\n".join(text for text in sections if text.startswith("## Optional: "))
    stated = re.findall(r"^## .*\n\n\*(\d+) minutes .*\*$", optional, flags=re.MULTILINE)
    assert len(stated) == optional.count("## Optional: ")
    return sum(map(int, stated))


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_title_states_the_minutes_of_the_optional_sections(lesson):
    stated = re.findall(r"· (\d+) minutes more are optional", prose(lesson)[0].source)

    assert sum(map(int, stated)) == optional_minutes(lesson)


@pytest.mark.parametrize("lesson", LESSONS)
def test_an_optional_section_has_no_points_and_stands_behind_all_that_is_asked_for(lesson):
    cells = cells_of(lesson)
    first = [n for n, cell in enumerate(cells) if cell.source.startswith("## Optional: ")][:1]

    assert [cell.id for n in first for cell in cells[n:] if nbgrader(cell).get("points")] == []


def test_lesson_00_states_the_minutes_of_the_course_and_of_what_is_optional():
    told = next(cell.source for cell in cells_of(LESSONS[0]) if cell.id == "map")

    assert [int(number) for number in re.findall(r"(\d+) minutes", told)] == [
        sum(MINUTES.values()),
        sum(map(optional_minutes, LESSONS)),
    ]


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_exercises_state_their_points(lesson):
    stated = re.findall(r"^##.* · (\d+) points?$", _all_prose(lesson), flags=re.MULTILINE)
    points = sum(nbgrader(cell).get("points", 0) for cell in cells_of(lesson))

    assert sum(map(int, stated)) == points


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_exercises_state_their_minutes_and_how_hard_they_are(lesson):
    asked = r"^##.* · \d+ points?$"
    stated = rf"{asked}\n\n\*(\d+) minutes? · (?:easy|medium|hard)\*$"
    minutes = re.findall(stated, _all_prose(lesson), flags=re.MULTILINE)

    assert len(minutes) == len(re.findall(asked, _all_prose(lesson), flags=re.MULTILINE))
    # The rest of the time is for reading and predicting.
    assert sum(map(int, minutes)) < MINUTES[lesson]


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_graded_exercise_has_points_and_a_visible_and_a_hidden_test(lesson):
    tests = [cell for cell in cells_of(lesson) if is_test(cell)]

    assert tests
    for cell in tests:
        visible, mark, hidden = cell.source.partition("### BEGIN HIDDEN TESTS\n")
        call = "check_answer(" if is_quiz(cell) else "check("
        assert nbgrader(cell)["points"] > 0, cell.id
        assert visible.startswith(call), cell.id
        # A quiz has one right answer: there is nothing to hide.
        assert is_quiz(cell) or (mark and hidden.startswith("check(")), cell.id


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_visible_cases_tell_every_known_mistake_apart(lesson):
    """Lesson 00 asks for one table of four words, so it has its own."""
    for cell in cells_of(lesson):
        if is_test(cell) and not is_quiz(cell) and lesson != "00_start_here":
            call = ast.parse(cell.source).body[0].value
            name = call.args[0].id
            whole = f"check({name}, *CASES[{name!r}])".replace("'", '"')
            assert ast.unparse(call) == ast.unparse(ast.parse(whole)) or (
                tuple(map(ast.literal_eval, call.args[1:])) == CASES[name]
            ), f"{cell.id} takes other cases than linbias.check.CASES"


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_quiz_prints_the_question_that_is_checked(lesson):
    cells = cells_of(lesson)
    for before, cell in pairwise(cells):
        if cell.id.startswith("quiz_"):
            assert QUESTIONS[cell.id.removeprefix("quiz_")].markdown in before.source, before.id


@pytest.mark.parametrize("lesson", LESSONS)
def test_an_answer_cell_precedes_its_test_and_keeps_a_signature_outside_the_solution(lesson):
    cells = cells_of(lesson)
    for before, cell in pairwise(cells):
        if is_test(cell):
            stub, mark, _ = before.source.partition("### BEGIN SOLUTION")
            assert before.id == cell.id.removeprefix("test_")
            assert is_answer(before)
            assert mark, before.id
            if not is_quiz(cell):
                assert re.search(rf"^def {before.id}\([^)]*\) -> .*:$", stub, re.MULTILINE), (
                    before.id
                )
                assert '"""' in stub, f"{before.id} needs a docstring"


def test_every_lesson_has_its_tasks():
    assert list(TASKS) == LESSONS


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_tasks_are_the_checks_of_the_lesson_with_their_numbers_and_points(lesson):
    number, found = "", {}
    for cell in cells_of(lesson):
        number = next(iter(re.findall(r"^## (\d\.\d) ", cell.source, re.M)), number)
        if str(cell.id).startswith("test_"):
            name = re.sub("^test_(quiz_)?", "", cell.id)
            exercise = not is_quiz(cell) and nbgrader(cell).get("points")
            found[name] = (number if exercise else "", nbgrader(cell).get("points", 0))
    asked = {name: (task.number, task.points) for name, task in TASKS[lesson].items()}
    asked.pop(DEMONSTRATION, None)

    assert list(asked.items()) == list(found.items())


@pytest.mark.parametrize("lesson", LESSONS)
def test_no_hint_holds_a_line_of_the_solution(lesson):
    told = " ".join(" ".join(task.hints) for task in TASKS[lesson].values())
    for cell in cells_of(lesson):
        if is_answer(cell) and cell.cell_type == "code":
            inside = cell.source.partition("### BEGIN SOLUTION")[2].splitlines()
            lines = [line.strip().removeprefix("return ") for line in inside]
            assert [line for line in lines if len(line) > 12 and line in told] == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_one_answer_in_words_with_a_model_answer_and_a_mark_scheme(lesson):
    manual = [cell for cell in cells_of(lesson) if is_manual(cell)]

    assert len(manual) == 1
    assert re.fullmatch(
        r"### BEGIN SOLUTION\n.+=== BEGIN MARK SCHEME ===\n.+=== END MARK SCHEME ===\n"
        r"### END SOLUTION",
        manual[0].source,
        flags=re.DOTALL,
    )


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_ends_with_three_things_to_recall(lesson):
    recall = next(cell for cell in prose(lesson) if cell.id == "recall")

    assert recall.source.count("<details><summary>") == 3


@pytest.mark.parametrize("question", ASKED)
def test_the_subjects_questions_are_asked_for_points(question):
    lesson, name = ASKED[question]

    assert name in [cell.id for cell in cells_of(lesson) if is_test(cell)]


def rows(markdown: str) -> list[list[str]]:
    """The rows of a page's tables, without the headings."""
    lines = re.findall(r"^\| (.+) \|$", markdown, re.MULTILINE)
    return [line.split(" | ") for line in lines if not line.startswith(("point |", "word |"))]


@pytest.mark.parametrize("part", THE_BOOKS)
def test_each_point_of_the_book_has_its_cell(part):
    page = (SOURCE.parent / "docs" / "source.md").read_text(encoding="utf-8")
    (section,) = re.findall(rf"^## {part}\n(.*?)(?=^#|\Z)", page, re.MULTILINE | re.DOTALL)
    found = [(re.sub(r"\W.*", "", link[1:]), cell.strip("`")) for _, link, cell in rows(section)]
    cells = {(lesson[:2], cell.id) for lesson in LESSONS for cell in cells_of(lesson)}

    assert len(found) == THE_BOOKS[part]
    assert [one for one in found if one not in cells] == []


def test_the_course_ends_with_a_page_that_has_something_of_each_lesson():
    (summary,) = [cell for cell in prose(LESSONS[-1]) if cell.id == "summary"]
    lessons = [row[-1] for row in rows(summary.source)[1:]]

    assert lessons == sorted(lessons)
    assert set(lessons) == {lesson[:2] for lesson in LESSONS[1:]}
    assert len(lessons) <= 15


def test_the_glossary_is_in_order_and_has_words_of_the_lessons():
    (glossary,) = [cell for cell in prose(LESSONS[-1]) if cell.id == "glossary"]
    told = " ".join(map(_all_prose, LESSONS)).replace(glossary.source, "").lower()
    words = [row[0] for row in rows(glossary.source)]

    assert words == sorted(words)
    assert [w for words_ in words for w in words_.split(", ") if w not in told] == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_only_the_setup_is_needed_by_other_cells_and_it_is_read_only(lesson):
    """The grader takes locked cells from the source, so a student cannot change them."""
    imports = [c for c in cells_of(lesson) if re.search(r"^(import|from) ", c.source, re.M)]

    assert [cell.id for cell in imports if cell.cell_type == "code"] == ["setup"]
    assert nbgrader(next(c for c in cells_of(lesson) if c.id == "setup"))["locked"]


def _all_prose(lesson: str) -> str:
    return "\n".join(cell.source for cell in prose(lesson))


def _known_names(lesson: str) -> set[str]:
    code = "\n".join(c.source for c in cells_of(lesson) if c.cell_type == "code")
    public = [
        name for module in (linbias, check, experiment, plots, widgets) for name in dir(module)
    ]
    return set(public) | set(re.findall(r"[A-Za-z_]\w*", code))


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_function_named_in_the_text_exists(lesson):
    """In backticks: a word with an underscore, or one that is called."""
    named = set(re.findall(r"`([a-z]+(?:_[a-z0-9]+)+)`|`([a-z_]+)\(", _all_prose(lesson)))
    names = {first or second for first, second in named}

    assert names - _known_names(lesson) == set()


@pytest.mark.parametrize("lesson", LESSONS)
def test_links_between_lessons_lead_somewhere(lesson):
    for link in re.findall(r"\]\((\.\./[^)]+)\)", _all_prose(lesson)):
        assert (SOURCE / lesson / link).resolve().is_file(), link


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_function_is_defined_in_one_cell_only(lesson):
    """A demonstration under the name of an exercise would pass or fail the exercise's check."""
    code = [cell.source for cell in cells_of(lesson) if cell.cell_type == "code"]
    defined = re.findall(r"^def (\w+)\(", "\n".join(code), flags=re.MULTILINE)

    assert sorted(set(defined)) == sorted(defined)


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_guess_is_asked_for_by_name_so_that_its_cell_gives_nothing_away(lesson):
    asked = [cell.source for cell in cells_of(lesson) if cell.id == "predict"]

    assert all(re.fullmatch(r"predictions\.\w+\((runs)?\)", source) for source in asked), asked
    assert len(asked) == (lesson != "00_start_here")
