"""Where the order's body ends and each annex begins. Annexes are known by their headings and titles. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from ejournal_rollout.documents.tables import Block, Paragraph, Table
from ejournal_rollout.documents.tables.headers import (
    is_annex,
    is_aside,
    is_plan_header,
    is_schedule_header,
    is_stage,
    plan_fields,
)
from ejournal_rollout.documents.tables.letters import together
from ejournal_rollout.orders.drafts import fold
from ejournal_rollout.people.look_alikes import cyrillic

from .columns import header_words, without_caption

# A clause begins with «1.», «2.1.», «2.1 », «IV.», «Пункт 3.»; not with a date (01.09.2021) or a time (14.30)
CLAUSE = re.compile(
    r"(?P<number>\d{1,3}(?:\.[1-9]\d?)*\.(?!\d)|\d{1,3}(?:\.[1-9]\d?)+(?=\s)|[IVX]{1,5}\.)[ \t\xa0]*(?P<text>.*)\Z",
    re.DOTALL,
)
BARE = re.compile(r"(?P<number>[1-9]\d?)[ \t\xa0]+(?P<text>[А-ЯЁ].*)\Z", re.DOTALL)  # «1 Помощь …», if «2 …» follows
ITEM = re.compile(r"(?P<number>\d{1,2}\))\s*(?P<text>.*)\Z", re.DOTALL)  # a clause where nothing else is one
CHAPTER = re.compile(
    r"(?P<number>(?:глава|раздел|статья|пункт)\s+(?:\d{1,2}|[IVX]{1,5})\b\.?)\s*(?P<text>.*)\Z",
    re.DOTALL | re.IGNORECASE,
)
BULLET = re.compile(r"(?:[·•●▪◦‣∙*➢✓▫■□o]\s+|[·•●▪◦‣∙➢✓▫■□\uf0b7\uf0a7]\s*|[-–—−]\s+|[-–—−](?=[а-яё]))")

_PLAN_TITLE = re.compile(
    r"\W*(?:план|дорожная\s+карта|комплекс\w*\s+мер|сетевой|мероприятия|комплекс\s+работ)", re.IGNORECASE
)
_REGULATION_TITLE = re.compile(r"\W*(?:регламент|порядок|положение|правила|инструкция)\b", re.IGNORECASE)
_REGULATION_PAPER = re.compile(r"\W*(?:регламент|положение|инструкция)\b", re.IGNORECASE)  # never names a chapter
_FIRST_CLAUSE = re.compile(r"(?:глава\s+|раздел\s+)?(?:1|I)(?:[.)](?!\d)|(?=\s))|1\.1\b", re.IGNORECASE)
_STAGE_WORDS = r"(?:этап|раздел|блок|модуль|часть)"
_STAGE = re.compile(
    rf"\W*(?:{_STAGE_WORDS}\s*(?:№\s*)?(?:\d|[IVX])|(?:\d{{1,2}}|[IVX]{{1,5}})(?:-[а-яё]{{1,2}})?\s+{_STAGE_WORDS}\b)",
    re.IGNORECASE,
)
_STAGE_BY_WORD = re.compile(rf".*\b{_STAGE_WORDS}\b|[IVX]{{1,5}}[\s.):–—-]", re.IGNORECASE)
_SCHEDULE_TITLE = re.compile(r"\W*(?:график|расписание)", re.IGNORECASE)
_OTHER_TITLE = re.compile(r"\W*(?:состав|список|перечень|форма|лист|анкета|критерии|схема|акт|журнал)\b", re.IGNORECASE)
_PLAN_OR_SCHEDULE = re.compile(r"план|мероприяти|график|расписани|консультаци", re.IGNORECASE)
_TITLES = (_PLAN_TITLE, _REGULATION_TITLE, _SCHEDULE_TITLE, _OTHER_TITLE)
_STAMP = re.compile(r"\W*(?:утвержд|согласован|принят[оа]?\b|учтено|рассмотрен)", re.IGNORECASE)
_ORDERS = re.compile(r"п\s?р\s?и\s?к\s?а\s?з\s?ы\s?в\s?а\s?(?:ю|ем)", re.IGNORECASE)
_HEADING_LINE = re.compile(
    r"\W*(?:приложение|к\s+приказу|приказом|утвержд|согласован|принят|от\b|№|директор|протокол|_{3}|М[А-Я]{1,4}У\b|[«\"])"
    r"|.*(?:\b\d{2}\.\d{2}\.\d{4}\b|\b20\d\d\s*г\.?\s*$|№\s*\d+\S*\s*$|_{4})",
    re.IGNORECASE,
)
_NOT_TITLE = re.compile(
    r"\W*(?:общие\s+положения|введение)\W*$"
    r"|\W*(?:цел[ьи]|задач[аи]|срок\w*|основани\w*|ответственн\w*|примечани\w*)\b[^:]{0,30}:",
    re.IGNORECASE,
)
_TITLED_ANNEX = re.compile(
    r"(?P<annex>приложение\s*(?:№\s*)?\d{1,2})\s*[.:–—-]?\s+"
    r"(?=(?:план|дорожн|комплекс|регламент|порядок|положение|правила|инструкция|график|расписание)\w*)",
    re.IGNORECASE,
)
_LONG_GAP = re.compile(r"[ \xa0]{5,}|\t+")


@dataclass
class Section:
    """An annex: the block at the right top, the title, and everything under them."""

    heading: list[str] = field(default_factory=list)
    title: list[str] = field(default_factory=list)
    content: list[Block] = field(default_factory=list)
    kind: str = ""  # "plan", "regulation", "schedule"; "" for an annex of another kind
    is_inner: bool = False  # a table taken out of the text of another annex

    @property
    def label(self) -> str:
        """«Приложение 1» as printed, "" for an annex without such a line."""
        first = fold(next(filter(is_annex, self.heading), self.heading[0])) if self.heading else ""
        found = re.match(r"прил(?:ожение|\.)\s*(?:№\s*)?(?:\d+|[IVX]+|(?-i:[А-Я])\b)?", cyrillic(first), re.IGNORECASE)
        return first[: found.end()].strip() if found else ""


def split(blocks: list[Block]) -> tuple[list[str], list[Section]]:
    """The lines of the order's body, and its annexes in printed order."""
    parts = list(_parts(list(_opened(blocks))))
    body = [line for block in parts[0] for text in _block_lines(block) for line in text.split("\n")]
    return body, list(_with_inner_tables([_section(part) for part in parts[1:]]))


