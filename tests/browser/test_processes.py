"""Several servers behind one port, as docs/crowds.md describes them."""

from __future__ import annotations

import asyncio
import os
import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from core.contract.config import ClassifierConfig
from core.errors import RunError
from core.runs import RunStore
from core.runs.process import queue
from tests.benchmarks.streamlit_client import Visitor
from tests.benchmarks.visitors import scribble
from tests.browser.conftest import ROOT, Server, free_port, serving, wait_until_healthy

pytestmark = pytest.mark.browser

VISITORS = 3
NEWCOMERS = 20  # so many do not all meet the same process


@contextmanager
def proxied(folder: Path, servers: list[Server]) -> Iterator[str]:
    """Run nginx as documented before the servers; yield its address. Without nginx, fail in CI."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        absent = "nginx is not installed"
        pytest.fail(absent) if os.environ.get("CI") else pytest.skip(absent)
    documented = (ROOT / "docs" / "crowds.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```nginx\n(.*?)```", documented, re.DOTALL)
    port = free_port()
    for old, new in zip(("127.0.0.1:8501", "127.0.0.1:8502"), servers, strict=True):
        block = block.replace(old, new.url.removeprefix("http://"))
    block = block.replace("listen 8080", f"listen {port}")
    paths = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    asked = folder / "asked"
    temporary = " ".join(f"{name}_temp_path {folder / name};" for name in paths)
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder / 'pid'}; events {{}}\n"
        f"http {{ {temporary}\nlog_format to '$upstream_addr';\naccess_log {asked} to;\n{block} }}\n"
    )
    command = [program, "-p", str(folder), "-e", str(folder / "errors"), "-c", str(folder / "nginx.conf")]
    process = subprocess.Popen(command)
    try:
        wait_until_healthy(f"http://127.0.0.1:{port}", process, folder / "errors")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def test_two_processes_share_runs_and_limits_and_each_visitor_stays_with_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEEP_IMAGE_LAB_WORKERS", "1")
    with serving(tmp_path) as one, serving(tmp_path) as other, proxied(tmp_path, [one, other]) as url:
        store = RunStore(one.home)
        slot = queue.take_slot(store.create(ClassifierConfig()))  # so that all others wait
        with ThreadPoolExecutor(1) as thread:  # Playwright may have a loop in this one
            thread.submit(asyncio.run, _upload(url)).result()
            errors = thread.submit(asyncio.run, _start_four(one.url, other.url)).result()
        for number in range(NEWCOMERS):
            urlopen(Request(f"{url}/_stcore/health", headers={"Cookie": f"lab={number}"})).close()
        waiting = [run.status().state for run in store.list()].count("waiting")
        if slot is not None:
            slot.release()
    assert set((tmp_path / "asked").read_text().split()) == {
        server.url.removeprefix("http://") for server in (one, other)
    }
    assert errors == [[], [], [], [str(RunError("runs.visitor_limit", count=3))]]
    assert waiting == 3


async def _upload(url: str) -> None:
    """Let visitors read a picture each; one whose upload went to another process than its page gets none."""
    for number in range(VISITORS):
        async with Visitor(url) as visitor:
            await visitor.open("classify")
            await visitor.upload("pictures", "one.png", scribble(random.Random(number), 120))
            assert visitor.errors == []
            assert visitor.has("bars 0,1,2,3,4,5,6,7,8,9")


async def _start_four(one: str, other: str) -> list[list[str]]:
    """Start four runs as one visitor through two processes in turn; return the errors shown each time."""
    errors, cookies = [], {}
    for url in (one, other, one, other):
        async with Visitor(url, cookies) as visitor:
            await visitor.open("train")
            await visitor.press("start")
            errors.append([error.replace("\\", "") for error in visitor.errors])
            cookies = visitor.cookies
    return errors
