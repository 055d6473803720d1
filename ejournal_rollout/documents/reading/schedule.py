"""Annex 3 on paper -> ScheduleDraft. Pure but for the language of the remarks."""

import re
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from consultations.hours import read_hours
from ejournal_rollout.documents.tables import Paragraph, Table
from ejournal_rollout.documents.tables.headers import (
    SCHEDULE_COLUMNS,
    is_aside,
    is_schedule_header,
    is_signature,
    schedule_field,
    schedule_fields,
    weekday,
)
from ejournal_rollout.orders.drafts import Column, DirectionDraft, RowNames, ScheduleDraft, fold
from ejournal_rollout.people.parties import read_parties

from .annexes import BULLET, Section, is_lead, parted_title, words_of
from .columns import Header, NamedRow, find_header, goes_on, named_by_numbers, rows_under
from .hours_columns import joined
from .remarks import Place, Remark, beside_table, on_hours, on_letters, on_parties, remark

_PEOPLE = ("specialists", "person", "post")


@dataclass
class _Schedule:
    """The schedule while it is being read."""

    name: str  # «Приложение 3»
    columns: tuple[Column, ...] = ()
    directions: list[DirectionDraft] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    key: str = ""  # of the last direction, as `rows` calls it
    unique: RowNames = field(default_factory=RowNames)
    heading: str = ""  # «Техническое сопровождение» over the rows of its specialists, or «Вторник»
    heading_place: str = ""
    is_heading_used: bool = True
    has_leads: bool = False  # a line above a table was taken for a direction, which is less certain than a wide row

    def leave(self, words: str, where: str = "") -> None:
        """Words without a place in the schedule are never dropped in silence."""
        text = _("These words found no place and are not taken over: “%(words)s”") % {"words": fold(words)}
        place = Place("schedule", ", ".join(filter(None, (self.name, where))))
        self.remarks.append(remark(place, "words_left", text, words))

    def open(self, heading: str, where: str) -> None:
        self.close()
        self.has_leads = self.has_leads or not where
        self.heading, self.heading_place, self.is_heading_used = heading, where, False

    def close(self) -> None:
        if not self.is_heading_used:
            self.leave(self.heading, self.heading_place)
        self.heading, self.is_heading_used = "", True


def read_schedule(section: Section) -> tuple[ScheduleDraft, list[Remark]]:
    """Directions with all their words, and what is doubtful in them."""
    schedule = _Schedule(section.label or _("Schedule"))
    header: Header | None = None
    tables = 0
    title, lead = parted_title(section)
    if lead:
        schedule.open(lead, "")
    if not any(isinstance(block, Table) for block in section.content):
        _read_list(schedule, section)
        section = replace(section, content=[])
    for place, block in enumerate(section.content):
        match block:
            case Table():
                tables += 1
                own = find_header(block, is_schedule_header, schedule_fields)
                header = _settled(own, block) if own else header
                if header is None or (own is None and not goes_on(block, header)):
                    schedule.leave(words_of(block), _("table %(number)s") % {"number": tables})
                    continue
                if own is not None:
                    schedule.columns = schedule.columns or header.columns
                    schedule.remarks += _on_columns(schedule.name, header, tables)
                    for at, row in enumerate(block.rows[: own.first]):
                        words = "\t".join(cell.text for cell in row if cell.text)
                        if words:
                            schedule.leave(words, _row_words(tables, block.line(at)))
                for row in rows_under(block, header, header.row if own is not None else 0):
                    _read_row(schedule, row, header, tables)
                schedule.close()
            case Paragraph(text) if text:
                if is_lead(section, place):
                    schedule.open(text, "")
                else:
                    schedule.leave(text, beside_table(tables))
    if not schedule.has_leads and all(direction.name for direction in schedule.directions):
        # wide rows named them
        schedule.remarks = [one for one in schedule.remarks if one.code != "no_column_direction"]
    draft = ScheduleDraft("\n".join(section.heading), "\n".join(title), schedule.columns, tuple(schedule.directions))
    return draft, schedule.remarks


_ITEM = re.compile(rf"(?:{BULLET.pattern}|\d{{1,2}}[.)])\s*")
_BETWEEN = re.compile(r"\s+[–—-]\s+|[;:,]\s+|\.\s*\Z|;\s*\Z")
_ROOM = re.compile(r"\(?(?:в\s+)?(?:каб|ауд)[а-я]*\.?\s*(?:№\s*)?\d+[а-я]?\)?", re.IGNORECASE)


