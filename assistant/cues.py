"""Words and forms of English that attribute, deny, doubt or condition what a sentence says."""

from __future__ import annotations

import re
from typing import Literal

Sort = Literal["attributed", "denied", "doubted", "conditioned"]

SPEECH = (
    r"(?:(?:said|says|say)(?! nothing)|told|tells|sp(?:eaks?|oke) of|argue[sd]?|warn(?:ed|s)?|"
    r"insist(?:ed|s)?|claim(?:ed|s)?|"
    r"alleged?|maintain(?:ed|s)?|testifie[sd]|stated|states|suggest(?:ed|s)?|acknowledge[sd]?|"
    r"admit(?:ted|s)?|concede[sd]?|believe[sd]?|predict(?:ed|s)?|recalled|replied|thinks?|thought|"
    r"joked|estimate[sd]?)"
)
MAKES = r"(?:add(?:ed|s)|wrote|writes|posted|put|call(?:ed|s)|repeated|remembered)"
"""Verbs of speech that may have an object of their own: "she wrote twelve novels"."""
TAKES_OBJECT = re.compile(rf"\b(?:{MAKES}|told)$")
SPEAKS = re.compile(rf"\b{SPEECH}$")
SAYS = (
    rf"(?:{SPEECH}|{MAKES}|report(?:ed|s)?(?! (?:s|f|b|o)\w+)|announce[sd]?|confirm(?:ed|s)?|"
    r"note[sd]|explain(?:ed|s)?|describe[sd]?|expect(?:ed|s)?|found|finds?|show(?:ed|s)?|"
    r"accuse[sd]?|blame[sd]?|promise[sd]?|vow(?:ed|s)?|pledge[sd]?|declare[sd]?|conclude[sd]?|"
    r"hope[sd]?|fear(?:ed|s)?|went on(?=[,:]| that| to say))"
)
NO_SPEECH = re.compile(
    r"\b(?:"
    r"(?:claims|pledges|fears|hopes|reports|estimates|promises|notes|shows|finds|blames) "
    r"(?:are|were|have|had|will|reached|sent|rose|fell|hit|came|grew|exceeded|doubled|include[sd]?|"
    r"climbed|jumped|dropped|soared|helped|pushed|mounted)|"
    r"(?:found|put) (?:in|at|near|on|by|under|inside|outside|behind|to)|declare[sd]? war|"
    r"(?:claim|admit|conced|maintain|recall)\w* (?:[\w,.]+ ){1,4}?"
    r"(?:lives|victims|patients|students|pupils|goals?|roads|seats?|titles?|envoys?|ambassadors?|"
    r"diplomats?|cars|vehicles|troops))\b"
)
"""Verbs of speech that are none here: "insurance claims reached", "the flood claimed 40 lives"."""
SAYING = re.compile(rf"{SAYS}|accord|estim|insist|claim|warn|report|announc|confirm")
"""A verb of speech, or its stem."""
ASKS_WHO_SAYS = re.compile(
    rf"\b(?:{SAYS}|deny|insist|report|announce|confirm|according to|words|view|opinion)\b", re.I
)
DENIAL = (
    r"(?:not|never|no|none|nobody|nothing|neither|nor|cannot|\w+n['’]t|den(?:y|ies|ied)|denial|"
    r"reject(?:ed|s|ing)?|dismiss(?:ed|es)?|disput(?:ed|es)|refus(?:ed|es|ing)?|refut\w+|"
    r"rul(?:ed|es|ing) out|fail(?:ed|s|ing) to|false(?:ly)?|untrue|hardly|contradict(?:ed|s)|"
    r"call(?:ed|s) off|cancell?ed|rather than|instead of|wrong|hoax|withdrawn|"
    r"withdrew (?:its|his|her|their|the) (?:\w+ )?(?:report|claim|stor|statement|figure|accus|"
    r"alleg|charge|offer|plan|bid|support)\w*|scrapped|"
    r"shelved|prevent(?:ed|s)|lack(?:ed|s)|short of|(?:later )?corrected|yet to)"
)
DOUBT = (
    r"(?:alleged(?:ly)?|reportedly|apparently|supposedly|(?-i:may)|might|could|possibl[ey]|"
    r"perhaps|probabl[ey]|(?:un)?likely|believed|thought|said to|rumou?r\w*|unconfirmed|"
    r"unverified|suspect(?:ed|s)?|presum(?:ed|ably)|seem(?:ed|s)?|appear(?:ed|s)? to|unclear|"
    r"uncertain|expected|plan(?:s|ned|ning)? to|planned|propos(?:ed|es|al|ing)|intend(?:s|ed)|"
    r"scheduled|(?:meant|supposed|designed|set) to|due (?:to (?!the\b|an?\b)\w+(?!s\b)|on|in)|"
    r"accused|charged with|feared|suspicion|"
    r"claims? that|it is claimed|whether|should|demand(?:ed|s|ing)?|call(?:ed|s|ing) (?:for|on)|"
    r"urg(?:ed|es|ing)|hop(?:ed|es|ing) to|want(?:ed|s)?|aim(?:s|ed|ing)? to|"
    r"(?:blamed|forecast(?:s|ed)?|hint(?:ed|s)|indicat(?:ed|es)|contend(?:ed|s)|reveal(?:ed|s)|"
    r"considering|attributed|described as|named (?:by|as)|identified (?:by|as)|tipped|talks|bid|"
    r"claimed responsibility|was told|court heard|quoted|citing|figure (?:provided|given)|novel))"
)
CONDITION = (
    r"(?:(?<!even )if|unless|provided(?: that)?|subject to|on condition|as long as|in case|would|"
    r"only when|depend(?:s|ed|ing) on|otherwise|once (?:the|it|he|she|they|all)|"
    r"under the (?:plan|proposal|deal|bill|agreement|terms|offer))"
)
INTENDED = re.compile(
    r"\b(?!(?:us|help|need|start|continu|manag|forc|return|respond|amount|add)\w*\b)"
    r"(?:\w+(?:ed|es|s|ing)|is|are|was|were|has|have|talks|bid|effort) to "
    r"(?!the\b|an?\b|his\b|her\b|its\b|their\b|[A-Z\d])[a-z]+(?<!s)(?<!ing)\b"
)
"""An act that is only meant, offered or tried: "threatened to close forty"."""
CUES: tuple[tuple[Sort, re.Pattern[str]], ...] = (
    ("denied", re.compile(rf"\b{DENIAL}\b", re.IGNORECASE)),
    ("doubted", re.compile(rf"\b{DOUBT}\b", re.IGNORECASE)),
    ("doubted", INTENDED),
    ("conditioned", re.compile(rf"\b{CONDITION}\b", re.IGNORECASE)),
)
ACTIVE = re.compile(
    r"(?:den|reject|dismiss|disput|refus|refut|rul|fail|call|cancel|propos|plan|intend|accus|demand|"
    r"urg|want|aim|suspect|hop|contradict)\w+",
    re.IGNORECASE,
)
"""What the span does, not what is done to it, where it stands right before."""
HELPER = re.compile(r" (?:(?:has|have|had|also|later) )*")
NO_CUE = re.compile(
    r"\bNo\. ?\d|\bno longer than\b|\bnot only\b|\bno (?:less|fewer|more) than\b|\bas planned\b|"
    r"\bnot (?:more|less|fewer) than\b|, not [^,]+(?:,|$)|\bno doubt\b"
)
CONDITION_FIRST = re.compile(
    rf"\W*(?:{CONDITION}|should|assuming|pending|barring|without(?=.*\b(?:will|would|could|may)\b)|"
    r"(?:were|had) (?:the|an?|it|they|he|she)|"
    r"when \w+ \w+ \w+(?<!s)s)\b",
    re.IGNORECASE,
)
ACCORDING = re.compile(
    r"\b(?P<phrase>(?:according to|(?<!\w )per) (?:the |an? )?[^,;:“”\"()]{2,60}?)"
    r"(?=[,;:.)“”\"—–]|$| (?:who|which|that)\b)"
    r"|\b(?P<view>(?:in|by) [^,;:.“”\"()]{2,40}['’]s? "
    r"(?:view|opinion|words|count|account|estimate))\b"
    r"|\((?P<source>[^()]{0,60}\b(?:figures|data|statistics|sources?)\b[^()]{0,60})\)",
    re.IGNORECASE,
)
INVERTED = re.compile(
    rf"[,?!”\"’] ?(?:as )?(?!put|call)(?P<verb>{SAYS}) (?!that\b|it\b|he\b|she\b|they\b)"
    # What has a verb of its own is what is said, not who says it.
    r"(?!(?:(?! who\b)[^,;:.“”\"()])* "
    r"(?:was|were|is|are|had|has|have|would|will|could|should|might)\b)"
    r"(?P<who>[^,;:.“”\"()]{2,60}?)(?=[,;:.“”\"]|$| (?:on|in|at|after|who)\b)"
)
TRAILING = re.compile(
    rf"[,?!”\"’—–(] ?(?:as )?(?P<who>[^,;:.“”\"()]{{2,60}}?) (?P<verb>(?:has |had |have )?{SAYS})\b"
)
LEADING = re.compile(
    rf"(?:^|[,;:] |\b(?:and|but|that|because) )(?P<who>[^,;:“”\"()]{{2,90}}?)"
    rf" (?P<verb>(?:has |had |have |later |also )*{SAYS})\b"
)
SPOKEN = (TRAILING, INVERTED, LEADING)
"""The forms in which somebody is said to say something."""
AND_SAID = re.compile(rf"\b(?:and|but) (?:also |later |then )?{SAYS}\b")
SAYS_THAT = re.compile(rf"\b{SAYS} (?:[\w ]{{0,40}} )?that\b")
PUTS = re.compile(r"\b(?:put|estimate[sd]?|sp(?:eaks?|oke) of)$")
SHARED = re.compile(r" (?:and|but|while) (?P<who>[^,;:]{2,40}?) (?:at|of) ?$")
"""A second speaker without a verb: "police put it at 3,000 and the organisers at 9,000"."""
OBJECT = re.compile(r"(?: (?:the|an?|its|his|her|their|some|about|around|another|more))* ?$")
THAT_AFTER = re.compile(r"(?!,? and\b).{0,40}?\bthat\b")
WHEN_SAID = re.compile(r" (?:[\w ]{0,40} )?(?:on|in|at) ?$")
TIME_CLAUSE = re.compile(
    r"\W*(?:when|while|as|after|before|although|though|since)\b", re.IGNORECASE
)
_BUT = r"(?:but|while|whereas|although|though|however)"
CLAUSE = re.compile(
    rf"; | — | – |,? \b{_BUT}\b |, (?:and|so)\b |"
    r"\bbecause [^,]*, |, because "
)
INSERTED = re.compile(
    r"(?<=\w)(?:, (?!and\b|or\b|but\b)[^,;“”]{2,120})+?,(?= (?!wh|the |an? )[a-z])|\([^()]*\)"
)
JOINS = re.compile(r"\b(?:that|who|which|whether|to|and|after|before|when|as)\b")
"""Words behind which another clause begins: what stands there is not said of what stands before."""
NEXT_RELATIVE = re.compile(r" (?:that|which)\b")
DENIES = re.compile(
    r"(?:den(?:y|ies|ied)|disput(?:es|ed)|reject(?:s|ed)|contradict(?:s|ed)|(?:later )?corrected|"
    r"not (?:yet |been )*(?:confirmed|verified|proven|established))\b"
)
WEAK = re.compile(
    r"(?:propos|plan|demand|call|urg|hop|want|aim|expected|intend|scheduled|whether|should|could|"
    r"would|fear|due|until|accused|refus|reject|dismiss|fail)",
    re.IGNORECASE,
)
"""Cues that do not reach over a comma: "rejecting the plan, it killed forty"."""
SUBORDINATE = re.compile(
    r"\W*(?:while|although|though|despite|after|when|as|since)\b[^,]*,\s*", re.I
)
BEFORE_WHO = re.compile(
    r"^(?:but|and|yet|still|so|while|whereas|(?:on|in|at|by) \w+(?: \w+)?"
    r"(?= (?:the|a|an|his|her|its) |,? (?-i:[A-Z]))),? ",
    re.IGNORECASE,
)
"""Words before a speaker that do not belong to the name: "On Monday the mayor"."""
BARE = re.compile(
    r"\b(?:report|confirm|expect|find|show|hope|fear|claim|warn|insist|maintain|admit|estimate|blame|"
    r"promise|vow|pledge|argue|suggest|predict|explain)$"
)
"""Verbs that have no ending: only several people "fear", and "market fears" are not people."""
SEVERAL = re.compile(r"(?:s|\b(?:police|we|they|i|you|people|men|women))$", re.IGNORECASE)
PREPOSITION = re.compile(r"(?:with|without|of|for|from|to|into|between|among|under|than)\b", re.I)
"""No speaker's name begins so: "with a Hamas official showed"."""
APPOSITION = re.compile(r", (?:\w+ )?$")
"""Between a speaker's office and name: "said the harbour master, Captain Prins"."""
NO_END = frozenset(
    """to of for above below over under than in on at by with and or the a an his her its their that
    as been was were be being is are not""".split()
)
"""No speaker's name ends so: ", adding to fears"."""
SOFTENED = re.compile(
    r"\b(?:reportedly|allegedly|apparently|supposedly|possibly|probably|perhaps|believed|thought|"
    r"said|likely|expected) (?=[^,;]*$)",
    re.IGNORECASE,
)
RELATIVE = re.compile(r", (?:who|which|whose)\b")
MATTERS = re.compile(
    rf"\b(?:{SAYS}|according|figures|data|statistics|sources?|disputed|denied|{DOUBT}|{CONDITION})\b"
)
CONTRAST = re.compile(rf";|\b{_BUT}\b")
NEXT_DENIES = re.compile(
    r"\b(?:den(?:y|ies|ied)|disput(?:es|ed)|reject(?:s|ed)|doubts?|dismiss(?:es|ed)|contest(?:s|ed)|"
    r"contradict(?:s|ed)) (?:it|this|that(?=[.,;]|$)|(?:the|these|those|any|all|both) "
    r"(?:claims?|figures?|charges?|allegations?|accusations?|reports?|numbers?|accounts?|counts?|"
    r"estimates?|statements?))\b|\b(?:not|un)[ -]?true\b|\bnot (?:be|been) (?:\w+ )?verified\b",
    re.IGNORECASE,
)
APPROXIMATE = re.compile(
    r"(?:\b(?:about|around|roughly|approximately|nearly|almost|some|more than|less than|fewer than|"
    r"at least|at most|up to|over|under|close to|an estimated|just|only|as many as|no fewer than|"
    r"no more than|not more than|before|after|by|since|until|late|early) )+$",
    re.IGNORECASE,
)
NUMBER = re.compile(
    r"[$€£¥]?\d|(?:one|two|three|four|five|six|seven|eight|nine|ten|a |half|dozens?|hundreds?|"
    r"thousands?)\b|\w+teen\b|(?:twen|thir|for|fif|six|seven|eigh|nine)ty\b",
    re.IGNORECASE,
)
DOTTED = re.compile(r"\b\w\.\w\Z")
"""The end of "a.m" or "U.S", which wants its dot."""
DATE = re.compile(
    r"\b(?:1\d|20)\d\d\b|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|"
    r"\bMay\b|June|July|August|September|October|November|December"
)
QUOTES = re.compile(r"“[^”]*(?:”|$)|\"[^\"]*(?:\"|$)|(?:^|(?<= ))'[^']*[,.]'")
COMMON = frozenset(
    """the a an he she they it his her their its one some officials police witnesses residents
    doctors experts critics investigators""".split()
)
