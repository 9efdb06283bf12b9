"""Change images a little, differently in every epoch, so that a network sees more than its training set.

All functions map float32 images in [0, 1], N×H×W×C, to images of the same shape. Randomness is stateless: the
same ``seed`` (int32, 2 numbers) gives the same images, so a resumed run sees what an uninterrupted one saw.
"""

from __future__ import annotations

import math

import tensorflow as tf

from core.contract.config import SINGLE_AUGMENTATIONS, TOGETHER

ROTATION = 12 * math.pi / 180  # radians; beyond this a slanted 4 begins to look like a 9
SCALE = 0.15  # each axis by 1 ± this
SHEAR = 0.2
SHIFT = 2.0  # pixels
CUT = 0.25  # of an image's height: the side of the square that is cut out
LARGE_CUT = 0.375  # the same of a photograph, in which more remains
COLOURS = 0.25  # saturation and contrast by 1 ± this, brightness by ± half of it
ELASTIC = 0.9  # standard deviation, in pixels, at the nodes of a 5×5 net; Simard et al. 2003, section 2
NOISE = 0.12  # largest standard deviation
FAULTY = 0.3  # share of the images that have a given fault: blur, odd contrast, noise


def augment(images: tf.Tensor, kind: str, seed: tf.Tensor) -> tf.Tensor:
    """Return the images as the augmentation named ``kind`` (see ``config.AUGMENTATIONS``) changes them."""
    if kind == "none":
        return images
    seeds = _split(seed, 8)
    if kind in ("mirror", "cutout"):
        images = warp(mirror(images, seeds[0]), _shift_grid(images, seeds[1]))
        if kind == "mirror":
            return images
        return cut_out(change_colours(images, seeds[3]), seeds[2], LARGE_CUT)
    if kind == "affine":
        return warp(images, _affine_grid(images, seeds[0]))
    if kind in (*SINGLE_AUGMENTATIONS, TOGETHER):
        return _changed_one_by_one(images, kind, seeds)
    images = warp(images, _affine_grid(images, seeds[0]) + _elastic_field(images, seeds[1]))
    images = stroke_width(images, _per_image(images, seeds[2], -0.6, 0.8))
    images = blur(images, fault_strengths(images, seeds[3], 0.0, 0.9))
    images = images ** (
        1 + fault_strengths(images, seeds[4], -0.35, 0.6)
    )  # how dark the edges of strokes are
    images = images * (1 - fault_strengths(images, seeds[5], 0.0, 0.35))  # contrast
    noise = tf.random.stateless_normal(tf.shape(images), seeds[6])
    images = images + noise * fault_strengths(images, seeds[7], 0.0, NOISE)
    return tf.clip_by_value(images, 0.0, 1.0)


def _changed_one_by_one(images: tf.Tensor, kind: str, seeds: list[tf.Tensor]) -> tf.Tensor:
    """Return images changed by one of ``SINGLE_AUGMENTATIONS``, or by all if ``kind`` is ``TOGETHER``."""
    chosen = SINGLE_AUGMENTATIONS if kind == TOGETHER else (kind,)
    moved = [name for name in ("shift", "turn", "scale") if name in chosen]
    if moved or "elastic" in chosen:
        turn, scale, shift = (
            size if name in moved else 0.0
            for name, size in (("turn", ROTATION), ("scale", SCALE), ("shift", SHIFT))
        )
        grid = _affine_grid(images, seeds[0], turn, scale, 0.0, shift)
        images = warp(images, grid + _elastic_field(images, seeds[1]) if "elastic" in chosen else grid)
    if "noise" in chosen:
        noise = tf.random.stateless_normal(tf.shape(images), seeds[2])
        images = tf.clip_by_value(images + noise * _per_image(images, seeds[3], 0.0, NOISE), 0.0, 1.0)
    return cut_out(images, seeds[4]) if "square" in chosen else images


