"""Where the figures of a run come from: their references in the study, and the claims and sentences behind them.

All of it is read from the run folder (``study.json``, ``evidence.json``); neither a store nor a page is opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cell2grid.errors import RunFolderError
from cell2grid.study.model import Study
from cell2grid.study.quantity import Reference, figures, references

if TYPE_CHECKING:
    from cell2grid.results import Results


def study_of(results: Results) -> Study:
    """The study as it was run."""
    return _study(results.study_json)


def called(study: Study, key: str) -> str:
    """The name of a plant, project, firm, region, market or product as readers know it, else its key."""
    for parts in (study.plants, study.projects, study.firms, study.regions, study.markets, study.products):
        if key in parts and parts[key].name:
            return str(parts[key].name)
    return _of_region(study, key) or key


def _of_region(study: Study, key: str) -> str | None:
    """What a market without a name is called: its region, after the product where several are sold."""
    market = study.markets.get(key)
    if market is None or key in study.regions:
        return None
    region = study.regions.get(market.region)
    where = region.name if region is not None and region.name else market.region
    alike = [row for row in study.markets.values() if (row.region, row.product) == (market.region, market.product)]
    if len(alike) > 1:
        return None
    several = len({row.product for row in study.markets.values()}) > 1
    return f"{called(study, market.product)}, {where}" if several else where


def provenance_of(results: Results) -> Provenance:
    """The sources of the figures of one run."""
    return Provenance(study_of(results), results.evidence)


@lru_cache(maxsize=16)
def _study(text: str) -> Study:
    try:
        return Study.model_validate_json(text)
    except ValueError as error:
        raise RunFolderError(f"study.json is not a study of this version: {error}; run the study again") from None


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a study: its path in the study, its text as written, and what it refers to."""

    path: str
    text: str
    references: tuple[Reference, ...]

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The reasons of those references that are our own assumptions."""
        return tuple(reference.assumed.strip() for reference in self.references if reference.assumed)


@dataclass(frozen=True, slots=True)
class Document:
    """A page that was read, as far as a reader needs it to find it again."""

    title: str
    publisher: str
    date: str
    url: str | None = None

    @property
    def words(self) -> str:
        """The document as a source line: title, publisher and date, as far as they are known."""
        return ", ".join(part for part in (self.title, self.publisher, self.date) if part) or "a page without a title"


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words of a claim, split around its value, and the document they stand in."""

    claim: str
    before: str
    value: str
    after: str
    document: Document
    slots: Mapping[str, Any]

    @property
    def quote(self) -> str:
        """The whole sentence."""
        return f"{self.before}{self.value}{self.after}"


_UNKNOWN = Document("", "", "")
_OURS = "our assumption"


