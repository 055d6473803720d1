"""Signs that look like nothing, and words written apart: for recognising words, never for storing them. Pure."""

import re

UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"  # the soft hyphen and blanks without width: nobody sees them
_SPACED = re.compile(r"(?<!\w)\w(?: \w){3,}(?!\w)")


def together(text: str) -> str:
    """«П Р И К А З» as «ПРИКАЗ»."""
    return _SPACED.sub(lambda found: found.group().replace(" ", ""), text)
