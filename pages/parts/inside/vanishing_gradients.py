"""The vanishing gradient, measured: what ships with the app, and the visitor's own run on demand."""

from __future__ import annotations

import streamlit as st

from core.figures.recurrent import accuracy_by_length, gradients_by_step, vanishing_chart
from core.inside.vanishing_gradients import GradientMeasurement, read
from pages.parts.components.chart import chart
from pages.parts.inside import link_values
from pages.parts.shared import experiment, model_picker, own_runs
from pages.parts.shared.error_messages import show_errors

IMAGES = 200
WHEN = {"After training": True, "Before training": False}
_KEPT = "measured gradients"


def show(_glyph: object) -> None:
    """The view."""
    st.caption(
        "A step of training changes a state only as far as the loss's gradient reaches back to it. Look at "
        "how the lines fall from the last step to the first: where one has vanished, nothing early is learnt."
    )
    _scene()


@st.fragment
def _scene() -> None:
    with show_errors():
        measured = read()
        when = st.segmented_control(
            "When", list(WHEN), default=next(iter(WHEN)), required=True, key="when", bind="query-params"
        )
        trained = WHEN[when or next(iter(WHEN))]
        figure = vanishing_chart(measured.curves, trained)
        chart(figure, key="vanishing", alt="Length of the gradient by the state after each step")
        st.caption(_what(measured))
        chart(accuracy_by_length(measured.curves), key="lengths", alt="Test accuracy by length of sequence")
        st.caption("The dotted line is chance. The same pictures, read in 28, 112 or 784 steps.")
        _own()


def _what(measured: GradientMeasurement) -> str:
    config = measured.config
    lengths = ", ".join(
        f"{steps} steps in {epochs} epochs" for steps, epochs in zip(config.steps, config.epochs, strict=True)
    )
    return (
        f"One recurrent layer of {config.units} units, Keras's initial weights, trained on "
        f"{config.train_size:,} images of {config.dataset.upper()} ({lengths}) with Adam at "
        f"{config.learning_rate}, batches of "
        f"{config.batch_size}, each step's gradient cut to length {config.clip:g}. Shown is the median over "
        f"{config.images} test images of the length of the gradient of the image's loss by the state after "
        "each step (h, and the LSTM's c). Lines end where it is below 10⁻¹². "
        "GradientMeasurement by `python -m core measure-memory`."
    )


def _own() -> None:
    """The same for a model of the visitor's, or the shipped one, by a process of its own."""
    st.markdown("**The same for your own run**")
    own_runs.remember_id(st.query_params.get("network"))
    known = {choice.key: choice for choice in model_picker.choices("rnn")}
    if not known:
        st.info("No RNN is at hand yet: train one first.", icon=":material/model_training:")
        return
    key = link_values.option("network", known, label=lambda key: known[key].title)
    st.session_state["gradients network"] = key
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "Network",
            list(known),
            format_func=lambda k: known[k].title,
            key="gradients network",
            width=320,
            on_change=lambda: link_values.put(network=st.session_state["gradients network"]),
        )
        folder = str(known[key].folder)
        asked = st.button("Measure", icon=":material/straighten:", key="measure gradients")
    if asked:
        _measure(folder)
    found = st.session_state.get(_KEPT)
    if found is None or found[0] != folder:
        st.caption(f"Measures {IMAGES} test images of the data set that taught it; takes some seconds.")
        return
    layers = {f"{layer['name']} ({layer['kind']})": layer["norms"] for layer in found[1]["layers"]}
    chart(gradients_by_step(layers), key="own gradients", alt="Length of the gradient by row, your own run")
    st.caption(f"Median over {found[1]['images']} test images, for each recurrent layer.")


def _measure(folder: str) -> None:
    bar = st.empty()
    with experiment.show_errors():
        stepper = experiment.start("recurrent_gradients", folder=folder)
        if stepper is not None:
            answer = stepper.ask("measure", images=IMAGES, progress=lambda t, s: _show(bar, t, s))
            st.session_state[_KEPT] = (folder, answer)
            experiment.close()  # it has said all it knows, and holds a seat
    bar.empty()


def _show(place_: st.delta_generator.DeltaGenerator, text: str, share: float) -> None:
    place_.progress(share, text)
