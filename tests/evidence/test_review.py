"""The review queue: what is asked first, what the keys do, and what a correction may say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cell2grid.errors import EvidenceError
from cell2grid.evidence.keeping.store import Store, open_store
from cell2grid.evidence.records import Check, Claim, Document, Label, Pages, Story, Tier, Verdict
from cell2grid.evidence.reviewing.corrections import SLOTS, changed_slot
from cell2grid.evidence.reviewing.examples import as_yaml, examples
from cell2grid.evidence.reviewing.queueing import Asked, queue
from cell2grid.evidence.reviewing.showing import neighbours, sentence_parts
from cell2grid.evidence.reviewing.sitting import Shown, Tally, Terminal, review

TEXT = "Fabrikam plans 12 GWh a year. Its line takes 300 people. It costs 90 million euros."


def claim(words: str, value: float, tier: Tier, *, story: str = "s1") -> Claim:
    at = TEXT.index(words)
    start = TEXT.rindex(". ", 0, at) + 2 if ". " in TEXT[:at] else 0
    end = TEXT.index(".", at) + 1
    place = (TEXT[start:end], start, end, words, at, at + len(words))
    return Claim("page", story, "test", "capacity", "Fabrikam", *place, value, None, None, "GWh/year", tier=tier)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    claims = (
        claim("12 GWh", 12.0, Tier.A),
        claim("300 people", 300.0, Tier.C),
        claim("90 million", 90e6, Tier.B),
        claim("90 million euros", 90e6, Tier.A, story="copy"),
    )
    stories = (Story("s1", "page", Label.CORE, 0, 60), Story("copy", "page", Label.COPY, 60, len(TEXT)))
    with open_store(tmp_path / "claims.db", create=True) as opened:
        opened.add(Pages((Document("page", "page.txt", "txt", TEXT),), stories, (), claims))
        yield opened


class Script:
    """A terminal that presses the given keys and types the given lines."""

    def __init__(self, keys: str, *lines: str) -> None:
        self.keys, self.lines = list(keys), list(lines)
        self.shown: list[Claim] = []
        self.said: list[str] = []

    def terminal(self) -> Terminal:
        return Terminal(
            key=lambda: self.keys.pop(0) if self.keys else "",
            ask=lambda question: self.lines.pop(0) if self.lines else "",
            show=lambda shown, number, total: self.shown.append(shown.asked.claim),
            say=self.said.append,
        )


def test_failed_checks_come_first_then_inherited_slots_and_no_copies(store: Store) -> None:
    people = store.claims()[1]
    store.save_checks([Check("sum", (people.id,), 1.0, 2.0, "job", -1.0, 0.0, Verdict.FAILS)], [])
    asked = queue(store)
    assert [each.claim.value_text for each in asked] == ["300 people", "90 million", "12 GWh"]
    assert [len(each.trouble) for each in asked] == [1, 0, 0]


def test_keys_accept_reject_and_skip(store: Store) -> None:
    script = Script("ars", "not a capacity")
    tally = review(store, queue(store), script.terminal(), reviewer="M")
    assert tally == Tally(accepted=1, rejected=1, skipped=1)
    assert [(made.decision, made.reviewer, made.note) for made in store.decisions()] == [
        ("accept", "M", ""),
        ("reject", "M", "not a capacity"),
    ]
    assert [each.claim.value_text for each in queue(store)] == ["300 people"]


def test_an_edit_keeps_the_old_claim_and_accepts_the_new_one(store: Store) -> None:
    script = Script("e", "measure=investment", "nonsense", "unit=EUR", "value=91000000", "")
    review(store, queue(store), script.terminal(), reviewer="M")
    (accepted,) = store.accepted()
    assert (accepted.measure, accepted.unit, accepted.value, accepted.low) == ("investment", "EUR", 91e6, 91e6)
    assert accepted.quote == "It costs 90 million euros."
    assert store.claims(status="edited")[0].measure == "capacity"
    assert "nonsense" in script.said[0]


def test_undo_takes_the_last_decision_back_and_asks_again(store: Store) -> None:
    script = Script("uasuur")
    tally = review(store, queue(store), script.terminal(), reviewer="M")
    assert tally == Tally(rejected=1, left=2)
    assert [made.decision for made in store.decisions()] == ["accept", "withdraw", "reject"]
    assert script.shown[0] == script.shown[1] == script.shown[-2]
    assert script.said == ["there is nothing to undo in this sitting"]


@pytest.mark.parametrize("keys", ["q", "", "xq"])
def test_leaving_early_decides_nothing_more(store: Store, keys: str) -> None:
    assert review(store, queue(store), Script(keys).terminal(), reviewer="M") == Tally(left=3)
    assert store.decisions() == ()


def test_an_edit_that_changes_nothing_is_asked_again(store: Store) -> None:
    script = Script("eq", "")
    assert review(store, queue(store), script.terminal(), reviewer="M") == Tally(left=3)
    assert "must differ" in script.said[0]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("subject", "is no correction"),
        ("quote=other words", "is no correction"),
        ("unit=", "cannot be empty"),
        ("value=many", "is not a number"),
        ("high=nan", "is not a number"),
        ("period_end=2026-02-30", "is not a day"),
    ],
)
def test_a_correction_that_makes_no_sense_is_refused(line: str, message: str) -> None:
    with pytest.raises(EvidenceError, match=message):
        changed_slot(line)


def test_every_slot_can_be_corrected() -> None:
    assert changed_slot("period_start = 2026-01-01") == ("period_start", "2026-01-01")
    assert changed_slot("value=1,220,000") == ("value", 1_220_000.0)
    assert {"measure", "subject", "object", "value", "low", "high", "unit", "period_start", "direction"} <= set(SLOTS)


def test_the_value_is_found_in_its_sentence_with_and_without_offsets() -> None:
    placed = claim("300 people", 300.0, Tier.C)
    html = placed.corrected(start=None, end=None, value_start=None, value_end=None)
    assert sentence_parts(placed) == sentence_parts(html) == ("Its line takes ", "300 people", ".")
    assert sentence_parts(placed.corrected(value_text="301")) == (placed.quote, "", "")
    assert Asked(placed).trouble == ()


def test_a_merge_leaves_one_claim_standing_and_can_be_undone(store: Store) -> None:
    first = next(each for each in store.claims() if each.value_text == "12 GWh")
    again = first.corrected(subject="Fabrikam AG", tier=Tier.B)
    store.add(Pages(store.documents(), store.stories(), (), (*store.claims(status="all"), again)))
    asked = [each for each in queue(store) if each.claim.id == again.id]
    script = Script("mm", "7", "1")
    tally = review(store, asked, script.terminal(), reviewer="M")
    assert "none of the claims shown, 1 to 1" in script.said[0]
    assert (script.said[1:], tally) == ([], Tally(merged=1))
    made = store.decisions()[-1]
    assert (made.decision, made.claim, made.replaced_by) == ("merge", again.id, first.id)
    assert again.id not in {each.id for each in store.claims(status="standing")}
    assert [each.id for each in store.claims(status="merged")] == [again.id]
    store.decide(again.id, "withdraw", reviewer="M")
    assert again.id in {each.id for each in store.claims(status="open")}


def test_nothing_alike_is_nothing_to_merge(store: Store) -> None:
    script = Script("mq")
    people = [each for each in queue(store) if each.claim.value_text == "300 people"]
    review(store, people, script.terminal(), reviewer="M")
    assert "no other claim" in script.said[0]
    with pytest.raises(EvidenceError, match="names another claim"):
        store.decide(store.claims()[0].id, "merge", reviewer="M", same_as=store.claims()[0].id)


def test_the_sentences_around_a_claim_are_shown(store: Store) -> None:
    seen: list[tuple[str, str]] = []
    terminal = Terminal(lambda: "q", lambda _: "", lambda shown, *_: seen.append((shown.before, shown.after)), print)
    people = [each for each in queue(store) if each.claim.value_text == "300 people"]
    review(store, people, terminal, reviewer="M")
    assert seen == [("Fabrikam plans 12 GWh a year.", "It costs 90 million euros.")]


@given(st.lists(st.sampled_from(["It grew. ", "A", "\n\n", "5 GWh. ", "z" * 900]), max_size=12), st.integers(0, 11))
def test_neighbours_are_words_of_the_page(parts: list[str], at: int) -> None:
    quote = "Here it has 7 MW."
    text = "".join(parts[:at]) + " " + quote + " " + "".join(parts[at:])
    start = text.index(quote)
    told = Claim(
        "d", "s", "f", "power", None, quote, start, start + len(quote), "7 MW", None, None, 7.0, None, None, "MW"
    )
    for near in neighbours(told, Document("d", "a.txt", "text", text)):
        assert near in " ".join(text.split())
        assert quote not in near


def test_rejections_and_edits_become_examples(store: Store) -> None:
    review(store, queue(store), Script("re", "not a capacity", "measure=jobs", "").terminal(), reviewer="M")
    first, second = examples(store)
    assert (first["right"], first["why"], first["read"]["measure"]) == (None, "not a capacity", "capacity")
    assert second["right"] == {"measure": "jobs"}
    assert yaml.safe_load(as_yaml([first, second])) == [first, second]


def test_an_unknown_name_is_offered_and_can_be_made_an_entity(store: Store) -> None:
    script = Script("nnaq", "new firm", "nonsense")
    seen: list[tuple[str, ...]] = []
    terminal = script.terminal()
    asked = [each for each in queue(store) if each.claim.value_text == "300 people"]

    def show(shown: Shown, *_: int) -> None:
        seen.append(tuple(name for name, _ in shown.unknown))

    tally = review(store, asked, Terminal(terminal.key, terminal.ask, show, terminal.say), reviewer="M")
    assert seen == [("Fabrikam",), (), ()]
    assert "every name of this claim has its entity" in script.said[0]
    assert tally.accepted == 1
    known = store.identities().meant("Fabrikam")
    assert known is not None
    assert known.id == "firm:fabrikam"
