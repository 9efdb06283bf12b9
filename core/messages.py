"""Store errors and messages as a key with values, and make the sentence only where it is shown.

Errors, a run's status and its progress are stored and sent between processes in this form, so that the same
run can be read in another language, by another version, and by programs.
"""

from __future__ import annotations

import contextlib
import functools
import re
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.language import N_, gettext

_KEY = re.compile(r"[a-z_]+\.[a-z0-9_]+")


@dataclass(frozen=True)
class Message:
    """A key of ``SENTENCES`` and the values of its placeholders (numbers, text, or messages themselves).

    In place of a key there may be a text, such as a label, or a finished sentence that another version
    stored: it is shown, translated if it can be. For an unknown key, or values that do not fit, a plain
    sentence names the key.
    """

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the sentence in the visitor's language."""
        sentence = SENTENCES.get(self.key)
        if sentence is None and not _KEY.fullmatch(self.key):
            return gettext(self.key)
        if sentence is not None and _placeholders(sentence) <= self.values.keys():
            with contextlib.suppress(TypeError, ValueError):  # a value that its format does not fit
                return gettext(sentence, **self.values)
        return gettext("This message of another version cannot be shown ({key}).", key=self.key)


Progress = Callable[[Message, float | None], None]
"""Function that long work calls with a message and the share done, from 0 to 1, or None if it is unknown."""


def message(key: str, /, **values: Any) -> Message:
    """Return a message; paths and errors among its values become text or messages, which can be stored."""
    return Message(key, {name: _plain(value) for name, value in values.items()})


def to_json(told: Message) -> dict[str, Any]:
    """Return the message as plain JSON values."""
    values = {
        name: to_json(value) if isinstance(value, Message) else value for name, value in told.values.items()
    }
    return {"key": told.key, "values": values}


def from_json(stored: Any) -> Message:
    """Return the message that ``to_json`` stored, or a finished sentence of an older version.

    Raises:
        ValueError: when ``stored`` is neither.
    """
    if isinstance(stored, str):
        return Message(stored)
    if not (isinstance(stored, dict) and isinstance(stored.get("key"), str)):
        raise ValueError("not a message")
    values = stored.get("values", {})
    if not isinstance(values, dict):
        raise ValueError("not a message")
    return Message(
        stored["key"],
        {name: from_json(value) if isinstance(value, dict) else value for name, value in values.items()},
    )


