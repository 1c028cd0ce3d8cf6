"""How each database became what it is: functions in the order in which they were written.

Each is applied once, in a transaction of its own together with its record in `migrations`, and a
new database is made by applying them all. A function here never changes once it was released: what
comes later is a function of its own, below.
"""

from rag.library.migrations.library import LIBRARY
from rag.library.migrations.people import PEOPLE

__all__ = ["LIBRARY", "PEOPLE"]
