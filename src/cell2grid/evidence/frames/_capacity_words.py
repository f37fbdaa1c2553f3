"""Words of capacity: what can be made, of which plant or line, raised, added, run; read by ``capacity.py``."""

from __future__ import annotations

import re

NOT_STORAGE = re.compile(
    r"\b(?:storage|battery|BESS|solar|wind|energy|grid)\s+(?:project|system|farm|park|plant|station"
    r"|facility|capacity|projects|systems|farms|parks)\b|\bBESS\b|\bpower plant\b",
    re.I,
)
CAPACITY = re.compile(r"\bcapacit(?:y|ies)\b(?!\s+(?:market|factor))", re.I)
ABLE = re.compile(
    r"\b(?:can|could|able to|capable of|designed (?:to|for)|equipped to|enough to|room for|will|would"
    r"|to|planned to|expected to|aims? to|meant to|set to)\s+(?:now\s+|also\s+|eventually\s+"
    r"|initially\s+|then\s+|annually\s+)?"
    r"(?:be able to\s+)?(?:build|make|produc\w+|manufactur\w+|turn(?:ing)? out|assembl\w+|treat\w*|recycl\w+|refin\w+"
    r"|handl\w+|serv\w+|smelt\w*"
    r"|roll(?:ing)? out|churn(?:ing)? out|supply|build|mak|put out|yield|process\w*)(?:e|ing"
    r"|s)?\b[^.;]{0,60}$",
    re.I,
)
PLANT_BEHIND = re.compile(
    r"^[\s-]+(?:(?:[\w-]+\s+){0,4}?)(?:gigafactory|factory|plant|line|production line|manufacturing"
    r"|production base|cell plant|megafactory|of (?:[\w-]+\s+){0,3}?(?:cell |battery |production )*lines"
    r"|of (?:annual |yearly |production |manufacturing "
    r"|battery |cell |installed )*capacity)\b",
    re.I,
)
LINE_BEHIND = re.compile(
    r"^[\s-]+(?:[\w-]+\s+){0,3}?(?:gigafactory|factory|plant|line|refinery|smelter|mill|works)\b", re.I
)
RUN_AT = re.compile(
    r"^,?\s+(?:(?:which|that)\s+)?(?:is\s+|was\s+|are\s+|were\s+)?(?:run|running|used|operated|utili[sz]ed)\s+at\b"
)
AND_MAKES = re.compile(
    r"\b(?:will|to|would|can|could)\b(?:[^.;]|\.\d){0,80}\band\s+"
    r"(?:make|build|produce|assemble|turn out|process|yield)\s+(?:up to\s+|about\s+|some\s+)?$"
)
PLANT_AHEAD = re.compile(
    r"\b(?:gigafactory|factory|plant|line|megafactory|phase|stage)s?\b"
    r"(?:(?!\b(?:responsible|account\w*|contribut\w*)\b)[^.;]){0,50}\b(?:with|of|at|for"
    r"|to)\s+(?:up to\s+|about\s+|some\s+|around\s+|together\s+|a combined\s+|a total of\s+)?$",
    re.I,
)
RAISED = re.compile(
    r"\b(?:rais\w+|increas\w+|expand\w*|enlarg\w+|doubl\w+|lift\w*|boost\w*|gr[eo]w\w*|tripl\w+"
    r"|bring\w*|scal\w+|ramp\w*|reach\w*|up)\b[^.;]{0,30}\bto\s+(?:up to\s+|about\s+|around\s+"
    r"|over\s+)?$",
    re.I,
)
ADDED = re.compile(
    r"\b(?:phase|line|stage|plant|factory|expansion|extension)s?\b[^.;]{0,60}\b(?:add|adds|adding"
    r"|added)\s+(?:\w+\s+){0,2}$",
    re.I,
)
PHASE = re.compile(r"\b(?:phase|stage)s?,?\s+(?:of\s+|with\s+|at\s+)?(?:\w+\s+)?$", re.I)
THAT_OF = re.compile(r"\bthat\s+(?:of|at|in)\b[^.;]{0,60}$")
TO_BE_ADDED = re.compile(
    r"^\s+(?:(?:will|would|are to|is to|can|could)\s+be|is being|are being|were|was|have been|has been)\s+added\b"
)
PHASES = re.compile(r"\b(?:phase|stage|line|plant|factory|expansion|extension)s?\b", re.I)
YEARLY = re.compile(r"\b(?:annual(?:ly)?|per year|a year|yearly|per annum|each year|every year)\b", re.I)
MAKING = re.compile(r",\s(?:producing|making|building|selling|shipping|turning out)\s+(?:only\s+|just\s+|about\s+)?$")
FLOWS = re.compile(r"\b(?:imports?|imported|exports?|exported|sales|sold|deliver\w*|shipments?|shipped)\b", re.I)
LATER = re.compile(
    r"\b(?:first|second|initial|further|another|next|final)\s+\d|\b(?:want|aim|plan|hope|intend|expect)\w*\s+to\s+(?:reach|have|hit)\b"
    r"|\bwill be (?:ready|online|available|installed)\b"
)
STORES = re.compile(
    r"\b(?:storage|BESS|project|grid|MW|contract\w*|order\w*|backlog|shipp\w*|deliver\w*|sold|sales|output)\b"
)
ENOUGH = re.compile(r"\b(?:enough (?:for|to \w+)|to power|power|to equip|to supply)\s+(?:\w+\s+){0,3}$", re.I)
MADE = re.compile(r"\b(?:produced|made|sold|delivered|shipped|exported|built|supplied|manufactured|turned out)\b", re.I)
INSTALLED = re.compile(r"^\s+(?:is\s+|are\s+)?(?:already\s+)?installed\b")
SITE = re.compile(r"\b(?:plant|factory|line|gigafactory|site|phase|capacity|designed)s?\b", re.I)
FURTHER = re.compile(r"(?:\b(?:a further|another|and|reach\w*|adds?|with|than|designed for)\s+(?:up to\s+)?|,\s)$")
STARTS_WITH = re.compile(
    r"\b(?:start|begin|began|launch|open)\w*\s+(?:(?:trial|commercial|mass|series|test|full|serial)\s+)?production\b"
    r"[^.;\d]{0,40}\bwith\s+(?:about\s+|some\s+)?$",
    re.I,
)
LINE_FOR = re.compile(
    r"\b(?:factory|plant|line|hall|phase|gigafactory)s?\s+(?:for|of|with)\s+(?:up to\s+|about\s+|some\s+)?$", re.I
)
EXPANSION = re.compile(
    r"\b(?:expansion|upgrade|extension|ramp-up)\s+(?:project\s+)?(?:to|of|by)\s+(?:about\s+|some\s+)?$", re.I
)
PLANNED = re.compile(
    r"^\s+(?:had been|was|were|is|are|has been|have been)\s+(?:\w+ly\s+)?(?:planned|envisaged|foreseen|intended)\b"
)
RATE_AT = re.compile(r"\b(?:exit|end|leave|finish|run(?:s|ning)?|now)\b[^.;]{0,30}\bat\s+(?:about\s+|some\s+)?$", re.I)
OUTPUT = re.compile(
    r"\b(?:output|production):?\s+(?:(?:of|at|to be|is|will be|planned at)\s+)?(?:up to\s+|about\s+)?$", re.I
)
