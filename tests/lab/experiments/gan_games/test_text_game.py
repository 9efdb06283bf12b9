from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from core.gan_games import equation_grammar
from core.lab.experiments.gan_games.text_game import SCORED, SHOWN, TextGameExperiment, preferred_change
from tests.pages.inside.gan_games.conftest import Canned, kinds


@pytest.fixture(scope="module")
def text_game() -> TextGameExperiment:
    """Return the game, whose compilation is slow; every use begins with ``begin``."""
    return TextGameExperiment(lambda text, share: None)


def test_a_frame_has_generated_texts_with_their_logits_and_score(text_game: TextGameExperiment) -> None:
    frame = text_game.begin()
    after = text_game.play(2, text_game.game.rules)

    assert [len(sentence) for sentence in frame["fake"]] == [equation_grammar.LENGTH] * SHOWN
    assert all(map(equation_grammar.is_valid, frame["real"]))
    assert frame["valid"] < 0.01  # before training; chance is three in ten thousand
    assert len(text_game.write()) == SCORED
    assert after["turns"] == {"discriminator": 2, "generator": 2}
    assert after["output"]["discriminator_loss"] != frame["output"]["discriminator_loss"]


def test_the_answers_are_of_the_kind_from_which_the_tests_of_the_page_draw(
    text_game: TextGameExperiment,
) -> None:
    canned, rules = Canned("gan_game_text", {}), text_game.game.rules

    assert kinds(text_game.begin()) == kinds(canned.begin())
    assert kinds(text_game.turn("generator", rules, new=True)) == kinds(canned.turn("generator", rules, True))
    assert kinds(text_game.play(2, rules)) == kinds(canned.play(2, rules))


def test_held_out_sentences_are_never_shown(text_game: TextGameExperiment) -> None:
    held_out = set(equation_grammar.split()[1])
    shown = set()
    for _ in range(10):
        text_game.draw(text_game.game.rules)
        shown |= set(equation_grammar.decode(text_game.game.batch().real.numpy().argmax(-1)))

    assert len(shown) > 80
    assert not shown & held_out


def test_the_preferred_change_is_the_one_that_raises_the_logit_of_a_linear_discriminator_most() -> None:
    weights = np.random.default_rng(0).standard_normal(
        (equation_grammar.LENGTH, len(equation_grammar.ALPHABET))
    )
    written = equation_grammar.encode(["3+4=9"])[0]

    def logit(places: np.ndarray) -> float:
        return float(weights[np.arange(equation_grammar.LENGTH), places].sum())

    changes = {}
    for place in range(equation_grammar.LENGTH):
        for letter in range(len(equation_grammar.ALPHABET)):
            changed = written.copy()
            changed[place] = letter
            changes[place, equation_grammar.ALPHABET[letter]] = logit(changed) - logit(written)
    place, letter, gain = preferred_change(written, weights)

    assert (place, letter) == max(changes, key=changes.__getitem__)
    assert gain == pytest.approx(max(changes.values()))


def test_preferred_changes_follow_from_the_gradients_of_the_discriminator(
    text_game: TextGameExperiment,
) -> None:
    frame = text_game.begin()
    fake = text_game.game.discriminator_output().fake
    with tf.GradientTape() as tape:
        tape.watch(fake)
        logits = text_game.game.discriminator(fake)
    gradient = tape.gradient(logits, fake).numpy()[0]

    place, letter, gain = frame["preferred_changes"][0]
    old = equation_grammar.ALPHABET.index(frame["fake"][0][place])
    assert gain == pytest.approx(
        gradient[place, equation_grammar.ALPHABET.index(letter)] - gradient[place, old], rel=1e-4
    )
    assert gain == pytest.approx(
        (gradient - (gradient * fake[0].numpy()).sum(1, keepdims=True)).max(), rel=1e-4
    )
