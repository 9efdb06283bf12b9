from __future__ import annotations

import os
from pathlib import Path

import pytest

from core.drafts import draft_file, draft_folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_replaces_the_old_one_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "figures.npz"
    path.write_text("old")
    with draft_file(path) as draft:
        draft.write_text("new")
        assert (path.read_text(), draft.suffix) == ("old", ".npz")
    assert (path.read_text(), names(tmp_path)) == ("new", ["figures.npz"])


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path, error: BaseException) -> None:
    path = tmp_path / "status.json"
    path.write_text("old")

    def fail() -> None:
        with draft_file(path) as draft:
            draft.write_text("half")
            raise error

    with pytest.raises(type(error)):
        fail()
    assert (path.read_text(), names(tmp_path)) == ("old", ["status.json"])


def test_a_file_that_cannot_reach_the_disk_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"), draft_file(tmp_path / "a") as draft:
        draft.write_text("new")
    assert names(tmp_path) == []


def test_a_folder_appears_complete_and_its_files_are_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    with draft_folder(tmp_path / "new" / "bundle") as draft:
        (draft / "inner").mkdir()
        (draft / "inner" / "a").touch()
        (draft / "b").touch()
        assert not (tmp_path / "new" / "bundle").exists()
    assert names(tmp_path / "new") == ["bundle"]
    assert names(tmp_path / "new" / "bundle") == ["b", "inner"]
    assert len(synced) == 2


def test_a_folder_replaces_the_old_one_entirely(tmp_path: Path) -> None:
    (tmp_path / "bundle").mkdir()
    (tmp_path / "bundle" / "only in the old").touch()
    with draft_folder(tmp_path / "bundle") as draft:
        (draft / "new").touch()
    assert (names(tmp_path), names(tmp_path / "bundle")) == (["bundle"], ["new"])


def test_a_folder_that_cannot_be_replaced_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bundle").mkdir()
    (tmp_path / "bundle" / "old").touch()
    rename = Path.rename

    def refused(self: Path, target: Path) -> Path:
        if self.name.startswith(".") and not self.name.endswith("-old"):
            raise PermissionError("not now")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(PermissionError), draft_folder(tmp_path / "bundle") as draft:
        (draft / "new").touch()
    assert (names(tmp_path), names(tmp_path / "bundle")) == (["bundle"], ["old"])
