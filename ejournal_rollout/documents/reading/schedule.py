"""Annex 3 on paper -> ScheduleDraft. Pure but for the language of the remarks."""

from dataclasses import replace

from django.utils.translation import gettext as _

from ejournal_rollout.documents.tables import Paragraph, Table
from ejournal_rollout.documents.tables.headers import is_schedule_header, schedule_fields
from ejournal_rollout.orders.drafts import Column, DirectionDraft, RowNames, ScheduleDraft, fold

from .annexes import Section, words_of
from .columns import Header, NamedRow, find_header, named_by_numbers, rows_under
from .remarks import Place, Remark, beside_table, on_hours, on_letters, on_parties, remark

_PEOPLE = ("specialists", "person", "post")


def read_schedule(section: Section) -> tuple[ScheduleDraft, list[Remark]]:
    """Directions with all their words, and what is doubtful in them."""
    name = section.label or _("Schedule")
    remarks: list[Remark] = []
    directions: list[DirectionDraft] = []
    unique = RowNames()
    columns: tuple[Column, ...] = ()
    header: Header | None = None
    tables = 0
    heading = ""
    for block in section.content:
        match block:
            case Table():
                tables += 1
                own = find_header(block, is_schedule_header, schedule_fields)
                header = _settled(own, block) if own else header
                if header is None or (own is None and block.width not in (header.width, len(header.columns))):
                    remarks.append(_left(name, words_of(block)))
                    continue
                if own is not None:
                    columns = columns or header.columns
                    remarks += _on_columns(name, header, tables)
                for row in rows_under(block, header, header.row if own is not None else 0):
                    if row.heading:
                        heading = row.heading  # «Техническое сопровождение» over the rows of its specialists
                        continue
                    direction = _direction(row, header, heading)
                    if directions and _continues(row, header, direction):
                        directions[-1] = _appended(directions[-1], direction)
                        continue
                    directions.append(direction)
                    key = unique(fold(direction.name) or f"/{len(directions)}")
                    remarks += _on_row(name, direction, key, row, header, tables)
            case Paragraph(text) if text:
                remarks.append(_left(f"{name}, {beside_table(tables)}", text))
    if not directions:
        remarks.append(remark(Place("schedule", name), "no_directions", _("No row of the schedule could be read.")))
    draft = ScheduleDraft("\n".join(section.heading), "\n".join(section.title), columns, tuple(directions))
    return draft, remarks


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


def _direction(row: NamedRow, header: Header, heading: str) -> DirectionDraft:
    def words(name: str) -> list[str]:
        return [row.cells[place] for place in header.places(name) if row.cells[place]]

    return DirectionDraft(
        name=next(iter(words("direction")), heading),
        specialists=paired(words("specialists")),
        room="\n".join(words("room")),
        hours=" ".join(words("hours")),
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


def _continues(row: NamedRow, header: Header, direction: DirectionDraft) -> bool:
    """A row cut by a page break: it has no name and no hours of its own."""
    return not direction.name and header.place("direction") is not None and not direction.hours


def _appended(last: DirectionDraft, more: DirectionDraft) -> DirectionDraft:
    def both(name: str) -> str:
        return "\n".join(filter(None, (getattr(last, name), getattr(more, name))))

    return replace(last, specialists=both("specialists"), room=both("room"), hours=both("hours"))


def _left(name: str, words: str) -> Remark:
    text = _("These words found no place and are not taken over: “%(words)s”") % {"words": fold(words)}
    return remark(Place("schedule", name), "words_left", text, words)


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
        if column.field == "other" and not schedule_fields([column.header])[0]
    ]
    for field, text in (
        ("direction", _("The table has no column of directions. Name the direction of each row.")),
        ("specialists", _("The table has no column of specialists. Choose them for each row.")),
        ("room", _("The table has no column of rooms. Choose the room for each row.")),
        ("hours", _("The table has no column of hours. Enter them for each row.")),
    ):
        if header.place(field) is None:
            found.append(remark(Place("schedule", where, field=field), f"no_column_{field}", text))
    return found


def _on_row(name: str, direction: DirectionDraft, key: str, row: NamedRow, header: Header, table: int) -> list[Remark]:
    def at(field: str) -> Place:
        place = header.place(field)
        words = [name, _("table %(number)s") % {"number": table}, _("row %(number)s") % {"number": row.line}]
        if place is not None and header.columns[place].header:
            words.append(_("column “%(name)s”") % {"name": fold(header.columns[place].header)})
        return Place("schedule", ", ".join(words), key, field)

    found: list[Remark] = []
    if header.place("hours") is not None:
        found.extend(on_hours(direction.hours, at("hours")))
    if header.place("specialists") is not None:
        found.extend(on_parties(direction.specialists, at("specialists")))
    if header.place("direction") is not None and not direction.name:
        found.append(remark(at("direction"), "direction_missing", _("The row has no direction. Name it.")))
    for field, words in (
        ("direction", direction.name),
        ("specialists", direction.specialists),
        ("hours", direction.hours),
    ):
        found.extend(on_letters(words, at(field)))
    return found
