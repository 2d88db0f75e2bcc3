"""The date in a news dateline at the very beginning of a text; never a date from further below."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from index.types import Article

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATE = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?"
    r"(?:(?P<d1>\d{1,2})\s+" + _MONTH.format("m1") + r",?\s+(?P<y1>\d{4})"
    r"|" + _MONTH.format("m2") + r"\s+(?P<d2>\d{1,2}),\s*(?P<y2>\d{4})"
    r"|(?P<y3>\d{4})-(?P<m3>\d{2})-(?P<d3>\d{2}))(?!\w)"
)
_AGENCY = r"(?:\s*\([^()\n]{1,40}\))?"
_PLACE = r"(?-i:[A-ZÀ-ÞŁŚŻĞİŞ][A-ZÀ-ÞŁŚŻĞİŞ.'’ -]{1,40}(?:,\s[A-Z][\w.’ -]{1,30})?)"
_DATELINE = re.compile(
    rf"(?:(?:first\s+)?(?:published|posted)(?:\s+on)?:?\s+{_DATE}(?=[\s.,;|]|$))".replace(
        "P<", "P<p"
    )
    + rf"|(?:{_PLACE}{_AGENCY}(?:,|\s*[—–-])\s*{_DATE}{_AGENCY}\s*(?:[—–:-]|\n|$))",
    re.IGNORECASE,
)


def dateline(text: str) -> date | None:
    """The date of the dateline that the text begins with, None unless day, month and year stand.

    >>> dateline("BEIRUT, Sept. 26, 2024 (AP) — Rain fell.")
    datetime.date(2024, 9, 26)
    >>> dateline("Rain fell on 26 September 2024.") is None
    True
    """
    match = _DATELINE.match(text[:300].lstrip())
    if match is None:
        return None
    parts = {name.lstrip("p")[0]: value for name, value in match.groupdict().items() if value}
    month = parts["m"]
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
    try:
        return date(int(parts["y"]), number, int(parts["d"]))
    except ValueError:
        return None


def dated(article: Article) -> Article:
    """The article with the date of its dateline, below its title or not, if it says no other."""
    if article.published or "published" in article.meta:
        return article
    body = article.text[:2000].lstrip()
    first, _, rest = body.partition("\n")
    if first.strip("# \t") == article.title:
        body = rest
    return replace(article, published=dateline(body))
