"""Keep the server from sending anything that no visitor asked for."""

from __future__ import annotations

from streamlit import net_util

OWN = "127.0.0.1"  # an origin that Streamlit allows in any case


def stop_address_queries() -> None:
    """Keep Streamlit from asking a server of Amazon's for this machine's address.

    For each web socket from a page of another site, Streamlit compares that site with the machine's public
    address. It asks for it, for up to two seconds, while all visitors wait; any stranger could repeat that.
    """
    net_util._external_ip = OWN  # the answer that Streamlit would remember
