from __future__ import annotations

import numpy as np

from core.gan_games.rules import realness

LOGITS = np.array([-800.0, -1.0, 0.0, 0.5, 3.0])


def test_realness_under_the_logistic_losses_is_the_sigmoid_of_the_logit() -> None:
    np.testing.assert_allclose(realness("minimax", LOGITS), [0, 0.26894, 0.5, 0.62246, 0.95257], atol=1e-5)


def test_realness_under_least_squares_is_the_logit_clipped_to_its_targets() -> None:
    np.testing.assert_array_equal(realness("least-squares", LOGITS), [0, 0, 0, 0.5, 1])


def test_realness_under_wasserstein_is_scaled_from_the_least_to_the_greatest_logit() -> None:
    np.testing.assert_allclose(realness("wasserstein", LOGITS[1:]), [0, 0.25, 0.375, 1])
    assert (realness("wasserstein", np.ones(3)) == 0.5).all()
