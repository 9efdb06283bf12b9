"""Deep Image Lab: page configuration and navigation. Start with ``streamlit run streamlit_app.py``."""

import streamlit as st

from pages.parts.shared import navigation

st.set_page_config(page_title="Deep Image Lab", page_icon=":material/neurology:", layout="wide")
navigation.declare_pages().run()
navigation.freeze_long_lived_objects()