def _opened(blocks: list[Block]) -> Iterator[Block]:
    """Without tables that only lay out the page: their cells one after another."""
    for block in blocks:
        if isinstance(block, Table) and not _has_header(block) and _lays_out(block):
            for row in block.rows:
                for cell in row:
                    yield from _opened(list(cell.blocks))
        elif isinstance(block, Table):
            lines, table = without_caption(block)
            yield from map(Paragraph, lines)
            yield table
        else:
            yield block


def _has_header(table: Table) -> bool:
    return bool(header_words(table))


def _lays_out(table: Table) -> bool:
    return any(
        is_annex(cell.text)
        or _is_stamp(cell.text)
        or re.search(r"(?:^|\n)\W*к\s+приказу", cell.text, re.IGNORECASE)
        or any(isinstance(one, Table) and _has_header(one) for one in cell.blocks)
        for row in table.rows
        for cell in row
    )


def _parts(blocks: list[Block]) -> Iterator[list[Block]]:
    """The blocks cut before each annex; the first part is the body, empty if the file begins with an annex."""
    part: list[Block] = []
    is_body, ordered = True, False
    filled = False  # rows or clauses of an annex have begun, so a new title means a new annex
    of_body = _tables_of_body(blocks)
    tabled, ruled = False, False  # the annex has a table; it has the title of a regulation
    for place, block in enumerate(blocks):
        if isinstance(block, Paragraph) and block.text:
            ordered = ordered or bool(_ORDERS.search(block.text))
            if (
                is_annex(block.text)
                or (_TITLED_ANNEX.match(block.text) and _fits_title(blocks, place, ordered=False))
                or (_is_to_the_order(block.text) and (filled or is_body))
                or (_is_stamp(block.text) and (filled or (is_body and (ordered or not _has_words(part)))))
                or (
                    (filled or is_body)
                    and _is_title(block.text)
                    and (
                        _fits_title(blocks, place, ordered=ordered or not is_body)
                        or _heads_regulation(blocks, place, part, tabled=tabled, ruled=ruled)
                    )
                )
            ):
                moved = _stamps_before(part)
                if is_annex(block.text) and _has_words(part[: len(part) - len(moved)]):
                    moved = []  # but a stamp that stands alone over «Приложение 1» belongs to its heading
                if is_body or len(moved) < len(part):
                    yield part[: len(part) - len(moved)]
                part, is_body, filled, tabled, ruled = moved, False, False, False, False
            ruled = ruled or (not is_body and bool(_REGULATION_TITLE.match(cyrillic(block.text[:100]))))
            filled = filled or (not is_body and bool(CLAUSE.match(block.text) or ITEM.match(block.text)))
        elif isinstance(block, Table) and _has_header(block) and place not in of_body:
            if is_body:
                yield part
                part, is_body = [], False
            elif tabled and block.begins_annex:
                above = _lines_above(part)
                yield part[: len(part) - len(above)]
                part, ruled = above, False
            filled, tabled = True, True
        part.append(block)
    yield part


