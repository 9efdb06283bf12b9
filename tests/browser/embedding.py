"""A page of another site that shows the app in a frame, as a course's page or Hugging Face does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from playwright.sync_api import Frame, Page, expect

ALLOWED = "camera; clipboard-read"  # as docs/hosting.md tells whoever embeds the app


@contextmanager
def framed(url: str) -> Iterator[str]:
    """Serve a page that shows an address of 127.0.0.1 in a frame; yield its own, on ``localhost``.

    For a browser, these are two sites.
    """
    content = f'<iframe src="{url}" allow="{ALLOWED}" width="1200" height="800"></iframe>'.encode()

    class Parent(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(content if self.path == "/" else b"")

        def log_message(self, *_: object) -> None:
            pass

    parent = ThreadingHTTPServer(("127.0.0.1", 0), Parent)
    threading.Thread(target=parent.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{parent.server_port}/"
    finally:
        parent.shutdown()
        parent.server_close()


def frame_of(page: Page) -> Frame:
    """Return the app's frame once it shows the page."""
    found = page.wait_for_selector("iframe").content_frame()
    assert found is not None
    expect(found.locator("h1")).to_be_visible()
    return found
