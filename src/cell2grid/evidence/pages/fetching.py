"""A page fetched from an address that the user gave: http or https, of a public host, within a size and a time.

Only an address given in the call is fetched; nothing on a page ever is. The name is looked up once, every address that
it stands for must be public, and the connection is made to the address that was looked at, so that a name cannot point
elsewhere in between. Each step of a redirection is looked at anew.
"""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urljoin, urlsplit

from cell2grid.errors import PageError
from cell2grid.version import __version__

if TYPE_CHECKING:
    from urllib3.response import BaseHTTPResponse

SECONDS = 30.0  # for one page, all redirections together
LARGEST = 20_000_000  # bytes, after what was packed is unpacked
MOST_REDIRECTIONS = 5
_KINDS = {
    "text/html": "html", "application/xhtml+xml": "html", "application/pdf": "pdf", "text/plain": "text",
    "text/markdown": "markdown",
}  # fmt: skip

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave: the bytes, the kind of page they are, and the address that they came from at last."""

    content: bytes
    kind: str
    url: str


def is_address(text: str) -> bool:
    """Whether what the user gave is an address of the web and no path.

    >>> is_address("https://example.org/news"), is_address("news/page.html")
    (True, False)
    """
    return text.lower().startswith(("http://", "https://"))


def is_public(address: Address) -> bool:
    """Whether a host at this address may be spoken to: no private, local, shared, multicast or reserved one.

    >>> is_public(ipaddress.ip_address("8.8.8.8")), is_public(ipaddress.ip_address("::ffff:10.0.0.1"))
    (True, False)
    """
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if address in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


def fetched(
    url: str, *, allowed: Callable[[Address], bool] = is_public, seconds: float = SECONDS, largest: int = LARGEST
) -> Fetched:
    """The page at an address.

    Args:
        url: the address, http or https, without a name and password in it.
        allowed: which addresses of hosts may be spoken to; public ones.
        seconds: for everything together.
        largest: bytes of the page.

    Raises:
        PageError: the address is no public page, does not answer in time, answers with an error or another kind of
            file, or the page is larger than a page may be.
    """
    answers: queue.SimpleQueue[Fetched | Exception] = queue.SimpleQueue()

    def fetch() -> None:
        try:
            answers.put(_fetched(url, allowed, time.monotonic() + seconds, largest))
        except Exception as error:
            answers.put(error)

    # a host may send one letter at a time, each within the time of a single answer: only a clock beside it stops that
    threading.Thread(target=fetch, daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise _too_slow(url) from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _fetched(url: str, allowed: Callable[[Address], bool], deadline: float, largest: int) -> Fetched:
    """The page at an address, after all redirections."""
    import urllib3

    asked = url
    try:
        for _ in range(MOST_REDIRECTIONS + 1):
            response = _answer(asked, allowed, deadline)
            try:
                moved = response.get_redirect_location()
                if not moved:
                    return Fetched(_body(url, response, largest, deadline), _kind(url, response), asked)
                asked = urljoin(asked, moved)
            finally:
                response.close()
    except (urllib3.exceptions.HTTPError, OSError, UnicodeError) as error:
        raise PageError(f"'{url}' cannot be fetched ({_why(error)}): save the page and give the file") from error
    raise PageError(f"'{url}' leads to more than {MOST_REDIRECTIONS} redirections: give the address of the page itself")


def _answer(url: str, allowed: Callable[[Address], bool], deadline: float) -> BaseHTTPResponse:
    """What the host answers to one request; the connection is made to the address that was looked at."""
    import certifi
    import urllib3

    parts = _parts(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = _looked_up(url, host, port, allowed)
    timeout = urllib3.Timeout(total=_left(url, deadline))
    pool: urllib3.HTTPConnectionPool
    if parts.scheme == "https":
        pool = urllib3.HTTPSConnectionPool(
            str(address), port, timeout=timeout, server_hostname=host, assert_hostname=host, ca_certs=certifi.where()
        )
    else:
        pool = urllib3.HTTPConnectionPool(str(address), port, timeout=timeout)
    named = host if parts.port is None else f"{host}:{parts.port}"
    headers = {
        "Host": named,
        "User-Agent": f"cell2grid/{__version__}",
        "Accept": "text/html, application/pdf, text/plain",
        "Accept-Encoding": "identity",
    }
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return pool.request("GET", path, headers=headers, redirect=False, retries=False, preload_content=False)


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        named, _ = parts.hostname, parts.port
    except ValueError as error:
        raise PageError(f"'{url}' is no address ({error}): write it as https://host/page") from error
    if parts.scheme not in {"http", "https"} or not named:
        raise PageError(f"'{url}' is not fetched: only http and https addresses of a host are")
    if parts.username is not None or parts.password is not None:
        raise PageError("an address with a name and password in it is not fetched: save the page and give the file")
    return parts


def _looked_up(url: str, host: str, port: int, allowed: Callable[[Address], bool]) -> Address:
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    found = [ipaddress.ip_address(str(row[4][0]).partition("%")[0]) for row in rows]
    barred = next((each for each in found if not allowed(each)), None)
    if barred is not None or not found:
        raise PageError(f"'{url}' is not fetched: {host} stands for {barred}, which is no public address")
    return found[0]


def _left(url: str, deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise _too_slow(url)
    return left


def _too_slow(url: str) -> PageError:
    return PageError(f"'{url}' took longer than a page may: try again later, or save the page and give the file")


def _kind(url: str, response: BaseHTTPResponse) -> str:
    written = response.headers.get("Content-Type", "text/html").partition(";")[0].strip().lower()
    if written not in _KINDS:
        raise PageError(f"'{url}' is no page but {written[:60] or 'of no stated kind'}: expected HTML, PDF or text")
    return _KINDS[written]


def _body(url: str, response: BaseHTTPResponse, largest: int, deadline: float) -> bytes:
    if response.status != 200:
        raise PageError(f"'{url}' answered with status {response.status}, expected 200: check the address")
    parts: list[bytes] = []
    size = 0
    for part in response.stream(65_536, decode_content=True):
        size += len(part)
        if size > largest:
            raise PageError(f"'{url}' is larger than the {largest:,} bytes that a page may have: leave it out")
        _left(url, deadline)
        parts.append(part)
    return b"".join(parts)


def _why(error: BaseException) -> str:
    """The reason at the root of an error, without the name of an object in memory."""
    while error.__cause__ is not None:
        error = error.__cause__
    words = str(error).rpartition(": ")[2] or type(error).__name__
    return words.strip()[:200]
