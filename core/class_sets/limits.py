"""State every limit of class sets in one place; they are kept by ``class_set`` and ``class_set_store``."""

from __future__ import annotations

FEWEST_CLASSES = 2  # to learn; a set that is being filled may have fewer
MOST_CLASSES = 20
MOST_NAME = 40  # characters of a class's name, and of a set's
MOST_PICTURES = 2_000  # in a set
MOST_BYTES = 100 * 2**20  # of a set's picture files
SHORT_SIDE = 256  # pixels: a kept picture is reduced until its shorter side has no more
LONG_SIDE = 1_024  # pixels: a longer strip is cut to its middle
MOST_FILE = 30 * 2**20  # bytes of pictures in a saved file; the app takes files of 32 MB
MOST_SETS = 10  # of one visitor
MOST_VISITOR_BYTES = 200 * 2**20  # of all sets of one visitor
SUFFIX = ".jpg"  # of the reduced pictures; kept here, because core.images.reduced loads OpenCV
