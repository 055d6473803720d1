"""What Word and Excel files can hold. Pure."""

import re

# What XML cannot hold: control characters, halves of pairs, the two last signs of the plane.
_FORBIDDEN = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """The text as XML can hold it; every kind of line end is one."""
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
