from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from core.bundles.bundle import PRETRAINED


@pytest.mark.parametrize("shares", [["0"], ["1.5"], ["0.6", "0.6"], ["half"]])
def test_shares_that_leave_no_mean_are_refused(
    shares: list[str], tmp_path: Path, refused: Callable[..., str]
) -> None:
    run = tmp_path / "run"
    run.mkdir()
    (run / "config.json").write_text("{}", encoding="utf-8")
    (run / "bundle").symlink_to(PRETRAINED / "cnn")

    assert "RUN=" in refused(
        "mix-weights", "cnn", *(f"{run}={share}" for share in shares), "--out", tmp_path / "mix"
    )
