"""Train faster on a CPU than Keras does, with its results but for rounding.

The rest of the project uses the names exported here and nothing else of this package.
"""

from core.lab.training.fast.adam import FusedAdam
from core.lab.training.fast.forward import learning_pass
from core.lab.training.fast.muon import FusedMuon
from core.lab.training.fast.products import float32_only
from core.lab.training.fast.sgd import FusedSGD

__all__ = ["FusedAdam", "FusedMuon", "FusedSGD", "float32_only", "learning_pass"]
