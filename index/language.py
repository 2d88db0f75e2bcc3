"""Languages: a code brought to one form, its English name, and what a text is written in.

Knows nothing of articles and files. What is detected is for sentence borders and for telling a
person what their embedding model covers, so that no answer is better than a wrong one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

MOST_LETTERS = 3_000
"""Characters that are looked at; more change nothing and cost time."""

LEAST_BYTES = 24
"""Bytes of letters in UTF-8 below which nothing is said: 24 Latin letters, 8 Chinese ones."""

LEAST_CHANCE = 0.6
"""The detector's own, calibrated chance that the language is right."""

LEAST_SHARE = 0.75
"""Part of the letters that must be of one kind (Latin or not), and of the pieces of which none may
surely be in another language: else the text is mixed."""

_PIECE = 80
"""Characters of a piece that is detected by itself, at least; five pieces at most."""

_TABLE = """
af afr Afrikaans; am amh Amharic; ar ara Arabic; as asm Assamese; az aze Azerbaijani; be bel
Belarusian; bg bul Bulgarian; bn ben Bengali; br bre Breton; bs bos Bosnian; ca cat Catalan; cs
ces cze Czech; cy cym wel Welsh; da dan Danish; de deu ger German; el ell gre Greek; en eng English;
eo epo Esperanto; es spa Spanish; et est Estonian; eu eus baq Basque; fa fas per Persian; fi fin
Finnish; fo fao Faroese; fr fra fre French; fy fry Frisian; ga gle Irish; gd gla Gaelic; gl glg
Galician; gu guj Gujarati; ha hau Hausa; he heb Hebrew; hi hin Hindi; hr hrv Croatian; ht hat
Haitian; hu hun Hungarian; hy hye arm Armenian; id ind Indonesian; ig ibo Igbo; is isl ice
Icelandic; it ita Italian; ja jpn Japanese; jv jav Javanese; ka kat geo Georgian; kk kaz Kazakh; km
khm Khmer; kn kan Kannada; ko kor Korean; ku kur Kurdish; ky kir Kyrgyz; la lat Latin; lb ltz
Luxembourgish; lo lao Lao; lt lit Lithuanian; lv lav Latvian; mg mlg Malagasy; mk mkd mac
Macedonian; ml mal Malayalam; mn mon Mongolian; mr mar Marathi; ms msa may Malay; mt mlt Maltese; my
mya bur Burmese; nb nob Norwegian; ne nep Nepali; nl nld dut Dutch; nn nno Norwegian; no nor
Norwegian; oc oci Occitan; om orm Oromo; or ori Odia; pa pan Punjabi; pl pol Polish; ps pus Pashto;
pt por Portuguese; qu que Quechua; ro ron rum Romanian; ru rus Russian; rw kin Kinyarwanda; sa san
Sanskrit; sd snd Sindhi; si sin Sinhala; sk slk slo Slovak; sl slv Slovenian; sn sna Shona; so som
Somali; sq sqi alb Albanian; sr srp Serbian; su sun Sundanese; sv swe Swedish; sw swa Swahili; ta
tam Tamil; te tel Telugu; tg tgk Tajik; th tha Thai; tk tuk Turkmen; tl tgl Tagalog; tr tur Turkish;
tt tat Tatar; ug uig Uyghur; uk ukr Ukrainian; ur urd Urdu; uz uzb Uzbek; vi vie Vietnamese; xh xho
Xhosa; yi yid Yiddish; yo yor Yoruba; zh zho chi cmn Chinese; zu zul Zulu
"""
"""ISO 639-1 code, codes of three letters that mean the same, English name."""

_ROWS = [row.split() for row in _TABLE.split(";")]
_NAMES = {code: name for code, *_, name in _ROWS}
_CODES = {known.lower(): code for code, *others in reversed(_ROWS) for known in others}
_CODES |= {"iw": "he", "in": "id", "ji": "yi", "norwegian": "no"}
_SAYS_NOTHING = frozenset({"und", "mul", "mis", "zxx"})
_DIALECTS = {"ary": "ar", "arz": "ar", "wuu": "zh", "yue": "zh", "hbo": "he", "nn": "no"}
_LATIN = re.compile("[\0-\u024f]+")
_NO_PROSE = re.compile(r"```.*?(?:```|\Z)|https?://\S+|<[^<>]{0,200}>|[\d_#*|=~^\\]+", re.DOTALL)


def normalise(stated: str) -> str:
    """The base code of a language as someone wrote it; "" if that names none.

    >>> [normalise(stated) for stated in ("en-GB", "pt_BR", "fre", "Arabic", "und", "../etc")]
    ['en', 'pt', 'fr', 'ar', '', '']
    """
    base = re.split(r"[-_.;,\s]", stated.strip().lower(), maxsplit=1)[0]
    if base in _CODES:
        return _CODES[base]
    is_code = re.fullmatch("[a-z]{2,3}", base) and base not in _SAYS_NOTHING
    return base if is_code else ""


def name_of(code: str) -> str:
    """The English name of a language, or the code itself.

    >>> name_of("ar"), name_of("haw")
    ('Arabic', 'haw')
    """
    return _NAMES.get(code, code)


def detect(text: str) -> str:
    """ISO 639-1 code of the language of `text`; "" if it is short, mixed, code or unsure.

    The same text gives the same answer on every machine; nothing is fetched.

    >>> detect("Le port a fermé après la tempête, a dit le maire.")
    'fr'
    >>> detect("for i in range(10): print(argv[i])")
    ''
    """
    sample = _NO_PROSE.sub(" ", text[: 4 * MOST_LETTERS])[:MOST_LETTERS]
    weight = _weight(sample)
    if weight < LEAST_BYTES or not _is_one_script(sample, weight):
        return ""
    code = _best(sample)
    count = min(5, len(sample) // _PIECE)
    if not code or count < 2:
        return code
    size = -(-len(sample) // count)
    pieces = [_best(sample[i : i + size]) for i in range(0, len(sample), size)]
    against = sum(piece not in ("", code) for piece in pieces)
    return code if against <= (1 - LEAST_SHARE) * len(pieces) else ""


def _is_one_script(sample: str, weight: int) -> bool:
    """Whether nearly all letters are Latin, or nearly none; a Chinese letter weighs a word's."""
    latin = _weight("".join(_LATIN.findall(sample)))
    return max(latin, weight - latin) >= LEAST_SHARE * weight


def _weight(text: str) -> int:
    """Bytes of the letters in UTF-8."""
    return len("".join(filter(str.isalpha, text)).encode("utf-8", "replace"))


def _best(sample: str) -> str:
    """The most likely language, "" unless it is likely enough and has a code of two letters."""
    chances: dict[str, float] = {}
    for label, chance in _detector().rank(sample):
        code = _DIALECTS.get(label, label)
        chances[code] = chances.get(code, 0.0) + chance
    code = max(chances, key=chances.__getitem__)
    return code if chances[code] >= LEAST_CHANCE and len(code) == 2 else ""


@lru_cache(maxsize=1)
def _detector() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
