"""The experiments that ``core.stepper`` runs in child processes: the lab's side, which imports TensorFlow."""
