"""The form of answer that fits a question, and how many things it asks for.

Rules for English questions, as they are typed: without a question mark, in lower case, or as a few
words. Knows nothing of articles.
"""

from __future__ import annotations

import re
from typing import Literal

from assistant.words import numbers

Form = Literal["span", "list", "yes_no", "sentences"]

_STRAIGHT = str.maketrans("’‘“”", "''\"\"")
_ASIDE = re.compile(r"\s*\([^()]*\)\s*$")
"""Words taken over from an earlier question, as `condense` adds them."""

_AUX = (
    r"(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|"
    r"must|cannot|(?:is|are|was|were|do|does|did|has|have|had|could|would|should|might|must|ca|wo|"
    r"ai)n'?t)"
)
_WHO = r"(?:who|whom|whose|what|which|when|where|why|how)"
_ASKS = re.compile(rf"{_WHO}\b", re.I)
_SHORT_IS = re.compile(rf"^({_WHO})'?s\b")
_WH = re.compile(rf"\b{_WHO}\b", re.I)
_AUXILIARY = re.compile(rf"{_AUX}\s+\w", re.I)
_MONTH = re.compile(r"may \d|may and june", re.I)
_OPENS = re.compile(rf"(?:{_AUX}|(?!(?:when|how|what|who) (?:the|an?)\b){_WHO})\b", re.I)
_COURTESY = re.compile(
    r"^(?:(?:please|hi|hello|hey|ok|okay|so|well|and|but|also|then|actually|just|quick question|"
    r"question|yes or no|tell me)\b[,:!.]?\s+(?!about|more|every|any|a\b|why not)"
    r"|(?:can|could|would|will) (?:you|anyone|someone) (?:please |briefly |kindly |also )*"
    r"(?=(?:tell|say|give|name|list|explain|describe|compare|summari[sz]e|outline|show|remind|find|"
    r"identify|recap)\b)|(?:show|remind|inform) (?:me|us)\s+|(?:find out|say)\s+)",
    re.I,
)
_KNOWN = re.compile(
    rf"(?:(?:do|does) (?:you|we|they|anyone|anybody|the (?:articles?|reports?|texts?)) "
    rf"(?:know|say|mention|tell us|state)|is it (?:known|clear|said|reported|stated)|i (?:wonder|"
    rf"was wondering|am wondering|want to know|need to know|would like to know)|i'd like to know|"
    rf"any idea|you know|tell (?:me|us))[,:]?\s+(?=(?:{_WHO}|if|whether)\b)",
    re.I,
)
_WHETHER = re.compile(r"(?:whether|true or false|it(?:'s| is) true)\b|if\b(?!.*,)", re.I)
_TAG = re.compile(
    rf"(?:[,.;:]|\s[-–—])\s*(?:right|correct|true|yes|no|or not|true or false|yes or no|{_AUX}"
    r"(?: not)? (?:it|he|she|they|there|we|you|that|this)(?: not)?|(?:is|was) (?:that|this|it) "
    r"(?:right|true|correct|so))\s*[?.!]*$",
    re.I,
)
_PREPOSITION = re.compile(
    r"(?:according to|in|on|at|after|before|during|by|since|under|for|from|with|within|following|"
    r"despite|among|until|per|besides|regarding|concerning|about|to|over|against)\b",
    re.I,
)
_LEADS = re.compile(rf"(?:{_PREPOSITION.pattern}|when|while|as|if|once|because|given|of)\b", re.I)
_COMMANDS = r"(?:name|list|give|describe|explain|compare|summari[sz]e)"
_AFTER_COMMA = re.compile(
    rf",\s*(?=(?:{_AUX}\s|(?:{_PREPOSITION.pattern}\s)?{_WHO}\b|{_COMMANDS}\s))", re.I
)
_AFTER_WORDS = re.compile(rf"(?:\S+\s+){{2,9}}?(?=(?:{_AUX}\s+\w|{_WHO}\b))", re.I)
_IN_SITU = re.compile(
    r"\b(?:who|whom|what|(?:what|which) \w+|when|where|how (?:many|much)(?: \w+)?)[\s?]*$", re.I
)
_ALTERNATIVE = re.compile(
    r"\bor\b(?! (?:not|so|more|less|fewer|later|earlier|otherwise|longer)\b)(?!\s*[?.!]*$)"
)
_ANY = re.compile(r"\b(?:any|anyone|anybody|anything|anywhere|ever|more or less|neither)\b|n't\b")
_STATED = re.compile(rf"\w\s+{_AUX}\s+\w")
_LISTS = re.compile(
    r"(?:list|enumerate)\b(?! price)|(?:who|what) all\b|(?:give (?:me |us )?|what (?:are|were) )?"
    r"(?:all )?(?:the )?(?:full )?(?:names|lists?) of\b"
)
_MEASURE = (
    r"(?:many|much|long|old|far|often|big|large|high|deep|tall|wide|heavy|fast|soon|strong|hot|"
    r"cold|warm|late|early|short|small|young|expensive|cheap|quickly|frequently|regularly|steep|"
    r"thick|low|close|loud|rich|recent|recently)"
)
_ABSTRACT = (
    r"(?:reactions?|responses?|differences?|similarit(?:y|ies)|background|context|situation|story|"
    r"consequences?|effects?|impacts?|implications?|significance|importance|relationships?|"
    r"connections?|links?|details?|circumstances|history|roles?|views?|opinions?|stances?|"
    r"positions?|arguments?|criticisms?|reasoning|reasons?|rationale|explanations?|motives?|"
    r"status|outlook|problems?|issues?|controvers(?:y|ies)|disputes?|aftermath|latest|news|summary|"
    r"gist|overview|outline|recap|account|description|idea|(?:dis)?advantages|concerns?|plans?|"
    r"findings|conclusions?|meaning|point|message|statement|comments?|lessons?|results|matter)"
)
_BE = r"(?:is|are|was|were)"
_SAY = (
    r"(?:say|saying|said|think|believe|argued?|state|write|written|comment|reply|respond|react|"
    r"claim|mean|feel|conclude|explain|do|doing|done)"
)
_TOLD = (
    r"(?:\s*[?.!]*$| (?:about|on|of|with|to|in|after|when|at|before|during|as|following|for|by|"
    r"next|now)\b)"
)
"""What stands behind "say" when a statement is asked; "what did she say caused it" asks a thing."""
_TELLS = re.compile(
    "|".join(
        [
            r"why\b|what (?:for|if|about|makes)\b|what (?:became|came) of\b|what does it mean\b",
            rf"how\b(?! {_MEASURE}\b|.*\b(?:called|named|spel(?:led|t))\b)",
            r"how much (?:do|does|did) (?:we|you|anyone) know\b",
            rf"(?:{_PREPOSITION.pattern} )?(?:what|which) (?:ways?|manner|extent|means|reasons?)\b",
            r"(?:what|which) (?:effect|impact|consequence|difference|role|reaction|response)s?\b",
            rf"what {_BE} (?:(?!of |for |in )[\w'-]+ ){{0,6}}?{_ABSTRACT}\b",
            rf"what {_BE} (?:[\w'.-]+ )+(?:like\b|to happen\b)",
            r"what (?:\w+ ){0,2}(?:happen\w*|occurred|took place|went wrong|going on)\b",
            r"what (?:is|was|do|can|have) (?:\w+ ){0,3}(?:known?|said|reported|learned|tell|say)\b",
            rf"what (?:[\w'.-]+ ){{1,5}}?(?:said|says|thinks?|argue[sd]|claim(?:s|ed)){_TOLD}",
            rf"what {_AUX} (?:[\w'.-]+ ){{1,7}}?(?:(?:tell|told|telling)\b|{_SAY}{_TOLD})",
            r"(?:describe|explain|compare|contrast|summari[sz]e|sum up|outline|discuss|analy[sz]e|"
            r"elaborate|recap|tell (?:me|us)|brief (?:me|us)|walk (?:me|us)|do an?)\b",
            rf"(?:give|write|show)(?: me| us)? (?:(?:an?|the|some) )?(?:\w+ )?{_ABSTRACT}\b",
            rf"(?:the )?{_ABSTRACT}(?: (?:for|of|to|on|between|about|behind)\b|\s*[?.!]*$)",
        ]
    )
)
_ROLE = (
    r"(?:President|Minister|King|Queen|Pope|Chancellor|Mayor|Secretary|Governor|Chief|Head|Leader|"
    r"Director|Chair\w*|CEO|Speaker)"
)
_NAME = r"[A-Z](?!\S*'s\b)\S*"
_IDENTITY = re.compile(
    r"(?:[Ww]ho(?:'s| is| was|(?: are| were)(?: the)?)|"
    r"[Ww]hat(?:'s| is| are| was| were)(?: the)?) "
    rf"(?!(?:\w+ )*?{_ROLE}(?: of\b|\?*$))"
    rf"{_NAME}(?: (?:{_NAME}|of|the|and|for|de|da|del|di|von|van|bin|ibn|al|la|le))*$"
)
"""Asks who or what bears a name, which few words seldom tell: "Who is Ada Quill?"."""
_AND_ASKS = re.compile(rf"\b(?:and|or),? (?:(?:in|at|by|to|for|on|from) )?{_WHO}\b")
_SEVERAL = re.compile(
    r"(?!what are (?!the |its |their |his |her |\w+'s )[\w-]+(?: [\w-]+)?\s*\?*$)"
    rf"(?:{_PREPOSITION.pattern} )?(?:(?P<what>what|which)\b(?!\s+(?!are|were){_AUX}\b)"
    r"(?: (?:are|were))?(?P<of> of\b)?|who (?:are|were)|name|give(?: me| us)?|identify|mention)\s+"
    r"(?:(?:the|his|her|its|their|some|any|all|at least|other|of|both)\s+)*"
)
_NUMBER_WORD = (
    r"(?:both|a couple of|a pair of|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"fifteen|twenty|dozen|[1-9]\d?)"
)
_WANTED = re.compile(
    rf"(?:{_PREPOSITION.pattern} )?(?:(?P<asks>name|list|give|mention|identify|cite)(?: me| us)?|"
    r"which|what|who|(?:the )?names of)(?: (?:are|were|the|at least|all|names of|his|her|its|their|"
    rf"other|exactly|up to))* (?P<number>{_NUMBER_WORD}) (?P<rest>.+)"
)
_STOPS = re.compile(
    rf"{_AUX}|{_PREPOSITION.pattern}|{_WHO}|that|the|an?|of|near|between|behind|he|she|it|they|we|"
    r"you|its|their|his|her|more|most|and|or|won|lost|gave|took|made|fell|rose|began|came|went|"
    r"held|kept|left|met|paid|sent|set|sold|stood|struck|broke|built|bought|brought|caught|chose|"
    r"cut|drew|fought|found|got|grew|hit|led|ran|saw|shot|sought|spoke|told|wrote|said|lie|border"
)
_MARKS = ",;:?!.\"'"
_VERBS = frozenset(
    """
    happens causes makes remains means comes goes gives keeps drives explains needs stands lies
    leads allows follows separates connects links powers prevents threatens worries costs shows
    """.split()
)
_PLURALS = frozenset("people women children police feet media criteria".split())
_SINGULARS = frozenset(
    """
    news series headquarters politics athletics economics species means gas texas arkansas kansas
    wales james paris christmas hamas perhaps always chaos canvas
    """.split()
)


