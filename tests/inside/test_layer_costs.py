from __future__ import annotations

from core.inside.layer_costs import LayerCost, total_cost


def test_the_total_adds_parameters_and_multiplications_of_all_layers() -> None:
    costs = (
        LayerCost("conv1", "Conv2D", (26, 26, 8), 80, 48_672),
        LayerCost("dense", "Dense", (10,), 50, 40),
    )

    total = total_cost(costs)
    assert (total.parameters, total.multiplications) == (130, 48_712)