def _lines_above(part: list[Block]) -> list[Block]:
    """The paragraphs at the end of `part`, under its last table."""
    tables = [place for place, block in enumerate(part) if isinstance(block, Table)]
    return part[tables[-1] + 1 :] if tables else part


def _tables_of_body(blocks: list[Block]) -> frozenset[int]:
    """Places of tables among the points of an order whose annexes, with tables of their own, come after them."""
    ordered = next(
        (at for at, one in enumerate(blocks) if isinstance(one, Paragraph) and _ORDERS.search(one.text)), None
    )
    annex = next((at for at, one in enumerate(blocks) if isinstance(one, Paragraph) and is_annex(one.text)), None)
    if ordered is None or annex is None:
        return frozenset()
    tables = [at for at, one in enumerate(blocks) if isinstance(one, Table) and _has_header(one)]
    return frozenset(at for at in tables if ordered < at < annex < tables[-1])


def could_begin_annex(line: str) -> bool:
    """Whether a line, as a paragraph of its own, might be taken for the beginning of an annex."""
    first_word = re.match(r"\W*(\w+)", line)
    is_title = _is_title(line) and first_word is not None and first_word[1].isupper()
    return bool(is_annex(line) or _TITLED_ANNEX.match(line) or _is_to_the_order(line) or _is_stamp(line) or is_title)


def _is_to_the_order(text: str) -> bool:
    return len(text) < 150 and bool(re.match(r"\W*к\s+приказу\b", cyrillic(text), re.IGNORECASE))


def _is_stamp(text: str) -> bool:
    return bool(_STAMP.match(together(cyrillic(text[:100]))))


def _has_words(part: list[Block]) -> bool:
    return any(isinstance(block, Table) or block.text for block in part)


def _stamps_before(part: list[Block]) -> list[Block]:
    """«УТВЕРЖДЕНО …» right before a title belongs to the annex under it."""
    for back in range(1, min(len(part), 8) + 1):
        block = part[-back]
        if not isinstance(block, Paragraph) or CLAUSE.match(block.text):
            break
        if _is_stamp(block.text):
            return part[-back:]
    return []


def _is_title(text: str) -> bool:
    if len(text) >= 400:
        return False
    plain = together(cyrillic(text))
    return any(pattern.match(plain) for pattern in _TITLES)


def _fits_title(blocks: list[Block], place: int, *, ordered: bool) -> bool:
    """A title in capitals after the order's body, or one with its table right under it."""
    first_word = re.match(r"\W*(\w+)", blocks[place].text)
    if ordered and first_word and first_word[1].isupper() and len(first_word[1]) > 3:
        return True
    following = [block for block in blocks[place + 1 : place + 6] if isinstance(block, Table) or block.text]
    for block in following[:3]:
        if isinstance(block, Table):
            return _has_header(block)
        if _PLAN_TITLE.match(blocks[place].text) and _STAGE.match(block.text):
            return True
        if CLAUSE.match(block.text):
            return bool(_TITLED_ANNEX.match(blocks[place].text)) and block.text.startswith("1")
        if is_annex(block.text) or _TITLED_ANNEX.match(block.text) or len(block.text) > 300:
            return False
    return False


