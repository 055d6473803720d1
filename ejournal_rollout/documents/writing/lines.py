"""Texts as paragraphs. A line that, standing alone, would be read as something else stays with the one above. Pure."""

from collections.abc import Callable, Iterable, Iterator

from ejournal_rollout.documents.reading.annexes import BULLET, CHAPTER, CLAUSE, ITEM, could_begin_annex
from ejournal_rollout.orders.drafts import ClauseDraft
from ejournal_rollout.xml_text import clean

LIST_MARK = "• "


def body_paragraphs(body: str) -> list[str]:
    return list(_joined(clean(body).split("\n"), could_begin_annex))


def clause_paragraphs(clauses: Iterable[ClauseDraft]) -> Iterator[list[str]]:
    """The paragraphs of each clause: first its number with its first line; an item of a list begins with «• »."""
    known = list(clauses)
    by_bracket = not any(CLAUSE.match(f"{one.number} ") for one in known)  # «1) …» is then a clause of its own

    def sticks(line: str) -> bool:
        is_clause = CLAUSE.match(line) or CHAPTER.match(line) or (by_bracket and ITEM.match(line))
        return bool(is_clause) or could_begin_annex(line)

    for clause in known:
        first, *lines = clean(clause.text).split("\n")
        # reading makes «• » of every mark, except in the paragraph of the number: there a dash was printed as a dash
        raw = max((place for place, line in enumerate(lines, start=1) if _has_own_mark(line)), default=0)
        head = "\n".join([first, *lines[:raw]])
        yield list(_joined([f"{clean(clause.number)} {head}".lstrip(" "), *lines[raw:]], sticks))


def _has_own_mark(line: str) -> bool:
    return bool(BULLET.match(line)) and not line.startswith(LIST_MARK)


def _joined(lines: list[str], sticks: Callable[[str], bool]) -> Iterator[str]:
    """Paragraphs; an empty line, the line after it and a line typed with blanks before it stay inside one."""
    paragraph = lines[0]
    for line in lines[1:]:
        if not line or paragraph.endswith("\n") or line[:1].isspace() or sticks(line):
            paragraph += f"\n{line}"
        else:
            yield paragraph
            paragraph = line
    yield paragraph