def opening(question: str) -> tuple[str, str]:
    """What leads up to the question, and the question itself.

    >>> opening("According to Reuters, did Israel accept the truce?")
    ('According to Reuters,', 'did Israel accept the truce?')
    >>> opening("Can you tell me who proposed it?")
    ('', 'who proposed it?')
    """
    core, asks = _without_courtesy(question)
    led = None if asks or _OPENS.match(core) or _TAG.search(core) else _lead_in(core)
    return ("", core) if led is None else (core[:led].strip(), core[led:].strip())


def untagged(question: str) -> str:
    """The question without a tag at its end.

    >>> untagged("Israel accepted the truce, didn't it?")
    'Israel accepted the truce'
    """
    return _TAG.sub("", question.translate(_STRAIGHT))


def form_of(question: str) -> Form:
    """The form of answer that fits: a span, several things, yes or no, or whole sentences.

    >>> form_of("How many homes were lost?"), form_of("Which towns were hit?")
    ('span', 'list')
    >>> form_of("Did Israel accept the truce?"), form_of("Why did the talks fail?")
    ('yes_no', 'sentences')
    """
    _, core = opening(question)
    if _IDENTITY.match(core):
        return "sentences"
    core = _SHORT_IS.sub(r"\1 is", core.lower())
    if _is_yes_no(core):
        return "span" if _alternative(core) else "yes_no"
    if _LISTS.match(core):
        return "list"
    if _TELLS.match(core) or _compound(core):
        return "sentences"
    return "list" if _asks_several(core) else "span"


