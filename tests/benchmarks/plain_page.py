"""The page that the app is compared with: one Plotly chart and a button, as in Streamlit's tutorials."""

import plotly.graph_objects as go
import streamlit as st

seed = st.session_state.setdefault("seed", 0)
if st.button("Another", key="another"):
    st.session_state["seed"] = seed = seed + 1
figure = go.Figure(go.Bar(x=[f"{k}" for k in range(10)], y=[(seed * 7 + 3 * k) % 10 for k in range(10)]))
figure.update_layout(title="Ten numbers", height=300)
st.plotly_chart(figure, key="chart")
