"""Serve files to the tests of downloads from this machine."""

from __future__ import annotations

import gzip
import struct
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np


class FileServer(ThreadingHTTPServer):
    """A server of files by their names, which notes what was asked for."""

    files: dict[str, bytes]
    served: list[str]
    truncate: bool

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class Handler(BaseHTTPRequestHandler):
    """Answer with a file, or half of one where the server truncates."""

    server: FileServer

    def do_GET(self) -> None:
        body = self.server.files.get(self.path.lstrip("/"))
        self.server.served.append(self.path)
        if body is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if self.server.truncate else body)

    def log_message(self, *args: object) -> None:
        pass


def idx(array: np.ndarray) -> bytes:
    """Return an array as the compressed idx file in which MNIST and EMNIST are published."""
    header = struct.pack(f">4B{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    return gzip.compress(header + array.tobytes())
