from __future__ import annotations

import numpy as np

from core.datasets.dataset import Dataset
from core.lab.training.critic_training import train_critic


def test_a_critic_tells_real_images_from_generated_ones_and_from_those_of_another_class(stripes: Dataset):
    noise = np.random.default_rng(1).integers(0, 256, stripes.x_train.shape, np.uint8)
    shares: list[float] = []

    critic = train_critic(
        (stripes.x_train, stripes.y_train), (noise, stripes.y_train), 3, 120, 1, shares.append
    )

    def mean(images: np.ndarray, labels: np.ndarray) -> float:
        return float(critic([images.astype(np.float32) / 255, labels.astype(np.int32)])[:, 0].numpy().mean())

    right = mean(stripes.x_test, stripes.y_test)
    assert right > mean(noise[:60], stripes.y_test) + 1
    assert right > mean(stripes.x_test, (stripes.y_test + 1) % 3) + 1
    assert shares == sorted(shares)
    assert shares[-1] == 1
