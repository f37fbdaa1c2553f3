"""An address given by the user is fetched with limits, only from public hosts; a local server stands for the web."""

from __future__ import annotations

import gzip
import http.server
import ipaddress
import threading
import time
from collections.abc import Iterator

import pytest

from cell2grid.errors import PageError
from cell2grid.evidence.pages.fetching import Address, fetched, is_public

PAGE = b"<html><body><p>The plant can make 12 GWh of cells a year.</p></body></html>"


class _Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        getattr(self, f"_{self.path.strip('/').partition('?')[0]}")()

    def _send(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content_Type": "text/html; charset=utf-8", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _page(self) -> None:
        self._send(PAGE)

    def _moved(self) -> None:
        self._send(b"", 302, Location="/page?from=moved")

    def _round(self) -> None:
        self._send(b"", 302, Location="/round")

    def _inside(self) -> None:
        self._send(b"", 302, Location="http://169.254.169.254/latest/meta-data")

    def _file(self) -> None:
        self._send(b"", 302, Location="file:///etc/passwd")

    def _gone(self) -> None:
        self._send(b"gone", 404)

    def _film(self) -> None:
        self._send(b"....", Content_Type="video/mp4")

    def _bomb(self) -> None:
        self._send(gzip.compress(b"0" * 50_000_000), Content_Encoding="gzip")

    def _letters(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        for _ in range(60):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.05)

    def _slow(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        for _ in range(40):
            self.wfile.write(b"x" * 70_000)
            self.wfile.flush()
            time.sleep(0.1)

    def log_message(self, *parts: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def here(address: Address) -> bool:
    """In these tests this machine stands for the public web, and only it."""
    return address.is_loopback


pytestmark = pytest.mark.enable_socket


def test_a_page_and_a_page_that_has_moved(site: str) -> None:
    found = fetched(f"{site}/page", allowed=here)
    assert (found.content, found.kind, found.url) == (PAGE, "html", f"{site}/page")
    assert fetched(f"{site}/moved", allowed=here).url == f"{site}/page?from=moved"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("round", "more than 5 redirections"),
        ("inside", "no public address"),
        ("file", "only http and https"),
        ("gone", "status 404"),
        ("film", "video/mp4: expected HTML"),
        ("bomb", "larger than the 1,000,000 bytes"),
    ],
)
def test_what_is_no_page_is_refused(site: str, path: str, said: str) -> None:
    with pytest.raises(PageError, match=said):
        fetched(f"{site}/{path}", allowed=here, largest=1_000_000)


@pytest.mark.parametrize("path", ["slow", "letters"])
def test_a_host_that_drips_is_given_up(site: str, path: str) -> None:
    began = time.monotonic()
    with pytest.raises(PageError, match=r"took longer|cannot be fetched"):
        fetched(f"{site}/{path}", allowed=here, seconds=0.5)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "url",
    ["http://localhost/", "http://127.0.0.1/", "http://[::1]/", "http://10.1.2.3/a", "http://0x7f000001/",
     "http://[::ffff:192.168.0.1]/", "http://[64:ff9b::a00:1]/", "http://169.254.169.254/"],
)  # fmt: skip
def test_no_host_inside_is_spoken_to(url: str) -> None:
    with pytest.raises(PageError, match="no public address"):
        fetched(url)


@pytest.mark.parametrize("url", ["ftp://example.org/a", "http://", "https://user:word@example.org/", "http://a:b:c/"])
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(PageError, match=r"only http and https|name and password|no address"):
        fetched(url)


@pytest.mark.parametrize(
    ("address", "public"),
    [("1.1.1.1", True), ("2606:4700::1", True), ("100.64.0.1", False), ("224.0.0.1", False), ("fe80::1", False),
     ("2002:a00:1::", False), ("::10.0.0.1", False), ("240.0.0.1", False)],
)  # fmt: skip
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) is public
