from __future__ import annotations

import re

from core.gan_games import equation_grammar
from tests.pages.conftest import OpenPage
from tests.pages.inside.gan_games.conftest import Canned, started
from tests.pages.inside.reading import equations
from tests.pages.looks import numbers


def test_texts_are_checked_and_counted(open_page: OpenPage, canned: list[Canned]) -> None:
    at = started(open_page, "text")

    assert "3+4= 8 ✗" in equations(at)
    assert re.search(r"3\+4= 8 ✗ \S+ 7 \D+ 5 3\+4=7", equations(at))
    assert [numbers(metric.value) for metric in at.metric][:3] == [["50", "0"], ["30", "110"], ["2", "22"]]
    assert f"{equation_grammar.chance()[1]:.1%}" in " ".join(caption.value for caption in at.caption)
