"""A person's secret calendar addresses.

No secret is stored: it is told from the person and the number of replacements by the secret key of the site. So a copy
of the database opens no calendar, the page can show the address at any time, and asking for it changes nothing.
"""

from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from ejournal_rollout.history.recording import record
from ejournal_rollout.people.models import Membership

from .models import CalendarKey

SALT = "ejournal_rollout.calendars"


def calendar_secret(member: Membership) -> str:
    """«12-9f3c…»: whose calendar, and 160 bits that nobody guesses. One query."""
    key = CalendarKey.objects.filter(member=member).first()
    return _secret(member.pk, key.replaced if key else 0)


def member_of_secret(secret: str) -> Membership | None:
    """Whose calendar the secret of an address opens; None for a secret that was replaced or never was.

    Whether the person still works at the school tells `roles_on`.
    """
    number = secret.partition("-")[0]
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    found = Membership.objects.with_people().select_related("calendar_key").filter(pk=int(number)).first()
    if found is None:
        return None
    key = getattr(found, "calendar_key", None)
    return found if constant_time_compare(_secret(found.pk, key.replaced if key else 0), secret) else None


@transaction.atomic
def replace_calendar_secret(member: Membership) -> None:
    """Close the old addresses of `member`: new ones are told from now on."""
    key, _is_new = CalendarKey.objects.get_or_create(member=member)
    CalendarKey.objects.filter(pk=key.pk).update(replaced=F("replaced") + 1)
    record("calendars.address_replaced", key, by=member)


def site_mark() -> str:
    """Ends the identifiers of events, so that those of two sites in one calendar program never meet."""
    return salted_hmac(SALT, "site", algorithm="sha256").hexdigest()[:12]


def _secret(member_id: int, replaced: int) -> str:
    told = salted_hmac(SALT, f"{member_id} {replaced}", algorithm="sha256")
    return f"{member_id}-{told.hexdigest()[:40]}"
