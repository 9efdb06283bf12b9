from __future__ import annotations

from core.contract import architectures
from core.remedies.distillation import DISTILLED, FOLDER, STUDENT


def test_the_student_is_a_network_that_visitors_can_train_too() -> None:
    assert architectures.get(STUDENT).family == "cnn"
    assert DISTILLED in str(FOLDER)