class Provenance:
    """What one run folder says about the sources of its figures."""

    def __init__(self, study: Study, evidence: Mapping[str, Any]) -> None:
        self.study = study
        self.evidence = evidence

    @cached_property
    def figures(self) -> Mapping[str, Figure]:
        """Each figure of the study by its path, in the order of the study."""
        return {figure.path: figure for figure in _figures(self.study)}

    @cached_property
    def documents(self) -> Mapping[str, Document]:
        """Each document by its id, and by its path."""
        rows = self.evidence.get("documents", ())
        return {str(row[key]): _document(row) for key in ("path", "id") for row in rows if row.get(key)}

    @cached_property
    def sentences(self) -> Mapping[str, Sentence]:
        """Each claim's sentence by the id of the claim."""
        return {str(row["id"]): self._sentence(row) for row in self.evidence.get("claims", ())}

    def sentences_of(self, path: str) -> tuple[Sentence, ...]:
        """The sentences that back the figure at ``path``: the claims used for it, or named in its brackets."""
        used = [str(claim) for claim in self.evidence.get("used", {}).get(path, ())]
        figure = self.figures.get(path)
        named = [reference.claim for reference in figure.references if reference.claim] if figure else []
        # a study may shorten the id of a claim
        wanted = tuple(dict.fromkeys((*used, *named)))
        return tuple(sentence for claim, sentence in self.sentences.items() if wanted and claim.startswith(wanted))

    def words(self, path: str) -> str:
        """The sources of the figure at ``path`` in words; empty where it has none."""
        return "; ".join(self.sources_of(path))

    def sources_of(self, path: str) -> tuple[str, ...]:
        """Each source of the figure at ``path`` in words: documents, and assumptions with their reasons."""
        figure = self.figures.get(path)
        if figure is None:
            return tuple(dict.fromkeys(sentence.document.words for sentence in self.sentences_of(path)))
        words = [word for reference in figure.references for word in self._reference_words(path, reference)]
        return tuple(dict.fromkeys(words))

    def documents_of(self, paths: Iterable[str]) -> tuple[str, ...]:
        """The documents in words behind the figures at these paths, each once; assumptions are not among them."""
        words = [word for path in paths for word in self.sources_of(path) if not word.startswith(_OURS)]
        return tuple(dict.fromkeys(words))

    def assumptions_among(self, paths: Iterable[str]) -> int:
        """How many of the figures at these paths rest on an assumption of ours."""
        return sum(bool(self.figures[path].assumptions) for path in paths if path in self.figures)

    def source(self, key: str) -> Document:
        """The document behind a key of the study's sources."""
        source = self.study.sources.get(key)
        if source is None:
            return Document(key, "", "")
        return Document(source.title, source.publisher, source.date, web_address(source.url))

    def _reference_words(self, path: str, reference: Reference) -> list[str]:
        if reference.assumed:
            return [f"{_OURS}: {reference.assumed.strip()}"]
        if reference.source:
            return [self.source(reference.source).words]
        return [sentence.document.words for sentence in self.sentences_of(path)] or [f"claim {reference.claim}"]

    def _sentence(self, row: Mapping[str, Any]) -> Sentence:
        quote, value = str(row.get("quote") or ""), str(row.get("value_text") or "")
        start, value_start = row.get("start"), row.get("value_start")
        place = value_start - start if start is not None and value_start is not None else quote.find(value)
        # the offset is believed only where the words there are those of the value
        if quote[place : place + len(value)] != value or place < 0:
            place = quote.find(value)
        if place < 0:
            place, value = len(quote), ""
        named = row.get("document")
        document = _document(named) if isinstance(named, Mapping) else self.documents.get(str(named), _UNKNOWN)
        return Sentence(str(row["id"]), quote[:place], value, quote[place + len(value) :], document, row)


def web_address(url: object) -> str | None:
    """The address where it is one of the web, else None: nothing else may become a link.

    >>> web_address("https://example.org/a"), web_address("javascript:alert(1)")
    ('https://example.org/a', None)
    """
    text = str(url or "").strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in {"http", "https"} and parts.hostname else None


def behind(results: Results, variable: str, entity: str | None = None) -> tuple[str, ...]:
    """The paths of the study's figures behind a variable; of one plant or project, where ``entity`` names one.

    A plant that takes in what others make depends on the others' figures too, so theirs stay.
    """
    paths = tuple(str(path) for path in results.manifest.get("reads", {}).get(variable, ()))
    study = study_of(results)
    others: list[str] = []
    # what a plant sells in a market, and so makes, hangs on all who sell there
    alone = study.competition is None
    if alone and entity in study.plants and not study.plants[entity].inputs:
        others = [f"plants.{name}." for name in study.plants if name != entity]
    elif entity in study.projects:
        others = [f"projects.{name}." for name in study.projects if name != entity]
    return tuple(path for path in paths if not path.startswith(tuple(others)))


def _document(row: Mapping[str, Any]) -> Document:
    title, publisher, date = (str(row.get(key) or "") for key in ("title", "publisher", "date"))
    return Document(title or str(row.get("path") or ""), publisher, date, web_address(row.get("url")))


def _figures(study: Study) -> Iterator[Figure]:
    for path, figure in figures(study):
        yield Figure(".".join(map(str, path)), figure.text, figure.sources)
    for name, market in study.markets.items():
        for place, demand in enumerate(market.demand):
            if demand.unlimited:
                yield Figure(f"markets.{name}.demand.{place}.unlimited", "all it can get", references(demand.unlimited))
    for name, series in study.prices.items():
        if series.source:
            kind = "a synthetic year" if series.file is None else series.file
            yield Figure(f"prices.{name}", f"prices in {series.currency}: {kind}", references(series.source))
