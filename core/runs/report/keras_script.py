"""Write a run as a short Keras script that does not need this project.

Networks, schedule and augmentation are copied from the project's source text, so that script and lab cannot
differ; the loop around them is a template beside this file. This module does not import Keras.
"""

from __future__ import annotations

import ast
from pathlib import Path
from string import Template

from core.bundles.bundle import pretrained, read_card
from core.class_sets.teach_script import BACKBONE_FILE, PICTURES, teach_script
from core.contract import architectures as models
from core.contract.config import ClassifierConfig, TrainingConfig
from core.datasets import registry as datasets
from core.errors import ConfigError
from core.runs.report.history import History

_CORE = Path(__file__).resolve().parents[2]
_TEMPLATES = Path(__file__).with_name("scripts")
_SOURCES = {"cnn": "lab/models/cnn.py", "rnn": "lab/models/rnn.py", "gan": "lab/models/gan.py"}
_WHITENED = ("resnet",)  # the networks whose first layer is set by the images
_SETTINGS = {
    "classifier": (
        "train_size", "augmentation", "validation_split", "epochs", "small_epochs", "batch_size",
        "learning_rate", "label_smoothing", "weight_decay", "weight_average", "seed",
    ),
    "gan": (
        "train_size", "latent_size", "epochs", "batch_size", "generator_learning_rate",
        "discriminator_learning_rate", "held_rate", "translation", "r1_weight", "weight_average", "seed",
    ),
}  # fmt: skip
FIRST_FILE = "first.keras"  # the shipped model whose weights a run began with, beside the script
DATA_FILE = "data.npz"  # what the script reads if Keras does not have the data set; in Keras's layout
_PICTURES = """x_train, y_train = pictures("train")
x_test, y_test = pictures("test")"""
_DATA_OF_ITS_OWN = f"""with np.load("{DATA_FILE}") as data:  # written by Deep Image Lab, beside this file
    x_train, y_train, x_test, y_test = (data[name] for name in ("x_train", "y_train", "x_test", "y_test"))"""


def keras_script(history: History) -> str:
    """Return the text of the script.

    Beside it, a script of a fine-tuning needs the backbone's Keras file and the pictures
    (``BACKBONE_FILE``, ``PICTURES``), one that begins with a shipped model this model (``FIRST_FILE``), and
    one of a data set that Keras does not have ``DATA_FILE``.

    Raises:
        ConfigError: when the run's configuration is damaged, or cannot be written as a short script.
        RunError: when the changes of its learning rates cannot be read.
    """
    config = history.run.config
    if isinstance(config, ClassifierConfig) and config.adds_drawings:
        raise ConfigError("runs.script_with_drawings")
    kind = "classifier" if isinstance(config, ClassifierConfig) else "gan"
    fine_tuned = models.is_fine_tuned(config.architecture)
    kept = {
        "augmented": not fine_tuned and getattr(config, "augmentation", "none") != "none",
        "begun": bool(getattr(config, "begin_with", "")),
        "fine_tuned": fine_tuned,
        "averaged": bool(config.weight_average),
        "decayed": bool(getattr(config, "weight_decay", 0.0)),
        "translated": bool(getattr(config, "translation", 0)),
        "with_momentum": getattr(config, "optimizer", "adam") in ("sgd", "muon"),
        "with_muon": getattr(config, "optimizer", "adam") == "muon",
        "reduced": bool(getattr(config, "small_epochs", 0)),
        "whitened": config.architecture in _WHITENED,
    }
    template = (_TEMPLATES / f"{kind}.txt").read_text(encoding="utf-8")
    return Template(_chosen(template, kept)).substitute(
        title=models.get(config.architecture).title,
        dataset_title=_in_docstring(datasets.describe(config.dataset).title),
        settings=_settings(config, _SETTINGS[kind], history),
        functions="\n\n\n".join(_functions(config, history, kept)),
        data=_data(config),
        builder=config.architecture,
        first=FIRST_FILE,
        result=_result(history),
    )


def _chosen(template: str, kept: dict[str, bool]) -> str:
    """Return the template without the lines that end in ``#? condition`` and whose condition is false."""
    lines = []
    for line in template.splitlines():
        text, _, condition = line.partition("  #? ")
        if not condition or kept[condition.removeprefix("not ")] != condition.startswith("not "):
            lines.append(text)
    return "\n".join(lines) + "\n"


def _functions(config: TrainingConfig, history: History, kept: dict[str, bool]) -> list[str]:
    schedule = ["one_cycle"] if isinstance(config, ClassifierConfig) else ["held_then_falling"]
    schedule += ["MUON_WARM_UP"] * kept["with_muon"]
    parts = [
        _fine_tuning(config, history)
        if kept["fine_tuned"]
        else functions(_CORE / _SOURCES[config.family], config.architecture),
        functions(_CORE / "lab/training/schedule.py", *schedule),
        _rate_factor(history),
    ]
    changing = ["augment"] * kept["augmented"] + ["reduced"] * kept["reduced"]
    if kept["augmented"]:
        parts.append(functions(_CORE / "contract/config.py", "SINGLE_AUGMENTATIONS", "TOGETHER"))
    if changing:
        parts.append(functions(_CORE / "lab/training/augmentation.py", *changing))
    if kept["translated"]:
        parts.append(functions(_CORE / "lab/training/translation.py", "translated"))
    if kept["with_momentum"]:
        parts.append(functions(_CORE / "lab/training/fast/sgd.py", "MOMENTUM", "VECTORS"))
    if kept["with_muon"]:
        parts.append(functions(_CORE / "lab/training/fast/muon.py", "moved_kernel"))
    if kept["whitened"]:
        parts.append(functions(_CORE / "lab/training/first_weights.py", "whiten"))
    return parts


