"""``propose`` asks a server on this machine, keeps what is true to the page, and leaves the rest out of the checks."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cell2grid.cli import app
from cell2grid.evidence.keeping.store import open_store
from cell2grid.evidence.records import Tier

PAGE = "Brevik Cells, 3 March 2026 - Its site at Mo i Rana has room for 120 trucks and 9 docks, Brevik Cells said.\n"
QUOTE = "Its site at Mo i Rana has room for 120 trucks and 9 docks, Brevik Cells said."
TRUE = {"quote": QUOTE, "value_text": "120 trucks", "value": 120, "unit": "truck", "measure": "capacity",
        "subject": "Mo i Rana"}  # fmt: skip


class _Server(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        content = json.dumps({"claims": [TRUE, {**TRUE, "value": 1200}]})
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}
        sent = json.dumps({"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]})
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(sent.encode())

    def log_message(self, *parts: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    served = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    served.daemon_threads = True
    threading.Thread(target=served.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{served.server_address[1]}/v1"
    served.shutdown()
    served.server_close()


def called(*words: str) -> Any:
    done = CliRunner().invoke(app, [*words, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.mark.enable_socket
def test_proposals_wait_for_a_reviewer_and_are_no_evidence_before(server: str, tmp_path: Path) -> None:
    store = str(tmp_path / "claims.db")
    (tmp_path / "page.txt").write_text(PAGE)
    called("read", str(tmp_path / "page.txt"), "--store", store)
    asked = ("propose", "--store", store, "--model", "m", "--endpoint", server, "--cache", str(tmp_path / "kept"))
    first = called(*asked)
    assert [(row["value_text"], row["tier"], row["frame"]) for row in first["claims"]] == [
        ("120 trucks", "C", "proposal: m")
    ]
    assert (first["added"], first["asked"], len(first["refused"])) == (1, 1, 1)
    assert "not 1200" in first["refused"][0]["reason"]
    again = called(*asked)
    assert (again["added"], again["asked"], again["cached"]) == (0, 0, 1)
    identity = first["claims"][0]["id"]
    with open_store(store) as opened:
        assert identity not in {claim.id for claim in opened.claims(status="standing")}
        assert [claim.id for claim in opened.claims(status="proposed")] == [identity]
        opened.decide(identity, "accept", reviewer="M")
        assert identity in {claim.id for claim in opened.accepted()}
        opened.decide(identity, "withdraw", reviewer="M")
        (proposed,) = opened.claims(status="proposed")
        assert (proposed.id, proposed.tier) == (identity, Tier.C)
        assert opened.decisions()[0].reviewer == "model m"
