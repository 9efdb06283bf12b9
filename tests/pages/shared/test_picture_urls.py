from __future__ import annotations

import numpy as np
import pytest

from core.images import encode
from pages.parts.shared import picture_urls


@pytest.mark.parametrize(("side", "times"), [(8, 1), (200, 2)])
def test_only_small_pictures_are_kept_encoded(side: int, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    encoded: list[int] = []
    original = encode.data_url

    def noted(image: np.ndarray) -> str:
        encoded.append(image.nbytes)
        return original(image)

    monkeypatch.setattr(encode, "data_url", noted)
    image = np.random.default_rng(side).integers(0, 256, (side, side, 3), np.uint8)
    assert picture_urls.url(image) == picture_urls.url(image.copy()) == original(image)
    assert len(encoded) == times