@functools.cache
def _placeholders(sentence: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


def _plain(value: Any) -> Any:
    if isinstance(value, int | float | str | Message):
        return value
    return getattr(value, "message", None) or str(value)  # a LabError holds its message


# One sentence per key, grouped by the room of ``core`` that uses it; the key begins with the group's name.
SENTENCES: dict[str, str] = {
    # settings
    "settings.number": N_("{name} must be a number from {low:,g} to {high:,g}; got {value!r}."),
    "settings.whole_number": N_("{name} must be a whole number from {low:,} to {high:,}; got {value!r}."),
    # contract
    "contract.dataset_name": N_("The data set must be a name such as mnist or drawn:dcgan; got {value}."),
    "contract.long_value": N_(
        "The value of {name} in this link has more than {longest} characters; copy the link again."
    ),
    "contract.no_json": N_("The configuration {path} is not valid JSON: {reason}."),
    "contract.no_object": N_("A configuration must be a JSON object; got a {type}."),
    "contract.number": N_("{name} must be a number from {low:g} to {high:g}; got {value}."),
    "contract.preprocessing_channels": N_(
        "The preprocessing's {name} needs {channels} numbers, one per channel."
    ),
    "contract.preprocessing_choice": N_("The preprocessing's {name} must be one of {choices}; got {value}."),
    "contract.preprocessing_fields": N_("The preprocessing has missing or unknown fields ({error})."),
    "contract.preprocessing_number": N_(
        "The preprocessing's {name} must be between {low:g} and {high:g}; got {value}."
    ),
    "contract.rate_factor": N_(
        "A learning rate can be multiplied by a number from {low:g} to {high:,.0f}; got {value}."
    ),
    "contract.rate_step": N_("The step of a learning-rate change must be a whole number; got {value}."),
    "contract.unknown_architecture": N_("There is no architecture named {name!r}; choose one of {known}."),
    "contract.unknown_choice": N_("{name} must be one of {choices}; got {value}."),
    "contract.unknown_key": N_("The configuration has the unknown key {name}; known are {known}."),
    "contract.unordered_rates": N_("The run's learning-rate changes are out of order; the file is damaged."),
    "contract.unreadable_event": N_(
        "The run's record holds an event that this version cannot read ({reason})."
    ),
    "contract.unreadable_file": N_("The configuration {path} cannot be read: {reason}."),
    "contract.unreadable_rates": N_("The run's learning-rate changes cannot be read; the file is damaged."),
    "contract.whole_number": N_("{name} must be a whole number from {low:,} to {high:,}; got {value}."),
    # class_sets
    "class_sets.damaged": N_("The class set's file is damaged ({error}); open a copy of it."),
    "class_sets.disk_full": N_("The class set could not be saved ({error}); nothing was changed."),
    "class_sets.empty_class": N_("The class {name} has no picture; add at least one, or remove the class."),
    "class_sets.features_of_another_network": N_(
        "These features come from {found}, but this version of the app uses {wanted}; open the class set "
        "again to compute new ones."
    ),
    "class_sets.few_for_map": N_("t-SNE needs {fewest} pictures or more; this set has {count}."),
    "class_sets.few_pictures": N_(
        "Only classes with two or more pictures can be measured, and at least two of them are needed; "
        "add pictures."
    ),
    "class_sets.head_damaged": N_("The file {name} holds no taught network; export it again."),
    "class_sets.long_name": N_("A name has at most {most} characters; this one has {count}."),
    "class_sets.looking": N_("Computing features: {count:,} of {total:,} pictures"),
    "class_sets.missing": N_("There is no class set with this id; it may have been deleted."),
    "class_sets.no_backbone": N_(
        "The model {name!r} returns no features to learn from; choose the backbone efficientnet_lite0."
    ),
    "class_sets.no_class": N_(
        "The class {name} is no longer in the set; it was removed or renamed elsewhere."
    ),
    "class_sets.no_folders": N_(
        "{name} has no pictures in folders; put the pictures of each class into a folder with its name."
    ),
    "class_sets.no_name": N_("A class needs a name; type one."),
    "class_sets.no_picture": N_("The class set has no such picture; it may have been removed."),
    "class_sets.no_sets_left": N_(
        "You already have {most} class sets; delete one, or save it to a file first."
    ),
    "class_sets.not_yours": N_("Only the visitor who made this class set can change it."),
    "class_sets.placing": N_("Placing {count:,} pictures"),
    "class_sets.reading": N_("Reading the pictures: {count:,} of {total:,}"),
    "class_sets.same_name": N_("There are two classes named {name}; give each its own name."),
    "class_sets.too_few_classes": N_("At least two classes are needed to learn; this set has {count}."),
    "class_sets.too_many_bytes": N_(
        "The pictures of a class set may take {most} MB in all; remove some before you add others."
    ),
    "class_sets.too_many_classes": N_("A class set has at most {most} classes; remove one or merge two."),
    "class_sets.too_many_pictures": N_(
        "A class set has at most {most:,} pictures; remove some before you add others."
    ),
    "class_sets.visitor_full": N_(
        "Your class sets may take {most} MB in all; delete one before you add pictures."
    ),
    "class_sets.way_leads": N_(
        "{way} was the most accurate with {fewest} pictures of each class and with {most}."
    ),
    "class_sets.ways_by_chance": N_(
        "{best} got {more} more of {tested} test pictures right than {second}. So few pictures do not decide "
        "between them: the difference may be chance."
    ),
    "class_sets.ways_cross": N_(
        "{first} was the most accurate with {fewest} pictures of each class, {last} with {most}."
    ),
    "class_sets.ways_differ": N_(
        "{best} is better than {second} on the {tested} test pictures, by more than chance explains."
    ),
    "class_sets.ways_equal": N_("{best} and {second} got equally many of {tested} test pictures right."),
    # datasets
    "datasets.cache_not_writable": N_(
        "{folder} cannot be written ({reason}); name another folder in DEEP_IMAGE_LAB_HOME."
    ),
    "datasets.damaged_archive": N_("{title} was downloaded, but cannot be read: {reason}"),
    "datasets.downloading": N_("Downloading {file}"),
    "datasets.drawing": N_("Drawing images: {total:,} in all"),
    "datasets.image_array": N_(
        "{path} is not {title}: it needs {name} as uint8 of shape {needed}, but has {type} of shape {shape}."
    ),
    "datasets.keras_cannot_read": N_("{title} was downloaded, but Keras cannot read it: {reason}"),
    "datasets.label_array": N_(
        "{path} is not {title}: it needs {name} as whole numbers of shape {needed}, "
        "but has {type} of shape {shape}."
    ),
    "datasets.label_range": N_(
        "{path} is not {title}: it needs {name} from {first} to {most}, but has {low} to {high}."
    ),
    "datasets.missing_array": N_("{path} has no {name}; it needs {needed}."),
    "datasets.no_class": N_("The model {model!r} takes no class, so it draws no data."),
    "datasets.no_generator": N_("There is no generator {model!r} to draw data: {error}"),
    "datasets.no_node": N_("{program} could not be started; install Node 18 or later with npm."),
    "datasets.no_path": N_("Labels to render must be whole numbers from 0 to {high}."),
    "datasets.node_failed": N_("{program} failed to draw the avatars: {reason}"),
    "datasets.not_drawn": N_(
        "{title} has not been drawn on this machine; run `python -m core draw-avatars`, which needs Node, "
        "or choose the small avatars, which come with the app."
    ),
    "datasets.own_set": N_("This class set cannot be used for training. {error}"),
    "datasets.subset_size": N_(
        "{title} has {count:,} training images; choose from 1 to {count:,}, not {size:,}."
    ),
    "datasets.too_few": N_("At least 1 training image must be drawn; got {size:,}."),
    "datasets.unknown": N_("There is no data set {name!r}; choose one of {names}."),
    "datasets.unpacking": N_("Unpacking {title}"),
    "datasets.unreachable": N_(
        "{title} could not be downloaded from {url}; choose Rendered digits, which need no download, "
        "or put {name}.npz into the folder named by DEEP_IMAGE_LAB_DATA."
    ),
    "datasets.unreadable_npz": N_("{path} is not a readable .npz file; replace or delete it."),
    "datasets.wrong_checksum": N_(
        "{title} was not kept, because {file} arrived with a wrong checksum; try again, choose Rendered "
        "digits, which need no download, or put {name}.npz into the folder named by DEEP_IMAGE_LAB_DATA."
    ),
    # bundles
    "bundles.branches": N_(
        "The layers of {title} branch, but only a single chain of layers can be shown; "
        "choose another network."
    ),
    "bundles.card_damaged": N_("The card of the model {name!r} is damaged ({error})."),
    "bundles.card_format": N_(
        "The model {name!r} has card format {found}, but this version of the app reads formats 1 to {known}."
    ),
    "bundles.card_missing": N_("There is no model in {folder}: its card.json cannot be read."),
    "bundles.card_types": N_("The card of the model {name!r} is damaged (a value of the wrong type)."),
    "bundles.file_altered": N_(
        "The model {name!r} was altered or damaged: {file} does not match its card; "
        "publish or download it again."
    ),
    "bundles.file_missing": N_("The model {name!r} is incomplete: {file} cannot be read."),
    "bundles.layers_unreadable": N_("The layers of the model {name!r} cannot be read ({error})."),
    "bundles.no_classifier": N_("No shipped CNN knows the classes of this generator."),
    "bundles.no_layer": N_("The model {name!r} has no layer of the kind {kind}."),
    "bundles.not_shipped": N_("There is no model named {name!r}; the app comes with: {known}."),
    # images
    "images.archive_damaged": N_("{name} is damaged or cut short; create the file again."),
    "images.archive_in_archive": N_(
        "{name} is a ZIP file inside a ZIP file; unpack it and upload its pictures."
    ),
    "images.archive_of_too_many": N_("{name} holds more than {most:,} files; split it and try again."),
    "images.archive_too_large": N_("{name} would unpack to more than {most} MB; split it and try again."),
    "images.damaged": N_(
        "{name} is damaged, cut short or in a rare format; save it as PNG or JPEG and try again."
    ),
    "images.empty": N_("{name} is empty; choose another file."),
    "images.link_damaged": N_("The drawing in this link is damaged or cut short; ask for the link again."),
    "images.link_too_long": N_("The drawing in this link is too long; ask for the link again."),
    "images.member_compression": N_("{name} is compressed in an unusual way; create an ordinary ZIP file."),
    "images.member_damaged": N_("{name} is damaged inside the ZIP file; add it again."),
    "images.member_locked": N_("{name} is locked with a password; create a ZIP file without one."),
    "images.member_too_large": N_("{name} is too large once unpacked; upload a smaller copy on its own."),
    "images.no_film": N_("The film could not be written; try again, or choose GIF or WebP."),
    "images.no_pixels": N_("{name} has no pixels; choose another file."),
    "images.not_a_picture": N_("{name} is not a picture in a known format; save it as PNG or JPEG."),
    "images.side_too_long": N_(
        "{name} is longer or wider than {most:,} pixels; cut it into parts, or save a smaller copy."
    ),
    "images.the_archive": N_("The archive"),  # in place of a name
    "images.the_file": N_("The file"),
    "images.too_many_bytes": N_("{name} is larger than {most} MB; save a smaller copy and try again."),
    "images.too_many_frames": N_("A film may have {most} frames; this one has {count}."),
    "images.too_many_pixels": N_(
        "{name} has {got:,.1f} megapixels, but at most {most:,.0f} of its format are read; save a smaller "
        "copy and try again."
    ),
    "images.too_many_scans": N_(
        "{name} is stored in too many scans to be read quickly; save it again and try once more."
    ),
    "images.too_much_memory": N_(
        "{name} would need more than {most} MB of memory to be read; save a smaller copy, or one of 8 bits "
        "per colour, and try again."
    ),
    "images.video": N_("{name} is a video; save single frames of it as PNG or JPEG and add these."),
    # inference
    "inference.class_range": N_("The model {name!r} draws classes 0 to {last}."),
    "inference.decoding_failed": N_("{name} could not be read; save it as PNG or JPEG and try again."),
    "inference.image_shape": N_("The model {name!r} reads images of {wanted}; got {got}."),
    "inference.latent_size": N_("The model {name!r} takes latent points of {size} numbers; got {got}."),
    "inference.litert_fails": N_("The model {name!r} cannot be run by LiteRT: {error}."),
    "inference.negative_seed": N_("A seed must be a whole number, 0 or more; got {seed}."),
    "inference.no_critic": N_("The bundle {name!r} has no critic, so broken images cannot be left out."),
    "inference.no_discriminator": N_("The model {name!r} was published without its discriminator."),
    "inference.not_a_classifier": N_("The model {name!r} draws images; choose a CNN or an RNN to read them."),
    "inference.not_a_generator": N_("The model {name!r} reads images; choose a generator to draw them."),
    "inference.too_slow": N_(
        "{name} took more than {seconds} seconds of processor time to read; save a smaller copy as PNG or "
        "JPEG and try again."
    ),
    # explain
    "explain.covering": N_("Covering one part after another"),
    "explain.no_maps": N_("{title} has no convolution; choose a CNN for a class activation map."),
    "explain.no_rows": N_("{title} reads an image at once; choose an RNN to follow its rows."),
    # latent
    "latent.damaged_point": N_("The point in this link is damaged or cut short; ask for the link again."),
    "latent.no_digits": N_("This generator does not draw digits; choose one that does."),
    "latent.no_latent_layer": N_(
        "The first dense layer of the model {name!r} does not take its latent point."
    ),
    "latent.not_a_number": N_(
        "Only the digits 0 to 9, spaces and the signs + - ( ) . , / = : can be written; type a number."
    ),
    "latent.nothing_to_write": N_("Type a number to write."),
    "latent.other_size": N_(
        "The point in this link has {count} numbers, but this generator takes {size}; "
        "choose the generator that made it."
    ),
    "latent.target_shape": N_("This generator draws images of {wanted}, so it cannot redraw one of {got}."),
    "latent.text_too_long": N_("At most {most} characters can be written; this text has {count}."),
    # inside
    "inside.dilated_window_too_large": N_(
        "A window of {size} with dilation {dilation} covers {extent} cells, but its input has only {room} "
        "with the padding; lower the dilation, or choose a smaller window or a padding of {padding}."
    ),
    "inside.kernel_not_numbers": N_("The kernel in this link must consist of numbers; copy the link again."),
    "inside.kernel_range": N_("The numbers of a kernel must be between −{largest:g} and {largest:g}."),
    "inside.kernel_size": N_("The kernel in this link must have 9 or 25 numbers; got {count}."),
    "inside.model_bytes": N_("{name} is larger than {most} MB; save a smaller model, without its optimiser."),
    "inside.model_class": N_(
        "This model is of a class of its own ({kind}), which only its author's code can build, and such "
        "code is never run here; save it as a Sequential or Functional model."
    ),
    "inside.model_code": N_(
        "The layer {name} ({kind}) needs code that is not Keras's own, which is never run here; "
        "remove it from the model."
    ),
    "inside.model_config": N_(
        "The description of the model {name} is larger than {most} kB; save a smaller model."
    ),
    "inside.model_damaged": N_("The model {name} is damaged or of another form; save it again with Keras 3."),
    "inside.model_input": N_(
        "This model reads inputs of {shape}; only images of {low} to {high} pixels in height and width, grey "
        "or in colour, can be shown."
    ),
    "inside.model_layers": N_("This model has {count} layers; at most {most} can be shown."),
    "inside.model_memory": N_("The model {name} needs too much memory; choose a smaller one."),
    "inside.model_nested": N_("The layer {name} is a model itself; save a model whose layers form one list."),
    "inside.model_no_weights": N_("This model file holds no layers with weights; save the whole model."),
    "inside.model_not_keras": N_(
        '{name} is no Keras model; choose a file that model.save("name.keras") has written.'
    ),
    "inside.model_parameters": N_("This model has {count:,} parameters; at most {most:,} can be shown."),
    "inside.model_unreadable": N_("{name} cannot be opened. {error}"),
    "inside.model_values": N_(
        "This model has weights or results that are no numbers, or larger than {most:,.0f}; train it again."
    ),
    "inside.model_weights": N_(
        "The weights of this model lie outside its file, or are not floating-point numbers; save it again."
    ),
    "inside.model_work": N_("The layer {name} computes too much to be shown here; choose a smaller model."),
    "inside.no_convolution": N_("This network has no convolution to show; choose a CNN."),
    "inside.no_recurrent_layer": N_("This network has no recurrent layer to show; choose an RNN."),
    "inside.no_recurrent_network": N_("No RNN is available yet; train one first."),
    "inside.no_row_generator": N_("The model {name!r} does not draw rows; choose one that does."),
    "inside.row_class": N_("This network draws the classes 0 to {high}; choose one of them."),
    "inside.rows": N_("This network draws {rows} rows of {columns} pixels; give it rows of this size."),
    "inside.small_images": N_(
        "This network reads images of {height}×{width}, too small for your picture; choose another network."
    ),
    "inside.temperature": N_("The temperature must be between 0 and {high:g}; got {value:g}."),
    "inside.unknown_layer": N_(
        "The layer {name} ({kind}) is of a kind that cannot be shown; choose another network."
    ),
    "inside.unknown_settings": N_(
        "The layer {name} has settings that cannot be shown; choose another network."
    ),
    "inside.unreadable_measurement": N_(
        "The measured gradients in {file} cannot be read ({reason}); measure them again."
    ),
    "inside.unreadable_networks": N_(
        "The compared networks in {file} cannot be read ({reason}); train them again."
    ),
    "inside.window_too_large": N_(
        "A window of {size} cells is larger than its input, which has {room} cells with the padding; choose "
        "a smaller window or a padding of {padding}."
    ),
    # remedies
    "remedies.asking_the_teacher": N_("The large network reads {count:,} images"),
    "remedies.compressed": N_("Compressed: {how}."),
    "remedies.compressing": N_("Compressing the network"),
    "remedies.impossible_attack": N_("Strengths must be from 0 to 1, at most 32 of them, by FGSM or PGD."),
    "remedies.impossible_compression": N_("Choose a form from the list, and prune at most 99%."),
    "remedies.loading": N_("Loading the network"),
    "remedies.no_networks": N_("No shipped network was trained on {dataset}."),
    "remedies.other_input": N_("{name} does not read values from 0 to 1; choose another network."),
    "remedies.other_shape": N_("The picture does not fit {name}; choose another network or picture."),
    "remedies.other_measurement": N_(
        "{file} holds a measurement with other settings; delete it or choose another file by --out."
    ),
    "remedies.measuring": N_("Measuring: {name}"),
    "remedies.no_generator": N_("No shipped generator draws pictures of {dataset}."),
    "remedies.no_unit": N_("{name} has no such unit; choose another layer or unit."),
    "remedies.teaching": N_("The tiny network learns for {count:,} steps"),
    "remedies.too_few_pictures": N_("A class has {count} training pictures; {wanted} are needed."),
    "remedies.too_few_images": N_("The data set has {count} test images; --images asks for {wanted}."),
    "remedies.unreadable": N_("The measurement {file} cannot be read: {reason}."),
    # gan_games
    "gan_games.damaged_drawing": N_("The drawn points in this link are damaged; draw them again."),
    "gan_games.loss": N_("The loss must be one of {known}; got {value!r}."),
    "gan_games.nothing_drawn": N_("Nothing is drawn yet; draw where the real points should be."),
    "gan_games.range": N_("{name} must be between {low:g} and {high:g}; got {value!r}."),
    "gan_games.unknown_points": N_("There is no set of points {name!r}; choose one of {known}."),
    # runs
    "runs.address_limit": N_(
        "Your network already has {count} runs waiting or training; try again when one of them has ended."
    ),
    "runs.already_running": N_("This run is already running."),
    "runs.cluster_lost": N_(
        "The cluster lost the machine that trained this run; resume it to continue from its last checkpoint."
    ),
    "runs.cluster_needs_ray": N_(
        "DEEP_IMAGE_LAB_CLUSTER is set, but Ray is not installed; run pip install -r "
        "requirements-cluster.txt."
    ),
    "runs.cluster_unreachable": N_(
        "The cluster at {address} does not answer; start it, or correct its address or its token."
    ),
    "runs.damaged_file": N_("The run's {name} cannot be read; it was damaged or deleted."),
    "runs.damaged_status": N_("The run's status is damaged: a value in status.json is invalid."),
    "runs.discarded": N_("Discarded."),
    "runs.disk_full": N_("The disk that holds {folder} is full; delete runs that are no longer needed."),
    "runs.diverged": N_(
        "The loss was not a finite number at step {step:,}; try again with a smaller learning rate."
    ),
    "runs.diverged_kept": N_(
        "The loss was not a finite number at step {step:,}; try again with a smaller learning rate. "
        "The model of step {kept:,} was kept."
    ),
    "runs.download_missing": N_(
        "The run's {name} cannot be read; reload the page to see whether the run still exists."
    ),
    "runs.ended_without_result": N_("The training ended without a final event, so there is no result."),
    "runs.finished": N_("Finished at step {steps:,}."),
    "runs.finished_early": N_("Finished at step {steps:,}. {reason}"),
    "runs.forbidden": N_("{folder} may not be written to; set DEEP_IMAGE_LAB_HOME to another folder."),
    "runs.has_ended": N_("This run has ended, so it can no longer be controlled."),
    "runs.interrupted": N_(
        "The training process was interrupted, perhaps because memory ran out; everything recorded "
        "until then is kept."
    ),
    "runs.loading_libraries": N_("Loading the libraries."),
    "runs.missing": N_("There is no run {id!r}; it may have been deleted."),
    "runs.never_started": N_("This run was never started, so there is nothing to resume."),
    "runs.no_worker": N_("This run was paused for so long that it has no worker; continue it first."),
    "runs.not_started": N_("Not started yet."),
    "runs.not_yours": N_(
        "Only the visitor who started this run, or anyone with its control link, can do this."
    ),
    "runs.nothing_to_resume": N_(
        "This run has finished, so there is nothing to resume; start a new one with the same settings."
    ),
    "runs.out_of_time": N_(
        "Finished at step {steps:,}, because on this server a run ends after {minutes:g} minutes."
    ),
    "runs.out_of_memory": N_(
        "The training ran out of memory; choose a smaller batch, network or training set."
    ),
    "runs.parked": N_(
        "Paused at step {step:,}; other runs may use its place meanwhile. "
        "When you continue, it waits for its turn and goes on from this step."
    ),
    "runs.paused": N_("Paused at step {step:,}."),
    "runs.paused_for": N_("Paused at step {step:,}. After {minutes:g} min, other runs may use its place."),
    "runs.process_not_started": N_("The training process could not be started: {error}."),
    "runs.queue_full": N_("The queue is full: {count} runs are waiting; try again in a few minutes."),
    "runs.running": N_("This run is still running; stop it before deleting it."),
    "runs.script_with_drawings": N_(
        "A run that adds drawings to each batch cannot be written as a short script; take the model."
    ),
    "runs.started_before": N_("This run was started before; start a new one with the same settings."),
    "runs.stopped": N_("Stopped at step {step:,}; the model was kept."),
    "runs.stopped_early": N_("Stopped before the first step."),
    "runs.stopped_waiting": N_("Stopped before its turn came."),
    "runs.training": N_("Training."),
    "runs.unexpected_error": N_(
        "The training stopped because of an unexpected error; worker.log has the details."
    ),
    "runs.unreadable": N_("The run {id} cannot be read: {error}."),
    "runs.unreadable_file": N_("The run's {name} cannot be read: {error}."),
    "runs.unreadable_record": N_("The run's record cannot be read: {error}."),
    "runs.unwritable": N_("Nothing can be written to {folder}: {error}."),
    "runs.visitor_limit": N_(
        "You already have {count} runs waiting or training; stop one, or wait until one has ended."
    ),
    "runs.waiting": N_("Waiting for its turn."),
    "runs.waiting_for_cluster": N_("Waiting for the cluster to have room and load the data."),
    "runs.waiting_for_experiment": N_(
        "Waiting until an experiment on Inside has ended, a minute at most: this server has too little "
        "memory for both."
    ),
    "runs.waiting_for_space": N_("{error} The run continues by itself when there is space."),
    "runs.writing_model": N_("Writing the model."),
    "runs.wrong_control_key": N_(
        "This control link is not valid for this run. You can watch it; ask its owner for the whole link."
    ),
    # subprocesses
    "subprocesses.all_taken": N_(
        "All {limit} places for experiments are taken by other visitors; one becomes free when a visitor "
        "leaves or does nothing for five minutes. Try again then."
    ),
    "subprocesses.building": N_("Building the experiment"),
    "subprocesses.ended": N_("The experiment's process has ended; start it again from the beginning."),
    "subprocesses.ended_idle": N_(
        "The experiment ended because it was not used for a while; start it again from the beginning."
    ),
    "subprocesses.export_failed": N_(
        "The file could not be created, perhaps because memory ran out; try again when fewer runs "
        "are training."
    ),
    "subprocesses.export_timeout": N_("The file was not ready after {seconds} seconds; try again later."),
    "subprocesses.given_up": N_(
        "Several experiments ran at your network address, so this one made room for another visitor; "
        "start it again later."
    ),
    "subprocesses.loading": N_("Loading the libraries"),
    "subprocesses.no_answer": N_(
        "The experiment did not answer within {seconds:g} seconds; start it again from the beginning."
    ),
    "subprocesses.not_started": N_(
        "The experiment's process could not be started: {reason}. Try again later."
    ),
    "subprocesses.replaced": N_(
        "This experiment ended because you started another one, perhaps in another tab; "
        "start it again from the beginning."
    ),
    "subprocesses.training_first": N_(
        "A network is being trained, and this server has too little memory for an experiment beside it; "
        "try again when the training has ended."
    ),
    "subprocesses.training_waited": N_(
        "The experiment ended because a training has waited for it: this server has too little memory for "
        "both. Start it again when the training has ended."
    ),
    "subprocesses.unexpected": N_(
        "The experiment met an unexpected error; the server's log has the details. Try again."
    ),
    "subprocesses.visitor_left": N_(
        "The experiment ended when the connection to this page was lost; start it again from the beginning."
    ),
    # lab
    "lab.backpropagating": N_("Computing the gradients row by row"),
    "lab.batch_images": N_("A batch must have 1 to {most} grey images of 28×28 pixels."),
    "lab.building_network": N_("Building the network"),
    "lab.building_players": N_("Building the two networks"),
    "lab.checkpoint_damaged": N_(
        "The checkpoint in {folder} is missing or damaged; start a new run with the same settings."
    ),
    "lab.checkpoint_of_another_network": N_(
        "The checkpoint in {folder} belongs to another network; start a new run with the same settings."
    ),
    "lab.compiling": N_("Compiling the turns"),
    "lab.generator_size": N_(
        "The images of this generator are no whole multiple of {height}×{width}, the size of the real "
        "images; choose another generator."
    ),
    "lab.image_count": N_("The number of images must be between 1 and {most:,}; got {count:,}."),
    "lab.labels": N_("Each image needs a label from 0 to {high}."),
    "lab.lower_blocks": N_("Computing the frozen blocks: {count:,} of {total:,} pictures"),
    "lab.mean_of_classifiers": N_("Weights of classifiers alone are averaged; {name} is none."),
    "lab.measuring": N_("{kind}, {steps} steps"),
    "lab.names_unreadable": N_("The names of the classes cannot be read ({reason}); download them again."),
    "lab.no_gradient": N_("There is no gradient yet; take the step Backward first."),
    "lab.no_logits": N_("There are no logits yet; take the step Forward first."),
    "lab.no_loss": N_("There is no loss yet; take the step Loss first."),
    "lab.no_onnx": N_("No converter to ONNX is installed; install it with: pip install tf2onnx onnx"),
    "lab.no_progress": N_("The validation loss no longer fell; epochs without progress: {epochs}."),
    "lab.not_a_generator": N_("The model {name!r} reads images; choose a generator to begin with."),
    "lab.optimiser": N_("The optimiser must be SGD or Adam, and its learning rate above 0 and at most 1."),
    "lab.other_first_weights": N_(
        "The model {name} has another architecture; choose that one, or random weights."
    ),
    "lab.picture_size": N_("Your picture and the real images differ in size; choose other real images."),
    "lab.pictures_to_learn_from": N_(
        "This set cannot be learnt from {count} pictures of each class; one at least must be left to test on."
    ),
    "lab.players_lost": N_(
        "The weights of the players are no longer finite numbers; start again with smaller learning rates."
    ),
    "lab.rare_forms_of_digits": N_(
        "Rare forms can be added to digits of 28×28 pixels alone; set them to 0 for {dataset}."
    ),
    "lab.rows_need_grey": N_(
        "Rows are drawn in grey, but the data set {dataset!r} has colour; choose a data set of grey images."
    ),
    "lab.step_count": N_("The number of steps at once must be between 1 and {most}; got {count}."),
    "lab.target_reached": N_("The validation accuracy reached {percent:g}%."),
    "lab.time_is_up": N_("The time limit of {seconds:g} s was reached."),
    "lab.unknown_activations": N_("The model has no layers named {names}; name layers of the model."),
    "lab.weights_damaged": N_("The file of weights cannot be read ({reason}); download it again."),
    "lab.weights_left_over": N_("The file has weights that no layer takes: {names}."),
    "lab.weights_missing": N_("The file lacks the weights {names}; it belongs to another network."),
    "lab.weights_of_another_shape": N_(
        "The file's weights for the layer {layer} have another shape; it belongs to another network."
    ),
    "lab.weights_with_code": N_(
        "The file of weights asks to run {name}; it holds more than numbers and is refused."
    ),
    # commands
    "commands.epochs_per_steps": N_("Give --epochs, 1 or more, exactly as often as --steps."),
    "commands.indivisible_steps": N_(
        "An image of {height}×{width}×{channels} cannot be read in {steps} steps."
    ),
    "commands.labels": N_("Labels must look like 0-9 or 1,3,5-7; got {text!r}."),
    "commands.name_a_classifier": N_("{error} Name a classifier with --classifier."),
    "commands.no_early_images": N_("The run {run} has kept no images of its training."),
    "commands.no_model": N_("The run {run} has no model yet; wait until it has finished."),
    "commands.no_runs": N_("No runs yet in {home}; start one with: python -m core train cnn"),
    "commands.no_steps": N_("This run has not taken a step yet, so there is nothing to write."),
    "commands.not_of_a_run": N_("The format {form} writes the record of a run; name a run."),
    "commands.unopenable": N_("{file} cannot be opened: {error}."),
    "commands.unwritable": N_("{file} cannot be written: {error}."),
    "commands.wheel_checksum": N_(
        "The wheel {file} does not have the checksum of the published one; download it again."
    ),
    "commands.wheel_unreachable": N_("{url} could not be downloaded; name a downloaded wheel with --wheel."),
    # pages
    "pages.class_in_link": N_(
        "The class in this link is not one of this generator's; ask for the link again."
    ),
    "pages.no_ink": N_(
        "No ink was found in this picture; draw with a thicker pen, or upload another picture."
    ),
    "pages.no_real_images": N_(
        "This generator's data set is not on this machine, so there are no real images to compare with; "
        "train once on it, which downloads it."
    ),
    "pages.too_many_runs": N_("At most {most} runs can be compared; this link names {count}."),
    "pages.uploads_full": N_(
        "There is no room for {names}: all your uploads together may have {most} MB; remove some first."
    ),
}
