"""An OrderDraft -> .docx: the order's own text, then each annex on a page of its own."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType

from ejournal_rollout.orders.drafts import OrderDraft, PlanDraft, RegulationDraft, ScheduleDraft, fold
from ejournal_rollout.xml_text import clean

from .lines import LIST_MARK, body_paragraphs, clause_paragraphs
from .rows import plan_table, schedule_table
from .sheet import Look, Sheet

ANNEXES = ("plan", "regulation", "schedule")
DRAFT_MARK = "ПРОЕКТ"
_ORDER_TITLE = re.compile(r"п\s?р\s?и\s?к\s?а\s?з\W*$|р\s?а\s?с\s?п\s?о\s?р\s?я\s?ж\s?е\s?н\s?и\s?е\W*$", re.IGNORECASE)
_ANNEX_NUMBER = re.compile(r"\W*приложение\s*(?:№\s*)?(\d+)", re.IGNORECASE)
_POINT = re.compile(r"\d{1,2}(?:\.\d{1,2})*[.)]\s|в целях|на основании|во исполнение|в соответствии", re.IGNORECASE)
_WIDE_GAP = re.compile(r"[ \xa0]{5,}|\t")  # «30 августа 2024 г.      № 215-ОД»
_CHAPTER = re.compile(r"[IVX]{1,5}\.|глава\b|раздел\b", re.IGNORECASE)

Annex = PlanDraft | RegulationDraft | ScheduleDraft


def write_order(
    draft: OrderDraft,
    *,
    annexes: Collection[str] = ANNEXES,
    draft_mark: bool,
    address: str = "",
    qr: bool = False,
    look: Look | None = None,
    notes: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> bytes:
    """The .docx. `draft_mark` prints «ПРОЕКТ» above every page: until the order has a number and a date.

    The order's own text goes with all three annexes only. `address` of a page is printed below every page,
    with `qr` also as a QR code below the first. `notes` stand under their annex. Reading the file gives an equal draft.
    """
    chosen = list(in_printed_order(draft, annexes))
    first = next(iter(chosen), None)
    sheet = Sheet(
        look or Look(),
        title=fold(first.title if len(chosen) == 1 and first else f"Приказ {draft.number}"),
        mark=DRAFT_MARK if draft_mark else "",
        address=address,
        qr=qr,
    )
    if draft.body and set(ANNEXES) <= set(annexes):
        sheet.page()
        _write_body(sheet, draft.body)
    for annex in chosen:
        annex_page(sheet, annex)
        for place, note in enumerate(next((notes[name] for name in notes if getattr(draft, name) is annex), ())):
            sheet.footnote(note, space=0 if place else 8)
    return sheet.bytes()


def annex_page(sheet: Sheet, annex: Annex) -> None:
    sheet.page(landscape=isinstance(annex, PlanDraft))
    sheet.heading_block(_lines(annex.heading))
    sheet.title(_lines(annex.title))
    _write_annex(sheet, annex)


def in_printed_order(draft: OrderDraft, annexes: Collection[str]) -> Iterator[Annex]:
    """By the numbers in their headings: the schedule may be Annex 2. Those without a number stay in their places."""
    found = [annex for name in ANNEXES if name in annexes and (annex := getattr(draft, name)) is not None]
    numbers = [_ANNEX_NUMBER.match(annex.heading) for annex in found]
    if all(numbers):
        found = [annex for _number, _place, annex in sorted(_numbered(found, numbers), key=lambda one: one[:2])]
    yield from found


def _numbered(found: list[Annex], numbers: list[re.Match[str] | None]) -> Iterator[tuple[int, int, Annex]]:
    for place, (annex, number) in enumerate(zip(found, numbers, strict=True)):
        yield int(number[1]) if number else 0, place, annex


def _lines(text: str) -> list[str]:
    return [line for line in clean(text).split("\n") if line.strip()]


def _write_body(sheet: Sheet, body: str) -> None:
    """The letterhead and the title in the middle, the points with an indent, date and signature as they were typed."""
    paragraphs = body_paragraphs(body)
    title = len(letterhead(body)) - 1
    for place, text in enumerate(paragraphs):
        if place <= title:
            sheet.centred(text, bold=place == title, space=12 if place == title else 0)
        elif _POINT.match(text):
            sheet.indented(text)
        else:
            sheet.plain(text, space=0 if _WIDE_GAP.search(text) and place == title + 1 else 8)


def letterhead(body: str) -> list[str]:
    """The paragraphs of the order's own text down to the word «ПРИКАЗ»; none where it has no such title."""
    paragraphs = body_paragraphs(body)
    title = next((place for place, text in enumerate(paragraphs) if _ORDER_TITLE.match(text)), -1)
    return paragraphs[: title + 1]


def _write_annex(sheet: Sheet, annex: Annex) -> None:
    match annex:
        case PlanDraft():
            sheet.table(plan_table(annex))
        case ScheduleDraft():
            sheet.table(schedule_table(annex))
        case RegulationDraft():
            for clause, paragraphs in zip(annex.clauses, clause_paragraphs(annex.clauses), strict=True):
                for place, text in enumerate(paragraphs):
                    if place == 0 and _CHAPTER.match(clause.number):
                        sheet.centred(text)
                    elif text.startswith(LIST_MARK):
                        sheet.bullet(text.removeprefix(LIST_MARK))
                    else:
                        sheet.indented(text)
