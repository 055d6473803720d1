"""Annex 1 on paper -> PlanDraft. Pure but for the language of the remarks."""

import re
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from ejournal_rollout.documents.tables import Paragraph, Table
from ejournal_rollout.documents.tables.headers import (
    PLAN_COLUMNS,
    is_aim,
    is_aside,
    is_beginning,
    is_end,
    is_number,
    is_plan_header,
    is_signature,
    is_stage,
    plan_field,
    plan_fields,
    plan_rank,
)
from ejournal_rollout.orders.drafts import Column, PlanDraft, RowNames, StageDraft, TaskDraft, fold, plain_number, rows
from ejournal_rollout.orders.school_year import SchoolYear
from plans.terms import Doubt, read_term

from .annexes import BULLET, Section, is_lead, parted_title, words_of
from .columns import Header, NamedRow, find_header, goes_on, is_list, named_by_numbers, rows_under, split_number
from .remarks import Place, Remark, beside_table, on_letters, on_parties, on_term, remark

_FIELDS = ("number", "question", "term", "purpose", "executors", "result")
_LABELS = (  # a plan written as a list: «Срок: …», «Ответственные: …»
    ("term", r"срок\w*(?:\s+(?:исполнения|проведения|реализации))?|дата"),
    (
        "executors",
        r"исполнител\w+|ответственн\w+(?:\s+исполнител\w+)?|ответственн\w+\s+за\s+\w+"
        r"|отв(?:етств)?\.(?:\s*(?:лиц[оа]|исполнител\w+))?|исп(?:олн)?\.",
    ),
    ("purpose", r"цел[ьи]"),
    ("result", r"(?:ожидаемый\s+)?результат\w*|документ\w*|итог\w*"),
)
_LABEL = re.compile(  # a shortened word or a term needs no colon: «отв. директор», «срок до 1 сентября»
    r"(?:^|(?<=[\s(;,.]))(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in _LABELS)
    + r")(?:\s*[:–—]\s*|(?<=отв\.)\s+|(?<=исп\.)\s+|(?<=срок)\s+(?=(?:до|с|со|к|не\s+позднее)\s))",
    re.IGNORECASE,
)
_TERM_AT_END = re.compile(
    r"(?:\s+[–—-]\s+|\s*\()(?P<term>[^()]{3,60}?(?:г\.)?)[\s.,;)]*\Z"
)  # «Обучить педагогов – сентябрь 2023 г.»


@dataclass
class _Plan:
    """The plan while it is being read."""

    name: str  # «Приложение 1»
    year: SchoolYear | None
    columns: tuple[Column, ...] = ()
    stages: list[StageDraft] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    stage_cell: str = ""
    key: str = ""  # of the last task, as `rows` calls it
    stage_key: str = ""  # of the last stage
    _unique: RowNames = field(default_factory=RowNames)
    places: dict[str, str] = field(default_factory=dict)  # where on the paper each task stands, by its key

    def open_stage(self, heading: str) -> None:
        self.stages.append(StageDraft(heading))
        self.stage_key = self._unique(f"stage {self.stages[-1].number or len(self.stages)}")

    def add(self, task: TaskDraft) -> None:
        if not self.stages:
            self.open_stage("")
        self.stages[-1] = replace(self.stages[-1], tasks=(*self.stages[-1].tasks, task))
        self.key = self._unique(plain_number(task.number) or f"{len(self.stages)}/{len(self.stages[-1].tasks)}")

    @property
    def last(self) -> TaskDraft | None:
        return self.stages[-1].tasks[-1] if self.stages and self.stages[-1].tasks else None

    def change_last(self, task: TaskDraft) -> None:
        self.stages[-1] = replace(self.stages[-1], tasks=(*self.stages[-1].tasks[:-1], task))


