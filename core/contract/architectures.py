"""Which architectures there are: plain data, so that the stage can list them without TensorFlow."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import ConfigError


@dataclass(frozen=True)
class Architecture:
    """One network: its name in configurations, what it is, and where it comes from."""

    name: str
    family: str  # cnn, rnn or gan
    title: str
    summary: str
    source: str


ARCHITECTURES = (
    Architecture(
        "tutorial",
        "cnn",
        "The tutorial's CNN",
        "Three convolutions and two dense layers: the network most people meet first.",
        "Keras and TensorFlow introductory tutorials on convolutional networks",
    ),
    Architecture(
        "lenet5",
        "cnn",
        "LeNet-5",
        "The network that read bank cheques in the nineties, with tanh and average pooling.",
        "LeCun, Bottou, Bengio, Haffner 1998, Gradient-based learning applied to document recognition, II.B",
    ),
    Architecture(
        "deep",
        "cnn",
        "Deep CNN",
        "Six convolutions with batch normalisation, averaged over the image at the end.",
        "Simonyan, Zisserman 2015 (runs of 3×3); Ioffe, Szegedy 2015 (batch normalisation); "
        "Lin, Chen, Yan 2014, section 3.2 (global average pooling)",
    ),
    Architecture(
        "lstm",
        "rnn",
        "LSTM",
        "Reads the image row by row and keeps what matters in a gated cell.",
        "Hochreiter, Schmidhuber 1997, Long short-term memory; Gers et al. 2000 (forget gate)",
    ),
    Architecture(
        "gru",
        "rnn",
        "GRU",
        "Reads the image row by row with two gates instead of the LSTM's three.",
        "Cho et al. 2014, Learning phrase representations using RNN encoder–decoder, section 2.3",
    ),
    Architecture(
        "simple_rnn",
        "rnn",
        "SimpleRNN",
        "Reads the image row by row with no gates: the network whose gradients vanish.",
        "Elman 1990, Finding structure in time",
    ),
    Architecture(
        "dcgan",
        "gan",
        "Conditional DCGAN",
        "A convolutional generator that draws the class it is asked for.",
        "Radford, Metz, Chintala 2016 (DCGAN); Mirza, Osindero 2014 (conditions); "
        "Miyato, Koyama 2018 (projection discriminator)",
    ),
    Architecture(
        "goodfellow2014",
        "gan",
        "The GAN of 2014",
        "Fully connected, as in the paper that began it: a maxout discriminator, no classes to ask for.",
        "Goodfellow et al. 2014, Generative adversarial nets, section 5 and the authors' published code",
    ),
)


def of_family(family: str) -> list[Architecture]:
    """The architectures of a family, the default first."""
    return [a for a in ARCHITECTURES if a.family == family]


def default(family: str) -> str:
    """The name of the architecture that a family starts with."""
    return of_family(family)[0].name


def get(name: str) -> Architecture:
    """The architecture of that name.

    Raises:
        ConfigError: when there is none.
    """
    for architecture in ARCHITECTURES:
        if architecture.name == name:
            return architecture
    known = ", ".join(a.name for a in ARCHITECTURES)
    raise ConfigError(f"There is no architecture named {name!r}; known are {known}.")
