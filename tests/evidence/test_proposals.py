"""What a model proposes is held against its page; a server on this machine gives recorded answers, lies among them."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cell2grid.errors import EvidenceError
from cell2grid.evidence.pages.sentences import Span
from cell2grid.evidence.proposals.answers import Proposed, proposed_in
from cell2grid.evidence.proposals.asking import Told, pieces, proposals
from cell2grid.evidence.proposals.endpoints import endpoint
from cell2grid.evidence.proposals.finding import RefusedError, claim_found, folded
from cell2grid.evidence.records import Claim, Document, Label, Story, Tier

TEXT = (
    "Brevik Cells opened its plant on Monday.\n\n"
    "The site at Mo i Rana “will employ” 640 people and make up to 9.5\u00a0GWh of cells a year, Brevik Cells said. "
    "It sold 12,400 packs in 2025 and 12,400 packs in 2024. Output fell 8 percent. The order is worth $30-40 million."
)
PAGE = Document("d" * 64, "brevik.txt", "text", TEXT)
STORY = Story("s1", PAGE.id, Label.CORE, 0, len(TEXT), anchor_date="2026-03-02")
GOOD = {
    "quote": 'The site at Mo i Rana "will employ" 640 people and make up to 9.5 GWh of cells a year, '
    "Brevik Cells said.",
    "value_text": "9.5 GWh of cells a year", "value": 9.5, "unit": "GWh/year", "measure": "capacity",
    "subject": "Brevik Cells",
}  # fmt: skip


def found(**slots: Any) -> Claim:
    return claim_found(PAGE, STORY, Span(0, len(TEXT)), Proposed(**{**GOOD, **slots}), by="model-1")


def test_the_number_and_its_place_are_the_readers_own() -> None:
    claim = found()
    assert TEXT[claim.value_start : claim.value_end] == claim.value_text
    assert "9.5\u00a0GWh" in claim.value_text
    assert TEXT[claim.start : claim.end] == claim.quote
    assert (claim.value, claim.low, claim.high, claim.unit, claim.approx) == (9.5, 0.0, 9.5, "GWh/year", "at most")
    assert (claim.tier, claim.frame) == (Tier.C, "proposal: model-1")


@pytest.mark.parametrize(
    ("lie", "said"),
    [
        ({"quote": GOOD["quote"].replace("9.5", "95")}, "quote does not stand there"),
        ({"quote": "Brevik Cells will employ 640 people."}, "quote does not stand there"),
        ({"value": 95.0}, "its value is 9.5, and not 95"),
        ({"value": None}, "its value is 9.5"),
        ({"unit": "MWh/year"}, "its unit is 'GWh/year'"),
        ({"unit": "GWh"}, "its unit is 'GWh/year'"),
        ({"value_text": "95 GWh"}, "'95 GWh' does not stand there"),
        ({"value_text": "Mo i Rana"}, "no quantity at"),
        ({"subject": "Morrow"}, "its subject 'Morrow' is not in the story"),
        ({"object": "Norsk Hydro"}, "its object 'Norsk Hydro' is not in the story"),
        ({"measure": "happiness"}, "no measure"),
        ({"period_start": "2026-01-01", "period_end": "2025-01-01"}, "before it begins"),
        ({"quote": TEXT[TEXT.index("It sold") : TEXT.index(" Output")], "value_text": "12,400 packs", "value": 12400,
          "unit": "pack"}, "more than once"),
        ({"quote": "The order is worth $30-40 million.", "value_text": "$30-40 million", "value": 35e6, "unit": "USD"},
         "range of 3e"),
    ],
)  # fmt: skip
def test_what_differs_from_the_page_is_refused(lie: dict[str, Any], said: str) -> None:
    with pytest.raises(RefusedError, match=said):
        found(**lie)


def test_ranges_and_falls() -> None:
    order = {"quote": "The order is worth $30-40 million.", "value_text": "$30-40 million", "unit": "USD"}
    claim = found(**order, value=None, low=30e6, high=40e6, measure="investment", subject=None)
    assert (claim.value, claim.low, claim.high) == (None, 30e6, 40e6)
    fall = {"quote": "Output fell 8 percent.", "value_text": "8 percent", "unit": "percent", "measure": "change"}
    assert found(**fall, value=-8.0, subject=None).value == -8
    with pytest.raises(RefusedError):
        found(**{**fall, "measure": "share"}, value=-8.0, subject=None)


@given(st.text(max_size=300))
def test_no_answer_breaks_the_reading_of_answers(answer: str) -> None:
    try:
        claims, faults = proposed_in(answer)
    except EvidenceError:
        return
    assert isinstance(claims, list)
    assert isinstance(faults, list)


@given(st.text())
def test_folding_keeps_every_place(text: str) -> None:
    assert len(folded(text)) == len(text)


@given(st.lists(st.text("ab .\n", max_size=3000), max_size=8))
def test_pieces_are_in_order_and_hold_every_letter(parts: list[str]) -> None:
    text = "\n\n".join(parts)
    cut = pieces(text, Span(0, len(text)))
    assert "".join(text[s.start : s.end] for s in cut).replace("\n", "").replace(" ", "") == text.replace(
        "\n", ""
    ).replace(" ", "")
    assert all(before.end <= after.start for before, after in pairwise(cut))


def test_a_long_answer_or_one_that_is_no_json_is_refused() -> None:
    with pytest.raises(EvidenceError, match="more than 200,000"):
        proposed_in("{" * 300_000)
    with pytest.raises(EvidenceError, match="no JSON object"):
        proposed_in("I cannot help with that.")
    claims, faults = proposed_in('{"claims": [{"quote": "a", "value_text": "1", "value": "NaN"}, 7]}')
    assert claims == []
    assert len(faults) == 2


# -- the servers -----------------------------------------------------------------------------------------------------


class _Recorded(http.server.BaseHTTPRequestHandler):
    """Answers as the two kinds of server do, with what was recorded for the first lines of a text."""

    answers: list[str] = []
    statuses: list[int] = []
    seen: list[tuple[str, dict[str, Any], str]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        key = self.headers.get("Authorization") or self.headers.get("x-api-key") or ""
        self.seen.append((self.path, body, key))
        status = self.statuses.pop(0) if self.statuses else 200
        text = self.answers[min(len(self.seen), len(self.answers)) - 1]
        if self.path.endswith("/chat/completions"):
            message = {"role": "assistant", "content": text}
            reply: dict[str, Any] = {
                "id": "c1", "object": "chat.completion", "created": 1, "model": body["model"],
                "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
            }  # fmt: skip
        else:
            reply = {
                "id": "m1", "type": "message", "role": "assistant", "model": body["model"], "stop_reason": "end_turn",
                "stop_sequence": None, "content": [{"type": "text", "text": text}],
                "usage": {"input_tokens": 1, "output_tokens": 1},
            }  # fmt: skip
        sent = json.dumps(reply if status == 200 else {"error": {"message": "busy", "type": "busy"}}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(sent)))
        if status == 429:
            self.send_header("Retry-After-Ms", "1")
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, *parts: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, type[_Recorded]]]:
    class Recorded(_Recorded):
        answers: list[str] = []
        statuses: list[int] = []
        seen: list[tuple[str, dict[str, Any], str]] = []

    for name in ("CELL2GRID_LLM_KEY", "OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    served = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Recorded)
    served.daemon_threads = True
    threading.Thread(target=served.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{served.server_address[1]}", Recorded
    served.shutdown()
    served.server_close()


def told(ask: Callable[[str, str], str], folder: Path) -> Told:
    (only,) = proposals([PAGE], lambda _: [(STORY, Span(0, len(TEXT)))], ask, model="m", cache_folder=folder)
    return only


@pytest.mark.enable_socket
@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_a_server_is_asked_once_and_its_lies_are_refused(
    provider: str, server: tuple[str, type[_Recorded]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, recorded = server
    monkeypatch.setenv("CELL2GRID_LLM_KEY", "secret-key")
    lies = [{**GOOD, "value": 95.0}, {**GOOD, "quote": "It has 99 GWh."}, {"quote": 3}]
    recorded.answers = ["```json\n" + json.dumps({"claims": [GOOD, *lies]}) + "\n```"]
    ask = endpoint(provider, "m", url=url + ("/v1" if provider == "openai" else ""))
    first = told(ask, tmp_path)
    assert [claim.value for claim in first.pages.claims] == [9.5]
    assert len(first.refused) == 3
    assert (first.asked, first.cached) == (1, 0)
    again = told(ask, tmp_path)
    assert (again.asked, again.cached, again.pages, len(recorded.seen)) == (0, 1, first.pages, 1)
    path, body, key = recorded.seen[0]
    assert path == ("/v1/chat/completions" if provider == "openai" else "/v1/messages")
    assert TEXT[:40] in json.dumps(body)
    assert key.endswith("secret-key")
    assert not any("secret-key" in each.read_text() for each in tmp_path.iterdir())


@pytest.mark.enable_socket
def test_a_busy_server_is_asked_again_and_one_that_fails_is_named(
    server: tuple[str, type[_Recorded]], tmp_path: Path
) -> None:
    url, recorded = server
    recorded.answers = [json.dumps({"claims": [GOOD]})]
    recorded.statuses = [429]
    assert told(endpoint("openai", "m", url=url), tmp_path).pages.claims
    recorded.statuses = [401]
    with pytest.raises(EvidenceError, match=r"'m' gave no answer \(status 401\)"):
        told(endpoint("anthropic", "m", url=url), tmp_path / "other")


@pytest.mark.enable_socket
def test_an_answer_without_form_is_reported_and_not_kept(server: tuple[str, type[_Recorded]], tmp_path: Path) -> None:
    url, recorded = server
    recorded.answers = ["Sorry.", json.dumps({"claims": [GOOD]})]
    ask = endpoint("openai", "m", url=url)
    assert "no JSON object" in told(ask, tmp_path).refused[0][1]
    assert told(ask, tmp_path).pages.claims


def test_where_a_key_may_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CELL2GRID_LLM_KEY", "secret-key")
    with pytest.raises(EvidenceError, match="in the clear") as refused:
        endpoint("openai", "m", url="http://models.example.org/v1")
    assert "secret-key" not in str(refused.value)
    with pytest.raises(EvidenceError, match="no address"):
        endpoint("openai", "m", url="models.example.org")
    with pytest.raises(EvidenceError, match="is one of openai, anthropic"):
        endpoint("other", "m")
    monkeypatch.delenv("CELL2GRID_LLM_KEY")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(EvidenceError, match="set OPENAI_API_KEY"):
        endpoint("openai", "m")
