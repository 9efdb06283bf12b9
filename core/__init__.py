"""Deep Image Lab: models, training, reading of pictures and explanation.

The *stage* (images, inference, explain, figures, runs) never imports TensorFlow;
the *lab* (models, training, publishing) does and runs in child processes.
Nothing in here imports Streamlit.
"""
