"""Words that point back at what a story has spoken of: the plant, the German carmaker, it, we.

Each becomes a mention with what it may mean, the likeliest first; which of them a figure belongs to depends on the
figure too (``claims/subjects.py``). How likely a thing is to be meant is ``discourse.py``.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache

from cell2grid.evidence.naming.descriptions import PARTS, cues, fitness, home_of, nation_of, one_of_two
from cell2grid.evidence.naming.discourse import FIRM_KINDS, SUBJECT_KINDS, WORKS, Discourse, Mention
from cell2grid.evidence.naming.prepositions import preposition_of
from cell2grid.evidence.naming.roles import asides
from cell2grid.evidence.naming.tokens import Token
from cell2grid.evidence.naming.verbs import acts, inflected
from cell2grid.evidence.vocabulary import word_list
from cell2grid.evidence.vocabulary.signs import Words

_PLANT_WORDS = "factory|plant|gigafactory|megafactory|facility|site|complex|works|refinery|mine|smelter"
_PROJECT_WORDS = "project|battery|storage system|installation|farm|facility"
_OTHERS = "owner|buyer|parent|rival|partner|competitor|supplier|customer|investor|shareholder"
_FIRM_WORDS = "|".join(
    ("compan(?:y|ies)", "trading house", "[a-z-]*maker", *sorted(word_list("trades"), key=len, reverse=True))
)
_NO_ADJECTIVE = (
    "the|an?|its|their|this|that|year|month|week|quarter|in|of|for|by|at|on|to|and|or|with|from|is|was|has|had"
)
_NOUNS = f"{_PLANT_WORDS}|{_PROJECT_WORDS}|{_FIRM_WORDS}|cell|pack|module|storage|venture"
_ADJECTIVES = rf"(?P<adjectives>(?:(?!(?:{_NO_ADJECTIVE})\b)[\w.%-]+\s+){{0,4}}?)"
_PRONOUN = r"\b(?P<pronoun>[Ii]t|[Tt]hey|[Ii]ts|[Tt]heir|[Ww]e|[Oo]ur)\b"
_POINTER = re.compile(
    rf"\b(?P<det>[Tt]he|[Tt]his|[Tt]hat|[Ii]ts|[Tt]heir|[Bb]oth|(?P<home>[A-Z]\w+)[’']s)\s+{_ADJECTIVES}"
    rf"(?P<noun>(?i:joint venture|venture|partnership|consortium|{_PLANT_WORDS}|{_PROJECT_WORDS}|{_FIRM_WORDS}"
    rf"|{_OTHERS}|country|nation|kingdom|emirate))\b(?![ -](?:{_NOUNS})\b)(?P<possessive>[’']s)?"
    rf"|{_PRONOUN}"
)
# where no noun follows that a description can end in, only a pronoun is sought
_PRONOUN_ALONE = re.compile(
    rf"{_PRONOUN}(?P<det>(?!))?(?P<home>(?!))?(?P<adjectives>(?!))?(?P<noun>(?!))?(?P<possessive>(?!))?"
)
_OPENS = re.compile(
    r"\b(?:(?=[TtIiBbWwOo])(?:[Tt]h(?:e(?:y|ir)?|is|at)|[Ii]ts?|[Bb]oth|[Ww]e|[Oo]ur)\b|[A-Z]\w+[’']s\b)"
)
_LONGEST = 150  # characters of a description
_RELATIVE = re.compile(r"\b(?:where|which|that|whom)\s$")
Choices = list[tuple[str, str]]


def pointers(text: str, words: list[Token], found: list[Mention], discourse: Discourse) -> list[Mention]:
    """Words that point back (the plant, the company, it), as mentions of what they point at."""
    taken = [(m.start, m.end) for m in found if m.kind not in {"place", "country"}]
    told: list[tuple[int, int]] | None = None
    kept: list[Mention] = []
    for match in _pointing(text):
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        told = asides(text, found) if told is None else told
        ended = [(start, end) for start, end in told if end <= match.start() + 1]
        ahead = sorted([m for m in (*found, *kept) if m.end <= match.start()], key=lambda m: m.start)
        if _names_the_next(text, match, found):
            continue
        ahead = [m for m in ahead if not any(start < m.start and m.end < end for start, end in ended)]
        if _only_says_more(text, match, ahead) or not _is_home(match):
            continue
        kind, choices = _pointed_at(text, match, ahead, found, discourse)
        if not choices:
            continue
        start = match.start()
        ahead_of_it = words[: bisect_left(words, (start,))]
        preposition = preposition_of(text, [*ahead_of_it, Token(start, start, "", False)], len(ahead_of_it))
        possessive = bool(match.group("possessive")) or match.group("pronoun") in {"Its", "its", "Their", "their"}
        name = choices[0][0]
        kept.append(Mention(start, match.end(), name, kind, preposition, possessive, True, None, tuple(choices)))
    for found_people in _PEOPLE.finditer(text):
        before = [m for m in found if m.end <= found_people.start()]
        choices = _of_home(found_people.group("people"), before, discourse) if acts(text, found_people.end()) else []
        if choices:
            start, end = found_people.span()
            kept.append(Mention(start, end, choices[0][0], "firm", inherited=True, choices=tuple(choices)))
    for start, end, name in one_of_two(text, discourse.pair):
        kept.append(Mention(start, end, name, "firm", inherited=True))
    return kept


_PEOPLE = re.compile(r"[Tt](?<!\w[Tt])he\s(?P<people>[A-Z][a-z]+(?:ans|ese|ish|sh|ss|ns|ds|is|es|nch|tch))\b")


def _pointing(text: str) -> Iterator[re.Match[str]]:
    """The pronouns and descriptions of a text, a description being tried only where one of its nouns follows."""
    nouns, end = _nouns().ends(text), 0
    for opens in _OPENS.finditer(text):
        if opens.start() < end:
            continue
        noun = bisect_left(nouns, opens.end())
        follows = noun < len(nouns) and nouns[noun] - opens.start() <= _LONGEST
        match = (_POINTER if follows else _PRONOUN_ALONE).match(text, opens.start())
        if match is not None:
            end = match.end()
            yield match


@cache
def _nouns() -> Words:
    """The beginnings of the nouns that a description ends in."""
    written = f"{_PLANT_WORDS}|{_PROJECT_WORDS}|{_OTHERS}|compan|trading house|maker|venture|partnership|consortium"
    return Words([*f"{written}|country|nation|kingdom|emirate".split("|"), *word_list("trades")])


def _of_home(people: str, before: list[Mention], discourse: Discourse) -> Choices:
    """The firms of a country that a story may mean by its people (the Koreans are investing …)."""
    home = nation_of(people.lower()) or nation_of(people.lower().removesuffix("s"))
    near = [m.name for m in reversed(before) if m.kind == "firm"]
    told = [*near, *(entity.name for entity in discourse.likeliest(("firm", "venture")))]
    return [(name, "firm") for name in dict.fromkeys(told) if home is not None and home_of(name) == home]


def _pointed_at(
    text: str, match: re.Match[str], before: list[Mention], found: list[Mention], discourse: Discourse
) -> tuple[str, Choices]:
    """The kind of what a word points at, and what it may be, the likeliest first."""
    pronoun, noun = match.group("pronoun"), (match.group("noun") or "").lower()
    if pronoun is not None and pronoun.lower() in {"we", "our"}:
        return "pronoun", _speaker(text, found, discourse)
    if pronoun is not None and _NOBODY.match(text, match.end()):
        return "pronoun", []
    if pronoun is not None:
        return "pronoun", _meant_by_pronoun(text, match, before, discourse)
    if noun in {"joint venture", "venture", "partnership", "consortium"}:
        ventures = _described(("venture",), match, before, discourse)
        near = [(m.name, m.kind) for m in before if m.kind in FIRM_KINDS and not (m.preposition or m.inherited)]
        told = [(discourse.subject, "firm")] if discourse.subject and discourse.subject_kind in FIRM_KINDS else []
        told = near[-1:] or told
        return "venture", ventures or ([] if discourse.told_venture else told)
    if re.fullmatch(_PLANT_WORDS, noun):
        kinds = ("plant", "project") if noun in {"facility", "site"} else ("plant",)
        return "plant", _described(kinds, match, before, discourse) or _built(noun, match, discourse)
    if re.fullmatch(_PROJECT_WORDS, noun):
        projects = _described(("project",), match, before, discourse)
        return "project", projects or _described(("plant",), match, before, discourse)
    if noun in {"country", "nation", "kingdom", "emirate"}:
        return "country", _described(("country",), match, before, discourse)
    if match.group("det").lower() in {"its", "their"} and noun not in PARTS:
        return "firm", []
    return "firm", _described(FIRM_KINDS, match, before, discourse)


_NOBODY = re.compile(  # it is another story, it was clear that
    r"\s(?:is|was|will be|would be)\s(?:(?:a|an|another|the|not|no|also|still|too|now|only|just|very|more|less)\s)*"
    r"(?:story|matter|case|question|time|clear|unclear|likely|unlikely|possible|hard|easy|difficult|early|late|expected"
    r"|said|thought|true|different|understood|believed|estimated|reported|not known|unknown|why|when|that)\b"
)
_AGENTS = ("firm", "venture", "unknown", "group", "country")


def _meant_by_pronoun(text: str, match: re.Match[str], before: list[Mention], discourse: Discourse) -> Choices:
    """What "it" or "they" may stand for: the subjects of the sentence so far, then what the story is about."""
    plain = [
        m
        for m in before
        if not m.preposition and m.kind in SUBJECT_KINDS | {"pronoun"} and not (m.possessive and m.kind == "country")
    ]
    apposed = plain and text[plain[-1].end : match.start()] == ", "
    near = [m for m in plain if not (apposed and m is plain[-1])]
    near = near if _RELATIVE.search(text[: match.start()]) else near[::-1]
    choices: Choices = []
    for mention in near:
        choices += mention.choices or [(mention.name, mention.kind)]
        choices += [(mention.owner, "firm")] if mention.owner else []
    several = (match.group("pronoun") or "").lower() in {"they", "their"}
    if discourse.subject is not None and ";" in discourse.subject and not several:  # two cannot be "it"
        works = discourse.likeliest(WORKS)
        choices += [(entity.name, entity.kind) for entity in works if entity.sentence == discourse.number]
    if discourse.subject is not None:
        choices.append((discourse.subject, discourse.subject_kind))
    choices += [(entity.name, entity.kind) for entity in discourse.likeliest(SUBJECT_KINDS)]
    choices = list(dict.fromkeys(choices))
    if _has_a_will(text, match.end()):
        choices = [choice for choice in choices if choice[1] in _AGENTS] or choices
    agreeing = [choice for choice in choices if _is_several(choice) == several]
    return list(dict.fromkeys([*agreeing, *choices])) if several or not agreeing else agreeing


def _is_several(choice: tuple[str, str]) -> bool:
    return choice[1] == "group" or ";" in choice[0]


_VERB_BEHIND = re.compile(
    r"\s(?:(?:will|would|has|had|have|can|could|may|also|now|then|still|already|once|later|is|was|\w+ly"
    r"|been|be|not|never|to|reportedly)\s)*(?P<verb>[a-z]+)\b"
)


def _has_a_will(text: str, end: int) -> bool:
    """Whether the verb behind a pronoun is one of those that want, buy, say."""
    behind = _VERB_BEHIND.match(text, end, end + 60)
    return behind is not None and behind.group("verb") in _verbs_of_will()


@cache
def _verbs_of_will() -> frozenset[str]:
    forms = {form for verb in word_list("verbs_of_will") for form in inflected(verb)}
    return frozenset(forms) | word_list("will_irregular")


_SAYS = re.compile(r"\s(?:said|says|added|adds|told|announced)\b")
_SAID = re.compile(r"\b(?:said|says|added)\s$")


def _speaker(text: str, found: list[Mention], discourse: Discourse) -> Choices:
    """Whose "we" is: the firm of whom the sentence lets speak, or of who spoke last, or the likeliest firm."""
    told = [mention.owner for mention in found if mention.kind == "person" and mention.owner]
    told += [
        mention.name
        for mention in found
        if mention.kind in FIRM_KINDS and (_SAYS.match(text, mention.end) or _SAID.search(text[: mention.start]))
    ]
    told += [discourse.speaker] if discourse.speaker else []
    told += [entity.name for entity in discourse.likeliest(FIRM_KINDS)]
    return [(name, "firm") for name in dict.fromkeys(told)]


def _described(kinds: tuple[str, ...], match: re.Match[str], before: list[Mention], discourse: Discourse) -> Choices:
    """What "the German carmaker" may be: of the right kind, likely by its part in the story, and fitting the words."""
    firm = kinds == FIRM_KINDS
    near = [m for m in reversed(before) if m.kind in kinds and not (firm and m.preposition and not _is_heard(m, match))]
    if firm and near and _ACTS_ON.fullmatch(match.string[near[0].end : match.start()]):
        near = near[1:]  # Ballard had invested in the truck maker: another
    beside = {m.name for m in before if firm and m.kind in kinds and m not in near and m.start > match.start() - 60}
    told = [entity for entity in discourse.likeliest(kinds) if entity.name not in beside]
    if firm and discourse.opened:  # a paragraph begins with what the story is about
        leading = discourse.leading(kinds)
        told = sorted(told, key=lambda entity: entity.name != leading)
    choices = list(dict.fromkeys([*((m.name, m.kind) for m in near), *((e.name, e.kind) for e in told)]))
    if not choices and not firm:
        choices = [(name, kinds[0]) for name in discourse.beside]
    said = cues(f"{match.group('home') or ''} {match.group('adjectives')}", match.group("noun"))
    if match.group("noun").lower() in PARTS:  # the Volkswagen unit is not Volkswagen
        choices = [choice for choice in choices if not said & set(choice[0].lower().split())] or choices
    return sorted(choices, key=lambda choice: -fitness(choice[0], said, discourse))


_ACTS_ON = re.compile(r"\s(?:(?!said|says|that|told|added|and|but|as|where|while|when|which|who)[\w’'-]+\s)+")
_FOR = re.compile(
    r"\b(?:spokes\w+|official|officials|executive|executives|source|sources|lawyer)\s(?:for|at|of|from)\s$"
)


def _is_heard(mention: Mention, match: re.Match[str]) -> bool:
    """Whether a name is that of whom somebody speaks for (a spokeswoman for X said the carmaker …)."""
    return _FOR.search(match.string[: mention.start]) is not None


def _built(noun: str, match: re.Match[str], discourse: Discourse) -> Choices:
    """What "the factory" is where the story has only said who builds in which place."""
    firm, place = discourse.built
    if firm is None or place is None or match.group("det").lower() != "the":
        return []
    return [(f"{firm} {place} {noun}", "plant")]


def _is_home(match: re.Match[str]) -> bool:
    """Whether a possessive before a trade is that of a country (Spain's wallbox pioneer); a firm's is a name."""
    home = match.group("home")
    return home is None or nation_of(home.lower()) is not None


def _names_the_next(text: str, match: re.Match[str], found: list[Mention]) -> bool:
    """Whether a description is of the name behind its comma (once the market leader, Acme; the parent, Acme, holds)."""
    if match.group("pronoun") is not None:
        return False
    if text[match.end() : match.end() + 1] == " " and any(
        m.start == match.end() + 1 for m in found if m.kind != "group"
    ):
        return True
    return text[match.end() : match.end() + 2] == ", " and any(
        m.start == match.end() + 2 and not m.preposition and (acts(text, m.end) or text[m.end : m.end + 1] == ",")
        for m in found
    )


def _only_says_more(text: str, match: re.Match[str], before: list[Mention]) -> bool:
    """Whether a description stands in apposition or behind "is": of the name before it, not of one spoken of before."""
    if match.group("pronoun") is not None:
        return False
    if _COPULA.search(text[: match.start()]):
        return match.group("possessive") is None
    apposed = any(m.end == match.start() - 2 for m in before) and text[match.start() - 2 : match.start()] == ", "
    return apposed and not acts(text, match.end())


_COPULA = re.compile(r"\b(?:is|was|are|were|be|becom\w+|became|remain\w*|as)\s$")
