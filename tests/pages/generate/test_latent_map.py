from __future__ import annotations

from tests.pages.conftest import OpenPage
from tests.pages.looks import pictures


def test_a_link_draws_a_point_of_the_map_with_the_same_pixels(open_page: OpenPage) -> None:
    shown = [
        list(pictures(open_page("generate", part="map", x=x, y="-1")).values()) for x in ("2.5", "2.5", "2.6")
    ]

    assert len(shown[0]) == 1
    assert shown[0] == shown[1] != shown[2]
