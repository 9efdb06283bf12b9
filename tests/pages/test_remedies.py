from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from core.bundles.bundle import PRETRAINED, open_bundle, read_card
from core.class_sets.class_set_store import own_class_sets
from core.class_sets.own_remedies import configuration
from core.contract.config import ClassifierConfig
from core.contract.dataset_info import DIGITS
from core.contract.events import Finished
from core.figures.figure import Figure
from core.images.corruption_kinds import KINDS
from core.messages import Message
from core.remedies import adversarial_training, data_curves, distillation
from core.remedies.adversarial_training import (
    ADVERSARIAL,
    PLAIN,
    AdversarialSettings,
    AdversarialTraining,
)
from core.remedies.attack_table import LEVELS, AttackTable, attack_name
from core.remedies.corruption_table import CorruptionTable
from core.remedies.data_curves import PLANS, REMEDIES, DataCurves, DataPoint
from core.remedies.shipped_files import read_measurement, shipped_file, write_measurement
from core.runs import Run, RunStore
from core.runs.process.queue import VISITOR_LIMIT
from core.runs.report.titles import model_title
from core.runs.store.run_store import home
from pages.parts.remedies import compression_part, corruption_part
from pages.parts.shared import own_runs
from pages.parts.shared.error_messages import escape_markdown
from tests.class_sets.conftest import picture
from tests.pages.conftest import OpenPage
from tests.pages.looks import charts, numbers, pictures, words


