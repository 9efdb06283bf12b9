from __future__ import annotations

from tests.pages.conftest import OpenPage


def test_the_table_counts_all_layers_as_the_card_does(open_page: OpenPage) -> None:
    at = open_page("inside", network="cnn")
    at.session_state["inside counts"] = True
    at.run()

    table = at.dataframe[0].value
    assert table["parameters"].iloc[-1] == "427,690"
    assert table["multiplications"].iloc[1] == f"{28 * 28 * 32 * 9:,}"
