"""Pages of a text file: what stands on each of them (a number, a running head) is no part of the order. Pure.

A page ends at a form feed, or at its number: «- 2 -», «Стр. 2», or a number alone in the middle of the line, if
the numbers follow each other at a distance.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from .headers import is_annex, is_header, is_stage

_PAGE = "\f"
_NUMBER = re.compile(
    r"(?:(?:стр(?:аница|\.)?|лист)\s?|[-–—]\s?|\[)?(?P<number>\d{1,3})\s?(?:[-–—\]]|(?:из|/)\s?\d{1,3})?",
    re.IGNORECASE,
)
_INDENT = 10  # blanks before a number that stands alone in the middle of the line
_SHORTEST_PAGE = 15  # lines
_DEPTH = 3  # lines at the top and at the bottom of a page that may be repeated on each
_SHORTEST_HEAD = 15  # letters; «Директор» at the end of each page is more likely a cell
_CELLS = re.compile(r"\t|\||;.*;|[\u2500-\u257f]")
_GOES_ON = re.compile(r"[ \t]*(?:продолжение|окончание)[ \t]+(?:приложения|таблицы)\b.{0,20}", re.IGNORECASE)
_OF_ANNEX = re.compile(r"\W*(?:утвержд|согласован|к\s+приказу|приказом)", re.IGNORECASE)


def without_running_heads(text: str) -> tuple[str, list[str]]:
    """The text, and what was repeated on its pages or leads over to the next, each once. Page numbers are dropped."""
    text = re.sub(r"\r\n?", "\n", text)
    going_on = [line.strip() for line in text.split("\n") if _GOES_ON.fullmatch(line)]
    text = "\n".join(line for line in text.split("\n") if not _GOES_ON.fullmatch(line))
    text = text if _PAGE in text else _cut_at_numbers(text)
    pages = [page.split("\n") for page in text.split(_PAGE)]
    if len(pages) < 2:
        return text, going_on
    tops = Counter(line for page in pages for line in _edge(page))
    bottoms = Counter(line for page in pages for line in _edge(page[::-1]))
    heads = {
        line
        for edge in (tops, bottoms)
        for line, times in edge.items()
        if times > len(pages) / 2 and len(line) >= _SHORTEST_HEAD
    }
    taken = going_on
    for place, page in enumerate(pages):
        numbers = range(max(place, 1), place + 3)  # a title page may be counted or not
        taken += _strip(page, range(len(page)), heads, numbers if place else ())
        taken += _strip(page, range(len(page) - 1, -1, -1), heads, numbers)
    for before, after in zip(pages, pages[1:], strict=False):
        taken += _strip(after, range(len(after)), set(_interruption(before, after)))
    return _joined(pages), list(dict.fromkeys(taken))


def _joined(pages: list[list[str]]) -> str:
    """A new page begins a new paragraph, unless it goes on with the cells of the page before."""
    text = ""
    for page in pages:
        text = text.removesuffix("\n")  # the end of the line before the form feed
        goes_on = bool(page and page[0].startswith("\t") and text.rpartition("\n")[2].startswith("\t"))
        text += (("\n" if goes_on else "\n\n") if text else "") + "\n".join(page)
    return text


def _cut_at_numbers(text: str) -> str:
    lines = text.split("\n")
    cuts: list[int] = []
    for place, line in enumerate(lines):
        if not (found := _page_number(line)):
            continue
        if found in ((1, 2) if not cuts else (_page_number(lines[cuts[-1]]) + 1,)) and (
            place >= (cuts[-1] if cuts else 0) + _SHORTEST_PAGE
        ):
            cuts.append(place)
    if len(cuts) < 2:
        return text
    for cut in cuts:
        lines[cut] = _PAGE
    return "\n".join(lines)


def _page_number(line: str) -> int:
    """The number of a page, 0 if the line is none; a bare figure may as well be a row's number or a room."""
    is_marked = not line.strip()[:1].isdigit() or len(line) - len(line.lstrip()) >= _INDENT
    return _number(line) if is_marked else 0


def _number(line: str) -> int:
    found = _NUMBER.fullmatch(line.strip()) if "\t" not in line else None
    return int(found["number"]) if found else 0


def _edge(page: list[str]) -> Iterator[str]:
    """The first lines of a page that may be its running head: no cells, no header of a table, no annex."""
    left = _DEPTH
    for line in page:
        if not line.strip() or _number(line):
            continue
        if not left or _CELLS.search(line) or _OF_ANNEX.match(line) or is_annex(line) or _heads_table(line):
            return
        left -= 1
        yield " ".join(line.split())


def _strip(page: list[str], places: Iterable[int], heads: set[str], numbers: Collection[int] = ()) -> list[str]:
    """Take the running head or foot off the page, and its number if it is one of these; tell what was taken."""
    found: list[int] = []
    for place in places:
        line = " ".join(page[place].split())
        if not line:
            continue
        if line not in heads and _number(page[place]) not in numbers:
            break
        found.append(place)
    taken = [" ".join(page[place].split()) for place in found if not _number(page[place])]
    for place in sorted(found, reverse=True):
        del page[place]
    return taken


def _interruption(before: list[str], after: list[str]) -> list[str]:
    """The lines at the top of a page that stand in the middle of a table: rows above them, rows below them."""
    above = next((line for line in reversed(before) if line.strip()), "")
    below = [line for line in after if line.strip()][: _DEPTH + 1]
    rows = next((place for place, line in enumerate(below) if _CELLS.search(line)), None)
    if not _CELLS.search(above) or rows is None or is_header(re.split(r"[\t|│║┃]", below[rows])):
        return []
    head = list(_edge(below[:rows]))
    return [] if len(head) < rows or any(is_stage(line) for line in head) else head


def _heads_table(line: str) -> bool:
    return is_header(re.split(r"\s{2,}", line.strip()))
