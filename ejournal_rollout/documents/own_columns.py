"""The columns that our tables for Excel add to those of the paper: written by `annex_tables`, left out when a table is
read back. Pure but for the language of the headers."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

_ANY_DAY = "0"  # stands for the day where headers are only compared
_DAY = r"\d\d\.\d\d\.\d{4}"


def stage_header() -> str:
    """Of the first column, where the paper prints stages over the whole width of the table."""
    return _("Stage")


def plan_headers(day: str) -> list[str]:
    """`day` as dd.mm.yyyy."""
    return [_("First day"), _("Last day"), _("Status"), _("Executors on %(day)s") % {"day": day}]


def schedule_headers(day: str) -> list[str]:
    """`day` as dd.mm.yyyy."""
    return [
        _("Days and hours as understood"),
        _("Length of a consultation, minutes"),
        _("Specialists on %(day)s") % {"day": day},
    ]


def own_places(headers: Sequence[str]) -> frozenset[int]:
    """Which of `headers` our tables added, from 0; none if nobody's name stands under a day, as in each of our tables.

    Of two with the same words it is the last: the paper's own columns stand first.
    """
    for *plain, dated in (plan_headers(_ANY_DAY), schedule_headers(_ANY_DAY)):
        form = re.escape(dated).replace(_ANY_DAY, _DAY)
        places = [place for place, header in enumerate(headers) if re.fullmatch(form, header)]
        if places:
            last = {header: place for place, header in enumerate(headers)}
            return frozenset([places[-1], *(last[header] for header in plain if header in last)])
    return frozenset()
