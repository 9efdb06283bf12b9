"""Expect errors by their key and values, so that tests do not quote sentences."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from core.errors import LabError
from core.messages import SENTENCES, message


@contextmanager
def raises(kind: type[LabError], key: str, /, **values: Any) -> Iterator[None]:
    """Expect an error with this key, and with these among its values."""
    with pytest.raises(kind) as caught:
        yield
    found = caught.value.message
    assert found.key == key
    assert {**found.values, **message(key, **values).values} == found.values
    assert "\n" not in str(found)


def sentence(key: str, /, **values: Any) -> re.Pattern[str]:
    """Return a pattern for the sentence of a message; a value that is not given may be any text."""
    pattern = ""
    for text, name, form, conversion in string.Formatter().parse(SENTENCES[key]):
        pattern += re.escape(text)
        if name in values:
            field = f"{{0{f'!{conversion}' if conversion else ''}:{form}}}"
            pattern += re.escape(field.format(values[name]))
        elif name:
            pattern += r"[^\n]*"
    return re.compile(pattern)
