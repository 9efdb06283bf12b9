from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string

from core import visitors
from core.visitors import Visitor, client_address


@given(st.binary(min_size=16, max_size=16))
def test_the_token_is_the_same_under_every_mask_of_streamlit(token: bytes) -> None:
    cookies = [generate_xsrf_token_string(token, when) for when in (1, 2_000_000_000)]

    assert cookies[0] != cookies[1]
    assert {visitors.unmasked_token(cookie) for cookie in cookies} == {token.hex()}
    assert visitors.is_secret(token.hex())


@pytest.mark.parametrize(
    "cookie",
    [
        None,
        "",
        "2|",
        "2|00000000|00|0",
        "2|0000|" + 32 * "0" + "|0",
        "2|0000000g|" + 32 * "0" + "|0",
        "1|00000000|" + 32 * "0" + "|0",
        "2|00000000|" + 32 * "é" + "|0",
        "2|00000000|" + 32 * "0" + "|" + 200 * "0",
    ],
)
def test_a_cookie_of_another_form_has_no_token(cookie: str | None) -> None:
    assert visitors.unmasked_token(cookie) is None


@pytest.mark.parametrize("text", [None, 1, "", 31 * "a", 33 * "a", 32 * "A", 32 * "٣", 32 * "a" + "\n"])
def test_a_short_or_strange_secret_is_refused(text: object) -> None:
    assert not visitors.is_secret(text)


def test_secrets_differ_and_do_not_show_in_the_id() -> None:
    one, other = visitors.new_secret(), visitors.new_secret()

    assert visitors.is_secret(one)
    assert visitors.visitor_id(one) != visitors.visitor_id(other)
    assert one not in visitors.visitor_id(one)


def test_a_visitor_owns_what_names_one_of_their_ids_and_nobody_owns_what_names_none() -> None:
    me = Visitor("me", ids=frozenset({"me", "earlier"}))

    assert me.owns("me")
    assert me.owns("earlier")
    assert not me.owns("another")
    assert not Visitor("").owns("")


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "expected"),
    [
        ("192.0.2.1", [], 0, "192.0.2.1"),
        ("192.0.2.1", ["203.0.113.9"], 0, "192.0.2.1"),  # nobody vouches for the header
        ("192.0.2.1", ["6.6.6.6, 203.0.113.9"], 1, "203.0.113.9"),  # the first entry is invented
        ("192.0.2.1", ["6.6.6.6", "203.0.113.9, 198.51.100.2"], 2, "203.0.113.9"),
        ("192.0.2.1", ["203.0.113.9"], 2, "192.0.2.1"),  # has not come through both proxies
        ("192.0.2.1", ["203.0.113.9:5000"], 1, "203.0.113.9"),
        (None, ["[2001:db8:1:2:3::4]:5000"], 1, "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", [], 0, "192.0.2.1"),
        (None, [], 0, None),
        (None, ["unknown"], 1, None),
    ],
)
def test_the_address_is_the_one_that_the_last_trusted_proxy_saw(
    peer: str | None, forwarded: list[str], proxies: int, expected: str | None
) -> None:
    assert client_address(peer, forwarded, proxies) == expected


def test_the_hash_of_an_address_is_kept_by_its_home_and_differs_in_another(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    first = visitors.address_hash("192.0.2.1", one)

    assert first == visitors.address_hash("192.0.2.1", one)
    assert first != visitors.address_hash("192.0.2.2", one)
    assert first != visitors.address_hash("192.0.2.1", other)
    assert visitors.address_hash(None, one) == ""
    assert (one / "address.key").stat().st_mode & 0o077 == 0
