"""Whether the school that an order names is ours. Pure."""

import re

_NO_LETTER_OR_DIGIT = re.compile(r"[\W_]+")


def names_another_school(organization: str, school: str) -> bool:
    """Capitals, quotes, blanks and points do not matter; an order that names no organization is not another's."""
    return bool(_bare(organization)) and _bare(organization) != _bare(school)


def _bare(name: str) -> str:
    return _NO_LETTER_OR_DIGIT.sub("", name.casefold().replace("ё", "е"))