def _heads_regulation(blocks: list[Block], place: int, before: list[Block], *, tabled: bool, ruled: bool) -> bool:
    """«Регламент оказания помощи» in ordinary case over its clauses; not the same words inside an instruction.

    After a table (`tabled`) the clauses may be counted on from another list; elsewhere the first of them has to be
    the first by its number. In a regulation (`ruled`) «Порядок обращения» is a chapter.
    """
    text = blocks[place].text
    above = next((one.text for one in reversed(before[-8:]) if isinstance(one, Paragraph) and one.text), "")
    if (
        not _REGULATION_TITLE.match(text)
        or not re.match(r"[«\"“]?[А-ЯЁ]", text)
        or text.endswith((",", ";"))
        or (text.endswith((".", ":")) and not _may_end_so(text, before, tabled=tabled))
        or re.search(r"приложени", text, re.IGNORECASE)
        or above.endswith(":")
    ):
        return False
    if ruled and not _REGULATION_PAPER.match(text):
        return False
    for block in [one for one in blocks[place + 1 : place + 20] if isinstance(one, Table) or one.text][:8]:
        if isinstance(block, Table) or is_annex(block.text) or _is_stamp(block.text) or _ORDERS.search(block.text):
            return False
        if any(form.match(block.text) for form in (CLAUSE, CHAPTER, ITEM, BARE)):
            first = _FIRST_CLAUSE.match(block.text)
            return tabled or bool(first and not (first.group() == "1.1" and re.match(r"1\.(?!\d)", above)))
        if _is_title(block.text) and not _REGULATION_TITLE.match(block.text):
            return False
    return False


def _may_end_so(text: str, before: list[Block], *, tabled: bool) -> bool:
    """«Регламент помощи.» after the points of the order; not «Порядок помощи утвердить.» nor a line before them."""
    is_after = tabled or any(isinstance(one, Paragraph) and CLAUSE.match(one.text) for one in before)
    return is_after and len(text) < 150 and not re.search(r"\w{3}(?:ть|ти)(?:ся)?\b", text)


def _block_lines(block: Block) -> Iterator[str]:
    """The words of a block as lines, cells of a row with tabs between them."""
    match block:
        case Paragraph(text):
            if text:
                yield text
        case Table(rows):
            for row in rows:
                line = "\t".join(cell.text for cell in row if cell.text)
                if line:
                    yield line


def words_of(block: Block) -> str:
    return "\n".join(_block_lines(block))


def _section(blocks: list[Block]) -> Section:
    start = next((place for place, block in enumerate(blocks) if _is_content(blocks, place)), len(blocks))
    # an automatic line break inside one paragraph parts lines as well as a paragraph does
    lines = [line.strip() for block in blocks[:start] for text in _block_lines(block) for line in text.split("\n")]
    lines = [part.strip() for line in lines if line for part in _LONG_GAP.split(line) if part.strip()]
    titled = _TITLED_ANNEX.match(lines[0]) if lines else None
    if titled:  # «Приложение 1. План-график …» on one line
        lines[:1] = [titled["annex"], lines[0][titled.end() :]]
    top = _title_start(lines)
    is_all = start == len(blocks)  # neither a table nor a clause: the first sentence under the title is its text
    end = next((place for place in range(top + 1, len(lines)) if _ends_title(lines[place], is_all=is_all)), len(lines))
    section = Section(lines[:top], lines[top:end], [Paragraph(line) for line in lines[end:]] + blocks[start:])
    section.kind = _kind(section)
    return section


