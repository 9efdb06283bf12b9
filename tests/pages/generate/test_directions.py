from __future__ import annotations

from tests.pages.conftest import OpenPage
from tests.pages.looks import pictures


def test_a_moved_slider_changes_the_image_and_a_reset_brings_it_back(open_page: OpenPage) -> None:
    at = open_page("generate", part="directions", base="7", place="7")
    before = pictures(at)

    at.slider(key="axis1").set_value(2.0).run()
    changed = [alt for alt, url in pictures(at).items() if before[alt] != url]
    assert not at.exception
    assert len(changed) == 1, "the image, but neither the original nor the strips"

    at.button(key="reset axes").click().run()
    assert pictures(at) == before
