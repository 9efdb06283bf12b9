"""The one family of errors: each message is a sentence that a visitor can act on."""


class LabError(Exception):
    """Base of every error that is shown to a visitor as it is, without a traceback."""


class ImageError(LabError):
    """A picture that cannot be read, or is too large to be."""


class DatasetError(LabError):
    """A data set that is unknown, cannot be downloaded, or is damaged."""


class ConfigError(LabError):
    """A training configuration with an unknown key or a value out of range."""


class BundleError(LabError):
    """A model bundle that is missing, incomplete, altered, or of the wrong kind."""


class RunError(LabError):
    """A training run that does not exist, or cannot do what was asked of it."""


class ExperimentError(LabError):
    """An experiment that finds no place, has died, or cannot do what was asked of it."""
