"""Define ``train`` and ``runs``: train in this terminal, and list all runs."""

from __future__ import annotations

import contextlib
import functools
import signal
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

import click

from core.commands.common import DatasetName, errors_in_one_line, find_run, quiet_tensorflow
from core.contract import architectures as models
from core.contract import config as configs
from core.contract.config import AUGMENTATIONS, TrainingConfig
from core.contract.events import ClassifierSteps, EpochEnd, Event, GanSteps, Started
from core.datasets import registry
from core.errors import ConfigError, RunError
from core.language import gettext
from core.messages import Progress, message
from core.runs.process import worker
from core.runs.report.classifier_diagnosis import diagnose_end
from core.runs.report.history import History
from core.runs.store.run import Run
from core.runs.store.run_store import RunStore, home
from core.runs.store.status import Status

FAMILIES = ("cnn", "rnn", "gan")


@click.command(short_help="Train a CNN, an RNN or a GAN.")
@click.argument("family", required=False, type=click.Choice(FAMILIES))
@click.option("--config", "file", type=click.Path(path_type=Path), help="JSON file with the configuration.")
@click.option(
    "--architecture",
    type=click.Choice([a.name for a in (*models.ARCHITECTURES, *models.FINE_TUNED)]),
)
@click.option("--dataset", type=DatasetName())
@click.option("--train-size", type=int, help="Number of training images; by default all.")
@click.option("--epochs", type=int)
@click.option("--batch-size", type=int)
@click.option("--learning-rate", type=float, help="Peak learning rate; for a GAN, of both networks.")
@click.option("--augmentation", type=click.Choice(list(AUGMENTATIONS)))
@click.option("--latent-size", type=int, help="Length of a GAN's latent vector.")
@click.option("--seed", type=int)
@click.option("--resume", metavar="RUN", help="Continue an interrupted run, given by its id or folder.")
@errors_in_one_line
def train(family: str | None, file: Path | None, resume: str | None, **options: Any) -> None:
    """Train a CNN, an RNN or a GAN, or the configuration in --config; print the run's folder.

    Ctrl-C stops the training and keeps the model.
    """
    if resume is not None:
        if family or file or any(value is not None for value in options.values()):
            raise click.UsageError(gettext("Give --resume alone; the run has its own configuration."))
        run = find_run(resume)
        lock = run.lock_resumable()
    else:
        config = _config(family, file, options)
        registry.describe(config.dataset)  # an unknown one is an error before there is a run's folder
        run = RunStore(home()).create(config)
        lock = run.lock()
    try:
        if resume is not None:
            run.clear_requests()  # requests to the earlier worker no longer apply
        with _stopped_by_signals(run) as steering, _logged(run) as terminal:
            status = worker.work(run, functools.partial(_lab_with_bars, terminal), steering)
    finally:
        lock.release()
    if status.state == "failed":
        key = status.message.key
        raise RunError(key, **status.message.values)
    for name, value in status.metrics.items():
        click.echo(f"{name.replace('_', ' ')}: {value:.4f}", err=True)
    if run.folder.is_dir():  # unless it was discarded on the page
        finished = History(run).refresh().finished
        if finished and (finding := diagnose_end(run.config, finished)):
            click.echo(finding.text, err=True)
        click.echo(run.folder)


@click.command()
@errors_in_one_line
def runs() -> None:
    """List the runs, newest first."""
    found = RunStore(home()).summaries()
    if not found:
        click.echo(str(message("commands.no_runs", home=home())), err=True)
    for run, status in found:
        click.echo(_line(run, status))


def _line(run: Run, status: Status) -> str:
    with contextlib.suppress(ConfigError):
        config = run.config
        what = gettext(
            "{architecture} on {dataset}", architecture=config.architecture, dataset=config.dataset
        )
        accuracy = status.metrics.get("test_accuracy")
        result = f"{accuracy:.2%}" if accuracy is not None else ""
        when = datetime.fromtimestamp(status.created).strftime("%Y-%m-%d %H:%M")
        return f"{run.id}  {when}  {status.state:11}  {what:28}  {result}"
    damaged = gettext("damaged configuration")
    return f"{run.id}  {damaged}"


