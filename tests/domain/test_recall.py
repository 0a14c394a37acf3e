"""A log that grows is gone on with from the ground it had reached."""

from __future__ import annotations

import numpy as np
import pytest

from geodata.domain import replay
from geodata.domain.cells import Cells, cells_of
from geodata.domain.intent import Close, Intent, Merge
from geodata.domain.recall import Recall
from geodata.errors import InvalidRedraw
from scripts import dirt
from scripts.redrawing import Trial


@pytest.fixture(scope="module")
def trial() -> Trial:
    rng = np.random.default_rng(3)
    made = Trial(cells_of(dirt.division(rng, 9), "1"), "1", rng)
    assert list(made.run(6, again=False)) == []
    return made


@pytest.fixture
def performed(monkeypatch: pytest.MonkeyPatch) -> list[Intent]:
    """The intents that are computed and not recalled."""
    seen: list[Intent] = []
    perform = replay.perform

    def noted(cells: Cells, wanted: Intent, within: object = None) -> object:
        del within
        seen.append(wanted)
        return perform(cells, wanted)

    monkeypatch.setattr(replay, "perform", noted)
    return seen


def test_what_is_recalled_is_what_is_computed(trial: Trial, performed: list[Intent]) -> None:
    recall = Recall()
    for count in range(len(trial.log) + 1):
        found = recall.replayed(1, lambda: trial.start, trial.log[:count], {"1"})
    assert performed == trial.log
    assert found.after.same_as(trial.cells)
    assert found.before is trial.start
    assert len(found.done) == len(trial.log)
    again = recall.replayed(1, lambda: trial.start, trial.log[:2], {"1"})
    assert again.after.same_as(found.done[1].cells)
    assert performed == trial.log


def test_other_ground_and_other_rights_are_computed_anew(
    trial: Trial, performed: list[Intent]
) -> None:
    recall, first = Recall(), trial.log[:1]
    recall.replayed(1, lambda: trial.start, first, {"1"})
    recall.replayed(2, lambda: trial.start, first, {"1"})
    recall.replayed(1, lambda: trial.start, first)
    assert performed == first * 3


def test_a_refusal_is_told_each_time_and_what_went_before_stays(
    trial: Trial, performed: list[Intent]
) -> None:
    recall, code = Recall(), trial.start.codes[0]
    log: list[Intent] = [Close(code), Merge((code,), code)]
    for _ in range(2):
        with pytest.raises(InvalidRedraw):
            recall.replayed(1, lambda: trial.start, log)
    assert performed == [log[0], log[1], log[1]]


def test_what_was_not_asked_for_long_is_forgotten(trial: Trial, performed: list[Intent]) -> None:
    recall, code = Recall(most=2), trial.start.codes[0]
    for mark in range(3):
        recall.replayed(mark, lambda: trial.start, [Close(code)])
    recall.replayed(0, lambda: trial.start, [Close(code)])
    assert len(performed) == 4
