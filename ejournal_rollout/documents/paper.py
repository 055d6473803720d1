"""An order of the database as a Word file, in the font that its school has chosen."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from urllib.parse import urljoin

from django.urls import reverse

from ejournal_rollout.orders.drafts import OrderDraft
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.models import School

from .writing import ANNEXES, Look, write_order


def word_file(
    order: Order,
    draft: OrderDraft,
    annex: str = "",
    *,
    site: str,
    notes: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> bytes:
    """`draft` is what the paper says of `order`: its words of today or the signed ones; whole or one annex.

    `site` is the address of the site, for the link on the paper of a school that wants one; `notes` as `write_order`.
    """
    return write_order(
        draft,
        annexes=[annex] if annex else ANNEXES,
        draft_mark=not (draft.number and draft.signed_on),
        address=urljoin(site, _page(order, annex)) if order.school.paper_address else "",
        qr=True,
        look=look_of(order.school),
        notes=notes,
    )


def look_of(school: School) -> Look:
    return Look(font=school.paper_font, size=school.paper_size)


def _page(order: Order, annex: str) -> str:
    """Where the paper can be read as it stands now, as long as the order exists: a sheet hangs on the wall for years.

    The plan has a page for every order; a regulation and a schedule stand, or are linked, on the page of their order.
    """
    return f"{reverse('plans:plan')}?order={order.pk}" if annex == "plan" else order.get_absolute_url()
