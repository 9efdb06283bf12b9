"""The experiments that ``core.subprocesses`` runs in child processes: the lab's side, which imports TensorFlow."""
