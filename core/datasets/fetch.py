"""Load a data set that was published; a downloaded file with a wrong SHA-256 is not kept."""

from __future__ import annotations

import logging
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies

from core.contract.dataset_info import DatasetInfo
from core.datasets.dataset import Dataset
from core.datasets.npz_files import cache_folder, kept_file, read_npz
from core.drafts import draft_file
from core.errors import DatasetError
from core.messages import Message, Progress, message

_LOG = logging.getLogger(__name__)
_TIMEOUT = 30  # seconds without a byte
_PATIENCE = 2  # seconds until a server that does not answer counts as out of reach
_CHUNK = 2**16  # bytes between two reports of progress


@dataclass(frozen=True)
class RemoteFile:
    """A file to fetch, and where Keras's loader looks for it below KERAS_HOME."""

    name: str
    sha256: str
    keras_path: str


@dataclass(frozen=True)
class Download:
    """The files of one data set, all below one address."""

    base_url: str
    files: tuple[RemoteFile, ...]


def answers(url: str) -> bool:
    """Return whether the server of an address accepts connections; True where a proxy stands between."""
    if getproxies():
        return True
    host = urlsplit(url).hostname or ""
    try:
        socket.create_connection((host, 443), timeout=_PATIENCE).close()
    except OSError:
        return False
    return True


def load_npz(
    info: DatasetInfo,
    download: Download,
    convert: Callable[[Path, Path], None],
    report: Progress,
    first_label: int = 0,
) -> Dataset:
    """Return a data set from DEEP_IMAGE_LAB_DATA, the cache or the network, in this order.

    A damaged file in the cache, or one in another layout, is downloaded again. Where the cache cannot be
    written, nothing is kept. The log tells of both, the visitor is not asked.
    ``convert`` gets the folder of the published files and the path of the .npz file to write.

    Raises:
        DatasetError: when a file in DEEP_IMAGE_LAB_DATA or a published one is damaged, the download fails,
            or there is no space for it.
    """
    kept = kept_file(info.name)
    if kept is not None:
        try:
            return read_npz(kept, info, first_label)
        except DatasetError as error:
            if kept.parent != cache_folder():
                raise
            _LOG.warning("Downloading %s again: %s", info.name, error)
    with _writable_cache(info.name) as cache:
        path = _fetch_npz(info, download, convert, report, cache)
        return read_npz(path, info, first_label)


@contextmanager
def _writable_cache(name: str) -> Iterator[Path]:
    """Yield the cache or, if it cannot be written, a folder that is deleted afterwards."""
    cache = cache_folder()
    try:
        cache.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=cache).close()
    except OSError as error:
        _LOG.warning("%s cannot be written (%s), so %s is not kept", cache, error.strerror, name)
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)
    else:
        yield cache


def _fetch_npz(
    info: DatasetInfo,
    download: Download,
    convert: Callable[[Path, Path], None],
    report: Progress,
    cache: Path,
) -> Path:
    """Download a data set into a folder; return its .npz file there, the only one that is kept.

    Raises:
        DatasetError: when the download fails, a file is damaged, or the disk is full.
    """
    target = cache / f"{info.name}.npz"
    try:
        with tempfile.TemporaryDirectory(dir=cache, prefix=f"{info.name}-") as folder:
            _fetch(info, download, Path(folder), report)
            report(message("datasets.unpacking", title=info.title), None)
            with draft_file(target) as draft:
                convert(Path(folder), draft)
    except OSError as error:
        reason = error.strerror or str(error)
        raise DatasetError("datasets.cache_not_writable", folder=cache, reason=reason) from error
    return target


def _fetch(info: DatasetInfo, download: Download, keras_home: Path, report: Progress) -> None:
    """Download every file to the place below ``keras_home`` where Keras's loader looks for it.

    Raises:
        DatasetError: when a file cannot be reached, or its checksum is wrong (it is then deleted).
    """
    from requests.exceptions import RequestException  # noqa: PLC0415 (requests and pooch take 0.2 s)

    for file in download.files:
        try:
            fetch_file(download.base_url + file.name, file.sha256, keras_home / file.keras_path, report)
        except RequestException as error:
            url = download.base_url + file.name
            raise DatasetError("datasets.unreachable", title=info.title, url=url, name=info.name) from error
        except ValueError as error:  # pooch's error for a hash that does not match
            raise DatasetError(
                "datasets.wrong_checksum", title=info.title, file=file.name, name=info.name
            ) from error


def fetch_file(url: str, sha256: str, target: Path, report: Progress) -> None:
    """Download one file to ``target``, unless it is there already.

    Raises:
        RequestException: when it cannot be reached.
        ValueError: when its checksum is wrong; it is then deleted.
    """
    import pooch  # noqa: PLC0415 (see fetch)

    pooch.get_logger().setLevel(logging.WARNING)  # the app shows the progress itself
    downloader = pooch.HTTPDownloader(
        progressbar=_Bar(message("datasets.downloading", file=url.rpartition("/")[2]), report),
        chunk_size=_CHUNK,
        timeout=_TIMEOUT,
        headers={"Accept-Encoding": "identity"},  # exactly the bytes that were hashed
    )
    pooch.retrieve(url, f"sha256:{sha256}", target.name, target.parent, downloader=downloader)


@dataclass
class _Bar:
    """A progress bar as pooch wants it: it counts bytes and reports the share of ``total``."""

    told: Message
    report: Progress
    total: int = 0  # 0: the server did not say
    done: int = field(default=0, init=False)

    def update(self, count: int) -> None:
        self.done += count
        self.report(self.told, min(1.0, self.done / self.total) if self.total else None)

    def reset(self) -> None:
        self.done = 0

    def close(self) -> None:
        pass
