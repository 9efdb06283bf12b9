from __future__ import annotations

import numpy as np

from core.remedies.ensembles import averaged, ensemble_name, members


def test_an_ensemble_has_the_mean_probabilities_of_its_networks() -> None:
    probabilities = {"a": np.array([[0.9, 0.1]]), "b": np.array([[0.5, 0.5]]), "c": np.array([[0.0, 1.0]])}

    np.testing.assert_allclose(averaged(probabilities, ensemble_name(["a", "b"])), [[0.7, 0.3]])
    np.testing.assert_array_equal(averaged(probabilities, "c"), probabilities["c"])
    assert members(ensemble_name(["a", "b"])) == ["a", "b"]
