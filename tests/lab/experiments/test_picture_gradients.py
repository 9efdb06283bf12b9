from __future__ import annotations

import numpy as np
import pytest

from core.bundles.bundle import PRETRAINED, pretrained
from core.datasets.synthetic.handwriting import render
from core.errors import ConfigError
from core.inference.classifier import Classifier
from core.lab.experiments.picture_gradients import PictureGradients
from tests.refusals import raises

DIGIT = render(np.array([3]), 1)[0]


@pytest.fixture(scope="module")
def experiment() -> PictureGradients:
    return PictureGradients(lambda told, share: None, str(PRETRAINED / "plain_cnn"))


def test_a_stronger_attack_lowers_the_probability_of_the_class_more(experiment: PictureGradients) -> None:
    images = experiment.attack(DIGIT, 3, [0.0, 0.05, 0.3], "pgd", targeted=False)["images"]

    np.testing.assert_array_equal(images[0, ..., 0], DIGIT)
    found = Classifier(pretrained("plain_cnn")).probabilities(images)[:, 3]
    assert found[0] > found[1] > found[2]


def test_a_targeted_attack_raises_the_probability_of_its_class(experiment: PictureGradients) -> None:
    images = experiment.attack(DIGIT, 8, [0.0, 0.2], "fgsm", targeted=True)["images"]

    found = Classifier(pretrained("plain_cnn")).probabilities(images)[:, 8]
    assert found[1] > found[0]


def test_integrated_gradients_have_a_value_for_each_pixel_and_none_where_there_is_no_ink(
    experiment: PictureGradients,
) -> None:
    heat = experiment.integrated(DIGIT, 3)["heat"]

    assert heat.shape == (28, 28)
    assert not heat[DIGIT == 0].any()
    assert heat.any()


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"pixels": DIGIT[:20]}, "remedies.other_shape"),
        ({"label": 10}, "remedies.other_shape"),
        ({"kind": "luck"}, "remedies.impossible_attack"),
        ({"strengths": []}, "remedies.impossible_attack"),
        ({"strengths": [1.5]}, "remedies.impossible_attack"),
    ],
)
def test_impossible_requests_are_refused(
    experiment: PictureGradients, values: dict[str, object], key: str
) -> None:
    asked = {"pixels": DIGIT, "label": 3, "strengths": [0.1], "kind": "fgsm", "targeted": False}
    with raises(ConfigError, key):
        experiment.attack(**{**asked, **values})


def test_an_exciting_image_has_the_shape_of_the_networks_images(experiment: PictureGradients) -> None:
    found = experiment.excite("logits", 3)

    assert found["image"].shape == (28, 28, 1)
    assert found["activations"][-1] > found["activations"][0]
    with raises(ConfigError, "remedies.no_unit"):
        experiment.excite("logits", 10)


def test_a_network_that_reads_other_values_is_refused() -> None:
    with raises(ConfigError, "remedies.other_input"):
        PictureGradients(lambda told, share: None, str(PRETRAINED / "efficientnet_lite0"))
