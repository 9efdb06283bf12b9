from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from core.class_sets.class_set_store import ClassSetStore
from core.contract import architectures
from core.contract.config import ClassifierConfig, GanConfig, TrainingConfig
from core.contract.events import ClassifierSteps
from core.contract.learning_rates import RateChange
from core.errors import ConfigError
from core.runs import RunStore
from core.runs.report.history import History
from core.runs.report.keras_script import functions, keras_script
from tests.class_sets.conftest import picture

CONFIGS: list[TrainingConfig] = [
    GanConfig(architecture=a.name, translation=int(a.name == "colour_dcgan"))
    if a.family == "gan"
    else ClassifierConfig(
        family=a.family,
        architecture=a.name,
        dataset="cifar10",
        augmentation="mirror",
        optimizer={"resnet": "muon", "alexnet": "sgd"}.get(a.name, "adam"),
        small_epochs=int(a.name == "resnet"),
    )
    for a in architectures.ARCHITECTURES
]


def script(store: RunStore, config: TrainingConfig) -> str:
    return keras_script(History(store.create(config)).refresh())


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.architecture)
def test_the_script_of_every_architecture_defines_all_its_names(
    store: RunStore, config: TrainingConfig
) -> None:
    """Let ruff find names that the script uses without a definition."""
    text = script(store, config)
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "F821,F811,E9", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "#?" not in text
    assert "$" not in text


def test_a_title_that_a_visitor_wrote_stays_in_the_docstring(store: RunStore, own_home: Path) -> None:
    made = ClassSetStore(own_home).create("a" * 32, '\\"""+exit()+"""')
    for name in ("\"'", "$CLASSES #? averaged"):
        ClassSetStore(own_home).change(made.id, lambda old, name=name: old.with_class(name))
        ClassSetStore(own_home).add(made.id, [(name, "", picture("red", k)) for k in range(2)])
    text = script(store, ClassifierConfig(architecture="efficientnet_lite0", dataset=f"own:{made.id}"))
    first, *others = ast.parse(text).body
    assert isinstance(first, ast.Expr)
    assert isinstance(first.value, ast.Constant)
    assert not any(isinstance(one, ast.Expr) and isinstance(one.value, ast.BinOp) for one in others)
    [names] = [
        ast.literal_eval(one.value)
        for one in others
        if isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == "NAMES"
    ]
    assert names == ["\"'", "$CLASSES #? averaged"]


def test_a_script_holds_only_the_parts_that_its_run_needs(store: RunStore) -> None:
    plain = script(store, ClassifierConfig(dataset="mnist", train_size=500))
    assert "TRAIN_SIZE = 500" in plain
    assert "keras.datasets.mnist.load_data()" in plain
    assert "augment" not in plain.partition("# the model")[2]
    assert "average" not in plain.partition("# the model")[2]
    assert "assign_sub" not in plain
    assert "WEIGHT_DECAY * kernel" in script(store, ClassifierConfig(weight_decay=0.1))
    averaged = script(store, ClassifierConfig(weight_average=0.99, augmentation="affine"))
    assert "average.set_weights" in averaged
    assert "def _affine_grid" in averaged


def test_rate_changes_and_an_early_end_are_in_the_script(store: RunStore) -> None:
    run = store.create(ClassifierConfig())
    run.record.append(ClassifierSteps(7, [1.0] * 7, [0.5] * 7, [0.1] * 7, 9.0, 1.0))
    run.write_rate_changes([RateChange(3, 0.5), RateChange(5, 2.0)])
    text = keras_script(History(run).refresh())
    assert "STEPS = 7" in text
    assert "RATE_CHANGES = [(3, 0.5), (5, 2.0)]" in text
    source = "RATE_CHANGES" + text.partition("RATE_CHANGES")[2].partition("# the data")[0]
    space: dict = {"tf": type("tf", (), {"constant": float})}
    exec(source, space)
    assert [space["rate_factor"](step) for step in (0, 2, 3, 4, 5, 6)] == [1.0, 1.0, 0.5, 0.5, 2.0, 2.0]


def test_a_function_is_copied_with_the_names_that_it_uses_and_no_others(tmp_path: Path) -> None:
    source = tmp_path / "module.py"
    source.write_text(
        "import os\n\nA = 1\nB = 2\n\n\n@staticmethod\ndef helper():\n    return A\n\n\n"
        "def wanted(B):\n    return helper()\n\n\ndef other():\n    return B\n"
    )
    assert functions(source, "wanted") == (
        "A = 1\n\n\n@staticmethod\ndef helper():\n    return A\n\n\ndef wanted(B):\n    return helper()"
    )


def test_no_script_is_written_for_a_run_with_outliers(store: RunStore) -> None:
    with pytest.raises(ConfigError) as refused:
        script(store, ClassifierConfig(outliers=0.5))
    assert refused.value.message.key == "runs.script_with_drawings"