def _is_content(blocks: list[Block], place: int) -> bool:
    block = blocks[place]
    if isinstance(block, Table):
        return True
    if not block.text:
        return False
    if (
        any(mark.match(block.text) for mark in (CLAUSE, ITEM, BULLET))
        or _is_bare_clause(blocks, place)
        or (place > 0 and CHAPTER.match(block.text))
    ):
        return True
    following = next((one for one in islice(blocks, place + 1, None) if isinstance(one, Table) or one.text), None)
    return (
        isinstance(following, Table)
        and is_stage(block.text)
        and place > 0
        and not _is_title(block.text)
        and len(block.text) < 120
    ) or (
        isinstance(following, Paragraph)
        and bool(CLAUSE.match(following.text))
        and place > 0
        and is_stage(block.text)
        and bool(_STAGE_BY_WORD.match(block.text))
        and block.text[:1].isupper()
        and not _is_title(block.text)
    )


def _is_bare_clause(blocks: list[Block], place: int) -> bool:
    """«1 Помощь …» where a later paragraph is «2 …»."""
    found = BARE.match(blocks[place].text)
    near = blocks[place + 1 : place + 30] if found else []
    further = [BARE.match(one.text) for one in near if isinstance(one, Paragraph)]
    return found is not None and any(one and int(one["number"]) == int(found["number"]) + 1 for one in further)


def _title_start(lines: list[str]) -> int:
    for place, line in enumerate(lines):
        if _is_title(line) and not is_annex(line):
            return place
    for place, line in enumerate(lines):
        if line.isupper() and len(re.findall(r"[А-ЯЁ]", line)) > 6 and not _HEADING_LINE.match(line):
            return place
    last = max((place for place, line in enumerate(lines) if _HEADING_LINE.match(line)), default=-1)
    return last + 1


def _ends_title(line: str, *, is_all: bool) -> bool:
    if _NOT_TITLE.match(line) or _STAGE.match(line):
        return True
    return (is_all or len(line) > 50) and line.endswith((".", ":", ";")) and line[:1].isupper()


def _kind(section: Section) -> str:
    title = together(cyrillic(fold(" ".join(section.title))))
    if _OTHER_TITLE.match(title) and not _PLAN_OR_SCHEDULE.search(title):
        return ""
    headers = list(filter(None, (header_words(block) for block in section.content if isinstance(block, Table))))
    if headers:
        plan, schedule = is_plan_header(headers[0]), is_schedule_header(headers[0])
        if plan and schedule:
            # «Направление | Специалист | Кабинет | День | С | По» has no questions, so it is no plan
            hardly_plan = "question" not in plan_fields(headers[0]) and not _PLAN_TITLE.match(title)
            if hardly_plan or _SCHEDULE_TITLE.match(title) or re.search(r"консультаци", title, re.IGNORECASE):
                return "schedule"
            return "plan"
        return "plan" if plan else "schedule"
    if _REGULATION_TITLE.match(title):
        return "regulation"
    if _PLAN_TITLE.match(title):
        return "plan"
    if _SCHEDULE_TITLE.match(title):
        return "schedule"
    if re.search(r"регламент|порядок|правила", title, re.IGNORECASE) and not _OTHER_TITLE.match(title):
        return "regulation"
    return ""


def _with_inner_tables(sections: list[Section]) -> Iterator[Section]:
    """A plan or a schedule inside the regulation becomes an annex of its own where the paper has no other.

    Clauses stay clauses. The title is the line that leads to the table («Консультации проводятся по графику:»), if
    that is no clause.
    """
    for section in sections:
        if not _has_clauses_of_its_own(section):
            yield section
            continue
        others = {one.kind for one in sections if one is not section}
        if "regulation" in others:
            yield section
            continue
        section.kind = "regulation"
        inner = list(_inner_sections(section, others))
        taken = [block for one in inner for block in one.content]
        taken += [block for block in section.content if any([block] == _lead(section, one.content[0]) for one in inner)]
        section.content = [block for block in section.content if not any(block is one for one in taken)]
        yield section
        yield from inner


def _inner_sections(section: Section, others: set[str]) -> Iterator[Section]:
    tables = [block for block in section.content if isinstance(block, Table) and _has_header(block)]
    schedules = [table for table in tables if _is_schedule(table, is_plan_elsewhere="plan" in others)]
    plans = [table for table in tables if not any(table is one for one in schedules)]
    for kind, found in (("plan", plans), ("schedule", schedules)):
        if found and kind not in others:
            title = [block.text for block in _lead(section, found[0])]
            yield Section([], title, list(found), kind, is_inner=True)


