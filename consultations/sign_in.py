"""The sign-in sheet of a seminar in words, for the page and for the Word file alike."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from .models import Participation, Seminar

LINES_LEFT_FREE = 5  # for those who come without having signed up, while there are places


@dataclass(frozen=True)
class SignInSheet:
    """`rows` are (number, name, post, ""): the last cell is signed. `leaders` are (post, name as it is signed)."""

    school: str
    title: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    leaders: tuple[tuple[str, str], ...]
    file_name: str


def sheet_of(seminar: Seminar, seated: Iterable[Participation]) -> SignInSheet:
    """Reads `room`, `school` and `leaders` of the seminar; `seated` in the order of the sheet, with their people."""
    starts_at, ends_at = (localtime(one, seminar.school.zone) for one in (seminar.starts_at, seminar.ends_at))
    people = [(one.participant.full_name, one.participant.post) for one in seated]
    people += [("", "")] * min(LINES_LEFT_FREE, max(seminar.places - len(people), 0))
    leaders = list(seminar.leaders.all())
    facts = [
        (_("When"), f"{starts_at:%d.%m.%Y}, {starts_at:%H:%M}–{ends_at:%H:%M}"),
        (_("Where"), seminar.where),
        (_("Leaders"), ", ".join(one.full_name for one in leaders)),
    ]
    return SignInSheet(
        school=seminar.school.name,
        title=(_("SIGN-IN SHEET"), f"{seminar.get_kind_display()} «{seminar.title}»"),
        facts=tuple((words, value) for words, value in facts if value),
        headers=(_("No."), _("Name"), _("Post"), _("Signature")),
        rows=tuple((str(number), *person, "") for number, person in enumerate(people, start=1)),
        leaders=tuple((one.post, one.user.signature_name) for one in leaders),
        file_name=_("Sign-in sheet of {day}").format(day=f"{starts_at:%d.%m.%Y}") + ".docx",
    )
