from __future__ import annotations

import re

import pytest

from core.contract import architectures
from core.errors import ConfigError


def test_every_architecture_says_what_a_visitor_wants_to_know():
    for architecture in architectures.ARCHITECTURES:
        assert architecture.title
        assert architecture.summary.endswith(".")
        assert re.search(r"\b(19|20)\d\d\b|tutorials", architecture.source)


def test_no_two_architectures_have_the_same_name_or_title():
    for key in ("name", "title"):
        values = [getattr(a, key) for a in architectures.ARCHITECTURES]
        assert len(set(values)) == len(values)


def test_each_family_starts_with_the_first_of_its_architectures():
    assert [architectures.default(family) for family in ("cnn", "rnn", "gan")] == [
        "tutorial",
        "lstm",
        "dcgan",
    ]


def test_the_families_hold_every_architecture_once():
    names = [a.name for family in ("cnn", "rnn", "gan") for a in architectures.of_family(family)]
    assert sorted(names) == sorted(a.name for a in architectures.ARCHITECTURES)


def test_an_unknown_architecture_is_answered_with_the_known_ones():
    with pytest.raises(ConfigError, match=r"named 'lent5'; known are tutorial, lenet5, .*\.$"):
        architectures.get("lent5")
