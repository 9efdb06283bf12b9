"""Define ``draw-avatars``: draw the data sets of avatars with Node, and ship the small ones."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np

from core import settings
from core.commands.common import bar, errors_in_one_line, unwritable
from core.datasets.dicebear import drawing, packing
from core.datasets.npz_files import cache_folder
from core.datasets.sources.avatars import AVATARS, LARGE_AVATARS, PIXEL_FACES, SHIPPED
from core.drafts import draft_file
from core.language import gettext
from core.runs.store.run_store import home

SMALL_TRAINING, SMALL_TEST = 1_600, 200  # of a class, 32×32: what fits into 8 MB
# SHA-256 of the arrays, as resvg draws them on x86-64.
DIGESTS = {
    AVATARS: "43a52368a6f2b201a07521a3cb9d468257d09e4dc149d90cb9baf05265eecfa3",
    LARGE_AVATARS: "da16aa0ec6abefd313b343ecd871606bfdd40c930aafe29b945c64c2429fd0a2",
    PIXEL_FACES: "beb4f81c9f9025176c2d34246437a9322ed976dfbe06196d51398b07b720cd19",
}


@click.command("draw-avatars", short_help="Draw the data sets of avatars with Node.")
@click.option("--ship", is_flag=True, help="Also replace the two small data sets that come with the app.")
@errors_in_one_line
def draw_avatars(ship: bool) -> None:
    """Draw 22,000 avatars in ten styles, 64×64 pixels, as the data set avatars64; this takes 10 minutes.

    Node 18 or later must be installed. The packages come from the npm registry, into the home folder. The
    command prints the SHA-256 of the images, and whether it is that of the published figures.
    """
    packages = home() / "dicebear"
    with unwritable(packages):
        drawing.install(packages)
    with bar(gettext("Drawing avatars")) as shown:
        large = drawing.draw_avatars(packages, shown)
    target = (settings.current().data or cache_folder()) / f"{LARGE_AVATARS}.npz"
    with unwritable(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        with draft_file(target) as draft:
            np.savez_compressed(draft, **large)
    _tell(LARGE_AVATARS, large, target)
    if not ship:
        return
    with bar(gettext("Drawing faces")) as shown:
        faces = drawing.draw_faces(packages, shown)
    small = drawing.small_avatars(large, SMALL_TRAINING, SMALL_TEST)
    for name, arrays in ((AVATARS, small), (PIXEL_FACES, faces)):
        with unwritable(SHIPPED), draft_file(SHIPPED / f"{name}.npz") as draft:
            packing.pack(arrays, draft)
        _tell(name, arrays, SHIPPED / f"{name}.npz")


def _tell(name: str, arrays: drawing.Arrays, path: Path) -> None:
    """Print the file's path and the hash of its arrays, and whether that is the published one."""
    found = packing.digest(arrays)
    click.echo(f"{path} {found}")
    if found != DIGESTS[name]:
        click.echo(
            gettext("The images of {name} differ from those of the published figures.", name=name), err=True
        )