def _lead(section: Section, table: Block) -> list[Paragraph]:
    place = next(place for place, block in enumerate(section.content) if block is table)
    lead = section.content[place - 1] if place else None
    return [lead] if isinstance(lead, Paragraph) and _leads_to_table(lead.text) else []


def _has_clauses_of_its_own(section: Section) -> bool:
    """Whether a regulation's title and its clauses stand above the first table with a header."""
    if not _REGULATION_TITLE.match(fold(" ".join(section.title))):
        return False
    for block in section.content:
        if isinstance(block, Table) and _has_header(block):
            return False
        if isinstance(block, Paragraph) and (CLAUSE.match(block.text) or ITEM.match(block.text)):
            return any(isinstance(one, Table) and _has_header(one) for one in section.content)
    return False


def _is_schedule(table: Table, *, is_plan_elsewhere: bool) -> bool:
    header = header_words(table)
    return is_schedule_header(header) and (is_plan_elsewhere or not is_plan_header(header))


def _leads_to_table(text: str) -> bool:
    return (
        bool(re.match(r"[«\"“]?[А-ЯЁ]", text))
        and len(text) < 200
        and not (CLAUSE.match(text) or ITEM.match(text))
        and (text.endswith(":") or bool(re.search(r"график|расписани|\bплан", text, re.IGNORECASE)))
    )


def is_lead(section: Section, place: int) -> bool:
    """Whether a line stands right above a table as «Работа с родителями» does: the name of what is in it."""
    text = section.content[place].text
    following = next((one for one in section.content[place + 1 :] if isinstance(one, Table) or one.text), None)
    return isinstance(following, Table) and _has_header(following) and _names_a_group(text)


def _names_a_group(text: str) -> bool:
    return len(text) <= 120 and not text.endswith((".", ";", ",")) and text[:1].isupper() and not is_aside(text)


def parted_title(section: Section) -> tuple[list[str], str]:
    """The title, and its last line if that is the lead of the first table: where each further table has one."""
    further = [
        place for place, one in enumerate(section.content) if place and isinstance(one, Table) and _has_header(one)
    ]
    above = [section.content[place - 1] for place in further]
    if (
        above
        and isinstance(section.content[0], Table)
        and all(isinstance(one, Paragraph) and _names_a_group(one.text) for one in above)
        and len(section.title) > 1
        and _names_a_group(section.title[-1])
        and not section.title[-1].isupper()
    ):
        return section.title[:-1], section.title[-1]
    return section.title, ""


# Words by which an annex of each kind says that it belongs to this order, and words that say nothing of its subject.
_SUBJECTS = {
    "plan": r"журнал|дневник|\bэж\b|внедрен|переход|рабоч\w+\s+групп|цифров|информатиз|информацион",
    "regulation": r"консульт|помощ|при[её]м|сопровожд|поддержк|обращени|заявк|журнал|\bэж\b",
    "schedule": r"консульт|помощ|при[её]м|сопровожд|поддержк|направлени",
}
_NO_SUBJECT = (
    r"план|график|расписани|дорожн|карт[аы]|комплекс|мероприят|регламент|порядок|положени|правил|инструкци"
    r"|учебн|проведен|работ|деятельност|школ|муниципальн|бюджетн|общеобразовательн|учрежден|организац|гимнази|лице[йя]"
)


def names_its_subject(section: Section) -> bool:
    """Whether the annex says, in its title or its text, that it is about the journal or help with it."""
    words = " ".join([*section.title, *(words_of(block) for block in section.content)])
    return bool(re.search(_SUBJECTS.get(section.kind, ""), cyrillic(words), re.IGNORECASE))


def has_other_subject(section: Section) -> bool:
    """«График дежурства учителей»; not «ГРАФИК на 2022-2023 учебный год»."""
    title = re.sub(r"«[^»]*»", "", cyrillic(fold(" ".join(section.title))))
    return not names_its_subject(section) and bool(re.search(rf"\b(?!{_NO_SUBJECT})[а-яё]{{5,}}", title, re.IGNORECASE))
