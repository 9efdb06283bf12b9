from __future__ import annotations

import json

from streamlit.testing.v1 import AppTest

SCRIPT = """
import plotly.graph_objects as go
import streamlit as st

from core.figures.figure import Figure
from pages.parts.shared.still_chart import still_chart

figure = Figure()
figure.add_bar(x=["a", "b"], y=[1, 2])
figure.update_layout(height=321)
still_chart(figure, key="ours", alt="Bars", place=st.container())
st.plotly_chart(go.Figure(figure.to_dict()), key="theirs", alt="Bars")
"""


def test_the_browser_gets_the_same_chart_as_from_streamlit():
    ours, theirs = AppTest.from_string(SCRIPT).run().get("plotly_chart")
    assert json.loads(ours.proto.spec) == json.loads(theirs.proto.spec)
    assert ours.proto.alt == theirs.proto.alt
    assert json.loads(ours.proto.config)["modeBarButtons"] == [["toImage"]]  # to download it
