from __future__ import annotations

from pages.parts.components import upload_guard


def test_the_browser_gets_sentences_in_which_it_fills_in_the_count_and_the_name() -> None:
    texts = upload_guard.limits()["texts"]
    assert "{count}" in texts["many"]
    assert "{name}" in texts["film"]
    assert str(upload_guard.MOST_AT_ONCE) in texts["many"]
