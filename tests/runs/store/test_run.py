from __future__ import annotations

from pathlib import Path

import pytest

from core.contract.config import ClassifierConfig
from core.contract.events import ClassifierSteps, Preparing, Started
from core.contract.learning_rates import RateChange
from core.errors import RunError
from core.messages import Message, message
from core.runs import Control, Run, RunStore

STATUS = """{
 "state": "finished", "message": "Finished after 2 steps.", "name": "Old", "visitor": "", "pid": 7,
 "created": 1750000000.0, "queued": null, "started": 1750000001.0, "ended": 1750000009.0,
 "step": 2, "total_steps": 2, "seconds": 1.5, "metrics": {"test_accuracy": 0.5}
}"""
EVENTS = """{"kind":"message","text":"Loading MNIST","progress":0.5}
{"kind":"started","parameters":10,"train_images":90,"validation_images":10,"steps_per_epoch":2,"total_steps":2}
{"kind":"classifier_steps","step":2,"loss":[2.0,1.5],"accuracy":[0.1,0.2],"learning_rate":[0.01,0.02],\
"images_per_second":100.0,"seconds":1.5,"weight_norms":{},"gradient_norms":{}}
"""


@pytest.fixture
def old(tmp_path: Path) -> Run:
    """Write a run folder of the version in which messages had no keys."""
    folder = tmp_path / "runs" / "AAAAAAAAAAAAAAAA"
    folder.mkdir(parents=True)
    contents = {
        "config.json": '{"family": "cnn", "architecture": "tutorial", "dataset": "mnist", "epochs": 1}',
        "status.json": STATUS,
        "events.jsonl": EVENTS,
        "rates.json": "[[1, 0.5]]",
        "control.json": '{"control": "stop", "token": "x", "rate_factor": 0.5}',
    }
    for name, content in contents.items():
        (folder / name).write_text(content)
    return RunStore(tmp_path).open(folder.name)


def test_a_run_of_an_earlier_version_is_read(old: Run) -> None:
    status = old.status()
    assert (status.state, str(status.message)) == ("finished", "Finished after 2 steps.")
    assert old.config == ClassifierConfig(architecture="tutorial", dataset="mnist", epochs=1)
    assert old.rate_changes() == (RateChange(1, 0.5),)
    assert (old.control(), old.requested().rate_factor) == (Control.STOP, 0.5)
    preparing, started, steps = old.record.events()[0]
    assert isinstance(preparing, Preparing)
    assert str(preparing.message) == "Loading MNIST"
    assert isinstance(started, Started)
    assert isinstance(steps, ClassifierSteps)


def test_a_status_keeps_its_message_as_a_key_and_values(run: Run) -> None:
    told = message("runs.waiting_for_space", error=RunError("runs.paused", step=3))
    run.write_status(message=told)
    assert run.status().message == told
    assert '"key": "runs.waiting_for_space"' in (run.folder / "status.json").read_text()


@pytest.mark.parametrize("told", ["7", "[]", '{"values": {}}'])
def test_a_status_with_a_damaged_message_is_an_error(run: Run, told: str) -> None:
    (run.folder / "status.json").write_text(f'{{"state": "finished", "message": {told}}}')
    with pytest.raises(RunError) as caught:
        run.status()
    assert caught.value.message == Message("runs.damaged_status")