def read_plan(section: Section, year: SchoolYear | None) -> tuple[PlanDraft, list[Remark]]:
    """Stages and tasks with all their words, and what is doubtful in them."""
    plan = _Plan(section.label or _("Plan"), year)
    header: Header | None = None
    tables = [block for block in section.content if isinstance(block, Table)]
    if not tables:
        _read_list(plan, section)
        return _finished(plan, section), plan.remarks
    title, lead = parted_title(section)
    number = 0
    if lead:
        plan.open_stage(lead)
        text = _("“%(words)s” under the title is read as the first stage. Is that right?") % {"words": fold(lead)}
        plan.remarks.append(remark(Place("plan", plan.name), "title_or_stage", text, lead))
    for place, block in enumerate(section.content):
        match block:
            case Table():
                number += 1
                own = find_header(block, is_plan_header, plan_fields)
                if own is not None:
                    _leave_caption(plan, block, own, number)
                    header = _settled(own, block)
                    plan.columns = plan.columns or header.columns
                    _remark_columns(plan, header, number)
                if header is None or (own is None and not goes_on(block, header)):
                    _leave(plan, words_of(block), _("table %(number)s") % {"number": number})
                    continue
                _read_table(plan, block, header, header.row if own is not None else 0, number)
            case Paragraph(text) if text:
                above_table = any(isinstance(one, Table) for one in section.content[place:])
                if (above_table and is_stage(text)) or is_lead(section, place):
                    plan.open_stage(text)
                else:
                    _leave(plan, text, beside_table(sum(one in tables for one in section.content[:place])))
    return _finished(plan, replace(section, title=title)), plan.remarks


def _finished(plan: _Plan, section: Section) -> PlanDraft:
    _remark_numbers(plan)
    for key, stage in rows(PlanDraft(stages=tuple(plan.stages))):
        if isinstance(stage, StageDraft) and not stage.tasks:
            text = _("Under “%(words)s” there are no tasks. Is it a stage?") % {"words": fold(stage.heading)}
            plan.remarks.append(remark(Place("plan", plan.name, key, "heading"), "stage_empty", text, stage.heading))
    return PlanDraft("\n".join(section.heading), "\n".join(section.title), plan.columns, tuple(plan.stages))


def _settled(header: Header, table: Table) -> Header:
    """Each field once (terms may be two columns: from and to); a second column of a field is kept as `other`."""
    header = named_by_numbers(header, list(rows_under(table, header, header.row)))
    names = [column.field for column in header.columns]
    if "question" not in names:
        names = ["question" if name == "stage" else name for name in names]
    if names.count("question") > 1 and "purpose" not in names:  # «Тема» and «Задачи»
        second = [
            place for place, name in enumerate(names) if name == "question" and is_aim(header.columns[place].header)
        ]
        names = ["purpose" if place in second[:1] else name for place, name in enumerate(names)]
    own = {place for name in _FIELDS + ("stage",) for place in _own_columns(name, names, header)}
    return replace(
        header,
        columns=tuple(
            Column(name if place in own else "other", column.header)
            for place, (name, column) in enumerate(zip(names, header.columns, strict=True))
        ),
    )


def _own_columns(name: str, names: list[str], header: Header) -> list[int]:
    """The column of a field: of several the one whose header says it best; of terms both the beginning and the end."""
    places = [place for place, one in enumerate(names) if one == name]
    if name == "term":
        first = [place for place in places if is_beginning(header.columns[place].header)]
        last = [place for place in places if is_end(header.columns[place].header)]
        if len(first) == len(last) == 1:
            return [*first, *last]
    return sorted(places, key=lambda place: (plan_rank(header.columns[place].header), place))[:1]


def _remark_columns(plan: _Plan, header: Header, number: int) -> None:
    for column in header.columns:
        if column.field == "other" and plan_field(column.header) != "mark":
            place = Place("plan", _place(plan, number, header=column.header))
            plan.remarks.append(
                remark(
                    place,
                    "unknown_column",
                    _("The column “%(words)s” has no field of its own; its words are kept beside the task.")
                    % {"words": fold(column.header)},
                    column.header,
                )
            )
    for name, text in (
        ("term", _("The table has no column of terms. No task will ever be overdue.")),
        ("executors", _("The table has no column of executors. Choose them for each task.")),
    ):
        if header.place(name) is None:
            plan.remarks.append(remark(Place("plan", _place(plan, number), field=name), f"no_column_{name}", text))


def _place(plan: _Plan, table: int, line: int | None = None, header: str | None = None) -> str:
    words = [plan.name, _("table %(number)s") % {"number": table}]
    if line is not None:
        words.append(_("row %(number)s") % {"number": line})
    if header:
        words.append(_("column “%(name)s”") % {"name": fold(header)})
    return ", ".join(words)


def _leave(plan: _Plan, words: str, where: str = "") -> None:
    """Words without a place in the plan are never dropped in silence."""
    place = Place("plan", ", ".join(filter(None, (plan.name, where))))
    plan.remarks.append(
        remark(
            place,
            "words_left",
            _("These words found no place and are not taken over: “%(words)s”") % {"words": fold(words)},
            words,
        )
    )


