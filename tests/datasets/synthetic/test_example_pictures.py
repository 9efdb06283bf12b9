from __future__ import annotations

import pytest

from core.datasets.synthetic.example_pictures import EXAMPLES, Example
from core.images.decode import decode


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_is_a_small_picture_that_is_the_same_each_time(example: Example) -> None:
    content = example.content()
    assert content == example.content()
    assert len(content) < 100_000
    picture = decode(content, example.name)
    assert min(picture.size) >= 120
    assert picture.format == ("PNG" if example.name.endswith("png") else "JPEG")


def test_names_and_titles_of_examples_are_unique() -> None:
    assert len({example.name for example in EXAMPLES}) == len({e.title for e in EXAMPLES}) == len(EXAMPLES)