def _read_list(schedule: _Schedule, section: Section) -> None:
    """«• Пароли – Условнов И.И., инженер, каб. 7, вторник 14.00-15.00»: each line of a list is a row, to be checked."""
    lines = [block.text for block in section.content if isinstance(block, Paragraph) and block.text]
    for number, line in enumerate(lines, start=1):
        place = Place("schedule", f"{schedule.name}, " + _("line %(number)s") % {"number": number})
        direction = _of_line(_ITEM.sub("", line, count=1)) if _ITEM.match(line) else None
        if direction is None:
            schedule.leave(line)
            continue
        schedule.directions.append(direction)
        text = _("The row is read from a line: “%(words)s”. Is each word in its place?") % {"words": fold(line)}
        place = replace(place, row_key=schedule.unique(fold(direction.name) or f"/{len(schedule.directions)}"))
        schedule.remarks.append(remark(place, "row_of_line", text, line))
        schedule.remarks += on_hours(direction.hours, replace(place, field="hours"))
        schedule.remarks += on_parties(direction.specialists, replace(place, field="specialists"))
    if schedule.directions:
        schedule.columns = SCHEDULE_COLUMNS


def _of_line(line: str) -> DirectionDraft | None:
    """What stands before the people is the direction, what reads as days and hours the hours."""
    spans: list[tuple[str, int, int]] = []  # a field and where its words begin and end
    at = 0
    for first, last in [*(found.span() for found in _BETWEEN.finditer(line)), (len(line), len(line))]:
        if line[at:first].strip():
            before = spans[-1] if spans else ("", 0, 0)
            name = _field_of(line[at:first], before[0])
            if name == before[0]:
                spans[-1] = (name, before[1], first)
            else:
                spans.append((name, at, first))
        at = last
    names = [name for name, _first, _last in spans]
    if len(set(names)) < len(names) or not {"hours", "specialists"} <= set(names):
        return None
    return DirectionDraft(**{name: line[first:last].strip() for name, first, last in spans})


def _field_of(words: str, last: str) -> str:
    if _ROOM.fullmatch(words.strip()):
        return "room"
    hours = read_hours(words)
    if not {"unreadable", "words_unread", "empty"} & set(hours.doubts):
        return "hours"
    parties = read_parties(words)
    if last == "specialists" or any(party.person or party.role for party in parties):
        return "specialists"
    return "name"


def _row_words(table: int, line: int) -> str:
    return ", ".join((_("table %(number)s") % {"number": table}, _("row %(number)s") % {"number": line}))


def _read_row(schedule: _Schedule, row: NamedRow, header: Header, table: int) -> None:
    words = row.heading or (row.cells[row.filled[0]] if len(row.filled) == 1 else "")
    if (words and is_aside(words)) or is_signature(" ".join(filter(None, row.cells))):
        schedule.leave(words or "\t".join(filter(None, row.cells)), _row_words(table, row.line))
        return
    if row.heading:
        schedule.open(row.heading, _row_words(table, row.line))
        return
    direction = _direction(row, header)
    if schedule.heading and weekday(schedule.heading) and direction.hours:
        direction = replace(direction, hours=f"{schedule.heading} {direction.hours}")
        schedule.is_heading_used = True
    elif schedule.heading and not direction.name:
        direction = replace(direction, name=schedule.heading)
        schedule.is_heading_used = True
    merged = {header.columns[place].field for place in row.merged_above}
    if schedule.directions and {"direction", "specialists", "room"} <= merged:
        schedule.directions[-1] = _appended(schedule.directions[-1], DirectionDraft(hours=direction.hours))
    elif schedule.directions and _continues(header, direction):
        schedule.directions[-1] = _appended(schedule.directions[-1], direction)
        schedule.remarks.append(_joined(schedule, row, table))
    else:
        schedule.directions.append(direction)
        schedule.key = schedule.unique(fold(direction.name) or f"/{len(schedule.directions)}")
        schedule.remarks += _on_row(schedule.name, direction, schedule.key, row, header, table)


def _joined(schedule: _Schedule, row: NamedRow, table: int) -> Remark:
    words = " · ".join(fold(cell) for cell in row.cells if cell)
    text = _("This row has no direction; its words are joined to the row above: “%(words)s”. Is that right?")
    place = Place("schedule", f"{schedule.name}, {_row_words(table, row.line)}", schedule.key)
    return remark(place, "row_joined", text % {"words": words}, words)


