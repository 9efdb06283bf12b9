"""Choose what reads a picture: networks that know digits, clothes, a thousand things, or other classes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from core.bundles.bundle import PRETRAINED
from core.contract.preprocessing import GLYPH
from core.images.picture_kind import CLOTHING, DIGIT, KINDS, LETTER, SIGN, THING
from core.inference.classifier import Classifier
from core.inference.letters_only import letters_of
from core.inference.picture_reading import Prepared
from core.language import N_, gettext
from pages.parts.shared import model_picker, preparation
from pages.parts.shared.error_messages import escape_markdown
from pages.parts.shared.model_picker import Choice
from pages.parts.shared.option_picker import pick_option
from pages.parts.shared.uploads import File

KEY, AUTO = "read with", "auto"
KEY_OF_DRAWINGS = "read drawings with"
LINK = "read"  # in the link: what to look for first
OTHER = "other"  # all that no picture is taken for, such as a visitor's own classes
FAMILIES = ("cnn", "rnn", "backbone")
CHOSEN = "chosen classifiers"  # in the session's state: keys of networks by what they know
CORRECTED = "read otherwise"  # in the session's state: kinds by the keys of single pictures among several
KNOWN = {  # what the networks know
    AUTO: N_("Automatic"),
    DIGIT: N_("Digits"),
    LETTER: N_("Letters"),
    SIGN: N_("Letters and digits"),
    CLOTHING: N_("Clothes"),
    THING: N_("1,000 things"),
    OTHER: N_("Other classes"),
}
READ_BY = {
    DIGIT: N_("Digits are read by"),
    LETTER: N_("Letters are read by"),
    SIGN: N_("Letters and digits are read by"),
    CLOTHING: N_("Clothes are read by"),
    THING: N_("Photographs are read by"),
    OTHER: N_("Other classes are read by"),
}
TITLES = {
    DIGIT: N_("digits"),
    LETTER: N_("letters"),
    SIGN: N_("letters and digits"),
    CLOTHING: N_("clothes"),
    THING: N_("photograph"),
    OTHER: N_("other classes"),
}
WRITTEN = (DIGIT, LETTER, SIGN)  # the ways to read glyphs
TAKEN_FOR = {
    DIGIT: N_("Read as digits."),
    CLOTHING: N_("Read as clothes."),
    THING: N_("Read as a photograph."),
}
OTHERWISE = {
    DIGIT: N_("Read as digits"),
    LETTER: N_("Read as letters"),
    CLOTHING: N_("Read as clothes"),
    THING: N_("Read as a photograph"),
}


@dataclass(frozen=True)
class Networks:
    """The networks that the visitor has chosen, by the kind of picture that they know."""

    picked: str  # a kind; or AUTO, then each picture is read as what it is taken for
    known: Mapping[str, list[Choice]]  # all that can be chosen
    chosen: Mapping[str, list[Choice]]
    corrected: Mapping[str, str]  # kinds of single pictures by their files' keys, as the visitor says

    @property
    def identity(self) -> tuple[object, ...]:
        """Key that differs wherever other networks would answer."""
        read_by = [(kind, choice) for kind in self.chosen for choice in self.chosen[kind]]
        return (self.picked, *((kind, str(c.folder), id(model_picker.card(c))) for kind, c in read_by))

    def readers(self, kind: str) -> list[Classifier]:
        """Return the chosen classifiers that know a kind of picture.

        Raises:
            BundleError: when the bundle of one is damaged.
        """
        readers = [model_picker.classifier(choice) for choice in self.chosen.get(kind, [])]
        return [letters_of(reader) for reader in readers] if kind == LETTER else readers

    def prepare(
        self, file: File, prepare: Callable[..., Prepared] = preparation.prepared
    ) -> tuple[Prepared, str]:
        """Return a file's picture, searched for glyphs if its networks read any, and the kind to read it as.

        Raises:
            ImageError: when it cannot be read.
        """
        kind = self.corrected.get(file.key, self.picked)
        if kind == AUTO and _is_drawn():
            kind = DIGIT
        if kind != AUTO:
            return prepare(file, thorough=self._read_glyphs(kind)), kind
        found = prepare(file, thorough=False)
        if not found.is_searched and self._read_glyphs(found.kind):
            return prepare(file, thorough=True), found.kind
        return found, found.kind

    def _read_glyphs(self, kind: str) -> bool:
        return any(reader.card.preprocessing.kind == GLYPH for reader in self.readers(kind))


def pick_kind() -> Networks:
    """Draw the choice of what to look for; return the networks chosen so far.

    A drawing shows digits or letters, unless the visitor has networks that know something else.
    """
    known: dict[str, list[Choice]] = {kind: [] for kind in READ_BY}
    for choice in model_picker.choices(*FAMILIES):
        for kind in _known_by(choice):
            known[kind].append(choice)
    offered = [kind for kind, found in known.items() if found]
    if _is_drawn() and not _has_own(known):
        picked = _pick(KEY_OF_DRAWINGS, [kind for kind in offered if kind in WRITTEN])
    else:
        picked = _pick(KEY, [AUTO, *offered])
    if picked in (LETTER, SIGN):
        st.caption(gettext("Capital and small letters are not told apart. Write letters that do not touch."))
    chosen = {kind: _chosen(kind, found) for kind, found in known.items()}
    return Networks(picked, known, chosen, st.session_state.get(CORRECTED, {}) if picked == AUTO else {})


def _pick(key: str, offered: Sequence[str]) -> str:
    """Draw the choice among these kinds, at first that of the link or the first; return the chosen one."""
    if st.session_state.get(key) not in offered:
        linked = st.query_params.get(LINK)
        st.session_state[key] = linked if linked in offered else offered[0]
    if len(offered) == 1:
        return offered[0]
    return pick_option(
        gettext("Look for"),
        {kind: KNOWN[kind] for kind in offered},
        key,
        wrap=True,
        help=gettext(
            "Each network knows one kind of picture. “Automatic” decides for each picture whether it "
            "shows digits, a piece of clothing on a plain background, or something else. Letters are looked "
            "for only if you ask."
        ),
    )


def read_with(key: str) -> None:
    """Choose the network of a class set or of a run, by its id, for the next pictures on Classify."""
    known = {choice.key: _known_by(choice) for choice in model_picker.choices(*FAMILIES)}
    kinds = known.get(key, (OTHER,))
    st.session_state[KEY] = kinds[0]
    st.session_state.setdefault(CHOSEN, {}).update({kind: [key] for kind in kinds})


def pick_networks(networks: Networks, kinds: Iterable[str]) -> None:
    """Draw a picker of any number of networks for each of these kinds, where there are several networks."""
    for kind in kinds:
        titles = {choice.key: escape_markdown(choice.title) for choice in networks.known.get(kind, [])}
        if len(titles) < 2:
            continue
        key = _key(kind)
        kept = st.session_state.setdefault(CHOSEN, {})
        st.session_state[key] = kept[kind] = [choice.key for choice in networks.chosen[kind]]
        st.pills(
            gettext(READ_BY[kind]),
            list(titles),
            selection_mode="multi",
            format_func=titles.__getitem__,
            key=key,
            wrap=True,
        )


def show_taken_for(networks: Networks, kind: str, file: File | None = None) -> None:
    """Say what the picture was taken for, with a button for each other way to read it; not of a drawing.

    What was taken for digits may be letters, which no picture is taken for by itself. With a file, which is
    one of several, the buttons change how this one is read.
    """
    if _is_drawn():
        return
    st.markdown(gettext(TAKEN_FOR[kind]), width="content")
    for other, label in OTHERWISE.items():
        if other != kind and networks.known.get(other) and (other in TAKEN_FOR or kind == DIGIT):
            st.button(
                gettext(label), key=f"read as {other}", type="tertiary", on_click=_read_as, args=(other, file)
            )


def _read_as(kind: str, file: File | None) -> None:
    if file is None:
        st.session_state[KEY] = kind
    else:
        st.session_state[CORRECTED] = {**st.session_state.get(CORRECTED, {}), file.key: kind}


def _known_by(choice: Choice) -> tuple[str, ...]:
    """Return the kinds of pictures that a network may read."""
    if choice.subject == SIGN:
        return LETTER, SIGN
    return (choice.subject if choice.subject in (*KINDS, LETTER) else OTHER,)


def _has_own(known: Mapping[str, list[Choice]]) -> bool:
    """Return whether there is a network that did not come with the app and knows something but digits."""
    others = (choice for kind, found in known.items() if kind != DIGIT for choice in found)
    return any(choice.folder.parent != PRETRAINED for choice in others)


def _key(kind: str) -> str:
    return f"classifiers {kind}"


def _chosen(kind: str, found: list[Choice]) -> list[Choice]:
    """Return the visitor's choice, also of before a visit elsewhere; at first a CNN and an RNN for digits."""
    keys = st.session_state.get(_key(kind), st.session_state.get(CHOSEN, {}).get(kind))
    if keys is None:
        return model_picker.default_pair(found) if kind == DIGIT else found[:1]
    return [choice for choice in found if choice.key in keys]


def reads_glyphs(readers: Sequence[Classifier]) -> bool:
    """Return whether the first network reads the glyphs of a picture that was not drawn here."""
    return bool(readers) and readers[0].card.preprocessing.kind == GLYPH and not _is_drawn()


def _is_drawn() -> bool:
    return st.session_state.get("source") == "draw"
