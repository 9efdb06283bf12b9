from __future__ import annotations

import pytest

from core.contract.dataset_info import OFFLINE_DEFAULT, is_name, prefix_of


@pytest.mark.parametrize(
    "name", ["mnist", "fashion_mnist", OFFLINE_DEFAULT, "drawn:aB3-_x", "own:" + "a" * 64]
)
def test_a_word_or_a_prefix_with_an_id_is_a_valid_name(name: str) -> None:
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
def test_anything_else_is_not_a_valid_name(value: object) -> None:
    assert not is_name(value)


def test_a_name_without_a_colon_is_its_own_prefix() -> None:
    assert (prefix_of("mnist"), prefix_of("drawn:dcgan")) == ("mnist", "drawn")
