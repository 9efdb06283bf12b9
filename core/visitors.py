"""Identify a visitor by a secret that their browser keeps, and their network by its address.

Neither is stored: run folders hold a hash of the secret, and a keyed hash of the address.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from binascii import Error, unhexlify
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import Path

from core.drafts import draft_file

_SECRET = re.compile(r"[0-9a-f]{32}", re.ASCII)  # 16 random bytes: long enough that nobody guesses another's
_MOST = 8  # secrets that one browser keeps
_KEY = "address.key"  # in the home folder


@dataclass(frozen=True)
class Visitor:
    """A visitor, as limits count them and as runs name their owner."""

    id: str  # a hash of the browser's secret
    address: str = ""  # a keyed hash of the network address; "" where it is unknown, as on one's own machine
    ids: frozenset[str] = frozenset()  # by which runs may name this visitor, with the one above

    def owns(self, owner: str) -> bool:
        """Return whether a run that names this owner is the visitor's."""
        return owner != "" and (owner == self.id or owner in self.ids)


def new_secret() -> str:
    """Return a secret for a browser that has none."""
    return secrets.token_hex(16)


def is_secret(text: object) -> bool:
    """Return whether a text has the form of a secret. Untrusted: it comes from the browser."""
    return isinstance(text, str) and _SECRET.fullmatch(text) is not None


def secrets_in(answer: object) -> list[str]:
    """Return the secrets in a browser's answer, none if it has another form. Untrusted, as above."""
    if not isinstance(answer, str) or len(answer) > 33 * _MOST:
        return []
    found = answer.split(" ")
    return found if all(map(is_secret, found)) else []


def visitor_id(secret: str) -> str:
    """Return the id of the visitor whose browser keeps a secret; the secret cannot be found from it."""
    return hashlib.sha256(b"visitor " + secret.encode()).hexdigest()[:32]


def unmasked_token(cookie: object) -> str | None:
    """Return the secret inside Streamlit's XSRF cookie, None if there is none.

    The cookie is ``2|mask|masked token|time``. Streamlit chooses another mask of 4 bytes at each page load,
    and keeps the token of 16 bytes.
    """
    if not isinstance(cookie, str) or len(cookie) > 100:
        return None
    match cookie.strip("\"'").split("|"):
        case ["2", mask_hex, masked_hex, _]:
            try:
                mask, masked = unhexlify(mask_hex), unhexlify(masked_hex)
            except (Error, ValueError):
                return None
            if len(mask) == 4 and len(masked) == 16:
                return bytes(byte ^ mask[i % 4] for i, byte in enumerate(masked)).hex()
    return None


def client_address(peer: str | None, forwarded: Sequence[str], proxies: int) -> str | None:
    """Return the address of the visitor's network, None where it is unknown.

    An IPv6 address counts as its /64, since one household has so many.

    Args:
        peer: the other end of the connection.
        forwarded: the values of all ``X-Forwarded-For`` headers; anyone may invent the first entries.
        proxies: how many proxies of the operator's own lie before the app; each adds an entry at the end.
    """
    entries = [entry.strip() for value in forwarded for entry in value.split(",")]
    found = entries[-proxies] if 0 < proxies <= len(entries) else peer
    with suppress(ValueError):
        address = ip_address(_without_port(found or ""))
        if isinstance(address, IPv6Address):
            if address.ipv4_mapped:
                return str(address.ipv4_mapped)
            return str(ip_network((int(address) >> 64 << 64, 64)))
        return str(address)
    return None


def address_hash(address: str | None, home: Path) -> str:
    """Return a hash of a network address by a key in the home folder, "" for an unknown one.

    Without a key, all four thousand million addresses could be tried.

    Raises:
        OSError: when the key can be neither read nor written.
    """
    if address is None:
        return ""
    return hmac.new(_address_key(home), address.encode(), hashlib.sha256).hexdigest()[:32]


def _address_key(home: Path) -> bytes:
    file = home / _KEY
    if not file.exists():
        home.mkdir(parents=True, exist_ok=True)
        with draft_file(file) as draft:
            draft.touch(mode=0o600)
            draft.write_bytes(secrets.token_bytes(32))
    return file.read_bytes()  # of two servers that wrote one at once, both read the last


def _without_port(text: str) -> str:
    """Return an address without the port and brackets that some proxies add."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text
