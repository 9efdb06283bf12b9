from __future__ import annotations

from tests.pages.components.conftest import Browser, Mounted


def test_an_action_names_the_class_of_the_element_and_differs_from_the_last_one(
    mounted: Mounted, browser: Browser
) -> None:
    once = mounted("once")

    once.press("save config.json")
    first = browser.data
    once.press("save config.json")

    assert (first["action"], first["key"]) == ("press", "st-key-save-config-json")
    assert browser.data["id"] != first["id"]