def reduced(images: tf.Tensor) -> tf.Tensor:
    """Return the images at three quarters of their side, each pixel a weighted mean of those under it."""
    size = [images.shape[1] * 3 // 4, images.shape[2] * 3 // 4]
    return tf.image.resize(images, size, antialias=True)


def mirror(images: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    """Return each image, or with a probability of 1/2 its mirror image, left to right."""
    turned = _per_image(images, seed, 0.0, 1.0) < 0.5
    return tf.where(turned, tf.reverse(images, [2]), images)


def change_colours(images: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    """Return the images, each with a random saturation, contrast and brightness (see ``COLOURS``)."""
    draw = tf.random.stateless_uniform([3, tf.shape(images)[0], 1, 1, 1], seed, -COLOURS, COLOURS)
    grey = tf.reduce_mean(images, -1, keepdims=True)
    images = grey + (images - grey) * (1 + draw[0])
    mean = tf.reduce_mean(images, [1, 2, 3], keepdims=True)
    return tf.clip_by_value(mean + (images - mean) * (1 + draw[1]) + draw[2] / 2, 0.0, 1.0)


def cut_out(images: tf.Tensor, seed: tf.Tensor, share: float = CUT) -> tf.Tensor:
    """Return the images, each with a square in its mean colour at a random place, of a share of its height.

    The square may lie partly outside. Source: DeVries, Taylor 2017, Improved regularization of convolutional
    neural networks with cutout.
    """
    height, width = images.shape[1], images.shape[2]
    middle = tf.random.stateless_uniform([tf.shape(images)[0], 1, 1, 2], seed) * [height, width]
    distance = tf.abs(_pixels(images) + 0.5 - middle)
    inside = tf.reduce_all(distance < share * height / 2, axis=-1, keepdims=True)
    return tf.where(inside, tf.reduce_mean(images, [1, 2], keepdims=True), images)


def warp(images: tf.Tensor, grid: tf.Tensor) -> tf.Tensor:
    """Take each output pixel from where ``grid`` (N×H×W×2: row, column) points, bilinearly; outside is 0."""
    images = tf.pad(images, [[0, 0], [1, 1], [1, 1], [0, 0]])  # what lies outside is background
    height, width = images.shape[1], images.shape[2]
    limits = tf.constant([height - 1.001, width - 1.001])
    grid = tf.clip_by_value(grid + 1.0, 0.0, limits)
    corner = tf.floor(grid)
    rest = grid - corner
    row, column = tf.unstack(tf.cast(corner, tf.int32), axis=-1)
    down, right = rest[..., :1], rest[..., 1:]
    flat = tf.reshape(images, [-1, height * width, images.shape[3]])
    index = row * width + column

    def at(offset: int) -> tf.Tensor:
        return tf.gather(flat, index + offset, batch_dims=1)

    top = at(0) * (1 - right) + at(1) * right
    bottom = at(width) * (1 - right) + at(width + 1) * right
    return top * (1 - down) + bottom * down


def stroke_width(images: tf.Tensor, amount: tf.Tensor) -> tf.Tensor:
    """Make strokes thicker by ``amount`` (N×1×1×1) of a pixel on each side, thinner where it is negative."""
    thick = tf.nn.max_pool2d(images, 3, 1, "SAME")
    thin = -tf.nn.max_pool2d(-images, 3, 1, "SAME")
    grown = images + amount * (thick - images)
    shrunk = images - amount * (thin - images)
    # A stroke that is two pixels wide must not vanish: shrinking goes two thirds of the way at most.
    return tf.where(amount > 0, grown, shrunk)


def blur(images: tf.Tensor, amount: tf.Tensor) -> tf.Tensor:
    """Mix the images with their 3×3 mean by ``amount`` (N×1×1×1, 0 to 1)."""
    return images + amount * (tf.nn.avg_pool2d(images, 3, 1, "SAME") - images)


def _affine_grid(
    images: tf.Tensor,
    seed: tf.Tensor,
    rotation: float = ROTATION,
    scale: float = SCALE,
    shear: float = SHEAR,
    shift: float = SHIFT,
) -> tf.Tensor:
    """Return each pixel's source under a random rotation, scale, shear and shift about the centre.

    The sizes are the largest that are drawn.
    """
    count, height, width = tf.shape(images)[0], images.shape[1], images.shape[2]
    draw = tf.random.stateless_uniform([6, count], seed, -1.0, 1.0)
    angle, slant = draw[0] * rotation, draw[1] * shear
    tall, wide = 1 + draw[2] * scale, 1 + draw[3] * scale
    cos, sin = tf.cos(angle), tf.sin(angle)
    matrix = tf.stack(
        [tf.stack([tall * cos, -wide * sin], -1), tf.stack([tall * (sin + slant * cos), wide * cos], -1)], -2
    )
    centre = tf.constant([(height - 1) / 2, (width - 1) / 2], tf.float32)
    moved = tf.einsum("nij,hwj->nhwi", matrix, _pixels(images) - centre)
    return moved + centre + tf.transpose(draw[4:6])[:, None, None, :] * shift


def _shift_grid(images: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    """Return each pixel's source for a random shift of each image by whole pixels, which blurs nothing.

    What comes in at a border is the image's reflection there.
    """
    shift = tf.round(tf.random.stateless_uniform([tf.shape(images)[0], 1, 1, 2], seed, -SHIFT, SHIFT))
    last = tf.constant([images.shape[1] - 1, images.shape[2] - 1], tf.float32)
    return last - tf.abs(last - tf.abs(_pixels(images) + shift))


def _pixels(images: tf.Tensor) -> tf.Tensor:
    """Return the row and column of each pixel, H×W×2."""
    height, width = images.shape[1], images.shape[2]
    return tf.cast(tf.stack(tf.meshgrid(tf.range(height), tf.range(width), indexing="ij"), -1), tf.float32)


def _elastic_field(images: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    """Draw smooth random displacements, N×H×W×2 pixels."""
    net = tf.random.stateless_normal([tf.shape(images)[0], 5, 5, 2], seed, stddev=ELASTIC)
    return tf.image.resize(net, images.shape[1:3], method="bicubic")


def _per_image(images: tf.Tensor, seed: tf.Tensor, low: float, high: float) -> tf.Tensor:
    return tf.random.stateless_uniform([tf.shape(images)[0], 1, 1, 1], seed, low, high)


def fault_strengths(images: tf.Tensor, seed: tf.Tensor, low: float, high: float) -> tf.Tensor:
    """Return a fault's strength for each image, N×1×1×1: 0 but for a share of ``FAULTY``."""
    one, other = _split(seed, 2)
    chosen = tf.cast(_per_image(images, one, 0.0, 1.0) < FAULTY, tf.float32)
    return chosen * _per_image(images, other, low, high)


def _split(seed: tf.Tensor, count: int) -> list[tf.Tensor]:
    return tf.unstack(tf.random.experimental.stateless_split(seed, count))
