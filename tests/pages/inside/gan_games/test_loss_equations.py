from __future__ import annotations

import pytest

from tests.pages.conftest import OpenPage
from tests.pages.inside.gan_games.conftest import PART, STARTS, Canned
from tests.pages.inside.reading import equations, press


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        ("minimax", "ln(1 − 0.119)"),
        ("least-squares", "½ (−2 − 1)²"),
        ("wasserstein", "0.1 × 0 ("),
    ],
)
def test_each_loss_has_its_own_equation(
    open_page: OpenPage, canned: list[Canned], loss: str, expected: str
) -> None:
    at = open_page("inside", **PART, contest="plane")
    at.selectbox(key="inside loss").set_value(loss).run()

    assert expected in equations(press(at, STARTS["plane"]))
