"""Words of rise and fall, before and behind a figure, and of what rises and falls; read by ``change.py``."""

from __future__ import annotations

import re

_UP = (
    r"up|rose|risen|ris(?:e|es|ing)|increas(?:e|es|ed|ing)|gr[eo]w(?:n|s|ing)?|growth|climb(?:s|ed|ing)?"
    r"|jump(?:s|ed|ing)?|surg(?:e|es|ed|ing)|gain(?:s|ed|ing)?|advanc(?:e|ed)|soar(?:s|ed|ing)?|expan(?:d"
    r"|ds|ded|sion)|higher|more|added|leap(?:t|ed)?|spik(?:e|ed)|bounced|rebound(?:ed)?|upturn|grew|增长"
    r"|lift(?:s|ed|ing)?|rais(?:e|es|ed|ing)|improv(?:e[sd]?|ing)|widen(?:s|ed|ing)?"
)
_DOWN = (
    r"down|fell|fall(?:s|en|ing)?|drop(?:s|ped|ping)?|declin(?:e|es|ed|ing)|decreas(?:e|es|ed|ing)"
    r"|plung(?:e|es|ed|ing)|plummet(?:s|ed|ing)?|slump(?:s|ed|ing)?|slip(?:s|ped|ping)?|shr[aiu]nk(?:ing)?"
    r"|reduc(?:e|ed|tion|ing)|lower|less|fewer|slid(?:e|ing)?|tumbl(?:e|ed|ing)|sank|sunk|contract(?:ed"
    r"|ion)|cut|eas(?:ed|ing)|dip(?:s|ped)?|lost|crash(?:ed)?|下降|weaker|cheaper|narrow(?:s|ed|ing)?|worsen(?:s|ed|ing)?"
)
_DEGREE = (
    r"(?:\s+(?:by|of|as much as|a further|another|an?|about|around|nearly|almost|over|more than|some"
    r"|roughly|just|only|sharply|slightly|year[- ]on[- ]year|on year|the most|or)\b|,)*"
)
AHEAD = re.compile(rf"(?:\b(?P<up>{_UP})|\b(?P<down>{_DOWN})){_DEGREE}\s*$", re.I)
BEHIND = re.compile(
    r"^\s*(?:\([^)]*\)\s*)?(?:year[- ]on[- ]year\s+|annual\s+|annualised\s+|sequential\s+|quarterly\s+"
    r"|monthly\s+|on-year\s+|net\s+|sharp\s+|further\s+)*(?:(?P<up>up\s+(?=on|from|year)|increase|rise|growth|jump|gain"
    r"|surge|uptick|more than|higher|improvement|expansion|premium|advance|more|larger|bigger|wider|dearer"
    r"|costlier|pricier|stronger|better)"
    r"|(?P<down>down\s+(?=on|from|year)|drop|fall"
    r"|decline|decrease|reduction|plunge|slump|cut|less than|lower|fewer|below|discount|dip|slide"
    r"|contraction|less|smaller|narrower|cheaper|weaker|worse))\b",
    re.I,
)
THING = re.compile(
    r"\b(?:(?:vehicle|car|EV|NEV|electric car|net|storage|overseas|domestic|battery"
    r"|segment)\s+)?(?:exports?|sales|revenues?|profits?|deliveries|production|output|prices?"
    r"|installations|shipments|registrations|demand|investment|spending|shares|capacity|share|market"
    r"|imports?|costs?|income|margin|earnings|utili[sz]ation)\b",
    re.I,
)


# a verb with its object before the figure: cut its forecast by 40 %
BY = re.compile(
    rf"(?:\b(?P<up>{_UP})|\b(?P<down>{_DOWN}))\s"
    r"(?:(?!\bto\s+[$€£¥\d]|\bfrom\s+[$€£¥\d])(?:[^.;,\d]|(?<!\d)20\d\d\b)){0,60}?"
    r"\bby\s+(?:(?:as much as|about|around|nearly|almost|over|more than|some|roughly|just|only|a further|another"
    r"|an?)\s+)*$",
    re.I,
)
# the amount right behind a verb: up 3,100 on the year, rose by $200
AMOUNT_AHEAD = re.compile(
    rf"(?:\b(?P<up>{_UP})|\b(?P<down>{_DOWN}))\s+by\s+(?:(?:about|around|nearly|almost|over|more than|some|roughly|just"
    r"|only|a further|another)\s+)*$",
    re.I,
)
# the amount behind a noun: an increase of 1.9 GWh, a cut of about $100 million
AMOUNT_OF = re.compile(
    r"\ban?\s+(?:[\w-]+\s+)?(?:(?P<up>increase|rise|gain|jump|improvement|addition)"
    r"|(?P<down>decrease|drop|fall|decline|cut|reduction))\s+of\s+"
    r"(?:(?:about|around|nearly|almost|over|more than|some|roughly|just|only|up to)\s+)*$",
    re.I,
)
AMOUNT_BEHIND = re.compile(
    r"^\s+(?:(?P<up>more|higher)|(?P<down>less|fewer|lower))\s+than\s+(?:in|at|a|the|last|one|during|its|it|same)\b",
    re.I,
)
FLOWS = re.compile(
    r"\b(?:exports?|imports?|sales|revenues?|turnover|profits?|income|earnings|deliveries|shipments|production|output"
    r"|registrations|installations|prices?|costs?|demand|consumption|inventories|stocks|debt|imports|capital)\b",
    re.I,
)
