from __future__ import annotations

import numpy as np
import pytest

from core.bundles.bundle import open_bundle, pretrained
from core.inference.generator import Generator
from core.latent.appearance import part_colours
from core.latent.traits import drawn_again, part_directions, redrawn
from tests import avatar_bundle

PARTS = ("hair", "skin", "background")


@pytest.fixture(scope="module")
def generator() -> Generator:
    return Generator(open_bundle(avatar_bundle.FOLDER))


@pytest.fixture(scope="module")
def directions(generator: Generator) -> dict[str, np.ndarray]:
    return part_directions(generator, PARTS)


def test_a_part_depends_on_the_numbers_that_draw_it(directions: dict[str, np.ndarray]) -> None:
    for part, first in avatar_bundle.FIRST.items():
        assert directions[part].shape == (3, avatar_bundle.LATENT)
        assert (directions[part][:, first : first + 3] ** 2).sum() > 2.9  # of three unit vectors


@pytest.mark.parametrize("kept", [["hair"], ["skin", "background"], []])
def test_kept_parts_stay_and_the_others_change(
    generator: Generator, directions: dict[str, np.ndarray], kept: list[str]
) -> None:
    point, other = generator.latent(2, 5)
    new = redrawn(point, other, directions, kept)
    before, after = generator.draw(np.array([4, 4]), np.stack([point, new]))
    for part in PARTS:
        change = np.abs(part_colours(before[None], part) - part_colours(after[None], part)).max()
        assert (change < 8) == (part in kept), part


def test_the_shipped_avatars_keep_hair_and_skin_of_the_style_that_is_seen() -> None:
    generator = Generator(pretrained("avatars"))
    kept, styles = ["hair", "skin"], np.arange(len(generator.card.classes))
    directions, points = part_directions(generator, kept), generator.latent(len(styles), 11)

    again = [drawn_again(generator, points[k], k, directions, kept, 50 + k) for k in styles]
    others = generator.latent(len(styles), 12)
    before, after, other = (generator.draw(styles, np.stack(some)) for some in (points, again, others))
    for part in kept:
        change, usual = (
            np.abs(part_colours(before, part) - part_colours(images, part)).mean()
            for images in (after, other)
        )
        assert change < usual / 3, part
