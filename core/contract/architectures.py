"""List the architectures as plain data, so that pages can show them without TensorFlow."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import ConfigError
from core.language import N_, join

ENSEMBLE = "ensemble"  # an id for several networks together, in place of one's title and family
OF_ANY_SIDE = ("tiny", "deep", "resnet", "inception")  # they pool over the whole image in the end


@dataclass(frozen=True)
class Architecture:
    """One network; ``gettext(title)`` and ``gettext(summary)`` are for visitors."""

    name: str  # in configurations
    family: str  # cnn, rnn or gan
    title: str
    summary: str
    source: str  # papers
    activations: tuple[str, ...] = ()  # layers whose outputs a bundle returns; empty: all that can be shown


ARCHITECTURES = (
    Architecture(
        "tutorial",
        "cnn",
        N_("The tutorial's CNN"),
        N_("Three convolutions and two dense layers: the network most people meet first."),
        "Keras and TensorFlow introductory tutorials on convolutional networks",
    ),
    Architecture(
        "lenet5",
        "cnn",
        N_("LeNet-5"),
        N_("The network that read bank cheques in the 1990s, with tanh and average pooling."),
        "LeCun, Bottou, Bengio, Haffner 1998, Gradient-based learning applied to document recognition, II.B",
    ),
    Architecture(
        "tiny",
        "cnn",
        N_("Tiny CNN"),
        N_("Four small convolutions with 5,594 parameters, a sixteenth of the tutorial's CNN."),
        "Simonyan, Zisserman 2015 (3×3 kernels); Ioffe, Szegedy 2015 (batch normalisation); "
        "Lin, Chen, Yan 2014, section 3.2 (global average pooling)",
    ),
    Architecture(
        "deep",
        "cnn",
        N_("Deep CNN"),
        N_("Six convolutions with batch normalisation, averaged over the image at the end."),
        "Simonyan, Zisserman 2015 (runs of 3×3); Ioffe, Szegedy 2015 (batch normalisation); "
        "Lin, Chen, Yan 2014, section 3.2 (global average pooling)",
    ),
    Architecture(
        "resnet",
        "cnn",
        N_("ResNet style"),
        N_("Blocks of convolutions that add to their input, for small colour pictures."),
        "He, Zhang, Ren, Sun 2016, Deep residual learning for image recognition, section 3",
        ("conv1", "add2", "add3", "add4", "maximum"),
    ),
    Architecture(
        "inception",
        "cnn",
        N_("Inception style"),
        N_("Kernels of three sizes and pooling side by side, for small colour pictures."),
        "Szegedy et al. 2015, Going deeper with convolutions, section 4",
        ("conv1", "inception1", "inception2", "inception3", "inception4", "average"),
    ),
    Architecture(
        "alexnet",
        "cnn",
        N_("AlexNet style"),
        N_("Five convolutions and three dense layers with dropout, for small colour pictures."),
        "Krizhevsky, Sutskever, Hinton 2012, ImageNet classification with deep convolutional networks",
    ),
    Architecture(
        "lstm",
        "rnn",
        N_("LSTM"),
        N_("Reads the image row by row and keeps what matters in a gated cell."),
        "Hochreiter, Schmidhuber 1997, Long short-term memory; Gers et al. 2000 (forget gate)",
    ),
    Architecture(
        "gru",
        "rnn",
        N_("GRU"),
        N_("Reads the image row by row, with two gates instead of the LSTM's three."),
        "Cho et al. 2014, Learning phrase representations using RNN encoder–decoder, section 2.3",
    ),
    Architecture(
        "simple_rnn",
        "rnn",
        N_("SimpleRNN"),
        N_("Reads the image row by row without gates: the network whose gradients vanish."),
        "Elman 1990, Finding structure in time",
    ),
    Architecture(
        "dcgan",
        "gan",
        N_("Conditional DCGAN"),
        N_("A convolutional generator that draws the class it is given."),
        "Radford, Metz, Chintala 2016 (DCGAN); Mirza, Osindero 2014 (conditions); "
        "Miyato, Koyama 2018 (projection discriminator)",
    ),
    Architecture(
        "colour_dcgan",
        "gan",
        N_("Colour DCGAN"),
        N_("Draws the class it is given in colour, up to 64 by 64 pixels."),
        "Radford, Metz, Chintala 2016 (DCGAN); Odena, Dumoulin, Olah 2016 (doubling); Dumoulin et al. 2017 "
        "(classes); Miyato, Koyama 2018 (projection discriminator); Karras et al. 2018 (variation)",
    ),
    Architecture(
        "goodfellow2014",
        "gan",
        N_("The GAN of 2014"),
        N_("Fully connected, as in the first paper on GANs: a maxout discriminator and no choice of class."),
        "Goodfellow et al. 2014, Generative adversarial nets, section 5 and the authors' published code",
    ),
)

# These begin with published weights and learn from visitors' own classes alone, whose pictures are large.
FINE_TUNED = (
    Architecture(
        "efficientnet_lite0",
        "cnn",
        N_("EfficientNet-Lite0, fine-tuned"),
        N_("A network that knows a thousand things; its last blocks go on learning, from your own classes."),
        "Tan, Le 2019, EfficientNet (the Lite variant); Yosinski et al. 2014, How transferable are features",
    ),
)


def is_fine_tuned(name: str) -> bool:
    """Return whether the architecture of that name begins with published weights."""
    return any(architecture.name == name for architecture in FINE_TUNED)


def of_family(family: str) -> list[Architecture]:
    """Return the architectures of a family that learn from any data set, the default first."""
    return [a for a in ARCHITECTURES if a.family == family]


def default(family: str) -> str:
    """Return the name of a family's default architecture."""
    return of_family(family)[0].name


def get(name: str) -> Architecture:
    """Return the architecture of that name.

    Raises:
        ConfigError: when there is none.
    """
    for architecture in (*ARCHITECTURES, *FINE_TUNED):
        if architecture.name == name:
            return architecture
    known = join(a.name for a in ARCHITECTURES)
    raise ConfigError("contract.unknown_architecture", name=name, known=known)
