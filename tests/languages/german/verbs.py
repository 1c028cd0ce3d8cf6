"""Ten verbs of saying and thinking, with the forms that news tells them in."""

_VERBS = {
    "sagen": "sagt sagte gesagt",
    "erklären": "erklärt erklärte",
    "betonen": "betont betonte",
    "behaupten": "behauptet behauptete",
    "warnen": "warnt warnte gewarnt",
    "fordern": "fordert forderte gefordert",
    "antworten": "antwortet antwortete",
    "schreiben": "schreibt schrieb geschrieben",
    "glauben": "glaubt glaubte",
    "hoffen": "hofft hoffte",
}
MENTAL = frozenset("glauben hoffen".split())
SAY = frozenset(_VERBS) - MENTAL
FORMS = {form: lemma for lemma, forms in _VERBS.items() for form in (lemma, *forms.split())}
PAST = frozenset(form for form in FORMS if form not in _VERBS and not form.endswith("t"))
FINITE = frozenset("ist sind war waren hat haben wird werden".split())
THIRD_PERSON = frozenset(form for form in FORMS if form.endswith("t"))
