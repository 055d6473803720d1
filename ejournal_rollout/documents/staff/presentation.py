"""The preview of a staff list as its page prints it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from .cells import proposed
from .forms import StaffImportForm
from .paper import Remark, StaffPaper
from .preview import Line, StaffPreview, role_words

# The columns of the page: the field of the cell, and the longest text it takes.
_COLUMNS = ("name", "post", "email", "roles", "supervisor")
_STATES = {  # shapes of _status.html
    "new": "done",
    "changes": "done",
    "same": "idle",
    "joined": "paused",
    "unclear": "action",
}


@dataclass(frozen=True)
class CellOnPage:
    """`words` as they will be; `old` struck out above them; with remarks it is a field with the printed words."""

    field: str
    label: str
    name: str
    words: str
    old: str
    typed: str
    remarks: list[str]
    is_field: bool


@dataclass(frozen=True)
class LineOnPage:
    line: Line
    state: str
    state_words: str
    cells: list[CellOnPage]
    is_ticked: bool
    may_be_ticked: bool
    may_be_invited: bool
    is_invited: bool


@dataclass(frozen=True)
class Page:
    lines: list[LineOnPage]
    remarks: list[tuple[str, Remark]]  # with the anchor of the row, "" where the row is not on the page
    columns: list[str]
    counts: dict[str, int]
    absent: list[str]
    has_news: bool
    names: list[str]


def page_of(paper: StaffPaper, preview: StaffPreview, form: StaffImportForm) -> Page:
    labels = {
        "name": _("Name"),
        "post": _("Post"),
        "email": _("E-mail"),
        "roles": _("Roles"),
        "supervisor": _("Supervisor"),
    }
    lines = [_line(line, labels, form) for line in preview.lines]
    remarks = [("", one) for one in paper.remarks]
    for line in preview.lines:
        for field, text in line.remarks:
            header = paper.headers.get(field) or (paper.headers.get("last_name") if field == "name" else "")
            remark = Remark(text, paper.sheet, line.row.number, header or labels.get(field, ""), line.printed(field))
            remarks.append((f"row-{line.index}", remark))
    kinds = [line.kind for line in preview.lines]
    return Page(
        lines=lines,
        remarks=remarks,
        columns=[labels[field] for field in _COLUMNS],
        counts={kind: kinds.count(kind) for kind in _STATES},
        absent=[f"{one.full_name}, {one.post}" if one.post else one.full_name for one in preview.absent],
        has_news=preview.has_news,
        names=sorted({line.person.name for line in preview.lines} | {one.full_name for one in preview.absent}),
    )


def _state_words(line: Line) -> str:
    if line.joined_to:
        return _("with row {number}").format(number=line.joined_to.row.number)
    return {
        "new": _("new person"),
        "changes": _("changes"),
        "same": _("no changes"),
        "unclear": _("decide"),
    }[line.kind]


def _line(line: Line, labels: dict[str, str], form: StaffImportForm) -> LineOnPage:
    corrected = form.answers.corrections if form.is_bound else {}
    cells = [_cell(line, field, labels[field], (line.index, field) in corrected) for field in _COLUMNS]
    may_be_ticked = line.kind != "same" or line.is_asked or any(cell.is_field for cell in cells)
    signs_in = bool(line.member and line.member.user.has_usable_password())
    return LineOnPage(
        line=line,
        state=_STATES[line.kind],
        state_words=_state_words(line),
        cells=cells,
        is_ticked=may_be_ticked and (line.index in form.ticked("take") or line.index not in form.ticked("shown")),
        may_be_ticked=may_be_ticked,
        may_be_invited=not signs_in and not line.joined_to,
        is_invited=line.index in form.ticked("invite"),
    )


def _cell(line: Line, field: str, label: str, is_corrected: bool) -> CellOnPage:
    person = line.person
    remarks = line.remarks_at(field)
    words = {
        "name": person.name,
        "post": person.post,
        "email": person.email,
        "roles": role_words(line.person.roles),
        "supervisor": line.supervisor_name,
    }[field]
    old, new = line.changes.get(field, ("", ""))
    return CellOnPage(
        field=field,
        label=label,
        name=f"cell-{line.index}-{field}",
        words=new or words,
        old=old,
        typed=proposed(line.cells, field),
        remarks=remarks,
        is_field=bool(remarks) or is_corrected,
    )
