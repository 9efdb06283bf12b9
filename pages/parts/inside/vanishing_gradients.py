"""Show vanishing gradients: the measurement shipped with the app, and the visitor's own network."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.figures.recurrent import accuracy_by_length, gradients_by_step, vanishing_chart
from core.inside.vanishing_gradients import GradientMeasurement, read
from core.language import N_, gettext, join, ngettext
from pages.parts.components.chart import chart
from pages.parts.inside import link_values
from pages.parts.shared import experiment, link_choice, model_picker, own_runs
from pages.parts.shared.error_messages import sentence, show_errors
from pages.parts.shared.option_picker import pick_option

IMAGES = 200
TIMES = {"after": N_("After training"), "before": N_("Before training")}
_KEPT = "measured gradients"


def show(_glyph: object) -> None:
    """Show the view."""
    st.caption(
        gettext(
            "A step of training changes a state only as far as the loss's gradient reaches back to it. Look "
            "at how the lines fall from the last step to the first: where a gradient has vanished, the "
            "network learns nothing from the early steps."
        )
    )
    _measurements()


@st.fragment
def _measurements() -> None:
    with show_errors():
        measured = read()
        chart(
            vanishing_chart(measured.curves, _time() == "after"),
            key="vanishing",
            alt=gettext("Norm of the gradient after each step"),
        )
        st.markdown(_surprise(measured))
        st.caption(_how_measured(measured))
        chart(
            accuracy_by_length(measured.curves),
            key="lengths",
            alt=gettext("Test accuracy by number of steps"),
        )
        st.caption(
            gettext("The same pictures, read in 28, 112 or 784 steps. The dotted line is random guessing.")
        )
        _own_network()


def _surprise(measured: GradientMeasurement) -> str:
    """Return why the SimpleRNN's gradient vanishes least before training."""
    shortest = min(curve.steps for curve in measured.curves)
    accuracy = {curve.cell: curve.accuracy for curve in measured.curves if curve.steps == shortest}
    return gettext(
        "Perhaps a surprise: before training, the SimpleRNN’s gradient vanishes least. Keras draws its "
        "recurrent weights as an orthogonal matrix, which keeps lengths, while the gates of LSTM and GRU "
        "begin half open and shrink what passes through them. A gradient that arrives is not enough, "
        "though: after training on {steps} steps, the SimpleRNN reads {simple:.0%} of the test images "
        "correctly, the LSTM {lstm:.0%}.",
        steps=shortest,
        simple=accuracy["SimpleRNN"],
        lstm=accuracy["LSTM"],
    )


def _time() -> str:
    """Return whether gradients before or after training are asked for, and show the choice."""
    link_choice.restore("when", list(TIMES), "after", {label: time for time, label in TIMES.items()})
    chosen = pick_option(gettext("When"), TIMES, "when")
    link_choice.publish("when", "after")
    return chosen


def _how_measured(measured: GradientMeasurement) -> str:
    config = measured.config
    lengths = join(
        gettext("{steps} steps in {epochs} epochs", steps=steps, epochs=epochs)
        for steps, epochs in zip(config.steps, config.epochs, strict=True)
    )
    return gettext(
        "One recurrent layer of {units} units with Keras's initial weights, trained on {train_size:,} images "
        "of {dataset} ({lengths}) with Adam at {rate}, batches of {batch_size}, and each step's gradient "
        "clipped to norm {clip:g}. Each line is the median over {images} test images of the norm of the "
        "loss's gradient with respect to the state after each step (h, and the LSTM's c). Lines end where "
        "it is below 10⁻¹². Measured by `python -m core measure-memory`.",
        units=config.units,
        train_size=config.train_size,
        dataset=config.dataset.upper(),
        lengths=lengths,
        rate=config.learning_rate,
        batch_size=config.batch_size,
        clip=config.clip,
        images=config.images,
    )


def _own_network() -> None:
    """Measure a network of the visitor's, or the shipped one, in a process of its own."""
    st.markdown(gettext("**The same for your own run**"))
    own_runs.remember_id(st.query_params.get("network"))
    known = {choice.key: choice for choice in model_picker.choices("rnn")}
    if not known:
        st.info(gettext("No RNN is available yet; train one first."), icon=":material/model_training:")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        titles = {key: choice.title for key, choice in known.items()}
        key = link_values.select(gettext("Network"), "network", titles, width=320)
        folder = str(known[key].folder)
        if st.button(gettext("Measure gradients"), icon=":material/straighten:", key="measure gradients"):
            _measure(folder)
    found = st.session_state.get(_KEPT)
    if found is None or found[0] != folder:
        st.caption(
            gettext(
                "Measures {images} test images of the data set that the network was trained on. This takes a "
                "few seconds.",
                images=IMAGES,
            )
        )
        return
    layers = {f"{layer['name']} ({layer['kind']})": layer["norms"] for layer in found[1]["layers"]}
    chart(
        gradients_by_step(layers),
        key="own gradients",
        alt=gettext("Norm of the gradient by row, your own run"),
    )
    st.caption(
        ngettext(
            "Median over {count} test image, for each recurrent layer.",
            "Median over {count} test images, for each recurrent layer.",
            found[1]["images"],
        )
    )


def _measure(folder: str) -> None:
    bar = st.empty()
    with experiment.show_errors():
        process = experiment.start("recurrent_gradients", folder=folder)
        if process is not None:
            answer = process.ask(
                "measure", images=IMAGES, progress=lambda told, share: _report(bar, sentence(told), share)
            )
            st.session_state[_KEPT] = (folder, answer)
            experiment.close()  # it has answered, and others wait for its place
    bar.empty()


def _report(bar: DeltaGenerator, text: object, share: float | None) -> None:
    bar.progress(share or 0.0, str(text))
