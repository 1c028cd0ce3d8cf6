"""TABLE: every number that was chosen on data, with what it decides, on which scale, and by what.

Knows no code. Limits of size, time and protocol are not chosen on data and stand where they hold.
What is calibrated to late interaction's cosines is calibrated to
the models that Onrecord carries: with another one, or with none, it is used unchanged and may not
fit (`models.opened` says so in the log).
"""

from rag.tuned import answering, checking, reading, searching
from rag.tuned.answering import *  # noqa: F403
from rag.tuned.checking import *  # noqa: F403
from rag.tuned.reading import *  # noqa: F403
from rag.tuned.row import _ROWS
from rag.tuned.searching import *  # noqa: F403

# In the order in which the parts are read: by their names.
_PARTS = (answering, checking, reading, searching)
_NAMES = [n for part in _PARTS for n in vars(part) if n.isupper() and n[0] != "_"]
TABLE = dict(zip(_NAMES, _ROWS, strict=True))
