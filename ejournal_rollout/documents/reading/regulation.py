"""Annex 2 on paper -> RegulationDraft. Pure but for the language of the remarks."""

import re
from dataclasses import replace

from django.utils.translation import gettext as _

from ejournal_rollout.documents.tables import Paragraph, Table
from ejournal_rollout.documents.tables.headers import is_signature
from ejournal_rollout.orders.drafts import ClauseDraft, RegulationDraft, fold, plain_number, rows

from .annexes import BARE, BULLET, CHAPTER, CLAUSE, ITEM, Section, words_of
from .remarks import Place, Remark, on_letters, remark

_CHAPTER = re.compile(r"(?:глава|раздел|статья)\s+(?:\d+|[IVX]+)\b|[IVX]{1,5}\.", re.IGNORECASE)


def read_regulation(section: Section) -> tuple[RegulationDraft, list[Remark]]:
    """Clauses by their printed numbers; every other paragraph belongs to the clause above it."""
    name = section.label or _("Regulation")
    clauses: list[list[str]] = []  # [number, line, line, …]
    lines = [line for block in section.content for line in _lines(block)]
    signature = lines.pop() if len(lines) > 1 and is_signature(lines[-1]) else ""
    # «1) …» is a clause only where nothing else is, and «1 Помощь» where there is no «1) …» either
    last = () if any(map(CLAUSE.match, lines)) else (ITEM,) if any(map(ITEM.match, lines)) else (BARE,)
    forms = (CLAUSE, CHAPTER, *last)
    for line in lines:
        found = next(filter(None, (form.match(line) for form in forms)), None)
        if found and _is_next(found["number"], clauses):
            clauses.append([found["number"], *found["text"].split("\n")])
        elif clauses:
            clauses[-1].append(_bulleted(line))
        else:
            clauses.append(["", _bulleted(line)])
    drafts = tuple(ClauseDraft(number, "\n".join(words).strip("\n")) for number, *words in clauses)
    keyed = list(rows(RegulationDraft(clauses=drafts)))
    remarks = [one for key, draft in keyed for one in on_letters(draft.text, _place(name, key, draft.number))]
    if drafts and not any(draft.number for draft in drafts):
        text = _("The clauses have no numbers: all the text stands as one clause. Part it if need be.")
        remarks.append(remark(_place(name, keyed[0][0], ""), "clauses_unnumbered", text, drafts[0].text))
    remarks += _repeated(name, keyed)
    if signature:
        text = _("These words found no place and are not taken over: “%(words)s”") % {"words": fold(signature)}
        remarks.append(remark(Place("regulation", name), "words_left", text, signature))
    return RegulationDraft("\n".join(section.heading), "\n".join(section.title), drafts), remarks


def _lines(block: Paragraph | Table) -> list[str]:
    if isinstance(block, Table):
        return words_of(block).split("\n")
    return [block.text] if block.text else []


def _bulleted(line: str) -> str:
    """Whatever mark the paper uses, a bulleted line begins with «• »."""
    return "\n".join(BULLET.sub("• ", part, count=1) if BULLET.match(part) else part for part in line.split("\n"))


def _is_next(number: str, clauses: list[list[str]]) -> bool:
    """«14.30 – 16.00» at the start of a line is no clause: without a dot at its end a number must follow the last."""
    if number.endswith((".", ")")) or not number[:1].isdigit():
        return True
    top = plain_number(number).split(".")[0]
    last = next((plain_number(one[0]).split(".")[0] for one in reversed(clauses) if one[0]), "0")
    return not last.isdigit() or top in (last, str(int(last) + 1))


def _place(name: str, key: str, number: str) -> Place:
    """A clause without a number is told by its place: «абзац 3»."""
    words = (
        _("clause %(number)s") % {"number": plain_number(number)}
        if plain_number(number)
        else _("paragraph %(number)s") % {"number": key.strip("/")}
    )
    return Place("regulation", f"{name}, {words}", key, "text")


def _repeated(name: str, keyed: list[tuple[str, ClauseDraft]]) -> list[Remark]:
    if any(_CHAPTER.match(f"{clause.number} {clause.text}") for _key, clause in keyed):
        return []  # in a regulation with chapters the numbers may begin anew
    found, seen = [], set()
    for key, clause in keyed:
        number = plain_number(clause.number)
        if number in seen:
            text = _("The number %(number)s is printed twice in the regulation.") % {"number": number}
            found.append(remark(replace(_place(name, key, number), field="number"), "number_twice", text, number))
        if number:
            seen.add(number)
    return found
