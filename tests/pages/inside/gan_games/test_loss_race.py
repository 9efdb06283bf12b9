from __future__ import annotations

from core.language import gettext
from pages.parts.inside.gan_games.plane_game import QUALITY
from tests.pages.conftest import OpenPage
from tests.pages.inside.gan_games.conftest import LOST, Canned, started
from tests.pages.inside.reading import press
from tests.pages.looks import as_shown


def test_a_game_whose_weights_are_lost_shows_a_warning_beside_the_others(
    open_page: OpenPage, canned: list[Canned]
) -> None:
    at = press(started(open_page, "losses"), "game ten_rounds")

    assert as_shown(LOST) in at.warning[0].value
    covered = gettext(QUALITY["modes"], covered=3, count=8, good=0.25)
    assert [covered in caption.value for caption in at.caption].count(True) == 3