def _settled(header: Header, table: Table) -> Header:
    """Each field once; day and time, or name and post, may be two columns."""
    header = named_by_numbers(header, list(rows_under(table, header, header.row)))
    columns: list[Column] = []
    people = {column.field for column in header.columns} & set(_PEOPLE)
    for column in header.columns:
        name = column.field
        if name in _PEOPLE:
            name = (
                "specialists" if people != {"specialists"} or not any(one.field == name for one in columns) else "other"
            )
        elif name not in ("hours", "number") and any(one.field == name for one in columns):
            name = "other"
        columns.append(Column("other" if name in ("", "contact") else name, column.header))
    return replace(header, columns=tuple(columns))


def _direction(row: NamedRow, header: Header) -> DirectionDraft:
    def words(name: str) -> list[str]:
        return [row.cells[place] for place in header.places(name) if row.cells[place]]

    hours = header.places("hours")
    return DirectionDraft(
        name="".join(words("direction")),
        specialists=paired(words("specialists")),
        room="\n".join(words("room")),
        hours=joined(
            [header.columns[place].header for place in hours],
            [row.cells[place] for place in hours],
            [at for at, place in enumerate(hours) if place in row.wide],
        ),
        other=tuple(
            (column.header, row.cells[place]) for place, column in enumerate(header.columns) if column.field == "other"
        ),
    )


def paired(cells: list[str]) -> str:
    """«Тестова А.А.» and «учитель» from two columns as «Тестова А.А., учитель», line by line."""
    if len(cells) < 2:
        return "".join(cells)
    lines = [cell.split("\n") for cell in cells]
    if len({len(one) for one in lines}) > 1:
        return ", ".join(cells)
    return ";\n".join(", ".join(parts) for parts in zip(*lines, strict=True)) if len(lines[0]) > 1 else ", ".join(cells)


def _continues(header: Header, direction: DirectionDraft) -> bool:
    """A row cut by a page break or a second line of hours: it has no name, and either no hours or nobody."""
    has_names = header.place("direction") is not None
    return has_names and not direction.name and not (direction.hours and direction.specialists)


def _appended(last: DirectionDraft, more: DirectionDraft) -> DirectionDraft:
    def both(name: str) -> str:
        return "\n".join(filter(None, (getattr(last, name), getattr(more, name))))

    return replace(last, specialists=both("specialists"), room=both("room"), hours=both("hours"))


def _on_columns(name: str, header: Header, table: int) -> list[Remark]:
    where = f"{name}, " + _("table %(number)s") % {"number": table}
    found = [
        remark(
            Place("schedule", where),
            "unknown_column",
            _("The column “%(words)s” has no field of its own; its words are kept beside the row.")
            % {"words": fold(column.header)},
            column.header,
        )
        for column in header.columns
        if column.field == "other" and schedule_field(column.header) != "contact"
    ]
    for missing, text in (
        ("direction", _("The table has no column of directions. Name the direction of each row.")),
        ("specialists", _("The table has no column of specialists. Choose them for each row.")),
        ("room", _("The table has no column of rooms. Choose the room for each row.")),
        ("hours", _("The table has no column of hours. Enter them for each row.")),
    ):
        if header.place(missing) is None:
            found.append(remark(Place("schedule", where, field=missing), f"no_column_{missing}", text))
    return found


def _on_row(name: str, direction: DirectionDraft, key: str, row: NamedRow, header: Header, table: int) -> list[Remark]:
    def at(name_of_field: str) -> Place:
        place = header.place(name_of_field)
        words = [name, _("table %(number)s") % {"number": table}, _("row %(number)s") % {"number": row.line}]
        if place is not None and header.columns[place].header:
            words.append(_("column “%(name)s”") % {"name": fold(header.columns[place].header)})
        return Place("schedule", ", ".join(words), key, name_of_field)

    found: list[Remark] = []
    if header.place("hours") is not None:
        found.extend(on_hours(direction.hours, at("hours")))
    if header.place("specialists") is not None:
        found.extend(on_parties(direction.specialists, at("specialists")))
    for place in row.wide:
        if header.columns[place].field != "hours":
            text = _("This cell covers several columns. To which do its words belong?")
            found.append(remark(at(header.columns[place].field), "wide_cell", text, row.cells[place]))
    if header.place("direction") is not None and not direction.name:
        found.append(remark(at("direction"), "direction_missing", _("The row has no direction. Name it.")))
    for column, words in (
        ("direction", direction.name),
        ("specialists", direction.specialists),
        ("hours", direction.hours),
    ):
        found.extend(on_letters(words, at(column)))
    return found
