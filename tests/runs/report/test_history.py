from __future__ import annotations

import json

import pytest

from core.contract.events import (
    Answers,
    ClassifierSteps,
    EpochEnd,
    Finished,
    GanSteps,
    Preparing,
    SamplePredictions,
    Samples,
    Started,
)
from core.errors import RunError
from core.messages import Message
from core.runs import Run
from core.runs.report.history import STEP_FIGURES, History

STARTED = Started(10, 90, 10, 3, 6)
FIRST = ClassifierSteps(2, [2.0, 1.5], [0.1, 0.2], [0.01, 0.02], 100.0, 0.2)
SECOND = ClassifierSteps(3, [1.0], [0.5], [0.03], 100.0, 0.3)
EPOCH = EpochEnd(1, 3, 0.9, 0.6, 0.3)


def record(run: Run, *events) -> None:
    for event in events:
        run.record.append(event)


def test_a_run_that_recorded_nothing_has_an_empty_history(run):
    history = History(run).refresh()
    assert (history.step, history.by_step, history.epochs) == (0, {}, [])
    assert (history.preparing, history.started, history.finished) == (None, None, None)


def test_figures_of_all_chunks_are_joined_from_step_1_on(run):
    record(run, STARTED, FIRST, SECOND, EPOCH)
    history = History(run).refresh()
    assert list(history.by_step["loss"]) == [2.0, 1.5, 1.0]
    assert list(history.by_step["accuracy"]) == [0.1, 0.2, 0.5]
    assert list(history.by_step["learning_rate"]) == [0.01, 0.02, 0.03]
    assert len(history.by_step["loss"]) == history.step == 3


def test_each_kind_of_event_is_kept_in_its_field(run):
    samples = Samples(3, 1, None, "samples/step-00000003.png")
    finished = Finished(3, 0.5, metrics={"test_accuracy": 0.6})
    record(
        run, Preparing(Message("first")), Preparing(Message("last")), STARTED, FIRST, EPOCH, samples, finished
    )
    history = History(run).refresh()
    assert history.preparing == Preparing(Message("last"))
    assert history.started == STARTED
    assert (history.step, history.seconds, history.images_per_second) == (2, 0.2, 100.0)
    assert history.epochs == [EPOCH]
    assert history.samples == [samples]
    assert history.finished == finished


def test_the_history_of_a_gan_has_its_figures_and_none_of_a_classifier(run):
    record(run, GanSteps(2, [1.4, 1.3], [0.7, 0.8], [0.5, 0.6], [0.5, 0.4], 10.0, 1.0))
    history = History(run).refresh()
    assert list(history.by_step["d_fake"]) == [0.5, 0.4]
    assert list(history.by_step["loss"]) == []
    assert set(history.by_step) == set(STEP_FIGURES)


def test_norms_are_kept_by_layer_with_one_for_each_chunk(run):
    for step, norm in ((1, 2.0), (2, 2.5)):
        record(run, ClassifierSteps(step, [1.0], [0.5], [0.1], 9.0, 1.0, {"conv1": norm}, {"conv1": 0.5}))
    history = History(run).refresh()
    assert {layer: list(norms) for layer, norms in history.weight_norms.items()} == {"conv1": [2.0, 2.5]}
    assert list(history.gradient_norms["conv1"]) == [0.5, 0.5]


def test_the_latest_answers_of_each_split_and_all_predictions_for_samples_are_kept(run):
    answers = [Answers(n, n, "validation", [[n]], None, f"answers/validation-{n}.npz") for n in (1, 2)]
    test = Answers(2, 2, "test", [[9]], None, "answers/test-2.npz")
    predictions = [SamplePredictions(n, "Deep CNN", 200, [n], [n], 0) for n in (1, 2)]
    record(run, *answers, test, *predictions)
    history = History(run).refresh()
    assert history.answers == {"validation": answers[1], "test": test}
    assert history.sample_predictions == predictions


@pytest.mark.parametrize("edit", [{"loss": "x"}, {"loss": ["1"]}, {"seconds": None}, {"weight_norms": [1]}])
def test_a_chunk_without_valid_numbers_is_left_out(run, edit):
    record(run, FIRST)
    line = {**json.loads((run.folder / "events.jsonl").read_text()), **edit}
    with open(run.folder / "events.jsonl", "a") as file:
        file.write(json.dumps(line) + "\n")
    record(run, SECOND)
    assert list(History(run).refresh().by_step["loss"]) == [2.0, 1.5, 1.0]


def test_a_refresh_adds_only_new_events(run):
    history = History(run)
    for count, event in enumerate([STARTED, FIRST, SECOND, EPOCH]):
        record(run, event)
        assert history.refresh() is history
        history.refresh()  # nothing new in between
        assert len(history.by_chunk.get("step", [])) == max(0, min(count, 2))
    assert list(history.by_step["loss"]) == [2.0, 1.5, 1.0]
    assert history.epochs == [EPOCH]


def test_a_history_read_in_parts_equals_one_read_at_once(run):
    slow = History(run)
    for event in (Preparing(Message("loading"), 0.5), STARTED, FIRST, SECOND, EPOCH, Finished(3, 0.4)):
        record(run, event)
        slow.refresh()
    assert slow == History(run).refresh()


def test_an_incomplete_last_line_is_read_once_it_is_complete(run):
    record(run, FIRST, SECOND)
    file = run.folder / "events.jsonl"
    whole = file.read_bytes()
    file.write_bytes(whole[:-9])
    history = History(run).refresh()
    assert history.step == 2
    file.write_bytes(whole)
    assert history.refresh().step == 3


def test_a_record_that_cannot_be_opened_is_reported_in_one_sentence(run):
    (run.folder / "events.jsonl").mkdir()
    with pytest.raises(RunError) as refused:
        History(run).refresh()
    assert refused.value.message.key == "runs.unreadable_record"


def test_the_time_left_follows_from_the_mean_speed_once_two_chunks_are_over(run):
    record(run, STARTED, FIRST, SECOND)
    assert History(run).refresh().seconds_left is None
    record(run, ClassifierSteps(4, [1.0], [0.5], [0.03], 100.0, 0.8))
    history = History(run).refresh()
    assert history.seconds_left == pytest.approx(0.8 / 4 * 2)
    assert history.share_done == pytest.approx(4 / 6)


def test_before_its_number_of_steps_is_known_a_run_has_no_progress_and_no_time_left(run):
    history = History(run).refresh()
    assert (history.share_done, history.seconds_left) == (0.0, None)


def test_a_run_with_more_steps_than_planned_is_done(run):
    record(
        run,
        STARTED,
        *(ClassifierSteps(step, [1.0], [0.5], [0.03], 100.0, 0.1 * step) for step in range(1, 9)),
    )
    history = History(run).refresh()
    assert (history.share_done, history.seconds_left) == (1.0, 0.0)


def test_the_latest_answers_are_those_of_the_test_images_once_there_are_any(run):
    validation, test = (Answers(3, 1, split, [[1]], None) for split in ("validation", "test"))
    assert History(run).refresh().latest_answers is None
    record(run, STARTED, validation)
    assert History(run).refresh().latest_answers == validation
    record(run, test)
    assert History(run).refresh().latest_answers == test


def test_a_test_whose_images_were_not_recorded_still_has_its_confusion_matrix(run):
    record(run, STARTED, Answers(3, 1, "validation", [[1]], None), Finished(6, 0.5, confusion=[[2]]))
    answers = History(run).refresh().latest_answers
    assert answers == Answers(6, 0, "test", [[2]], None)
