"""Keep the shipped probabilities of the test images in the process."""

from __future__ import annotations

from core.remedies import stored_answers
from core.remedies.shipped_files import shipped_file
from core.remedies.stored_answers import StoredAnswers
from pages.parts.shared.process_cache import kept_in_process


@kept_in_process(2)
def answers_for(dataset: str) -> StoredAnswers:
    """Return the shipped probabilities for a data set.

    Raises:
        BundleError: when the file cannot be read.
    """
    return stored_answers.read_answers(shipped_file(stored_answers.FILE, dataset))
