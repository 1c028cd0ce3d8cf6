"""Words that turn a sentence into its opposite, by kind: what stands on one side against the other.

Any word of one side is against any of the other; other forms of a word are found by its stem, so
only irregular ones stand here. WordNet's antonyms (in `wordnet/`) are read beside them: they know
few pairs of verbs in the news ("convicted", "acquitted").
"""

from pathlib import Path

# WordNet 3.0's antonyms, words of one sense and irregular forms of common words, as text; its
# licence stands beside them. Made of the data files of Debian's `wordnet-base` 3.0-37.
WORDNET = Path(__file__).parent / "wordnet"

# Kinds whose words are against each other in a looser sentence too; the others need its very words.
PLAIN = frozenset(("direction", "stance", "outcome"))
# Before a word these say that it is not so.
PREFIXES = frozenset("un in im il ir dis non non-".split())
# (kind, one side, the other side)
SIDES = (
    (
        "direction",
        """rise rose risen rising increase grow grew grown growth climb soar jump surge gain advance
        expand expansion widen strengthen accelerate improve improvement boost raise lift double
        triple up higher high more above upward upwards upturn rally recover rebound hike spike
        escalate intensify swell multiply add heighten larger bigger greater longer wider stronger
        faster warmer hotter highest record outnumber exceed top overshoot inflate appreciate
        highs peak build upgrade enhance extend lengthen tighten oversubscribed surplus profit
        inflow import hire recruit deepen enlarge ascend richer older taller heavier""",
        """fall fell fallen falling decrease shrink shrank shrunk decline drop plunge slump tumble
        slip lose lost loss retreat contract contraction narrow weaken slow slowed worsen
        deteriorate deterioration cut reduce reduction lower low halve down fewer less below
        downward downwards downturn slide slid sink sank sunk ebb ease subside diminish dwindle
        subtract lessen smaller shorter narrower weaker slower cooler colder lowest dip crash
        collapse undershoot deflate depreciate lows trough plummet downgrade shorten loosen deficit
        outflow export fire layoff shed descend poorer younger lighter curb trim slash scale
        curtail recede erode dampen""",
    ),
    (
        "stance",
        """support back backed supporter endorse favour favor favourable for praise praised applaud
        welcome hail commend approve accept acceptance embrace confirm admit acknowledge agree
        agreed agreement affirm defend advocate champion encourage recommend urge promote join
        believe trust respect admire love like liked enjoy celebrate thank please pleased happy
        proud optimistic optimism confident confidence hopeful certain sure cheer cheered
        concede consent assent uphold upheld friend friendly ally allied partner pro yes willing
        satisfied satisfaction forgive sympathetic supportive positive comply cooperate
        obey vindicate credit keen eager impressed reassured glad""",
        """oppose opposed opponent opposition condemn against criticise criticize criticism critic
        denounce disapprove reject rejection rebuff deny denied denial dispute disagree disagreement
        attack resist refuse refusal decline discourage warn warned boycott doubt distrust mistrust
        despise hate dislike disliked regret mourn blame angry anger unhappy sad ashamed pessimistic
        pessimism uncertain unsure doubtful boo booed jeer dissent overturn enemy hostile foe rival
        anti no unwilling reluctant dissatisfied dissatisfaction slam lambast deplore deride mock
        scorn unsympathetic negative protest contradict rebuke defy disobey disown discredit
        wary fearful alarmed object objected skeptical sceptical""",
    ),
    (
        "outcome",
        """win won winning winner victory victorious succeed success successful approve approved
        pass passed survive survivor survived convict convicted conviction guilty allow allowed
        permit legalise legalize authorise authorize grant granted appoint hire hired reinstate
        release released free freed open reopen build built create created rescue rescued save
        saved find found catch caught arrive arrived remain remained stay stayed stand keep kept
        adopt adopted ratify enact resolve resolved solve recover recovered live alive restore
        restored elect elected qualify qualified score scored achieve attained complete completed
        beat deliver delivered accept secure secured escape escaped triumph start
        launch launched join joined fit healthy uphold innocent promote promoted advance attend
        attended include included""",
        """lose lost losing loser fail failed failure unsuccessful reject rejected
        veto vetoed die died dead death killed kill perish acquit acquitted acquittal innocent
        cleared ban banned forbid forbade forbidden prohibit prohibited outlaw bar barred block
        blocked deny denied refuse refused dismiss dismissed sack sacked fire fired suspend
        suspended jail jailed imprison imprisoned detain detained arrest arrested capture captured
        close closed shut demolish demolished destroy destroyed abandon abandoned miss missed leave
        left depart departed resign resigned quit withdraw withdrew withdrawn repeal repealed revoke
        scrap scrapped cancel cancelled canceled halt halted collapse collapsed eliminate eliminated
        knocked concede conceded drop dropped expel expelled exclude excluded injured ill guilty
        relegate relegated demote retreat skip skipped""",
    ),
    (
        "quantity",
        """all every everyone everybody everything everywhere always entire entirely whole wholly
        fully total totally completely both most mostly majority many numerous much plenty
        often frequently usually regularly widely largely generally abundant thousands
        unanimous unanimously more several dozens hundreds millions billion""",
        """none no nobody nothing nowhere never partly partial partially neither few fewest little
        minority hardly rarely seldom occasionally sometimes infrequently narrowly barely scarce
        half some one single scarcely individual less least couple handful""",
    ),
    (
        "order",
        """before earlier early ahead prior previous previously preceding first begin began begun
        beginning start started opening opened open launch launched former formerly past yesterday
        last until precede preceded old older oldest ago initially initial originally eve morning
        dawn introduce introduced arrive arrived enter entered entrance onset inaugurate premiere
        debut outset spring resume resumed predecessor""",
        """after later late behind subsequent subsequently following last final finally end ended
        ending finish finished close closed closing conclude concluded current currently present
        presently future tomorrow next since follow followed new newer newest new recent recently
        evening dusk night eventually ultimately abolish abolished leave left depart departed exit
        exited cease ceased stop stopped suspend suspended autumn pause successor first""",
    ),
    (
        "modality",
        """must shall will can possible possibly able likely probable probably certainly certain
        definitely mandatory compulsory required obligatory necessary should feasible permanent
        permanently deliberate deliberately intentional intentionally public publicly legal legally
        lawful official officially voluntary voluntarily direct directly known clear clearly
        formal formally significant significantly major easy easily safe safely strong strongly
        fast quickly quick rapidly rapid sudden suddenly immediate immediately real true""",
        """may might cannot can't impossible unable unlikely improbable perhaps uncertain optional
        voluntary voluntarily unnecessary needn't infeasible temporary temporarily accidental
        accidentally unintentional unintentionally inadvertently private privately secret secretly
        illegal illegally unlawful unofficial unofficially involuntary indirect indirectly unknown
        unclear informal informally insignificant slight slightly minor hard difficult dangerous
        unsafe risky weak weakly slow slowly gradually gradual eventually delayed fake false won't
        reluctantly""",
    ),
    (
        "comparison",
        """better best largest biggest greatest highest most more longest fastest strongest richest
        wealthiest oldest nearest closest heaviest hottest busiest safest easiest larger bigger rich
        large big great huge long wide near close heavy hot warm busy expensive costly dear wealthy
        old superior upper northern north eastern east inside indoor domestic internal urban
        national local maximum minimum above senior front top outer""",
        """worse worst smallest lowest least fewest less shortest slowest weakest poorest youngest
        newest farthest furthest lightest coldest quietest deadliest hardest smaller tiny poor small
        little short narrow far distant light cold cool quiet cheap inexpensive young new inferior
        lower southern south western west outside outdoor foreign external rural minimum maximum
        international global below junior back bottom rear inner""",
    ),
    (
        "party",
        """he him his himself man men boy boys father dad husband son brother uncle nephew grandson
        grandfather male gentleman king prince actor businessman chairman spokesman widower
        republican conservative tory right-wing government ruling buyer seller lender
        creditor employer plaintiff prosecution prosecutor landlord teacher doctor victim
        civilian ally import attacker producer supplier host home parent owner
        catholic sunni israeli rich""",
        """she her hers herself woman women girl girls mother mum mom wife daughter sister aunt
        niece granddaughter grandmother female lady queen princess actress businesswoman chairwoman
        spokeswoman widow democrat democratic labour liberal left-wing opposition rebel seller buyer
        borrower debtor employee defendant defence defense tenant student pupil patient perpetrator
        suspect military soldier enemy export defender consumer customer visitor visiting away
        child children renter guest protestant shia shiite palestinian poor""",
    ),
)
