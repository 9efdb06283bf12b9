"""Speak Streamlit's protocol without a browser: web socket, protocol buffers, uploads by HTTP."""

from __future__ import annotations

import asyncio
import base64
import http.client
import json
import time
import uuid
from collections.abc import Mapping
from http.cookies import SimpleCookie
from typing import Any, Self
from urllib.parse import urlparse

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import UploadedFileInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

TOKEN = "_streamlit_xsrf"  # the cookie
TIMEOUT = 120.0  # seconds
KEPT = 50  # elements; a browser keeps those of the last runs
ENDS = (  # of a script run that is over; one that was interrupted is followed by another
    ForwardMsg.FINISHED_SUCCESSFULLY,
    ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
    ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
)


class Visitor:
    """One tab of a browser. Its actions return the seconds from the request to the end of the script.

    ``errors`` holds the exceptions and errors that the page shows since the last action.
    """

    def __init__(self, url: str, cookies: Mapping[str, str] | None = None) -> None:
        self.cookies = dict(cookies or {})  # those of an earlier visit
        self._url, self._host = url, urlparse(url).netloc
        self._page = self._query = self._script = self._session = ""
        self._widgets: dict[str, tuple[str, str]] = {}  # the id and the fragment of each widget by its key
        self._values: dict[str, WidgetState] = {}
        self._addresses: dict[str, Any] = {}  # to upload to or download from, by request
        self._files: dict[str, str] = {}  # ids of files that the server makes when asked, by the button's key
        self._kept: dict[str, ForwardMsg] = {}  # elements that the server need not send again, by hash
        self.errors: list[str] = []

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self._ask, "GET", "/_stcore/health")  # for the cookies
        token = self.cookies.get(TOKEN, "")
        self._socket = await websockets.connect(
            f"ws://{self._host}/_stcore/stream",
            additional_headers={"Cookie": self._cookie_header(), "Origin": self._url},
            subprotocols=[websockets.Subprotocol(name) for name in ("streamlit", token) if name],
            max_size=None,
            ping_interval=None,
            open_timeout=TIMEOUT,
            compression=None,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()

    def has(self, key: str) -> bool:
        """Return whether the page has shown a widget with the key."""
        return key in self._widgets

    async def open(self, page: str) -> float:
        """Open a page, as a link does."""
        self._page, self._query, self._script = page, "", ""
        self._widgets.clear()
        self._values.clear()
        return await self._run()

    async def press(self, key: str) -> float:
        """Press a button."""
        return await self._run(key, trigger_value=True)

    async def choose(self, key: str, option: str) -> float:
        """Choose an option, by its label, among pills or segments."""
        state = self._state(key)
        state.string_array_value.data.append(option)
        return await self._run(key, state)

    async def draw(self, key: str, png: bytes) -> float:
        """Send a drawing from the canvas."""
        url = "data:image/png;base64," + base64.b64encode(png).decode()
        return await self._run(key, json_value=json.dumps({"png": url}))

    async def upload(self, key: str, name: str, content: bytes) -> float:
        """Upload a file in place of earlier ones; the time begins when the server has received it."""
        request = BackMsg()
        request.file_urls_request.request_id = wanted = uuid.uuid4().hex
        request.file_urls_request.session_id = self._session
        request.file_urls_request.file_names.append(name)
        await self._socket.send(request.SerializeToString())
        while wanted not in self._addresses:
            await self._receive()
        address = self._addresses.pop(wanted)
        await asyncio.to_thread(self._put, address.upload_url, name, content)
        state = self._state(key)
        brought = UploadedFileInfo(name=name, size=len(content), file_id=address.file_id, file_urls=address)
        state.file_uploader_state_value.uploaded_file_info.append(brought)
        return await self._run(key, state)

    async def make_file(self, key: str) -> str:
        """Let the server make the file of a download button; return the file's path."""
        request = BackMsg()
        request.backend_operation_request.request_id = wanted = uuid.uuid4().hex
        request.backend_operation_request.session_id = self._session
        request.backend_operation_request.deferred_file.file_id = self._files[key]
        await self._socket.send(request.SerializeToString())
        while wanted not in self._addresses:
            await self._receive()
        return self._addresses.pop(wanted).deferred_file.url

    async def fetch(self, path: str) -> bytes | None:
        """Return the content at a path of the server; None if there is none."""
        response, content = await asyncio.to_thread(self._ask, "GET", path)
        return content if response.status == 200 else None

    def _state(self, key: str, **value: Any) -> WidgetState:
        return WidgetState(id=self._widgets[key][0], **value)

    async def _run(self, key: str | None = None, state: WidgetState | None = None, **value: Any) -> float:
        """Run the script, or the widget's fragment, with the changed state of a widget, and await its end."""
        message = BackMsg()
        request = message.rerun_script
        request.query_string, request.page_script_hash = self._query, self._script
        if not self._script:
            request.page_name = self._page
        request.context_info.url = f"{self._url}/{self._page}"
        states = dict(self._values)
        if key is not None:
            changed = self._state(key, **value) if state is None else state
            states[changed.id] = changed
            if changed.WhichOneof("value") != "trigger_value":
                self._values[changed.id] = changed
            request.fragment_id = self._widgets[key][1]
        request.widget_states.widgets.extend(states.values())
        for old in list(self._kept)[:-KEPT]:  # never within a run: the server may still refer to it
            del self._kept[old]
        request.cached_message_hashes.extend(self._kept)
        self.errors = []
        began = time.monotonic()
        await self._socket.send(message.SerializeToString())
        while not await self._receive():
            pass
        return time.monotonic() - began

    async def _receive(self) -> bool:
        """Take the next message; return whether the script has ended."""
        message = ForwardMsg.FromString(await asyncio.wait_for(self._socket.recv(decode=False), TIMEOUT))
        if message.HasField("ref_hash"):
            message = self._kept[message.ref_hash]
        if message.metadata.cacheable:
            self._kept.pop(message.hash, None)
            self._kept[message.hash] = message
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._session = message.new_session.initialize.session_id or self._session
            self._script = message.new_session.page_script_hash
        elif kind == "navigation":
            self._script = message.navigation.page_script_hash or self._script
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "file_urls_response":
            answer = message.file_urls_response
            self._addresses[answer.response_id] = answer.file_urls[0]
        elif kind == "backend_operation_response":
            made = message.backend_operation_response
            self._addresses[made.request_id] = made
        elif kind == "delta":
            self._show(message.delta)
        return kind == "script_finished" and message.script_finished in ENDS

    def _show(self, delta: Any) -> None:
        if delta.WhichOneof("type") != "new_element":
            return
        kind = delta.new_element.WhichOneof("type")
        element = getattr(delta.new_element, kind or "empty")
        if kind == "exception":
            self.errors.append(f"{element.type}: {element.message}")
        elif kind == "alert" and element.format == element.ERROR:
            self.errors.append(element.body)
        parts = getattr(element, "id", "").split("-", 2)  # as in $$ID-0123456789abcdef-the key
        if len(parts) == 3:
            self._widgets[parts[2]] = (element.id, delta.fragment_id)
            if kind == "download_button":
                self._files[parts[2]] = element.deferred_file_id

    def _put(self, path: str, name: str, content: bytes) -> None:
        edge = uuid.uuid4().hex
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        body = f"{head}Content-Type: image/png\r\n\r\n".encode() + content + f"\r\n--{edge}--\r\n".encode()
        headers = {
            "Content-Type": f"multipart/form-data; boundary={edge}",
            "Origin": self._url,
            "X-Xsrftoken": self.cookies.get(TOKEN, ""),
        }
        response, _ = self._ask("PUT", path if path.startswith("/") else f"/{path}", body, headers)
        if response.status not in (200, 201, 204):
            raise OSError(f"the upload was answered by {response.status}")

    def _ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """Return the answer to a request, and keep new cookies as a browser does."""
        connection = http.client.HTTPConnection(self._host, timeout=TIMEOUT)
        try:
            connection.request(method, path, body, {"Cookie": self._cookie_header(), **(headers or {})})
            response = connection.getresponse()
            for given in response.headers.get_all("Set-Cookie", []):
                for name, cookie in SimpleCookie(given).items():
                    self.cookies.setdefault(name, cookie.value)
            return response, response.read()
        finally:
            connection.close()

    def _cookie_header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())