def how_many_wanted(question: str) -> int | None:
    """How many things the question asks for; None if it does not tell.

    >>> how_many_wanted("Which two countries proposed it?"), how_many_wanted("Which towns?")
    (2, None)
    """
    _, core = opening(question)
    found = _WANTED.match(core.lower())
    if found is None:
        return None
    word, rest = found["number"], found["rest"].split()
    if word == "one":
        return 1 if found["asks"] and rest and not _STOPS.fullmatch(rest[0]) else None
    value = int(min(numbers(word), default="2"))  # both, a couple, a pair
    return value if any(_plural(each) for each in rest[:4]) else None


def _without_courtesy(question: str) -> tuple[str, bool]:
    """The question from its first word that matters, and whether it was put as "whether …"."""
    whole = " ".join(question.translate(_STRAIGHT).split())
    text = _ASIDE.sub("", whole) or whole
    while (shorter := _COURTESY.sub("", text, count=1)) != text and shorter:
        text = shorter
    known = _KNOWN.match(text)
    if known is None:
        return text, False
    text = text[known.end() :]
    return text, bool(_WHETHER.match(text))


def _lead_in(core: str) -> int | None:
    """Where the question begins behind "In 2021," or "According to Reuters"."""
    if not _LEADS.match(core) or _ASKS.match(core.partition(" ")[2]):
        return None
    after_comma = _AFTER_COMMA.search(core)
    if after_comma:
        return after_comma.end()
    if not _PREPOSITION.match(core):
        return None
    # Without a comma only an opener in front of a subject begins a question.
    bare = _AFTER_WORDS.match(core)
    return bare.end() if bare else None


