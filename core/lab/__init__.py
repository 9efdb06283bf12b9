"""Define, train and publish networks, and experiment with them: all that imports TensorFlow and Keras."""

import sys

# Keras imports pandas, for data frames, and scikit-learn, for estimators, where they are installed. Nothing
# here uses either with Keras, and they would take each worker and each experiment 62 and 58 MB, and up to a
# second each. Code that needs them can import them afterwards.
_HIDDEN = [name for name in ("pandas", "sklearn") if name not in sys.modules]

sys.modules.update(dict.fromkeys(_HIDDEN))  # type: ignore[arg-type]  # None: cannot be imported
try:
    import keras  # noqa: F401
finally:
    for _name in _HIDDEN:
        del sys.modules[_name]
