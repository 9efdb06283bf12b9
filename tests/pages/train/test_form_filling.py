from __future__ import annotations

import dataclasses
from urllib.parse import parse_qsl, urlsplit

import pytest

from core.contract import presets
from core.contract.config import ClassifierConfig
from core.contract.dataset_info import OFFLINE_DEFAULT
from core.contract.field_labels import label
from core.datasets import registry
from core.datasets.registry import describe
from core.language import gettext
from core.messages import message
from core.runs import Run
from pages.parts.train.form_filling import SETTING
from tests.pages.conftest import OpenPage
from tests.pages.looks import as_shown, words
from tests.pages.train.actions import (
    MakeRun,
    start,
)


def test_the_settings_of_a_run_are_a_link_that_fills_the_form_in(
    open_page: OpenPage, recorded: MakeRun, started: list[Run]
) -> None:
    config = ClassifierConfig(
        family="rnn",
        architecture="gru",
        train_size=300,
        epochs=7,
        batch_size=48,
        learning_rate=0.0017,
        augmentation="affine",
        weight_average=0.99,
        seed=5,
        target_accuracy=0.9,
        patience=2,
        time_limit=90.0,
    )
    run = recorded(config=config, state="stopped")
    link = next(code.value for code in open_page("train", run=run.id).code if "family=" in code.value)

    at = open_page("train", **dict(parse_qsl(urlsplit(link).query)))
    assert gettext(SETTING, label=label("weight_average"), value=0.99) in words(at)
    start(at)

    assert [run.config for run in started] == [config]


def test_the_form_is_in_the_link_from_which_a_reload_fills_it_again(open_page: OpenPage) -> None:
    at = open_page("train")
    at.button_group(key="family").set_value("rnn").run()
    at.number_input(key="rnn epochs").set_value(4).run()
    query = {key: text if isinstance(text, str) else text[0] for key, text in at.query_params.items()}

    again = open_page("train", **query)

    assert (query["family"], query["epochs"]) == ("rnn", "4")
    assert again.number_input(key="rnn epochs").value == 4
    again.number_input(key="rnn epochs").set_value(2).run()
    assert again.number_input(key="rnn epochs").value == 2, "the link does not undo a change"


def test_a_run_fills_the_form_in_with_its_settings(open_page: OpenPage, recorded: MakeRun) -> None:
    run = recorded(config=ClassifierConfig(family="rnn", architecture="gru", epochs=7), state="stopped")
    at = open_page("train", run=run.id)

    at.button(key="same settings").click().run()

    assert at.number_input(key="rnn epochs").value == 7
    assert at.query_params["architecture"] in ("gru", ["gru"])
    assert at.query_params["run"] in (run.id, [run.id])


def test_a_link_with_impossible_settings_shows_one_error_and_the_form(open_page: OpenPage) -> None:
    at = open_page("train", family="cnn", epochs="-3")

    wrong = message("contract.whole_number", name=label("epochs"), low=1, high=1000, value="-3")
    assert [error.value for error in at.error] == [as_shown(wrong)]
    assert at.button(key="start")


@pytest.mark.parametrize("dataset", ["mnits", "drawn:nobody", "MNIST"])
def test_a_link_with_an_unknown_data_set_shows_one_error_and_the_form(
    open_page: OpenPage, dataset: str
) -> None:
    at = open_page("train", family="cnn", dataset=dataset)

    assert len(at.error) == 1
    assert dataset.removeprefix("drawn:") in at.error[0].value
    assert at.button(key="start")


@pytest.mark.parametrize("preset", presets.PRESETS, ids=lambda preset: preset.name)
@pytest.mark.parametrize("within_reach", [True, False])
def test_a_preset_fills_the_form_in_with_drawn_digits_where_its_data_cannot_be_had(
    open_page: OpenPage,
    started: list[Run],
    preset: presets.Preset,
    within_reach: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(registry, "is_within_reach", lambda name: within_reach)
    at = open_page("train")
    at.button_group(key="family").set_value(preset.config.family).run()
    at.button(key=f"preset {preset.name}").click().run()
    assert any(describe(preset.config.dataset).title in info.value for info in at.info) != within_reach
    start(at)

    dataset = preset.config.dataset if within_reach else OFFLINE_DEFAULT
    size = preset.config.train_size or describe(dataset).train_size
    wanted = dataclasses.replace(preset.config, dataset=dataset, train_size=size)
    assert [run.config for run in started] == [wanted]
