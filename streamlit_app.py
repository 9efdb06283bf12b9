"""Deep Image Lab: page configuration and navigation. Start with ``streamlit run streamlit_app.py``."""

from pathlib import Path

import streamlit as st

from pages.parts.shared import navigation

ICON = Path(__file__).with_name("pages") / "icon.svg"  # a Material icon would be fetched from Google

st.set_page_config(page_title="Deep Image Lab", page_icon=ICON, layout="wide")
navigation.declare_pages().run()
navigation.freeze_long_lived_objects()
