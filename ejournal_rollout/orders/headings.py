"""«(в редакции приказа от … № …)» under the heading of an annex: printed, never stored with the order. Pure."""

import re
from datetime import date

_IN_THE_WORDING = re.compile(r"\s*\((?:в\s+ред(?:акции|\.)|с\s+изм(?:енениями|\.))[^()]*\)", re.IGNORECASE)


def heading_as_amended(heading: str, *, number: str, signed_on: date | None) -> str:
    """The annex heading with «(в редакции приказа от … № …)» of the amending order under it."""
    on = f"{signed_on:%d.%m.%Y}" if signed_on else "____________"
    return f"{without_amendments(heading)}\n(в редакции приказа\nот {on} № {number or '______'})"


def without_amendments(heading: str) -> str:
    """The annex heading without «(в редакции приказа …)»: such a line belongs to one order only."""
    return _IN_THE_WORDING.sub("", heading)