def _leave_caption(plan: _Plan, table: Table, header: Header, number: int) -> None:
    for place, row in enumerate(table.rows[: header.first]):
        words = "\t".join(cell.text for cell in row if cell.text)
        if words:
            _leave(plan, words, _row_words(number, table.line(place)))


def _row_words(table: int, line: int) -> str:
    return ", ".join((_("table %(number)s") % {"number": table}, _("row %(number)s") % {"number": line}))


def _read_table(plan: _Plan, table: Table, header: Header, first: int, number: int) -> None:
    rows = list(rows_under(table, header, first))
    for place, row in enumerate(rows):
        following = rows[place + 1] if place + 1 < len(rows) else None
        heading = row.heading or _stage_heading(row, following, header)
        if not heading and (heading := _dated_stage(row, following, header)):
            _remark_dated_stage(plan, heading, row, number)
        lone = heading or (row.cells[row.filled[0]] if len(row.filled) == 1 else "")
        if is_signature(" ".join(filter(None, row.cells))):
            _leave(plan, "\t".join(filter(None, row.cells)), _row_words(number, row.line))
        elif (lone and is_aside(lone)) or (heading and following is None and not is_stage(heading)):
            _leave(plan, lone, _row_words(number, row.line))
        elif not heading:
            _read_row(plan, row, header, number)
            if plan.last is not None and following is not None and _heads(plan.last.number, following, header):
                _remark_head(plan, plan.last, row, number)
        else:
            plan.open_stage(heading)
            if row.repeated and not is_stage(heading):
                _remark_repeated(plan, heading, row, number)


def _remark_repeated(plan: _Plan, heading: str, row: NamedRow, number: int) -> None:
    text = _("“%(words)s” stands in every cell of the row, and it is read as a stage. Is it a task?")
    place = Place("plan", _place(plan, number, row.line), plan.stage_key)
    plan.remarks.append(remark(place, "stage_repeated", text % {"words": fold(heading)}, heading))


def _heads(printed: str, following: NamedRow, header: Header) -> bool:
    """«1» over «1.1»."""
    number = header.place("number")
    return bool(
        printed
        and following.cells
        and number is not None
        and following.cells[number].startswith(f"{plain_number(printed)}.")
    )


def _remark_head(plan: _Plan, task: TaskDraft, row: NamedRow, number: int) -> None:
    place = Place("plan", _place(plan, number, row.line), plan.key, "question")
    text = _("The row “%(words)s” heads the rows below it, but it is read as a task. Is it a stage?")
    words = f"{task.number} {task.question}"
    plan.remarks.append(remark(place, "task_or_stage", text % {"words": fold(words)}, words))


def _stage_heading(row: NamedRow, following: NamedRow | None, header: Header) -> str:
    """A stage written in the cells of a task: «1 | Подготовительный этап | | |» or «Раздел 1. … | | | |»."""
    number, question = header.place("number"), header.place("question")
    if row.merged_above or not set(row.filled) <= {number, question}:
        return ""
    printed = row.cells[number] if number is not None else ""
    words = row.cells[question] if question is not None else ""
    if not words or not printed:
        lone = words or printed
        alone = (
            number is not None
            and not is_number(lone)
            and not lone[:1].islower()
            and following is not None
            and not set(following.filled) <= {number, question}  # it heads a task
        )
        return lone if alone or is_stage(lone) else ""
    begins = following is not None and _heads(printed, following, header)
    roman = not printed[:1].isdigit()
    return f"{printed} {words}" if begins or roman or (is_stage(words) and row.filled == [number, question]) else ""


def _dated_stage(row: NamedRow, following: NamedRow | None, header: Header) -> str:
    """«II | Основной этап | октябрь – май | |» over «2 | Обучение | …»: a stage with a term of its own."""
    number, question, term = (header.place(name) for name in ("number", "question", "term"))
    if (
        following is None
        or row.merged_above
        or None in (number, term)
        or row.filled != sorted([number, question, term])
    ):
        return ""
    printed, words = row.cells[number], row.cells[question]
    roman = not printed[:1].isdigit() and bool(following.cells) and following.cells[number][:1].isdigit()
    heads = is_stage(words) and (roman or _heads(printed, following, header))
    return f"{printed} {words}\n{row.cells[term]}" if heads else ""