def _config(family: str | None, file: Path | None, options: dict[str, Any]) -> TrainingConfig:
    given = {key: value for key, value in options.items() if value is not None}
    if file is not None:
        if family or given:
            raise click.UsageError(gettext("Give either --config or a family with its options, not both."))
        return configs.read(file)
    if family is None:
        raise click.UsageError(gettext("Say what to train: cnn, rnn or gan, or give --config FILE."))
    rate = given.pop("learning_rate", None)
    if rate is not None and family == "gan":
        given |= {"generator_learning_rate": rate, "discriminator_learning_rate": rate}
    elif rate is not None:
        given["learning_rate"] = rate
    return configs.from_dict({"family": family, **given})


@contextlib.contextmanager
def _stopped_by_signals(run: Run) -> Iterator[worker.Steering]:
    """Make Ctrl-C and SIGTERM request a stop instead of ending the process."""
    steering = worker.Steering(run)
    before = {s: signal.signal(s, lambda *_: steering.stop()) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield steering
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def _logged(run: Run) -> Iterator[TextIO]:
    """Send tracebacks to the run's log, as a worker does; yield the former standard error."""
    terminal = sys.stderr
    with open(run.log, "a", encoding="utf-8") as log, contextlib.redirect_stderr(log):
        yield terminal


def _lab_with_bars(terminal: TextIO) -> worker.LabFunctions:
    """Return the lab, with a progress bar on the terminal for its trainings."""
    with quiet_tensorflow(), contextlib.redirect_stderr(terminal):  # TensorFlow's log keeps the stream
        lab = worker.import_lab()

    def start(config: TrainingConfig, progress: Progress) -> Any:
        return _Shown(lab.start(config, progress), terminal)

    return worker.LabFunctions(start, lab.publish)


class _Shown:
    """A training whose events also move a progress bar."""

    def __init__(self, training: Any, terminal: TextIO) -> None:
        self.training = training
        self.terminal = terminal
        self.stop, self.steer = training.stop, training.steer
        self.save, self.restore, self.result = training.save, training.restore, training.result
        self.steps_per_epoch = training.steps_per_epoch

    @property
    def step(self) -> int:
        """Return the last step taken."""
        return self.training.step

    @property
    def event_pending(self) -> bool:
        """Return whether an event of this step is still to come."""
        return self.training.event_pending

    def __iter__(self) -> Iterator[Event]:
        with contextlib.ExitStack() as stack:
            bar: Any = None
            for event in self.training:
                if isinstance(event, Started):
                    bar = stack.enter_context(
                        click.progressbar(
                            length=event.total_steps,
                            label=gettext("Training"),
                            file=self.terminal,
                            item_show_func=lambda text: text,
                        )
                    )
                elif isinstance(event, ClassifierSteps | GanSteps):
                    bar.update(event.step - bar.pos, _figures(event))
                elif isinstance(event, EpochEnd):
                    told = gettext(
                        "epoch {epoch}: validation accuracy {accuracy:.4f}",
                        epoch=event.epoch,
                        accuracy=event.validation_accuracy,
                    )
                    click.echo(f"\n  {told}", file=self.terminal)
                yield event


def _figures(event: ClassifierSteps | GanSteps) -> str:
    if isinstance(event, GanSteps):
        return gettext(
            "D(x) {real:.2f}  D(G(z)) {fake:.2f}  {speed:,.0f}/s",
            real=event.d_real[-1],
            fake=event.d_fake[-1],
            speed=event.images_per_second,
        )
    return gettext(
        "loss {loss:.3f}  {speed:,.0f} images/s", loss=event.loss[-1], speed=event.images_per_second
    )
