"""Adversarial training: a network before and after it has learnt from attacked pictures."""

from __future__ import annotations

import streamlit as st

from core.bundles.bundle import pretrained_names
from core.contract import architectures
from core.figures.remedies import accuracy_over_attack
from core.language import gettext
from core.remedies import adversarial_training
from core.remedies.adversarial_training import ADVERSARIAL, PLAIN, AdversarialTraining
from core.remedies.attack_table import LEVELS, AttackTable, attack_name
from core.remedies.corruption_table import CorruptionTable
from core.remedies.shipped_files import read_measurement, shipped_file
from pages.parts.components.chart import chart
from pages.parts.remedies.measured_networks import network_name
from pages.parts.remedies.share_table import show_shares
from pages.parts.shared.error_messages import show_errors

LEVEL = 32  # the strength of which the table and the sentence speak
METHOD = "pgd"


@show_errors()
def show() -> None:
    """Show the measurement, or that it has not been made."""
    file = shipped_file(adversarial_training.FILE, "mnist")
    st.header(gettext("Adversarial training"))
    if not file.exists():
        st.caption(
            gettext("This has not been measured yet; `python -m core measure-remedies adversarial` does it.")
        )
        return
    found = read_measurement(AdversarialTraining, file)
    settings, attacks, spoilt = found.settings, found.attacks, found.corruptions
    st.markdown(_finding(attacks, spoilt))
    chart(
        accuracy_over_attack(
            {network_name(name): _against(attacks, name)[name] for name in attacks.networks}, LEVELS
        ),
        key="adversarial training",
        alt=gettext("Share of right answers over the strength of each network's own attack"),
    )
    _show_table(attacks, spoilt)
    st.caption(
        gettext(
            "{network} on digits, {steps:,} steps of {batch} images for both (seed {seed}); the second one "
            "saw only attacked images, by one step from a random place (strength {strength}). The first "
            "{images} test digits; attacks are PGD's. Measured by "
            "`python -m core measure-remedies adversarial`.",
            network=gettext(architectures.get(settings.architecture).title),
            steps=settings.steps,
            batch=settings.batch_size,
            seed=settings.seed,
            strength=settings.strength,
            images=attacks.images,
        )
    )


def _against(attacks: AttackTable, source: str) -> dict[str, tuple[float, ...]]:
    """Return the accuracies over strengths, by network, of pictures that were made against one."""
    return dict(attacks.accuracy[attack_name(METHOD, source)])


def _finding(attacks: AttackTable, spoilt: CorruptionTable) -> str:
    """Return the sentence that the numbers support, whichever way they fall."""
    place = LEVELS.index(LEVEL)
    own = {name: _against(attacks, name)[name][place] for name in (PLAIN, ADVERSARIAL)}
    clean = {name: _against(attacks, name)[name][0] for name in (PLAIN, ADVERSARIAL)}
    values = {
        "level": LEVEL,
        "before": own[PLAIN],
        "after": own[ADVERSARIAL],
        "clean_before": clean[PLAIN],
        "clean_after": clean[ADVERSARIAL],
    }
    told = (
        gettext(
            "Adversarial training helps: against PGD of strength {level}, {before:.0%} right answers become "
            "{after:.0%}. Of unchanged pictures, {clean_before:.1%} were read correctly before, "
            "{clean_after:.1%} after.",
            **values,
        )
        if own[ADVERSARIAL] > own[PLAIN]
        else gettext(
            "Adversarial training does not help here: against PGD of strength {level}, {before:.0%} right "
            "answers become {after:.0%}.",
            **values,
        )
    )
    errors = {name: spoilt.mean_error(name) for name in (PLAIN, ADVERSARIAL)}
    also = gettext(
        "Of pictures spoilt in fifteen ways, {before:.1%} were read wrongly before, {after:.1%} after.",
        before=errors[PLAIN],
        after=errors[ADVERSARIAL],
    )
    return f"**{told} {also}**"


def _show_table(attacks: AttackTable, spoilt: CorruptionTable) -> None:
    place = LEVELS.index(LEVEL)
    shipped = next(
        name.removeprefix(f"{METHOD} ")
        for name in attacks.accuracy
        if name.removeprefix(f"{METHOD} ") in pretrained_names()
    )
    other = {PLAIN: ADVERSARIAL, ADVERSARIAL: PLAIN}
    show_shares(
        [
            (
                name,
                (
                    _against(attacks, name)[name][0],
                    _against(attacks, name)[name][place],
                    _against(attacks, other[name])[name][place],
                    _against(attacks, shipped)[name][place],
                    1 - spoilt.mean_error(name),
                ),
            )
            for name in (PLAIN, ADVERSARIAL)
        ],
        [
            gettext("Right, unchanged"),
            gettext("Right, attacked (strength {level})", level=LEVEL),
            gettext("Right, attack on the other"),
            gettext("Right, attack on {network}", network=network_name(shipped)),
            gettext("Right, spoilt"),
        ],
        key="before and after adversarial training",
        alt=gettext("Figures before and after adversarial training"),
    )
