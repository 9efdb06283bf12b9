"""Write bytes as text that needs no escaping in a link, and read it back."""

from __future__ import annotations

import base64


def to_text(content: bytes) -> str:
    """Return bytes in base64's alphabet for links, without padding."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def from_text(text: str, most: int) -> bytes:
    """Return the bytes in a text of at most ``most`` characters.

    Raises:
        ValueError: when the text is longer, or not what ``to_text`` returns.
    """
    if len(text) > most:
        raise ValueError(f"more than {most} characters")
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
