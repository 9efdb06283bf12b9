from __future__ import annotations

import numpy as np

from core.images import encode
from pages.parts.shared import picture_urls


def test_large_pictures_are_encoded_like_small_ones_but_not_kept() -> None:
    picture_urls._encoded.cache_clear()
    for side in (8, 200):
        image = np.random.default_rng(side).integers(0, 256, (side, side, 3), np.uint8)
        assert picture_urls.url(image) == picture_urls.url(image.copy()) == encode.data_url(image)

    found = picture_urls._encoded.cache_info()
    assert (found.hits, found.misses) == (1, 1)