def _is_yes_no(core: str) -> bool:
    if _WHETHER.match(core) or (_TAG.search(core) and not _ASKS.match(core)):
        return True
    if _AUXILIARY.match(core):
        return not _IN_SITU.search(core) and not _MONTH.match(core)
    # A statement with a question mark; a phrase without a verb has no auxiliary.
    return core.endswith("?") and bool(_STATED.search(core)) and not _WH.search(core)


def _alternative(core: str) -> bool:
    """Whether one of two things is asked for: "was it a fox or a dog"."""
    offers = _AUXILIARY.match(core) and _ALTERNATIVE.search(core)
    return bool(offers) and not _ANY.search(core)


def _compound(core: str) -> bool:
    """Whether two things are asked at once: "who was hurt and where"."""
    return bool(_ASKS.match(core) and _AND_ASKS.search(core))


def _asks_several(core: str) -> bool:
    found = _SEVERAL.match(core)
    if found is None:
        return False
    rest = core[found.end() :]
    if found["of"]:  # "which of the towns were hit", but not "which of the towns was hit"
        return bool(re.search(r"\b(?:are|were|have)\b", rest))
    return _several(rest.split()[:7], perhaps_verb=found["what"] is not None)


def _several(words: list[str], perhaps_verb: bool) -> bool:
    """Whether the noun that these words begin with stands for several things."""
    run: list[str] = []
    for word in (word.strip(_MARKS) for word in words):
        if run and (_STOPS.fullmatch(word) or re.fullmatch(r"\w{2,}ed", word)):
            break
        if not word.endswith("ly"):
            run.append(word)
    else:
        return any(_plural(word) for word in run if word not in ("states", "nations"))
    if perhaps_verb and run and run[0] in _VERBS:
        return False
    return bool(run) and _plural(run[-1])


def _plural(word: str) -> bool:
    word = word.strip(_MARKS)
    if word in _PLURALS or word.endswith("men"):
        return True
    return (
        len(word) > 3
        and word.endswith("s")
        and not word.endswith(("ss", "us", "is", "'s"))
        and word not in _SINGULARS
    )