def _remark_dated_stage(plan: _Plan, heading: str, row: NamedRow, number: int) -> None:
    text = _("The stage has a term of its own; it is kept in its title: “%(words)s”. Is that right?")
    place = Place("plan", _place(plan, number, row.line))
    plan.remarks.append(remark(place, "stage_term", text % {"words": fold(heading)}, heading))


def _read_row(plan: _Plan, row: NamedRow, header: Header, number: int) -> None:
    cells = {name: _joined(row, header, name) for name in _FIELDS}
    if header.place("number") is None:
        cells["number"], cells["question"] = split_number(cells["question"])
    stage = header.place("stage")
    if stage is not None and row.cells[stage] and row.cells[stage] != plan.stage_cell:
        plan.stage_cell = row.cells[stage]
        plan.open_stage(row.cells[stage])
    other = tuple(
        (column.header, row.cells[place]) for place, column in enumerate(header.columns) if column.field == "other"
    )
    task = TaskDraft(**cells, other=other)
    if plan.last is not None and _continues(row, header, task):
        if header.place("question") not in row.merged_above:
            _remark_joined(plan, row, number)
        plan.change_last(_appended(plan.last, task, row, header))
        return
    plan.add(task)
    plan.places[plan.key] = _place(plan, number, row.line)
    _remark_task(plan, task, row, header, number)


def _joined(row: NamedRow, header: Header, name: str) -> str:
    words = [row.cells[place] for place in header.places(name) if row.cells[place]]
    return " – ".join(words) if len(words) == len(set(words)) else words[0]


def _continues(row: NamedRow, header: Header, task: TaskDraft) -> bool:
    """A row that goes on with the task above: both its number and question are merged with those above, or a
    page break has cut it (no number, and neither a term nor a new sentence)."""
    number, question = header.place("number"), header.place("question")
    if question in row.merged_above:
        return number is None or number in row.merged_above
    if number is None or task.number:
        return False
    return not task.question or (not task.term and not task.executors and task.question[:1].islower())


def _remark_joined(plan: _Plan, row: NamedRow, number: int) -> None:
    words = " · ".join(fold(cell) for cell in row.cells if cell)
    place = Place("plan", _place(plan, number, row.line), plan.key)
    text = _("This row has no number; its words are joined to the task above: “%(words)s”. Is that right?")
    plan.remarks.append(remark(place, "row_joined", text % {"words": words}, words))


def _appended(last: TaskDraft, task: TaskDraft, row: NamedRow, header: Header) -> TaskDraft:
    merged = {header.columns[place].field for place in row.merged_above}
    changes = {
        name: "\n".join(filter(None, (getattr(last, name), getattr(task, name))))
        for name in _FIELDS
        if name not in merged and getattr(task, name)
    }
    more = dict(task.other)
    other = tuple((header_, "\n".join(filter(None, (words, more.get(header_, ""))))) for header_, words in last.other)
    return replace(last, **changes, other=other)


def _remark_task(plan: _Plan, task: TaskDraft, row: NamedRow, header: Header, number: int) -> None:
    key = plan.key

    def at(name: str) -> Place:
        place = header.place(name)
        title = header.columns[place].header if place is not None else None
        return Place("plan", _place(plan, number, row.line, title), key, name)

    found = plan.remarks
    if header.place("term") is not None:
        found.extend(on_term(task.term, plan.year, at("term")))
        if task.term and any(not row.cells[place] for place in header.places("term")):
            text = _(
                "Only one side of the term is printed: “%(words)s”. Is it the first day, the last, or the only one?"
            )
            found.append(remark(at("term"), "term_one_sided", text % {"words": fold(task.term)}, task.term))
    if header.place("executors") is not None:
        found.extend(on_parties(task.executors, at("executors")))
    for name in _FIELDS[1:]:
        found.extend(on_letters(getattr(task, name), at(name)))
    for title, words in task.other:
        found.extend(on_letters(words, Place("plan", _place(plan, number, row.line, title), key, "other")))
    for column in row.wide:
        place = Place("plan", _place(plan, number, row.line, header.columns[column].header), key)
        found.append(
            remark(
                place,
                "wide_cell",
                _("This cell covers several columns. To which do its words belong?"),
                row.cells[column],
            )
        )
    if not task.question:
        found.append(remark(at("question"), "question_missing", _("The task has no words. Enter the question.")))
    elif is_list(task.question):
        text = _("The cell holds several numbered lines: “%(words)s”. Are these several tasks?")
        found.append(remark(at("question"), "several_tasks", text % {"words": fold(task.question)}, task.question))


