"""Serve the app with every translated text in brackets: ``python -m tests.browser.pseudo_locale``.

What stands outside brackets on a page was not passed through gettext.
"""

from __future__ import annotations

import gettext
import sys

from streamlit.web import cli

OPEN, CLOSE = "⟦", "⟧"


class Bracketed(gettext.NullTranslations):
    """Translations that put each text in brackets; the app's own files hold no translation into English."""

    def gettext(self, message: str) -> str:
        """Return the text in brackets."""
        return f"{OPEN}{message}{CLOSE}"

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """Return the text for this count in brackets."""
        return self.gettext(singular if count == 1 else plural)


if __name__ == "__main__":
    gettext.NullTranslations = Bracketed  # type: ignore[misc]
    sys.argv = ["streamlit", "run", "streamlit_app.py"]
    cli.main()
