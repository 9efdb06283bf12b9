"""Define, train and publish networks, and experiment with them: all that imports TensorFlow and Keras."""

import sys

# Keras imports pandas where it is installed, for data frames, which nothing here uses. That would take each
# worker and each experiment 62 MB and up to a second. Code that needs pandas can import it afterwards.
_HIDDEN = [] if "pandas" in sys.modules else ["pandas"]

sys.modules.update(dict.fromkeys(_HIDDEN))  # type: ignore[arg-type]  # None: cannot be imported
try:
    import keras  # noqa: F401
finally:
    for _name in _HIDDEN:
        del sys.modules[_name]
