"""The evidence behind a study, as its run folder keeps it: claims with their sentences, documents, checks.

A figure names its claims itself (``[claim 8f3a…]``, found in the store), or names a source whose page is read here:
then the claims of that page that state the same value are its evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cell2grid.assemble.matching import Match, interval, matches
from cell2grid.assemble.slots import slots
from cell2grid.errors import EvidenceError
from cell2grid.evidence.records import Claim
from cell2grid.study.loader import LoadedStudy
from cell2grid.study.model import Study
from cell2grid.study.quantity import Quantity, figures
from cell2grid.study.shipped import page_path


def evidence_of_study(loaded: LoadedStudy, store: Path | None = None, *, everything: bool = False) -> dict[str, Any]:
    """The ``evidence.json`` of a study: ``claims``, ``documents``, ``checks``, ``derived`` and ``used``.

    ``used`` gives for each figure's path the ids of the claims behind it.

    Parameters
    ----------
    loaded
        The study and where it was read from; pages of its sources are looked up beside it.
    store
        The claim store; by default the one that the study names.
    everything
        Take every claim of the store that a frame read, not only those behind a figure of the study.

    Raises
    ------
    EvidenceError
        The study names a claim, and there is no store, or the store does not have it; or a page cannot be found.
    """
    named = _named_claims(loaded.study)
    evidence: dict[str, Any] = {"claims": [], "documents": [], "checks": [], "derived": [], "used": {}}
    if named or everything:
        _add(evidence, *_from_store(named, store or _store_of(loaded), everything=everything))
    pages = _pages(loaded)
    if pages:
        _add(evidence, *_from_pages(loaded.study, pages))
    return evidence


def _add(evidence: dict[str, Any], rows: Mapping[str, list[Any]], used: Mapping[str, list[str]]) -> None:
    for part, added in rows.items():
        evidence[part].extend(row for row in added if row not in evidence[part])
    for path, claim_ids in used.items():
        evidence["used"].setdefault(path, []).extend(claim_ids)


def _named_claims(study: Study) -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for path, figure in figures(study):
        claims = [reference.claim for reference in figure.sources if reference.claim]
        if claims:
            named[".".join(map(str, path))] = claims
    return named


def _store_of(loaded: LoadedStudy) -> Path:
    if loaded.study.store is None:
        raise EvidenceError(
            f"study '{loaded.study.study}' names claims and no store; give the store with --store FILE",
            where=loaded.tree.name,
        )
    return loaded.path.parent / loaded.study.store


def _from_store(
    named: Mapping[str, list[str]], path: Path, *, everything: bool
) -> tuple[dict[str, list[Any]], dict[str, list[str]]]:
    from cell2grid.evidence.keeping.store import open_store

    with open_store(path) as store:
        used = {where: [store.claim(claim).id for claim in claims] for where, claims in named.items()}
        wanted = {claim for claims in used.values() for claim in claims}
        if everything:
            wanted |= {claim.id for claim in store.claims() if claim.tier in ("A", "B")}
        return _rows(store, wanted), used


def _rows(store: Any, claim_ids: Iterable[str]) -> dict[str, list[Any]]:
    """The rows for these claims, and for those that stand with them in a check or a derived value."""
    from cell2grid.evidence.rows import derived_row

    wanted = set(claim_ids)
    derived = [each for each in store.derived() if wanted & set(each.claims)]
    beside = {claim for each in (*store.checks(), *derived) if wanted & set(each.claims) for claim in each.claims}
    rows: dict[str, list[Any]] = store.evidence_of(sorted(wanted | beside))
    return {**rows, "derived": [derived_row(each) for each in derived]}


def _pages(loaded: LoadedStudy) -> dict[str, Path]:
    """The page of each source that names one: beside the study file, or a brief that ships."""
    found = {}
    for key, source in loaded.study.sources.items():
        if source.page is None:
            continue
        page = page_path(source.page, loaded.path)
        if page is None:
            raise EvidenceError(
                f"source '{key}': page '{source.page}' is not in the study's folder; put it there or drop 'page'",
                where=loaded.tree.name,
            )
        found[key] = page
    return found


def _from_pages(study: Study, pages: Mapping[str, Path]) -> tuple[dict[str, list[Any]], dict[str, list[str]]]:
    from cell2grid.evidence.arithmetic.checks import check
    from cell2grid.evidence.keeping.store import open_store
    from cell2grid.evidence.reading import read_pages

    with TemporaryDirectory() as folder, open_store(Path(folder) / "claims.db", create=True) as store:
        by_page: dict[Path, list[str]] = {}
        for key, page in pages.items():  # two sources may name one page
            by_page.setdefault(page.resolve(), []).append(key)
        sources: dict[str, list[str]] = {}
        for page, keys in by_page.items():
            for read in read_pages([page]):
                for failed, message in read.failures:
                    raise EvidenceError(f"page '{failed}' cannot be read: {message}")
                store.add(read)
                for document in read.documents:
                    sources.setdefault(document.id, []).extend(keys)
        claims = store.claims()
        store.save_checks(*check(claims, store.stories()))
        stating = {match.slot.path: _stated(match, sources) for match in matches(slots(study), claims)}
        used = {path: [claim.id for claim in stated] for path, stated in stating.items() if stated}
        return _rows(store, {claim for claim_ids in used.values() for claim in claim_ids}), used


def _stated(match: Match, sources: Mapping[str, Sequence[str]]) -> list[Claim]:
    """The claims that state the figure's value and come from a page of a source that the figure names."""
    figure = match.slot.figure
    if not isinstance(figure, Quantity) or figure.unfilled:
        return []
    keys = {reference.source for reference in figure.sources if reference.source}
    value = figure.to(match.slot.unit)
    stated = []
    for claim in match.claims:
        low, high = interval(claim, match.slot.unit)
        if keys & set(sources.get(claim.document, ())) and low <= value.high and value.low <= high:
            stated.append(claim)
    return stated
