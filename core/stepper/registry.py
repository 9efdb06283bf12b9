"""Which experiments there are: names, and where the lab keeps the classes, which only the child imports."""

from __future__ import annotations

EXPERIMENTS: dict[str, str] = {
    "contest_plane": "core.experiments.contest.plane:Plane",
}  # name: "core.experiments.module:Class"
