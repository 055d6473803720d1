"""What a written order is called as a file. Pure."""

import re

from ejournal_rollout.orders.drafts import OrderDraft, fold

_ANNEX_WORDS = {"plan": "план", "regulation": "регламент", "schedule": "график консультаций"}
_WORDING_WORDS = {"signed": "как подписан", "amended": "с изменениями"}
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')  # what some file system refuses


def safe_name(number: str) -> str:
    """«412-01-18» of «412/01-18»."""
    return _UNSAFE.sub("-", fold(number)).strip("-. ")


def paper_name(draft: OrderDraft, annex: str = "", *, wording: str = "", ending: str = "docx") -> str:
    """«Приказ 412-01-18 от 31.08.2026, план.docx»; without number and date «Приказ (проект) 2026-2027.docx»."""
    words = ["Приказ"]
    if draft.number:
        words.append(safe_name(draft.number))
    if draft.signed_on:
        words.append(f"от {draft.signed_on:%d.%m.%Y}")
    if not (draft.number and draft.signed_on):
        words.insert(1, "(проект)")
        words += [str(draft.school_year).replace("/", "-")] if draft.school_year else []
    parts = [" ".join(filter(None, words)), _ANNEX_WORDS.get(annex, ""), _WORDING_WORDS.get(wording, "")]
    return ", ".join(filter(None, parts)) + f".{ending}"
