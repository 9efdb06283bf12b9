"""Try all lines of the ``Dockerfile`` without Docker, in an empty Debian, as its user, read-only.

``python -m tests.hosting.docker_trial FOLDER`` needs root on Linux, Chromium, and ``debootstrap``, which
makes a Debian with Python in the folder (about two minutes; kept for the next trial). Every line runs in an
overlay of that Debian, and the space that it takes is printed. The app starts from ``ENTRYPOINT`` and
``CMD`` as ``USER`` without any capability, with the limits of ``compose.yaml``: 2 GB of memory, a read-only
root, a volume, a small /tmp. A browser visits every page, uploads a picture, and trains a network.

Not tried: the image of ``FROM`` itself (Debian's own Python stands for it), networks and restarts of Docker.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from core.contract import architectures
from core.contract.config import ClassifierConfig
from core.language import gettext
from pages.parts.train.controls import STATES
from tests.browser.conftest import FLAGS, NAMES
from tests.browser.steps import PAGES, button, choose, fill, opened, readings, upload
from tests.hosting import dockerfile
from tests.pictures import photograph

DEBIAN = "trixie"  # the Debian under the image of FROM
PORT = 18501  # instead of 8501, which may be taken here
ADDRESS = f"http://127.0.0.1:{PORT}"
MEMORY = 2 * 1024**3  # bytes; mem_limit in compose.yaml
GROUP = Path("/sys/fs/cgroup/memory/deep-image-lab-trial")  # control groups of version 1
SYSTEM_PATH = "/app-python/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def main() -> None:
    """Run the trial in a folder, in mounts of its own."""
    folder = Path(sys.argv[1]).resolve()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # which ends the app too
    if "inside" not in sys.argv:
        again = [sys.executable, "-m", "tests.hosting.docker_trial", str(folder), "inside"]
        raise SystemExit(subprocess.call(["unshare", "--mount", *again]))
    root = _overlay(folder)
    state = _build(root, folder / "change") | {"STREAMLIT_SERVER_PORT": str(PORT)}
    with _running(root, folder, state) as process:
        _visit(root, state)
        _stop(process)
    print(f"written in the volume: {sorted(path.name for path in (folder / 'volume').iterdir())}")
    log = (folder / "log").read_text(errors="replace")
    assert "Traceback" not in log, log
    print("no traceback in the log; every line of the Dockerfile works")


def _overlay(folder: Path) -> Path:
    """Make an empty Debian with Python if there is none, and mount a changeable copy of it."""
    base, change, work, root = (folder / name for name in ("base", "change", "work", "root"))
    if not base.exists():
        packages = "--include=python3,python3-pip,python3-venv,ca-certificates"
        command = ["debootstrap", "--variant=minbase", packages, DEBIAN, str(base)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    for path in (change, work, folder / "volume"):
        shutil.rmtree(path, ignore_errors=True)
    for path in (change, work, root, folder / "volume"):
        path.mkdir(parents=True, exist_ok=True)
    layers = f"lowerdir={base},upperdir={change},workdir={work}"
    _run("mount", "-t", "overlay", "overlay", "-o", layers, str(root))
    _run("mount", "--rbind", "/dev", str(root / "dev"))
    _run("mount", "-t", "proc", "proc", str(root / "proc"))
    for file in ("/etc/resolv.conf", "/etc/ssl/certs/ca-certificates.crt"):  # to reach the package index
        shutil.copy(file, root / file.removeprefix("/"))
    _inside(root, "python3 -m venv /app-python", {})  # stands for the Python of the image
    return root


def _build(root: Path, change: Path) -> dict[str, str]:
    """Run the lines in order and return the variables; print what each line adds."""
    variables: dict[str, str] = {}
    place = "/"
    for line in dockerfile.instructions():
        before, start = _megabytes(change), time.monotonic()
        if line.name == "RUN":
            _inside(root, f"cd {place} && {line.text}", variables)
        elif line.name == "WORKDIR":
            place = line.text
            (root / place.removeprefix("/")).mkdir(parents=True, exist_ok=True)
        elif line.name == "COPY":
            _copy(line, root / place.removeprefix("/"))
        elif line.name == "ENV":
            variables |= dict(word.split("=", 1) for word in line.words)
        size, took = _megabytes(change) - before, time.monotonic() - start
        print(f"{line.name:<11} {line.text[:60]:<60} {size:6.0f} MB {took:5.0f} s", flush=True)
    return variables


def _copy(line: dockerfile.Instruction, target: Path) -> None:
    sent = dockerfile.sent_files()
    sources = line.words[:-1]
    for file in sent:
        if sources == ["."] or str(file) in sources:
            (target / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(dockerfile.ROOT / file, target / file)


@contextlib.contextmanager
def _running(root: Path, folder: Path, variables: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Start the app as Docker would, and end it."""
    user = dockerfile.last("USER").text
    volume = root / dockerfile.last("VOLUME").text.removeprefix("/")
    owner = volume.stat()
    os.chown(folder / "volume", owner.st_uid, owner.st_gid)  # as Docker does for a new volume
    _run("mount", "-o", "remount,ro", str(root))
    _run("mount", "--bind", str(folder / "volume"), str(volume))
    _run("mount", "-t", "tmpfs", "-o", "size=512m,mode=1777,noexec", "tmpfs", str(root / "tmp"))
    command = [*dockerfile.last("ENTRYPOINT").words, *dockerfile.last("CMD").words]
    rights = ["--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"]
    change_user = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", *rights]
    words = [f"{name}={value}" for name, value in _variables(variables).items()]
    _limit_memory(root)
    namespace = ["unshare", "--pid", "--fork", "--kill-child", f"--mount-proc={root / 'proc'}"]
    jail = ["chroot", str(root), "env", "-i", "--chdir=/app", *words, *change_user, *command]
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen(
            [*_in_group(), *namespace, *jail], stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):  # it has ended
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _visit(root: Path, variables: dict[str, str]) -> None:
    """Wait for the health check, then visit the pages and train."""
    start = time.monotonic()
    check = shlex.join(dockerfile.health_check())
    while _inside(root, check, variables, check=False):
        assert time.monotonic() - start < 60, "the health check fails"
    print(f"healthy after {time.monotonic() - start:.1f} s; {_memory()}")
    chromium = next(filter(None, map(shutil.which, NAMES)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        page = browser.new_page()
        for path in PAGES:
            opened(page, f"{ADDRESS}/{path}")
        print(f"all pages visited; {_memory()}")
        opened(page, f"{ADDRESS}/classify")
        upload(page, photograph(7))
        expect(readings(page)).to_have_text(["7"] * 3, timeout=60_000)
        print(f"a picture uploaded and read; {_memory()}")
        _train(page)
        browser.close()
    users = {(_status(pid, "Uid"), _status(pid, "CapEff")) for pid in _members()}
    print(f"users and capabilities of its {len(_members())} processes: {users}")
    assert users == {("1000", "0000000000000000")}


def _train(page: Page) -> None:
    opened(page, f"{ADDRESS}/train")
    choose(page, "cnn architecture", gettext(architectures.get("deep").title))
    choose(page, f"{ClassifierConfig().dataset} images", "1,000")
    fill(page, "cnn epochs", 1)
    button(page, "start").click()
    finished = page.locator(".stMarkdownBadge").filter(has_text=gettext(STATES["finished"]))
    highest = 0.0
    failed = page.locator(".stMarkdownBadge").filter(has_text=gettext(STATES["failed"]))
    while not finished.or_(failed).is_visible():
        highest = max(highest, _resident())
        page.wait_for_timeout(500)
    expect(finished).to_be_visible(timeout=1_000)
    print(f"a network trained; at most {highest:.0f} MB")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the app as ``docker stop`` does."""
    start = time.monotonic()
    first = min(_members())
    os.kill(first, signal.SIGTERM)
    process.wait(10)
    print(f"stopped by SIGTERM in {time.monotonic() - start:.1f} s; processes left: {len(_members())}")
    assert not _members()


def _inside(root: Path, command: str, variables: dict[str, str], check: bool = True) -> int:
    """Run a shell command in the image as root and return its exit status."""
    words = [f"{name}={value}" for name, value in _variables(variables).items()]
    done = subprocess.run(
        ["chroot", str(root), "env", "-i", *words, "/bin/sh", "-c", command],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0 or not check, done.stdout + done.stderr
    return done.returncode


def _variables(variables: dict[str, str]) -> dict[str, str]:
    home = {"HOME": "/home/lab", "PATH": SYSTEM_PATH, "DEBIAN_FRONTEND": "noninteractive"}
    return {**home, **variables}


def _limit_memory(root: Path) -> None:
    """Make the group, and show it to the app where a container shows its own."""
    GROUP.mkdir(exist_ok=True)
    (GROUP / "memory.limit_in_bytes").write_text(str(MEMORY))
    _run("mount", "-t", "tmpfs", "tmpfs", str(root / "sys"))
    shown = root / "sys/fs/cgroup/memory"
    shown.mkdir(parents=True)
    _run("mount", "--bind", str(GROUP), str(shown))


def _in_group() -> list[str]:
    """Return the words before a command that put it into the group with the memory limit."""
    return ["sh", "-c", f'echo $$ > {GROUP / "cgroup.procs"} && exec "$@"', "sh"]


def _members() -> list[int]:
    """Return the processes of the app, without the one that made its namespace."""
    pids = [int(line) for line in (GROUP / "cgroup.procs").read_text().split()]
    return [pid for pid in pids if b"unshare" not in Path(f"/proc/{pid}/cmdline").read_bytes()]


def _memory() -> str:
    return f"{_resident():.0f} MB in {len(_members())} processes"


def _resident() -> float:
    """Return the memory that belongs to the app's processes and its /tmp, in MB, without cached files."""
    stat = dict(line.split() for line in (GROUP / "memory.stat").read_text().splitlines())
    return (int(stat["total_rss"]) + int(stat.get("total_shmem", 0))) / 1e6


def _status(pid: int, field: str) -> str:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(line.split()[1] for line in lines if line.startswith(f"{field}:"))


def _megabytes(folder: Path) -> float:
    done = subprocess.run(["du", "-sm", str(folder)], capture_output=True, text=True, check=False)
    return float(done.stdout.split()[0])


def _run(*command: str) -> None:
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
