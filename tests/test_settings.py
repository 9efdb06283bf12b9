from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import settings
from core.errors import SettingsError
from core.settings import PREFIX, parse


def named(**values: str) -> dict[str, str]:
    return {f"{PREFIX}{name}": value for name, value in values.items()}


def test_without_variables_every_setting_has_its_documented_default() -> None:
    found = parse({"HOME": "/ignored"})
    assert found.home == (Path.home() / ".deep-image-lab").resolve()
    assert (found.data, found.workers, found.cluster) == (None, None, "")
    assert (found.experiments, found.warm_minutes, found.memory_gigabytes, found.run_minutes) == (None,) * 4
    assert (found.hosted, found.address_runs, found.pause_minutes) == (False, 30, 2)
    assert (found.keep_days, found.keep_gigabytes) == (90, 10)


def test_an_empty_variable_counts_as_absent() -> None:
    names = ["HOME", "WORKERS", "EXPERIMENTS", "WARM", "KEEP_DAYS", "KEEP_GB", "CLUSTER"]
    names += ["HOSTED", "MEMORY_GB", "ADDRESS_RUNS", "PAUSE_MINUTES", "RUN_MINUTES"]
    assert parse(named(DATA=" ", **dict.fromkeys(names, ""))) == parse({})


def test_a_tilde_means_the_home_of_the_user_in_every_folder() -> None:
    found = parse(named(HOME="~/lab", DATA="~/data"))
    assert found.home == Path.home() / "lab"
    assert found.data == Path.home() / "data"


def test_folders_are_absolute_whatever_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert parse(named(HOME="lab", DATA="data")).data == tmp_path.resolve() / "data"


@pytest.mark.parametrize(("name", "field"), [("WORKERS", "workers"), ("EXPERIMENTS", "experiments")])
@given(number=st.integers(1, 64))
def test_whole_numbers_in_range_are_taken(name: str, field: str, number: int) -> None:
    assert getattr(parse(named(**{name: f" {number} "})), field) == number


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("WORKERS", 1, 64),
        ("EXPERIMENTS", 0, 64),
        ("WARM", 0, 1440),
        ("PROXIES", 0, 8),
        ("HOSTED", 0, 1),
        ("ADDRESS_RUNS", 1, 1000),
        ("PAUSE_MINUTES", 0, 1440),
        ("RUN_MINUTES", 0, 100_000),
        ("KEEP_DAYS", 0, 100_000),
        ("KEEP_GB", 0, 100_000),
        ("MEMORY_GB", 0.1, 100_000),
    ],
)
@pytest.mark.parametrize("text", ["-1", "two", "1e9", "nan", "9" * 5000, "²", "0x10"])
def test_a_wrong_value_names_the_variable_what_it_got_and_what_it_takes(
    name: str, low: float, high: int, text: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        parse(named(**{name: text}))
    wanted = {"name": f"{PREFIX}{name}", "low": low, "high": high, "value": text[:40]}
    assert caught.value.message.key in ("settings.whole_number", "settings.number")
    assert caught.value.message.values == wanted


def test_the_environment_of_this_process_is_read_again_when_it_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(f"{PREFIX}EXPERIMENTS", "7")
    assert settings.current().experiments == 7
    assert settings.current() is settings.current()
    monkeypatch.setenv(f"{PREFIX}EXPERIMENTS", "8")
    assert settings.current().experiments == 8