def _remark_numbers(plan: _Plan) -> None:
    keys = {id(row): key for key, row in rows(PlanDraft(stages=tuple(plan.stages)))}
    numbers = [plain_number(task.number) for stage in plan.stages for task in stage.tasks]
    dotted = all("." in number for number in numbers if number)

    def at(task: TaskDraft) -> Place:
        key = keys[id(task)]
        return Place("plan", plan.places.get(key, plan.name), key, "number")

    seen: set[str] = set()
    for stage in plan.stages:
        if not dotted:
            seen = set()  # «1, 2, 3» may begin anew in each stage
        for task in stage.tasks:
            number = plain_number(task.number)
            if number and number in seen:
                text = _("The number %(number)s is printed twice in the plan.") % {"number": number}
                plan.remarks.append(remark(at(task), "number_twice", text, number))
            elif not task.number and any(numbers):
                text = _("The task “%(words)s” has no number, though others have.") % {"words": fold(task.question)}
                plan.remarks.append(remark(at(task), "number_missing", text, task.question))
            seen.add(number)


# A plan without a table: tasks are numbered paragraphs, their cells follow labels.


def _read_list(plan: _Plan, section: Section) -> None:
    paragraphs = [block.text for block in section.content if isinstance(block, Paragraph) and block.text]
    label = "question"  # «Исполнители:», whose words stand in the lines below it
    for place, text in enumerate(paragraphs):
        number, words = split_number(text)
        labelled = bool(_LABEL.search(text))
        following = paragraphs[place + 1] if place + 1 < len(paragraphs) else ""
        begins_stage = bool(number) and split_number(following)[0].startswith(f"{plain_number(number)}.")
        if not labelled and (begins_stage or (not number and is_stage(text))):
            plan.open_stage(text)
        elif number:
            plan.add(_labelled(TaskDraft(number=number), words))
        elif plan.last is not None and (labelled or text[:1] in "•-–—" or text[:1].islower()):
            plan.change_last(_labelled(plan.last, text, label))
        else:
            _leave(plan, text, _("paragraph %(number)s") % {"number": place + 1})
        if labelled or number:
            last = [found for found in _LABEL.finditer(text) if not text[found.end() :].strip()]
            label = last[-1].lastgroup or "question" if last else "question"
    plan.columns = _columns_of_list([task for stage in plan.stages for task in stage.tasks])
    for key, task in rows(PlanDraft(stages=tuple(plan.stages))):
        if isinstance(task, TaskDraft):
            words = f"{plan.name}, " + _("clause %(number)s") % {"number": plain_number(task.number)}
            plan.places[key] = words
            plan.remarks.extend(on_term(task.term, plan.year, Place("plan", words, key, "term")))
            plan.remarks.extend(on_parties(task.executors, Place("plan", words, key, "executors")))
            for name in _FIELDS[1:]:
                plan.remarks.extend(on_letters(getattr(task, name), Place("plan", words, key, name)))


def _columns_of_list(tasks: list[TaskDraft]) -> tuple[Column, ...]:
    """A list prints no headers: the usual words for those fields that it fills; a plan has questions and terms."""
    return tuple(
        column
        for column in PLAN_COLUMNS
        if column.field in ("question", "term") or any(getattr(task, column.field) for task in tasks)
    )


def _labelled(task: TaskDraft, text: str, first: str = "question") -> TaskDraft:
    """The task with the words before the first label in the field `first`, and those after each label in theirs."""
    marks = list(_LABEL.finditer(text))
    changes = {first: text[: marks[0].start()] if marks else text}
    for mark, following in zip(marks, [*marks[1:], None], strict=False):
        changes[mark.lastgroup or ""] = text[mark.end() : following.start() if following else len(text)]
    for name, words in changes.items():
        old, new = getattr(task, name), words.strip(" \t\n;(),")
        new = BULLET.sub("", new, count=1) if first == name != "question" else new
        new = new.rstrip(".") if name in ("executors", "term") and not re.search(r"\b(?:г|гг|[А-ЯЁ])\.$", new) else new
        if new:
            task = replace(task, **{name: f"{old}\n{new}" if old else new})
    found = _TERM_AT_END.search(task.question) if not task.term else None
    if found and read_term(found["term"]).doubt in ("", Doubt.YEAR_MISSING):
        task = replace(task, question=task.question[: found.start()], term=found["term"])
    return task
