from __future__ import annotations

import pytest

from core.class_sets.class_set_store import own_class_sets
from core.contract import architectures
from core.contract.config import ClassifierConfig, GanConfig
from core.datasets import registry
from core.errors import RunError
from core.runs import Run
from core.runs.process import launch
from pages.parts.train import form, live_view
from tests.class_sets.conftest import picture
from tests.pages.conftest import OpenPage
from tests.pages.looks import as_shown, links
from tests.pages.train.actions import (
    start,
)


def test_a_family_s_settings_are_still_there_after_a_look_at_another(open_page: OpenPage) -> None:
    at = open_page("train")
    at.number_input(key="cnn epochs").set_value(7)
    at.selectbox(key="learning rate").set_value(0.01)
    at.selectbox(key="cnn architecture").set_value(architectures.get("lenet5")).run()
    for family in ("gan", "cnn"):
        at.button_group(key="family").set_value(family).run()

    assert at.number_input(key="cnn epochs").value == 7
    assert at.selectbox(key="cnn architecture").value == architectures.get("lenet5")
    assert at.selectbox(key="learning rate").value == 0.01


@pytest.mark.parametrize("family", ["cnn", "rnn", "gan"])
def test_each_family_shows_its_architectures_and_settings(open_page: OpenPage, family: str) -> None:
    at = open_page("train")
    at.button_group(key="family").set_value(family).run()

    assert not at.exception
    assert at.selectbox(key=f"{family} architecture").options == [
        a.title for a in architectures.of_family(family)
    ]
    own = {"latent", "generator rate", "discriminator rate"} if family == "gan" else {"learning rate"}
    assert own <= {widget.key for widget in at.selectbox}


@pytest.mark.parametrize("family", ["cnn", "rnn", "gan"])
def test_every_architecture_can_be_started_with_its_default_settings(
    open_page: OpenPage, started: list[Run], family: str
) -> None:
    at = open_page("train")
    at.button_group(key="family").set_value(family).run()
    for architecture in architectures.of_family(family):
        at.selectbox(key=f"{family} architecture").set_value(architecture).run()
        start(at)

    assert not at.error
    assert [run.config.architecture for run in started] == [a.name for a in architectures.of_family(family)]
    assert {run.config.family for run in started} == {family}


def test_start_makes_a_run_of_exactly_the_chosen_configuration(
    open_page: OpenPage, started: list[Run]
) -> None:
    at = open_page("train")
    at.button_group(key="family").set_value("rnn").run()
    at.selectbox(key="rnn architecture").set_value(architectures.get("gru"))
    at.selectbox(key="drawn:dcgan images").set_value(2_000)
    at.number_input(key="rnn epochs").set_value(4)
    at.selectbox(key="batch size").set_value(32)
    at.selectbox(key="learning rate").set_value(0.005)
    at.selectbox(key="augmentation").set_value("affine")
    at.number_input(key="training seed").set_value(11)
    start(at)

    assert [run.config for run in started] == [
        ClassifierConfig(
            family="rnn",
            architecture="gru",
            train_size=2_000,
            epochs=4,
            batch_size=32,
            learning_rate=0.005,
            augmentation="affine",
            seed=11,
        )
    ]


def test_start_makes_a_gan_of_exactly_the_chosen_configuration(
    open_page: OpenPage, started: list[Run]
) -> None:
    at = open_page("train")
    at.button_group(key="family").set_value("gan").run()
    at.selectbox(key="generator rate").set_value(0.0005)
    at.selectbox(key="discriminator rate").set_value(0.0002)
    at.selectbox(key="latent").set_value(16)
    at.number_input(key="gan epochs").set_value(2)
    at.selectbox(key="drawn:dcgan images").set_value(1_000)
    start(at)

    assert [run.config for run in started] == [
        GanConfig(
            train_size=1_000,
            epochs=2,
            latent_size=16,
            generator_learning_rate=0.0005,
            discriminator_learning_rate=0.0002,
        )
    ]


def test_after_the_start_the_link_of_the_page_shows_the_run(open_page: OpenPage, started: list[Run]) -> None:
    at = start(open_page("train"))

    assert at.query_params["run"] in (started[0].id, [started[0].id])
    assert at.header[0].value == live_view.title(started[0])


def test_a_second_start_makes_a_second_run_and_the_first_stays_in_the_list(
    open_page: OpenPage, started: list[Run]
) -> None:
    at = start(start(open_page("train")))

    assert len({run.id for run in started}) == 2
    assert links(at)["train"].proto.query_string == f"run={started[0].id}"


def test_a_full_queue_is_an_error_on_the_page(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    error = RunError("runs.queue_full", count=20)

    def full(run: Run) -> None:
        raise error

    monkeypatch.setattr(launch, "start", full)

    assert start(open_page("train")).error[0].value == as_shown(error)


def test_the_conditions_that_end_a_run_early_are_part_of_its_configuration(
    open_page: OpenPage, started: list[Run]
) -> None:
    at = open_page("train")
    at.number_input(key="target accuracy").set_value(99.0)
    at.number_input(key="patience").set_value(2)
    at.number_input(key="time limit").set_value(5.0)
    start(at)
    config = started[0].config
    assert isinstance(config, ClassifierConfig)
    assert (config.target_accuracy, config.patience, config.time_limit) == (0.99, 2, 300)


def test_a_visitor_s_classes_are_a_data_set_from_which_fine_tuning_learns_too(
    open_page: OpenPage, started: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = own_class_sets().create("", "Colours")
    pictures = [(name, "", picture(name, k)) for name in ("red", "blue") for k in range(10)]
    filled = own_class_sets().add(made.id, pictures)
    monkeypatch.setattr(form.own_class_sets, "own", lambda: [filled])
    at = open_page("train")
    at.selectbox(key="dataset").set_value(registry.describe(f"own:{made.id}")).run()
    at.selectbox(key="cnn architecture").set_value(architectures.FINE_TUNED[0])
    start(at)
    at.selectbox(key=f"own:{made.id} images").set_value(8)
    start(at)
    assert [(run.config.dataset, run.config.architecture, run.config.train_size) for run in started] == [
        (f"own:{made.id}", "efficientnet_lite0", size) for size in (None, 8)
    ]
    at.selectbox(key="dataset").set_value(registry.describe("rendered")).run()
    assert not at.exception
    assert at.selectbox(key="cnn architecture").value == architectures.of_family("cnn")[0]
