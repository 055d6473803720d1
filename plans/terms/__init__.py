"""The terms of the plan (Annex 1, column «Сроки»): what the printed words mean. Pure, no database.

"Май-июнь 2021" -> signs (`words`) -> statements (`grammar`) -> one `Term` (`reading`); the same signs
carry the words to another year (`shifting`). The words themselves are never changed by reading, and
what is not understood in full gives no dates and a `doubt`: a person is asked (our decision).
"""

from .reading import Doubt, Kind, Precision, Term, read_term
from .shifting import shift_school_years, shift_term

__all__ = ["Doubt", "Kind", "Precision", "Term", "read_term", "shift_school_years", "shift_term"]
