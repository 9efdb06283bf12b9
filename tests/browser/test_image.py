"""The app as the container's image starts it, inside a page of another site."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pages.parts.classify.picture_input import SOURCES
from tests.browser.conftest import Server, serving
from tests.browser.embedding import frame_of, framed
from tests.browser.steps import button, option, readings, settled, take_photo, upload
from tests.hosting import dockerfile
from tests.pictures import photograph

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def image(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start the app by the lines ``ENV``, ``USER`` and ``CMD`` of the ``Dockerfile``."""
    folder = tmp_path_factory.mktemp("image")
    command = dockerfile.last("CMD").words
    if os.geteuid() == 0:
        user = int(dockerfile.last("USER").text)
        os.chown(folder, user, user)
        # The image's user can read the app; here it may lie in a folder of root's, so reading is allowed.
        reading = ["--inh-caps=-all,+dac_read_search", "--ambient-caps=-all,+dac_read_search"]
        command = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", *reading, *command]
    with serving(folder, command=command, environment=_variables(folder)) as started:
        yield started


def _variables(folder: Path) -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {
        **dockerfile.environment(),
        "PATH": path,
        "HOME": str(folder),
        "KERAS_HOME": str(folder / "keras"),
    }


def test_the_image_runs_as_its_user_and_its_health_check_passes(image: Server) -> None:
    user = int(dockerfile.last("USER").text) if os.geteuid() == 0 else os.geteuid()
    status = Path(f"/proc/{image.pid}/status").read_text(encoding="ascii")
    assert f"Uid:\t{user}\t{user}\t" in status
    port = image.url.rpartition(":")[2]
    environment = {**os.environ, **_variables(image.home), "STREAMLIT_SERVER_PORT": port}
    assert subprocess.run(dockerfile.health_check(), env=environment, check=False).returncode == 0
    assert "external IP" not in image.log.read_text(encoding="utf-8")  # it asks no server for its address


def test_uploads_camera_and_clipboard_work_in_a_page_of_another_site(
    image: Server, visitor: Callable[..., Page]
) -> None:
    page = visitor(permissions=["clipboard-read", "clipboard-write"])
    with framed(f"{image.url}/classify") as address:
        page.goto(address)
        frame = frame_of(page)
        settled(frame)
        upload(frame, photograph(7))
        expect(readings(frame)).to_have_text(["7"] * 3)

        expect(button(frame, "catcher").first).to_be_visible()
        page.evaluate(COPY, base64.b64encode(photograph(4)).decode())
        button(frame, "catcher").first.click()
        expect(readings(frame)).to_have_text(["4"] * 3)

        option(frame, "source", SOURCES["camera"]).click()
        take_photo(frame)


COPY = """async (picture) => {
  const blob = await (await fetch("data:image/png;base64," + picture)).blob()
  await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })])
}"""
