"""English words that say little about what a text is about."""

STOP_WORDS = frozenset(
    """
    a about according after again all also am an and any are as at be because been before being
    both but by can could did do does doing done each either for from had has have having he her
    here hers him his how i if in into is it its itself just let like many may me might more most
    much must my no nor not of off on once only or other our out over own per please same say
    said says shall she should so some such tell than that the their theirs them then there these
    they this those through to too under until up upon us very was we were what when where whether
    which while who whom whose why will with within would yes you your
    """.split()
)
