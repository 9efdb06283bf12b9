from __future__ import annotations

import itertools

import numpy as np
import pytest

from core.gan_games import equation_grammar


def test_the_listed_sentences_are_all_valid_equations() -> None:
    form = itertools.product("0123456789", "+-", "0123456789", "=", "0123456789")
    valid = [text for text in map("".join, form) if eval(text.replace("=", "=="))]  # safe: our own texts

    assert sorted(valid) == sorted(equation_grammar.sentences())
    assert all(map(equation_grammar.is_valid, valid))


@pytest.mark.parametrize("text", ["3+4=8", "3+4=", "33+4=7", "3*4=7", "=3+47", "٣+4=7", "3+4=7\n", ""])
def test_invalid_sentences_are_refused(text: str) -> None:
    assert not equation_grammar.is_valid(text)


def test_every_sentence_is_either_for_training_or_held_out() -> None:
    shown, held_out = equation_grammar.split()

    assert len(held_out) == equation_grammar.HELD_OUT
    assert sorted(shown + held_out) == sorted(equation_grammar.sentences())
    assert equation_grammar.split() == (shown, held_out)


def test_a_score_counts_valid_different_and_new_sentences() -> None:
    shown, held_out = equation_grammar.split()
    found = equation_grammar.score([shown[0], shown[0], held_out[0], "9+9=9"])

    assert found == equation_grammar.Score(0.75, 2, 1)
    assert equation_grammar.score([]).valid == 0


def test_texts_are_read_back_from_their_positions_in_the_alphabet() -> None:
    assert equation_grammar.decode(equation_grammar.encode(["3+4=7", "9-9=0"])) == ["3+4=7", "9-9=0"]


def test_chance_is_the_score_of_random_texts() -> None:
    places = np.random.default_rng(0).integers(0, 10, (20000, 3))
    signs = np.random.default_rng(1).integers(0, 2, 20000)
    texts = [f"{a}{'+-'[s]}{b}={c}" for (a, b, c), s in zip(places, signs, strict=True)]

    assert equation_grammar.score(texts).valid == pytest.approx(equation_grammar.chance()[1], abs=0.005)
    assert equation_grammar.chance()[0] == 110 / 13**5
