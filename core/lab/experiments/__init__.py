"""Define the experiments that ``core.subprocesses`` runs in child processes."""
