"""Declare the app's pages, also when a page is the first request to a cold server."""

from __future__ import annotations

import gc
import sys
import threading
import time
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit import runtime
from streamlit.navigation.page import Page

from core import allocator, settings
from core.errors import SettingsError
from core.language import N_, gettext
from pages.parts.components import camera
from pages.parts.components.page_frame import PageLink, page_frame
from pages.parts.shared import visitor_language
from pages.parts.shared.error_messages import show_error
from pages.parts.shared.kept_visits import visits
from pages.parts.shared.process_cache import kept_in_process
from pages.parts.shared.upload_limits import limit_uploads

NAME = "Deep Image Lab"
HOME = "pages/home.py"
CLASSIFY = "pages/classify.py"
TEACH = "pages/teach.py"
TRAIN = "pages/train.py"
GENERATE = "pages/generate.py"
INSIDE = "pages/inside.py"
TOUR = "pages/tour.py"
REMEDIES = "pages/remedies.py"
_PAGES = (  # file, title and Material symbol
    (HOME, N_("Home"), "home"),
    (CLASSIFY, N_("Classify"), "image_search"),
    (TEACH, N_("Teach"), "school"),
    (TRAIN, N_("Train"), "model_training"),
    (GENERATE, N_("Generate"), "draw"),
    (INSIDE, N_("Inside"), "calculate"),
    (REMEDIES, N_("Remedies"), "healing"),
    (TOUR, N_("Tour"), "tour"),
)

_ICON = Path(__file__).parents[2] / "icon.svg"  # a Material icon would be fetched from Google
FREEZE_SECONDS = 600  # until objects are frozen again
TIDY_SECONDS = 240  # between two times at which memory is returned; sessions end after 120

_DECLARED = "navigation declared"
_KEPT = "pages by language"  # in the session's state


def configure_page() -> None:
    """Set the title and icon of the browser's tab, and the width of the page."""
    st.set_page_config(page_title=NAME, page_icon=_ICON, layout="wide")


def show_title(page: Page) -> None:
    """Name the page in the title of the browser's tab."""
    if page.url_path:
        st.set_page_config(page_title=f"{page.title} · {NAME}")


def declare_pages() -> Page:
    """Declare the pages and return the requested one; stop the script if a setting is wrong."""
    visitor_language.choose()
    _check_settings()
    limit_uploads()
    st.session_state[_DECLARED] = True
    return st.navigation(_pages(), position="top")


def show_frame(page: Page) -> None:
    """Draw what surrounds the page: styles, and on narrow screens the navigation; call this before it."""
    links = [PageLink(_path(file), gettext(title), symbol) for file, title, symbol in _PAGES]
    asked = page_frame(
        links,
        page.url_path,
        language=visitor_language.html_tag(),
        label=gettext("Pages"),
        upload=gettext("Upload"),
        upload_limit=gettext("Up to {size} MB per file", size=_upload_limit()),
        camera=camera.refused(),
    )
    if asked is not None and asked != page.url_path:
        st.switch_page(next(file for file, _, _ in _PAGES if _path(file) == asked))


@cache
def _upload_limit() -> int:
    """Return the megabytes of the largest file that can be uploaded; Streamlit takes 20 µs to look it up."""
    return int(st.get_option("server.maxUploadSize"))


def _pages() -> list[Page]:
    """Return the pages; a session makes them once for each language, in 0.5 ms."""
    language, kept = visitor_language.html_tag(), st.session_state.setdefault(_KEPT, {})
    if language not in kept:
        kept[language] = [
            st.Page(file, title=gettext(title), icon=f":material/{symbol}:", default=file == HOME)
            for file, title, symbol in _PAGES
        ]
    return list(kept[language])


def _path(file: str) -> str:
    """Return the path of a page below the app's address."""
    return "" if file == HOME else Path(file).stem


def ensure_declared() -> None:
    """Declare the pages if that has not been done; every page calls this first.

    Until a session has called ``st.navigation``, Streamlit treats ``pages/*.py`` as the pages of an app of
    the old kind, so the first link to a cold server runs a page without ``streamlit_app.py``. Such a page
    declares the navigation, which ends that mode, and runs again in the regular way.
    """
    if _DECLARED not in st.session_state:
        configure_page()  # or the browser would fetch the icon of the page below from Google
        declare_pages()
        st.rerun()


def freeze_long_lived_objects() -> None:
    """Hide objects that live as long as the server from the garbage collector; call this after a page.

    Python collects garbage by itself while a script runs, and delays the answer meanwhile: by 65 ms, nearly
    all of it spent on objects that libraries made when they were imported. These are frozen whenever modules
    are added, and again after a while, since sessions are frozen too.
    """
    _freeze(len(sys.modules), int(time.monotonic() / FREEZE_SECONDS))
    if runtime.exists():
        _tidy_regularly()


def _check_settings() -> None:
    """Show a wrong environment variable as one sentence and nothing else."""
    try:
        settings.current()
    except SettingsError as error:
        show_error(error)
        st.stop()


@kept_in_process()
def _tidy_regularly() -> None:
    """Free what visitors have left behind, also when nobody comes after them."""

    def tidy() -> None:
        # The first page need not wait for this import.
        from core.inference.litert_session import release_idle_interpreters  # noqa: PLC0415

        while True:
            time.sleep(TIDY_SECONDS)
            _forget_ended_sessions()
            visits().sweep()
            release_idle_interpreters(TIDY_SECONDS)
            _collect_and_freeze()
            allocator.trim()

    threading.Thread(target=tidy, name="tidy", daemon=True).start()


def _forget_ended_sessions() -> None:
    """Let Streamlit drop sessions whose time is over, which it does only when another visitor comes.

    There is no public way; if this one is gone, they are kept until then.
    """
    with suppress(Exception):
        server: Any = runtime.get_instance()
        sessions = server._session_mgr._session_storage._cache
        server._get_async_objs().eventloop.call_soon_threadsafe(sessions.expire)
        time.sleep(1)  # until the loop has come round


@kept_in_process()
def _freeze(modules: int, period: int) -> None:
    _collect_and_freeze()


def _collect_and_freeze() -> None:
    gc.unfreeze()  # objects frozen earlier may be garbage by now
    gc.collect()
    gc.freeze()
