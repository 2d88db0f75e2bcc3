"""English verbs: which words are verbs, and the base form of a past or third-person form."""

from __future__ import annotations

from functools import lru_cache

from assistant.verbs import IRREGULAR

_BASES = frozenset(
    """
    abandon absorb abstain accept accuse achieve acquire act adapt add admit adopt affect agree aim
    allow announce answer apologise apologize appeal appear apply appoint approve argue arrest
    arrive ask attack attend attract award back ban beat become begin believe belong block blame
    boost border borrow break breed bring build burn buy call cancel carry catch cause change
    charge choose claim clean close collapse collect come comment compare compete complain complete
    confirm condemn connect consider consist contain continue contribute control convict convince
    cost count cover crash create criticise criticize cross cut damage deal decide declare decline
    decrease defeat defend define delay deliver demand deny depend describe design destroy detect
    develop die differ direct disappear discover discuss dismiss dissolve do donate draw dream
    drive drop earn eat elect employ end endorse enter erupt escape establish estimate exist expand
    expect expel explain explode export extend face fail fall fear feed feel fight file fill find
    fine finish fire fit flee flood fly follow forbid force form found fund gain gather get give go
    govern grant grow guard hand happen hear help hide hire hit hold host hurt identify import
    impose improve include increase influence inform injure inspect intend introduce invent invest
    investigate invite involve issue join judge keep kidnap kill know land last launch lay lead
    learn leave lend let lie lift limit link list live locate lose lower make manage mark marry
    matter mean measure meet merge mine miss move name need negotiate note notice obtain occupy
    occur offer open operate oppose order organise organize originate overtake own pass pay
    perform permit persuade plan plant play pledge point pollute prepare present prevent produce
    prohibit promise promote propose prosecute protect protest prove provide publish pull punish
    purchase pursue push put question quit raise reach react read rebuild recall receive recognise
    recognize recommend record recover recruit reduce refer refuse regret reject release rely remain
    remember remove rename repair repeat replace reply report represent request rescue resign
    resist resolve respond restore restrict result retire return reveal rise rob rule run save say
    score search see seek sell send sentence serve set settle shape share shelter shoot show shrink
    shut sign sing sink slow solve speak spend split sponsor spread stand star start state stay
    steal stop store strike study succeed sue suffer suggest supply support surrender survive
    suspect suspend swim take talk teach tell test think threaten throw touch trade train transfer
    travel treat try turn understand urge use vanish visit vote vow wait walk want warn wear weigh
    win wish withdraw work worry wound write
    """.split()
)
_FORMS = {
    form: row.split()[0] for row in IRREGULAR.split(";") for form in row.split()[1:] if row.strip()
}
_FORMS |= {"born": "bear", "rebuilt": "rebuild", "understood": "understand", "forbade": "forbid"}
_FIRST = frozenset(row.split()[0] for row in IRREGULAR.split(";"))
_NOT_PAST = frozenset("need seed feed deed speed bleed indeed hundred bed red sacred shed".split())
_SAME = frozenset(
    row.split()[0] for row in IRREGULAR.split(";") if len(row.split()) == 1
)  # "hit", "cut": their past is as their base
_ENDS_IN_E = ("at", "iv", "uc", "rc", "nc", "rs", "v", "z", "u", "rg", "ng", "dg", "is", "as", "us")
_VERBAL = ("ise", "ize", "ify", "uce")


def is_base(word: str) -> bool:
    """Whether the word may be a verb in its base form.

    >>> is_base("reject"), is_base("table"), is_base("nationalise")
    (True, False, True)
    """
    return word in _BASES or word in _FIRST or (len(word) > 5 and word.endswith(_VERBAL))


def is_past(word: str) -> bool:
    """Whether the word may be a past form or a participle.

    >>> is_past("rejected"), is_past("sold"), is_past("bed")
    (True, True, False)
    """
    regular = word.endswith("ed") and len(word) > 3 and word not in _NOT_PAST
    return word in _FORMS or word in _SAME or regular


def is_third(word: str) -> bool:
    """Whether the word may be a third-person form.

    >>> is_third("supports"), is_third("rockets")
    (True, False)
    """
    return word.endswith("s") and base_of(word) != word


@lru_cache(maxsize=5_000)
def base_of(word: str) -> str:
    """The base form of a verb; the word itself if it is none that is known.

    >>> [base_of(w) for w in "rejected closed banned sold carries supports".split()]
    ['reject', 'close', 'ban', 'sell', 'carry', 'support']
    """
    if word in _FORMS:
        return _FORMS[word]
    guesses = []
    if word.endswith("ied"):
        guesses = [word[:-3] + "y"]
    elif word.endswith("ed"):
        bare = word[:-2]
        guesses = [bare + "e", bare, bare[:-1]] if _wants_e(bare) else [bare, bare + "e"]
        if len(bare) > 2 and bare[-1] == bare[-2]:
            guesses.append(bare[:-1])
    elif word.endswith("s") and not word.endswith("ss"):
        guesses = [word[:-1]]
        if word.endswith(("ses", "xes", "zes", "ches", "shes", "oes")):
            guesses.append(word[:-2])
        if word.endswith("ies"):
            guesses.append(word[:-3] + "y")
    known = [guess for guess in guesses if is_base(guess)]
    if known:
        return known[0]
    return guesses[0] if is_past(word) and guesses else word


def _wants_e(bare: str) -> bool:
    return bare.endswith(_ENDS_IN_E)