def _fine_tuning(config: TrainingConfig, history: History) -> str:
    """Return the functions that read pictures, cut the backbone, and learn the head to begin with."""
    bundle = history.run.bundle
    temperature = read_card(bundle).temperature if bundle.exists() else 1.0
    learning = teach_script(pretrained(config.architecture).card, temperature)
    own = (_TEMPLATES / "fine_tuning.txt").read_text(encoding="utf-8")
    return "\n\n\n".join(
        [
            f"NAMES = {list(datasets.describe(config.dataset).classes)!r}",
            functions(_CORE / "lab/training/fine_tuning.py", "BLOCKS"),
            functions(_CORE / "lab/models/efficientnet_lite.py", "before_last_blocks"),
            defined_in(learning, "read", "learn", "BATCH", "MEAN", "SCALE", "TEMPERATURE"),
            Template(own).substitute(backbone=BACKBONE_FILE, pictures=PICTURES).rstrip(),
        ]
    )


def _rate_factor(history: History) -> str:
    changes = [(change.step, change.factor) for change in history.run.rate_changes()]
    return (
        f"RATE_CHANGES = {changes!r}  # made while it trained: after so many steps, the factor\n\n\n"
        "def rate_factor(step):\n"
        '    """Return the factor of the learning rates."""\n'
        "    return tf.constant(dict([(0, 1.0), *(c for c in RATE_CHANGES if c[0] <= step)]).popitem()[1])"
    )


def _result(history: History) -> str:
    accuracy = history.finished.metrics.get("test_accuracy") if history.finished else None
    return "nothing yet" if accuracy is None else f"{accuracy:.4f}"


def functions(source: Path, *wanted: str) -> str:
    """Return the source text of functions, classes and constants, with those of the module that they use."""
    return defined_in(source.read_text(encoding="utf-8"), *wanted)


def defined_in(text: str, *wanted: str) -> str:
    """Return the same of a module's source text."""
    defined = {name: node for node in ast.parse(text).body for name in _names(node)}
    used: set[str] = set()
    ahead = list(wanted)
    while ahead:
        name = ahead.pop()
        if name in defined and name not in used:
            used.add(name)
            ahead += _names_from_outside(defined[name])
    nodes = sorted({defined[name] for name in used}, key=lambda node: node.lineno)
    return "\n\n\n".join(_text(node, text) for node in nodes)


def _names_from_outside(node: ast.stmt) -> list[str]:
    """Return the names that a definition uses and does not set itself."""
    own = {one.arg for one in ast.walk(node) if isinstance(one, ast.arg)}
    names = [one for one in ast.walk(node) if isinstance(one, ast.Name)]
    own |= {one.id for one in names if isinstance(one.ctx, ast.Store)}
    return [one.id for one in names if one.id not in own]


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    return []


def _text(node: ast.stmt, text: str) -> str:
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(d.lineno for d in decorators)])
    return "\n".join(text.splitlines()[first - 1 : node.end_lineno])


def _settings(config: TrainingConfig, names: tuple[str, ...], history: History) -> str:
    lines = [f"{name.upper()} = {getattr(config, name)!r}" for name in names]
    lines.append(f"CLASSES = {len(datasets.describe(config.dataset).classes)}")
    lines.append(f"STEPS = {history.step}  # of the run; fewer than its epochs have where it was ended")
    if config.family == "gan":
        lines.append("R1_INTERVAL = 16  # steps from one penalty to the next; it weighs as much more")
    lines.append("Shape = tuple  # of an image: height, width, channels")
    return "\n".join(lines)


def _in_docstring(title: str) -> str:
    """Return a title, which a visitor may have written, without what would end the script's docstring."""
    return title.replace("\\", "/").replace('"', "'")


def _data(config: TrainingConfig) -> str:
    if models.is_fine_tuned(config.architecture):
        return _PICTURES
    if not datasets.describe(config.dataset).in_keras:
        return _DATA_OF_ITS_OWN
    lines = [
        f"(x_train, y_train), (x_test, y_test) = keras.datasets.{config.dataset}.load_data()",
        "x_train, x_test = (x.reshape(len(x), *x.shape[1:3], -1) for x in (x_train, x_test))",
        "y_train, y_test = y_train.ravel(), y_test.ravel()",
    ]
    if config.train_size is not None:
        lines += [
            "drawn = np.random.default_rng(SEED).permutation(len(x_train))[:TRAIN_SIZE]",
            "x_train, y_train = x_train[drawn], y_train[drawn]",
        ]
    return "\n".join(lines)
