from __future__ import annotations

import gc

from pages.parts.shared import navigation
from tests.pages.conftest import OpenPage


def test_what_stays_for_ever_is_set_aside_from_the_garbage_collector(open_page: OpenPage) -> None:
    gc.unfreeze()
    navigation._freeze.clear()

    open_page("home")

    assert gc.get_freeze_count() > 10 * len(gc.get_objects())
    gc.unfreeze()  # what the tests make may be garbage
