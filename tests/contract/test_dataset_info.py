from __future__ import annotations

import pytest

from core.contract.dataset_info import OFFLINE_DEFAULT, is_name, prefix_of


@pytest.mark.parametrize(
    "name", ["mnist", "fashion_mnist", OFFLINE_DEFAULT, "drawn:aB3-_x", "own:" + "a" * 64]
)
def test_a_name_is_a_word_or_a_prefix_and_an_id(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "MNIST",
        "drawn:",
        ":x",
        "a:b:c",
        "../mnist",
        "mnist\n",
        "a" * 33,
        "own:" + "a" * 65,
        "ü",
        None,
        7,
        ["mnist"],
    ],
)
def test_anything_else_is_not_a_name(value: object) -> None:
    assert not is_name(value)


def test_the_prefix_of_a_name_without_a_colon_is_the_name() -> None:
    assert (prefix_of("mnist"), prefix_of("drawn:dcgan")) == ("mnist", "drawn")
