"""An amending order -> .docx: the text of changes to be signed, then each changed annex in its new wording."""

from dataclasses import replace
from datetime import date

from ejournal_rollout.orders.changes import ANNEXES, WordingChanges
from ejournal_rollout.orders.drafts import OrderDraft, fold
from ejournal_rollout.orders.headings import heading_as_amended

from .amending import amending_points, order_words
from .lines import clean
from .name import safe_name
from .order import DRAFT_MARK, annex_page, in_printed_order, letterhead
from .sheet import Look, Sheet

TITLE = "ПРИКАЗ"
SIGNING_POST = "Директор"
CONTROL = "2. Контроль за исполнением настоящего приказа оставляю за собой."


def write_amendment(
    found: WordingChanges,
    order: OrderDraft,
    *,
    number: str = "",
    signed_on: date | None = None,
    grounds: str = "",
    signatory: str = "",
    look: Look | None = None,
) -> bytes:
    """The .docx. `order` is the amended order in its new wording; «ПРОЕКТ» stands above until number and date.
    `signatory` is the name beside the signature («А.П. Иванова»), "" leaves its place blank.
    """
    subject = f"О внесении изменений в приказ {order_words(order.number, order.signed_on)}"
    sheet = Sheet(look or Look(), title=subject, mark="" if number and signed_on else DRAFT_MARK)
    sheet.page()
    *above, title = amendment_letterhead(order)
    for line in above:
        sheet.centred(line)
    sheet.centred(title, bold=True, space=12)
    sheet.plain(order_words(number, signed_on))
    sheet.title([subject])
    sheet.indented(preamble(grounds))
    for point in amending_points(found, number=order.number, signed_on=order.signed_on):
        sheet.indented(clean(f"{point.number}. {point.words}"), space=4, keep=point.words.endswith(":"))
        for line in point.quoted:
            sheet.indented(line)
        if point.table is not None:
            sheet.table(point.table)
    sheet.indented(CONTROL, space=4)
    sheet.signature(SIGNING_POST, signatory)
    changed = [one.name for one in found.annexes if one.new is not None]
    for annex in in_printed_order(as_amended(order, changed, number=number, signed_on=signed_on), changed):
        annex_page(sheet, annex)
    return sheet.bytes()


def amendment_letterhead(order: OrderDraft) -> list[str]:
    """The lines above the date: those of the amended order, else its organization; the last one is «ПРИКАЗ»."""
    return letterhead(order.body) or [*filter(None, [fold(order.organization)]), TITLE]


def preamble(grounds: str) -> str:
    """«В связи с …, приказываю:»"""
    words = fold(grounds).rstrip(" .,;:")
    return f"{words}, приказываю:" if words else "Приказываю:"


def as_amended(order: OrderDraft, annexes: list[str], *, number: str, signed_on: date | None) -> OrderDraft:
    """The order with «(в редакции приказа от … № …)» under the headings of these annexes."""
    found = {name: getattr(order, name) for name in ANNEXES if name in annexes}
    return replace(
        order,
        **{
            name: replace(annex, heading=heading_as_amended(annex.heading, number=number, signed_on=signed_on))
            for name, annex in found.items()
            if annex is not None
        },
    )


def amendment_name(number: str, signed_on: date | None) -> str:
    """«Приказ 430-01-18 от 10.11.2026 об изменениях.docx»"""
    words = ["Приказ", safe_name(number), f"от {signed_on:%d.%m.%Y}" if signed_on else "", "об изменениях"]
    mark = "" if number and signed_on else ", проект"
    return " ".join(filter(None, words)) + f"{mark}.docx"