@pytest.fixture
def measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Measure nothing, but say that every remedy helps with more pictures, and some more than others."""
    monkeypatch.setattr(data_curves, "FILE", tmp_path / "data_{dataset}.json")
    monkeypatch.setattr(adversarial_training, "FILE", tmp_path / "adversarial_{dataset}.json")
    monkeypatch.setattr(distillation, "FOLDER", PRETRAINED / "plain_cnn")
    for dataset, plan in PLANS.items():
        curves = DataCurves(dataset=dataset, architecture="lenet5", steps=9, batch_size=4, test_images=10)
        for remedy, size, seed in curves.missing(plan, (1,)):
            accuracy = (list(REMEDIES).index(remedy) + len(str(size))) / 30
            curves = curves.with_point(DataPoint(remedy=remedy, pictures=size, seed=seed, accuracy=accuracy))
        write_measurement(curves, shipped_file(data_curves.FILE, dataset))
    networks = (PLAIN, ADVERSARIAL)
    row = {PLAIN: (0.2,) * len(LEVELS), ADVERSARIAL: (0.6,) * len(LEVELS)}
    attacks = {attack_name("pgd", source): row for source in (*networks, "cnn")}
    found = AdversarialTraining(
        settings=AdversarialSettings(architecture="tutorial", steps=1, batch_size=1, strength=8, seed=1),
        attacks=AttackTable(dataset="mnist", images=5, networks=networks, accuracy=attacks),
        corruptions=CorruptionTable(
            dataset="mnist", images=5, seed=1, networks=networks, baseline=PLAIN, errors={"fog": row}
        ),
    )
    write_measurement(found, shipped_file(adversarial_training.FILE, "mnist"))


@pytest.mark.usefixtures("measured")
@pytest.mark.parametrize(("dataset", "group", "lines"), [("mnist", "generated", 3), ("cifar10", "colour", 3)])
def test_each_group_of_remedies_for_few_pictures_is_shown_with_its_finding(
    open_page: OpenPage, dataset: str, group: str, lines: int
) -> None:
    at = open_page("remedies", part="data", dataset=dataset)

    at.button_group(f"remedies of {dataset}").set_value(group).run()
    assert not at.error
    assert f"--dataset {dataset}" in words(at)
    assert len(charts(at)["accuracy over pictures"]["data"]) == lines
    points = len(read_measurement(DataCurves, shipped_file(data_curves.FILE, dataset)).points)
    assert {str(2 * points), str(3 * points)} <= set(numbers(words(at)))  # two of three seeds are missing


def test_remedies_are_tried_on_a_visitors_own_classes_as_runs(
    open_page: OpenPage, started: list[Run]
) -> None:
    made = own_class_sets().create("", "Colours")
    at = open_page("remedies", part="data")
    assert "set of remedies" not in {box.key for box in at.selectbox}  # it is another visitor's

    at.session_state["class sets"] = [made.id]
    at.run()
    reds, blues = ([(name, "", picture(name, k)) for k in range(5)] for name in ("red", "blue"))
    for brought in ([], reds):
        own_class_sets().add(made.id, brought)
        at.run()
        assert len(at.error) == 1  # a set without two classes cannot be learnt
    own_class_sets().add(made.id, blues)
    at.run()
    wanted = ["none", "turn", "scale", "noise"]
    at.button_group("own remedies").set_value(wanted).run()
    at.button("start remedies").click().run()

    assert not at.error
    asked = [configuration(remedy, made.id, 8, 1) for remedy in wanted]
    assert [run.config for run in started] == asked[:VISITOR_LIMIT]
    for run, accuracy in zip(started[:VISITOR_LIMIT], (0.5, 1.0, 0.0), strict=True):
        stopped, metrics = accuracy == 0.0, {"test_accuracy": accuracy}
        run.record.append(Finished(step=1, seconds=1.0, metrics=metrics, stopped=stopped))
        run.write_status(state="stopped" if stopped else "finished", message=Message("Over."))
    at.run()
    assert not at.error
    assert [run.config for run in started] == asked  # the last has waited for a place
    assert "drop remedies" not in {button.key for button in at.button}
    assert {"50", "100"} <= set(numbers(words(at)))
    assert charts(at)["accuracy by remedy"]["data"][0]["x"] == [50, 100]

    at.button("start remedies").click().run()
    assert [run.config for run in started] == [*asked, asked[2]]  # the one that was stopped


def test_remedies_are_tried_from_parts_of_a_visitors_pictures_and_make_a_curve(
    open_page: OpenPage, started: list[Run]
) -> None:
    made = own_class_sets().create("", "Colours")
    pictures = [(name, "", picture(name, k)) for name in ("red", "blue") for k in range(20)]
    own_class_sets().add(made.id, pictures)
    at = open_page("remedies", part="data")
    at.session_state["class sets"] = [made.id]
    at.run()
    at.button_group("own remedies").set_value(["none", "mirror"]).run()
    at.button_group(f"sizes of own:{made.id}, 32").set_value([8, 32]).run()
    at.button("start remedies").click().run()

    asked = [configuration(name, made.id, 32, 1, size) for size in (8, None) for name in ("none", "mirror")]
    assert [run.config for run in started] == asked[:VISITOR_LIMIT]
    for run, accuracy in zip(started, (0.5, 0.75, 1.0), strict=False):
        run.record.append(Finished(step=1, seconds=1.0, metrics={"test_accuracy": accuracy}, stopped=False))
        run.write_status(state="finished", message=Message("Over."))
    at.run()
    assert not at.error
    lines = charts(at)["accuracy over own pictures"]["data"]
    assert [line["x"] for line in lines] == [[8, 32], [8]]
    assert [line["y"] for line in lines] == [[50, 100], [75]]
    assert {"8", "50", "75"} <= set(numbers(words(at)))  # the sentence on the fewest


def test_a_click_on_a_square_shows_its_kind_spoilt_with_the_answers(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def clicked(
        _figure: Figure, *, key: str, on_click: Callable[[int, int], None] | None = None, **_: str
    ) -> None:
        if key == "corruption matrix":
            assert on_click is not None
            on_click(1, 9)

    at = open_page("remedies", part="corruptions")

    assert set(charts(at)) == {"corruption matrix", "errors by strength"}
    before = pictures(at)
    monkeypatch.setattr(corruption_part, "chart", clicked)
    at.run()
    assert not at.error
    assert at.selectbox("kind").value == KINDS[9].name
    after = pictures(at)
    assert len(after) == 10  # a picture of each class
    assert all(after[alt] != before[alt] for alt in after)


def test_the_ensemble_is_that_of_the_chosen_networks(open_page: OpenPage) -> None:
    at = open_page("remedies", part="doubt")

    assert len(charts(at)["reliability"]["data"]) == 6  # four networks, all together, calibrated
    at.button_group("members mnist").set_value(["cnn"]).run()
    assert len(charts(at)["reliability"]["data"]) == 5
    assert not at.error


@pytest.mark.parametrize(
    ("part", "shown"),
    [("corruptions", "corruption matrix"), ("doubt", "coverage"), ("compression", "accuracy over size")],
)
def test_every_measured_part_is_shown_for_clothes_too(open_page: OpenPage, part: str, shown: str) -> None:
    at = open_page("remedies", part=part, dataset="fashion_mnist")

    assert not at.error
    assert shown in charts(at)
    assert "--dataset fashion_mnist" in words(at)


def test_a_map_and_neighbours_are_shown_for_every_layer(open_page: OpenPage) -> None:
    at = open_page("remedies", part="features")

    assert not at.error
    layers = charts(at)["neighbour accuracy"]["data"][0]["x"]
    assert len([key for key in charts(at) if key.startswith("map of")]) == len(layers)
    assert len(pictures(at)) == 1 + len(layers) + 1  # the visitor's, neighbours, and a unit's


@pytest.mark.parametrize("part", ["corruptions", "attacks", "features", "explanations", "compression"])
def test_a_network_of_other_pictures_is_not_offered_and_one_sentence_says_so(
    open_page: OpenPage, store: RunStore, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    run = store.create(ClassifierConfig(dataset="fashion_mnist"))
    shutil.copytree(PRETRAINED / "fashion_cnn", run.bundle)
    run.write_status(state="finished", message=Message("Over."))
    monkeypatch.setattr(own_runs, "runs", lambda: [run])
    at = open_page("remedies", part=part)

    assert not at.error
    title = escape_markdown(model_title(read_card(run.bundle), "own"))
    assert len([each for each in at.caption if title in each.value]) == 1


def test_measured_explanations_follow_the_chosen_network(open_page: OpenPage) -> None:
    at = open_page("remedies", part="explanations")

    assert len(charts(at)["measured curves"]["data"]) == 4
    at.selectbox("explained network").set_value("lstm").run()
    assert len(charts(at)["measured curves"]["data"]) == 3  # it has no class activation map
    assert not at.error


@pytest.mark.usefixtures("measured")
def test_the_tiny_network_becomes_a_run_with_which_classify_reads(open_page: OpenPage) -> None:
    at = open_page("remedies", part="compression")
    lines = len(charts(at)["accuracy over size"]["data"])

    made = compression_part.Comparison(100, ("whole", "small"), (9.0, 3.0), (0.9, 0.8))
    at.session_state["compressed networks"] = (made, made)
    at.button("take distilled").click().run()

    assert not at.error
    assert charts(at)["accuracy over size"]["data"][lines]["x"] == [3, 9]  # what the visitor has made
    (run,) = RunStore(home()).list()
    assert run.status().state == "finished"
    assert open_bundle(run.bundle).card.classes == DIGITS


@pytest.mark.usefixtures("measured")
def test_measured_attacks_follow_the_chosen_network_and_method(open_page: OpenPage) -> None:
    at = open_page("remedies", part="attacks")

    first = charts(at)["measured attacks"]["data"]
    at.selectbox("measured source").set_value("lstm").run()
    assert charts(at)["measured attacks"]["data"] != first
    assert len(charts(at)["adversarial training"]["data"]) == 2
    assert not at.error
    assert numbers(words(at))
