"""Compute everything that Deep Image Lab shows, without Streamlit.

Only ``core.lab`` imports TensorFlow and Keras; it runs in child processes and commands. Everything else is
the stage, which the web server imports.
"""
