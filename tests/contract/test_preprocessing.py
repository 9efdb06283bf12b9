from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from core.contract.preprocessing import (
    GLYPH,
    INTERPOLATIONS,
    KINDS,
    POLARITIES,
    WHOLE,
    Preprocessing,
    standard,
)
from core.errors import ConfigError


@st.composite
def records(draw: st.DrawFn, kinds: tuple[str, ...] = KINDS) -> Preprocessing:
    kind, channels = draw(st.sampled_from(kinds)), draw(st.sampled_from((1, 3)))
    numbers = {"min_size": channels, "max_size": channels}
    return Preprocessing(
        kind=kind,
        height=draw(st.integers(1, 64)),
        width=draw(st.integers(1, 64)),
        channels=channels,
        crop=draw(st.floats(0.05, 1.0)),
        interpolation=draw(st.sampled_from(INTERPOLATIONS)),
        polarity=draw(st.sampled_from(POLARITIES if kind == WHOLE else POLARITIES[:2])),
        mean=tuple(draw(st.lists(st.floats(-300, 300), **numbers))),
        scale=tuple(draw(st.lists(st.floats(0.1, 300), **numbers))),
    )


@given(records())
def test_a_record_that_went_through_json_is_the_same(record: Preprocessing) -> None:
    assert Preprocessing.from_json(json.loads(json.dumps(record.to_json()))) == record


@given(records(), st.data())
def test_the_input_is_level_minus_mean_divided_by_scale_in_each_channel(
    record: Preprocessing, data: st.DataObject
) -> None:
    images = data.draw(arrays.arrays(np.uint8, (2, 3, 3, record.channels)))
    expected = (images.astype(float) - record.mean) / record.scale
    found = record.to_input(images)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-2)


def test_the_standard_input_is_the_level_divided_by_255_to_the_last_bit() -> None:
    levels = np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1)
    assert np.array_equal(standard(GLYPH, (16, 16, 1)).to_input(levels), levels.astype(np.float32) / 255)


def test_a_standard_record_inverts_grey_pictures_and_keeps_colours() -> None:
    assert standard(WHOLE, (28, 28, 1)).polarity == "light_on_dark"
    assert standard(WHOLE, (32, 32, 3)).polarity == "as_is"
    assert standard(WHOLE, (32, 24, 3)).shape == (32, 24, 3)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "photograph"},
        {"kind": None},
        {"version": 2},
        {"height": 0},
        {"width": 28.0},
        {"width": 10**400},
        {"channels": 2},
        {"channels": 1.0},
        {"channels": True},
        {"crop": 0.0},
        {"crop": 1.5},
        {"crop": float("nan")},
        {"crop": "1"},
        {"interpolation": "magic"},
        {"polarity": "as_is"},  # a glyph's ink is always found, so its polarity must be given
        {"mean": (0.0, 0.0)},
        {"mean": [0.0]},
        {"scale": (0.0,)},
        {"scale": (float("inf"),)},
        {"scale": ("1",)},
    ],
)
def test_the_error_for_an_impossible_value_names_its_field(wrong: dict[str, object]) -> None:
    (name,) = wrong
    with pytest.raises(ConfigError) as refused:
        dataclasses.replace(standard(GLYPH, (28, 28, 1)), **wrong)  # type: ignore[arg-type]
    assert refused.value.message.values["name"] == name


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=3),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    ),
    st.sampled_from([None, *(field.name for field in dataclasses.fields(Preprocessing))]),
)
def test_any_other_json_is_refused_or_read(value: object, field: str | None) -> None:
    stored = standard(GLYPH, (28, 28, 1)).to_json()
    try:
        record = Preprocessing.from_json(value if field is None else {**stored, field: value})
    except ConfigError:
        return  # refused in one sentence
    assert len(record.mean) == len(record.scale) == record.channels
