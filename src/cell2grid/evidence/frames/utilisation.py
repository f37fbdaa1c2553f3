"""Utilisation: how much of their capacity factories run at, in per cent."""

from __future__ import annotations

import re

from cell2grid.evidence.claims.scene import Scene, Slots
from cell2grid.evidence.claims.subjects import subject_of
from cell2grid.evidence.frames import Example
from cell2grid.evidence.quantities.quantity import Quantity

ORDER = 15
MEASURES = ("utilisation",)
EXAMPLES = (
    Example(
        "Samsung SDI's Göd plant ran at 47% of capacity in 2024.",
        (
            {
                "value_text": "47%",
                "value": 47,
                "subject": "Samsung SDI Göd plant",
                "period_start": "2024-01-01",
                "period_end": "2024-12-31",
            },
        ),
    ),
    Example(
        "The utilisation rate of Northvolt's Skelleftea factory was below 5 per cent in the first half of 2024.",
        ({"value_text": "5 per cent", "value": 5, "period_end": "2024-06-30"},),
    ),
    Example(
        "Car plants in Japan were operating at 71 percent of capacity in 2023 and battery plants at 64 percent.",
        (
            {"value_text": "71 percent", "value": 71, "period_start": "2023-01-01"},
            {"value_text": "64 percent", "value": 64, "subject": "battery plants", "period_start": "2023-01-01"},
        ),
    ),
)
_AHEAD = re.compile(
    r"(?:\butili[sz](?:ation|ed|ing)\b|\b(?:operating|load) rate\b|\b(?:operat(?:e[sd]?|ing)"
    r"|r[ua]n(?:ning|s)?|work(?:s|ed|ing)?|used?|using|running)\s+(?:at|on|with)\b|利用率)[^.;]{0,60}$",
    re.I,
)
_BEHIND = re.compile(
    r"^\s+(?:of\s+)?(?:its\s+|their\s+|the\s+|full\s+|nameplate\s+|installed\s+|total\s+|annual\s+"
    r"|production\s+)*(?:capacity\b(?!\s+(?:of\s+(?!\d)|market))|utili[sz]ation)",
    re.I,
)


def read(quantity: Quantity, scene: Scene) -> Slots | None:
    """Utilisation where the words are those of running at a part of capacity, or the figure carries on from one."""
    if quantity.unit != "percent":
        return None
    own = _BEHIND.match(scene.after(quantity)) or _AHEAD.search(scene.clause_before(quantity)[-90:])
    own = own or re.match(r"^\s+(?:of\s+)?load\b", scene.after(quantity))
    inherited: tuple[str, ...] = ()
    if not own:
        earlier = scene.earlier(quantity)
        carries = re.search(
            r"\b(?:at|from|to|against|with|than|and|managed|reached|averaged|only|just|achieved)\s+$",
            scene.before(quantity, 20),
        )
        said = scene.recent("utilisation", 2)
        if (
            said is not None
            and earlier is None
            and (
                (_WERE_AT.search(scene.before(quantity, 20)) and _PLANTS.search(scene.text))
                or (scene.recent("utilisation") is not None and _IT_WAS.search(scene.before(quantity, 30)))
            )
        ):
            inherited = ("measure",)
        elif earlier is None or earlier[1].measure != "utilisation" or not carries:
            return None
    subject, carried = _subject(quantity, scene)
    return Slots("utilisation", subject=subject, inherited=inherited + ("subject",) * carried)


_IT_WAS = re.compile(r"\b(?:it|the\s(?:rate|figure))\s(?:was|is|had\sbeen|stood\sat|came\sto)\s(?:only\s|just\s)?$")
_WERE_AT = re.compile(r"\b(?:is|are|was|were|stood)\s+(?:only\s+|just\s+)?at\s+$")
_PLANTS = re.compile(r"\b(?:plants?|factor(?:y|ies)|lines?|gigafactor(?:y|ies)|sites?)\b", re.I)


_THAT_AT = re.compile(r"(?P<opening>\bthat\s+(?:at|of|in)\s+)(?:the\s+)?[A-Z][^,;.]{1,50}$")
_SPOTS = frozenset({"plant", "firm", "venture", "place", "country", "unknown", "group"})


def _subject(quantity: Quantity, scene: Scene) -> tuple[str | None, bool]:
    that = _THAT_AT.search(scene.text[: quantity.lead])
    if that is not None:
        place = that.end("opening")
        named = [m for m in scene.mentions if place <= m.start <= place + 4 and m.kind in _SPOTS]
        if named:
            return max(named, key=lambda m: m.end).name, False
    fence = max((q.end for q in scene.quantities if q.end <= quantity.start and q.unit == "percent"), default=0)
    named = [
        m
        for m in scene.mentions
        if m.start >= fence and m.end <= quantity.start and m.kind in {"plant", "group", "firm", "venture"}
    ]
    if fence and named:
        return _at_home(scene, named[-1].name), named[-1].inherited
    behind = re.match(r"^\s+(?:for|at|of)\s+(?=[A-Z])", scene.after(quantity))
    after = [m for m in scene.mentions if m.start >= quantity.end and m.kind in {"plant", "firm", "venture"}]
    if behind and after and after[0].start - quantity.end <= 8:
        return after[0].name, False
    earlier = scene.earlier(quantity)
    if fence and earlier is not None and earlier[1].measure == "utilisation":
        return earlier[1].subject, "subject" in earlier[1].inherited
    subject, carried = subject_of(scene, quantity, ("plant", "group", "firm", "venture", "unknown", "country"))
    return _at_home(scene, subject), carried


def _at_home(scene: Scene, subject: str | None) -> str | None:
    """A group "at home" with the name of the country that the story is about."""
    country = scene.discourse.country
    plain = subject is not None and subject[:1].islower()
    return f"{country} {subject}" if plain and country and re.match(r"At home\b|Domestic", scene.text) else subject
