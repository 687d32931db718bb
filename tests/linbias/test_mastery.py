"""Which mistakes were met and mended: the list, its export and its map."""

import csv
from pathlib import Path

import pytest

from linbias import plots
from linbias.check.mistakes_met import Mastery, mastery, met
from linbias.check.progress import Note
from linbias.check.tasks import TASKS


def wrong(task: str, mistake: str, lesson: str = "01_one_pair") -> Note:
    return Note(lesson, task, False, mistake, "2030-01-01T10:00:00")


def right(task: str, lesson: str = "01_one_pair") -> Note:
    return Note(lesson, task, True, "", "2030-01-01T11:00:00")


NOTES = [
    wrong("alibi_bias", "", "06_many_heads"),
    wrong("linear_bias", "sign_flipped"),
    wrong("linear_bias", "sign_flipped"),
    right("linear_bias"),
    wrong("bias_matrix", "sign_flipped", "02_causal_triangle"),
]


def of(notes: list[Note]) -> Mastery:
    return Mastery(met(notes), {"01_one_pair": 1}, dict.fromkeys(TASKS, 6))


def test_a_mistake_is_mended_when_its_check_passes_afterwards():
    found = met(NOTES)

    assert [(one.task, one.name, one.times, one.mended) for one in found] == [
        ("linear_bias", "sign flipped", 2, True),
        ("bias_matrix", "sign flipped", 1, False),
        ("alibi_bias", "another slip", 1, False),
    ]


def test_a_mistake_that_comes_back_is_open_again():
    (one,) = met([wrong("row_4", "reversed"), right("row_4"), wrong("row_4", "reversed")])

    assert (one.times, one.mended) == (2, False)


def test_it_is_exported_as_csv(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = tmp_path / "mastery.csv"
    of(NOTES).save(str(file))
    first, *_ = csv.DictReader(file.read_text().splitlines())

    assert first["mistake"] == "sign_flipped"
    assert (first["times"], first["mended"]) == ("2", "True")
    assert str(file) in capsys.readouterr().out


def test_it_is_told_in_words():
    said = str(of(NOTES))

    assert "01 one pair: 1 of 6 checks pass" in said
    assert "linear_bias: sign flipped, 2 times, mended" in said
    assert "bias_matrix: sign flipped, once, still open" in said


def test_in_grading_it_is_empty_and_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")

    assert mastery().met == ()
    assert "While a notebook is graded, no notes are read." in str(mastery())


def test_the_map_has_a_row_for_each_mistake_and_a_column_for_each_lesson():
    axes = plots.mastery_map(of(NOTES))

    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["sign flipped", "another slip"]
    assert len(axes.get_xticks()) == len(TASKS)
    assert "sign flipped: lesson 01, 2 times, mended; lesson 02, once, still open." in repr(axes)


def test_the_map_shows_the_commonest_mistakes_and_says_how_many_it_leaves_out():
    notes = [wrong("row_4", f"slip_{k}") for k in range(20)] + [wrong("distance", "swapped")] * 2
    axes = plots.mastery_map(of(notes))

    assert axes.get_yticklabels()[0].get_text() == "swapped"
    assert len(axes.get_yticks()) == 16
    assert "5 rarer mistakes are not shown." in axes.get_xlabel()


def test_a_map_without_notes_says_so():
    shown = [text.get_text() for text in plots.mastery_map(of([])).texts]

    assert "No mistakes are noted yet." in shown
