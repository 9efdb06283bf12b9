from __future__ import annotations

import pytest

from core.class_sets import teaching_process
from core.class_sets.features import shipped_backbone
from pages.parts.classify import reading_choice
from tests.class_sets.conftest import picture
from tests.pages.conftest import OpenPage
from tests.pages.teach.conftest import filled


def test_a_set_that_can_be_learnt_reads_pictures_on_classify(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(teaching_process, "shipped_backbone", shipped_backbone)
    made = filled(3, 3)
    filled(1, 1)  # too few pictures, so it is not offered
    at = open_page("classify")
    at.session_state[reading_choice.KEY] = reading_choice.OTHER
    at.session_state[reading_choice.CHOSEN] = {reading_choice.OTHER: [made.id]}
    at.file_uploader[0].upload("a.jpg", picture("green", 0))
    at.run()

    assert not at.exception
    assert at.metric[0].value == "green"
