from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from core.bundles.bundle import Bundle, open_bundle
from core.errors import BundleError
from core.inference import litert_session
from core.inference.litert_session import Session, release_idle_interpreters

IMAGES = np.random.default_rng(0).random((40, 28, 28, 1)).astype(np.float32)


@pytest.fixture(scope="module")
def session(cnn_bundle) -> Session:
    return Session(cnn_bundle)


def test_each_of_many_threads_gets_the_outputs_of_its_own_inputs(session):
    questions = [IMAGES[i : i + 1 + i % 5] for i in range(32)]  # batches of several sizes
    expected = [session.run({"image": q}, ["logits"])[0] for q in questions]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda q: session.run({"image": q}, ["logits"])[0], questions * 5))
    for answer, wanted in zip(found, expected * 5, strict=True):
        assert np.array_equal(answer, wanted)


def test_outputs_are_not_overwritten_by_the_next_call(session):
    first = session.run({"image": IMAGES[:3]}, ["logits"])[0]
    kept = first.copy()
    session.run({"image": IMAGES[3:6]}, ["logits"])
    assert np.array_equal(first, kept)


def test_outputs_are_returned_in_the_requested_order(session):
    logits, maps = session.run({"image": IMAGES[:2]}, ["logits", "conv1"])
    assert (logits.shape, maps.shape) == ((2, 10), (2, 26, 26, 32))


def test_interpreters_are_released_when_no_call_came_for_a_while_and_made_again(cnn_bundle, monkeypatch):
    made = []
    monkeypatch.setattr(litert_session, "Interpreter", lambda **kw: made.append(kw) or Interpreter(**kw))
    session = Session(cnn_bundle)
    answers, interpreters = [], []
    for seconds in (60, 0, 60):
        answers.append(session.run({"image": IMAGES[:2]}, ["logits"])[0])
        interpreters.append(len(made))
        release_idle_interpreters(seconds)
    assert np.array_equal(answers[0], answers[2])
    first, kept, again = interpreters
    assert kept == first
    assert again == first + 1


def test_a_model_that_litert_cannot_read_is_refused_in_one_sentence(cnn_bundle, tmp_path):
    shutil.copytree(cnn_bundle.folder, tmp_path / "odd")
    (tmp_path / "odd" / "model.tflite").write_bytes(b"TFL3 but no more")
    with pytest.raises(BundleError) as refused:
        Session(Bundle(tmp_path / "odd", cnn_bundle.card))
    assert refused.value.message.key == "inference.litert_fails"


def test_a_model_deleted_after_opening_is_reported_in_one_sentence(cnn_bundle, tmp_path):
    shutil.copytree(cnn_bundle.folder, tmp_path / "gone")
    bundle = open_bundle(tmp_path / "gone")
    shutil.rmtree(tmp_path / "gone")
    with pytest.raises(BundleError) as refused:
        Session(bundle)
    assert refused.value.message.key == "inference.litert_fails"
