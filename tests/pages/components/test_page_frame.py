from __future__ import annotations

import pytest

from tests.pages.components.conftest import Browser, Mounted


@pytest.mark.parametrize(("told", "asked"), [(None, None), ("train", "train"), ("", ""), ("//evil", None)])
def test_the_frame_returns_the_page_whose_link_was_tapped_and_no_other_text(
    mounted: Mounted, browser: Browser, told: str | None, asked: str | None
) -> None:
    frame = mounted("page_frame")
    browser.answer = {"page": told}
    links = [frame.PageLink("", "Home", "home"), frame.PageLink("train", "Train", "model_training")]

    found = frame.page_frame(
        links, "train", language="en", label="Pages", upload="Upload", upload_limit="32 MB", camera="Refused"
    )

    assert found == asked
    assert browser.data["links"] == [["", "Home", "home"], ["train", "Train", "model_training"]]
    assert (browser.data["current"], browser.data["language"]) == ("train", "en")
