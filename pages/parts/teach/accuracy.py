"""How often the classes were told apart, on pictures held out, and how that was measured."""

from __future__ import annotations

import streamlit as st

from core.class_sets.held_out import PARTS
from core.class_sets.taught_set import TaughtSet
from core.language import gettext, join
from pages.parts.shared.error_messages import escape_markdown

FEW = 30  # held-out pictures up to which the accuracy is called rough


def show(taught: TaughtSet) -> None:
    """Show the accuracy on held-out pictures, class by class, and how it was measured."""
    measured = taught.head.held_out.evaluation
    count = len(taught.head.held_out.labels)
    right = int(measured.confusion.trace())
    st.metric(
        gettext("Accuracy on held-out pictures"),
        f"{100 * measured.accuracy:.0f}%",
        help=_method(taught),
    )
    lines = [
        gettext(
            "{right:,} of {count:,} right; random guessing gets about {share:.0f}%",
            right=right,
            count=count,
            share=100 / len(taught.classes.classes),
        ),
        join(_of_class(taught, k) for k in range(len(taught.classes.classes))),
    ]
    if count <= FEW:
        lines.append(
            gettext("With so few pictures this is a rough figure; more pictures make it more exact.")
        )
    st.caption("  \n".join(lines))


def _method(taught: TaughtSet) -> str:
    if max(len(one.pictures) for one in taught.classes.classes) < PARTS:
        return gettext(
            "Leave-one-out: each picture was classified once by a head that had learnt from all the others. "
            "The only picture of a class cannot be held out."
        )
    return gettext(
        "The pictures of each class were dealt to {parts} parts. Each part was classified by a head that had "
        "learnt from the others; of classes with fewer than {parts} pictures, each picture by itself.",
        parts=PARTS,
    )


def _of_class(taught: TaughtSet, k: int) -> str:
    row = taught.head.held_out.evaluation.confusion[k]
    name = escape_markdown(taught.classes.names[k])
    if not row.sum():
        return gettext("{name} not measured (one picture)", name=name)
    return gettext("{name} {right} of {count}", name=name, right=int(row[k]), count=int(row.sum()))
