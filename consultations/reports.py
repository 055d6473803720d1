"""The report on consultations: how many, how long, and what became of them (our decision; it feeds task 2.4).

Seminars that were held are counted among them. Numbers only: of teachers and their questions nothing gets as far as
this. One query brings consultations by all that is distinguished, two the seminars; everything shown or written to a
file is a sum of these rows.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from ejournal_rollout.people.models import Membership
from ejournal_rollout.periods import Kind, Period, after_months
from ejournal_rollout.plots import Series, bars
from ejournal_rollout.spreadsheets import Spreadsheet, Value

from .models import BookingQuerySet, SeminarQuerySet


class HelpForm(TextChoices):
    """The forms of help that this room gives. Another one is a line here and a reader in `gather`."""

    BY_HOURS = "by_hours", gettext_lazy("by the schedule")
    ON_DEMAND = "on_demand", gettext_lazy("as needed")
    SEMINAR = "seminar", gettext_lazy("seminars and trainings")


@dataclass(frozen=True)
class Fate:
    """What may become of a consultation: a field of `Tally`, the head of its column."""

    key: str
    words: str


FATES = (
    Fate("held", pgettext_lazy("consultations", "Took place")),
    Fate("missed", pgettext_lazy("consultations", "Did not come")),
    Fate("cancelled", pgettext_lazy("consultations", "Cancelled")),
    Fate("unmarked", pgettext_lazy("consultations", "Not marked")),
    Fate("ahead", pgettext_lazy("consultations", "Ahead")),
)


@dataclass(frozen=True)
class Tally:
    """How many of each fate, and the time of those that were held. `unmarked` are over, but nobody has said whether
    the teacher came. `came` are the persons who did: one to a consultation, several to a seminar."""

    held: int = 0
    missed: int = 0
    cancelled: int = 0
    unmarked: int = 0
    ahead: int = 0
    came: int = 0
    time_held: timedelta = timedelta()

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    @property
    def by_fate(self) -> list[tuple[Fate, int]]:
        return [(fate, getattr(self, fate.key)) for fate in FATES]

    @property
    def total(self) -> int:
        return sum(count for _fate, count in self.by_fate)

    @property
    def hours(self) -> float:
        """With two digits, for calculating."""
        return round(self.time_held / timedelta(hours=1), 2)

    @property
    def time_in_words(self) -> str:
        """«6 ч 20 мин»; "" where nothing was held."""
        hours, minutes = divmod(int(self.time_held / timedelta(minutes=1)), 60)
        said = [_("%(count)d h") % {"count": hours}] if hours else []
        return " ".join([*said, _("%(count)d min") % {"count": minutes}] if minutes else said)

    @property
    def missed_percent(self) -> int | None:
        """Of those of which it is known whether the teacher came; seminars that were held among them."""
        return round(100 * self.missed / (self.held + self.missed)) if self.held + self.missed else None


@dataclass(frozen=True)
class Cell:
    """The numbers of one direction, form, topic (each "" for none) and month (its first day).

    `specialists` are those who gave the help together: a seminar of two is counted once.
    """

    direction: str
    form: HelpForm
    specialists: tuple[int, ...]
    topic: str
    month: date
    tally: Tally


@dataclass(frozen=True)
class Row:
    words: str
    tally: Tally
    is_total: bool = False


@dataclass(frozen=True)
class Section:
    """The same numbers, told by one of what is distinguished."""

    key: str
    heading: str
    header: str
    rows: Sequence[Row]

    @property
    def lines(self) -> list[Row]:
        """For the page: several rows are summed up under them."""
        total = sum((row.tally for row in self.rows), Tally())
        return [*self.rows, Row(_("Together"), total, is_total=True)] if len(self.rows) > 1 else list(self.rows)

    @property
    def plot(self) -> str:
        """Markup; "" where there is nothing to compare."""
        if len(self.rows) < 2:
            return ""
        return bars(
            f"plot-{self.key}",
            title=": ".join([_("Report on consultations"), self.heading.lower()]),
            description=_("Bars of the numbers that stand in the table beside."),
            labels=[row.words for row in self.rows],
            series=[Series(str(fate.words), [getattr(row.tally, fate.key) for row in self.rows]) for fate in FATES],
        )


@dataclass(frozen=True)
class Report:
    """The consultations and seminars of a period in numbers; `names` are of the specialists in it."""

    period: Period
    cells: Sequence[Cell]
    names: dict[int, str] = field(default_factory=dict)

    @property
    def total(self) -> Tally:
        return _sum(self.cells)

    @property
    def sections(self) -> list[Section]:
        """By month, direction, specialist (where there are several), topic, form of help."""
        told = [
            Section("months", _("By months"), _("Month"), self._months()),
            Section("directions", _("By directions"), _("Direction"), self._directions()),
            Section("topics", _("By topics"), pgettext("consultation", "Topic"), self._topics()),
            Section("forms", _("By forms of help"), _("Form of help"), self._rows(lambda cell: cell.form.label)),
        ]
        if len(self.names) > 1:
            told.insert(2, Section("specialists", _("By specialists"), _("Specialist"), self._specialists()))
        return told

    def _rows(self, told_by: Callable[[Cell], str]) -> list[Row]:
        """In the order in which the words come."""
        groups: dict[str, list[Cell]] = {}
        for cell in self.cells:
            groups.setdefault(told_by(cell), []).append(cell)
        return [Row(capfirst(str(words)), _sum(cells)) for words, cells in groups.items()]

    def _months(self) -> list[Row]:
        """All from the first month to the last of which there is something."""
        known = {cell.month for cell in self.cells}
        month, rows = min(known, default=None), []
        while known and month <= max(known):
            rows.append(Row(month_words(month), _sum(cell for cell in self.cells if cell.month == month)))
            month = after_months(month, 1)
        return rows

    def _directions(self) -> list[Row]:
        """Seminars need not belong to one."""
        return [Row(row.words or _("(no direction)"), row.tally) for row in self._rows(lambda cell: cell.direction)]

    def _specialists(self) -> list[Row]:
        """In the order of the names; after each alone, those who gave help together with the first of them."""
        place = {pk: number for number, pk in enumerate(self.names)}
        groups: dict[tuple[int, ...], list[Cell]] = {}
        for cell in self.cells:
            groups.setdefault(cell.specialists, []).append(cell)
        order = sorted(groups, key=lambda several: [place[pk] for pk in several])
        return [Row(self._named(several), _sum(groups[several])) for several in order]

    def _named(self, specialists: tuple[int, ...]) -> str:
        """Of those only who may be named to the reader."""
        return ", ".join(self.names[pk] for pk in specialists if pk in self.names)

    def _topics(self) -> list[Row]:
        """What people come with most is first; where no topic was chosen, last."""
        rows = self._rows(lambda cell: cell.topic)
        chosen = sorted((row for row in rows if row.words), key=lambda row: (-row.tally.total, row.words))
        return chosen + [Row(_("(no topic chosen)"), row.tally) for row in rows if not row.words]

    def tables(self, title: str) -> list[Spreadsheet]:
        """First all that is distinguished in one table, for sorting and pivoting; then the sections."""
        heads = [_("Month"), _("Direction"), _("Form of help"), _("Specialist"), pgettext("consultation", "Topic")]
        rows = [
            [
                month_words(cell.month),
                cell.direction,
                str(cell.form.label),
                self._named(cell.specialists),
                cell.topic,
                *_numbers(cell.tally),
            ]
            for cell in sorted(self.cells, key=lambda cell: cell.month)
        ]
        whole = Spreadsheet(title, [*heads, *_number_heads()], rows)
        return [whole, *(_table(section) for section in self.sections)]


def gather(
    bookings: BookingQuerySet,
    seminars: SeminarQuerySet,
    period: Period,
    *,
    at: datetime,
    reader: Membership,
    names: dict[int, str],
) -> Report:
    """The report on `bookings` that begin in a period of the reader's school, as they stand at the moment `at`, and on
    those of `seminars` that were held in it. `names` are of the specialists whom the reader may be told of."""
    cells = [
        *_of_bookings(bookings, period, at=at, reader=reader),
        *_of_seminars(seminars, period, reader=reader, names=names),
    ]
    found = {pk for cell in cells for pk in cell.specialists}
    return Report(period, cells, {pk: name for pk, name in names.items() if pk in found})


def _of_bookings(bookings: BookingQuerySet, period: Period, *, at: datetime, reader: Membership) -> list[Cell]:
    zone = reader.school.zone
    counted = bookings.beginning(period.first, period.last, zone=zone).counted(
        "specialist", "topic__name", at=at, zone=zone
    )
    return [_cell(row) for row in counted]


def _cell(row: dict[str, Any]) -> Cell:
    tally = Tally(
        came=row["held"], **{one.name: row[one.name] or one.default for one in fields(Tally) if one.name in row}
    )
    form = HelpForm.ON_DEMAND if row["is_on_demand"] else HelpForm.BY_HOURS
    return Cell(row["direction_name"], form, (row["specialist"],), row["topic__name"] or "", row["month"], tally)


def _of_seminars(seminars: SeminarQuerySet, period: Period, *, reader: Membership, names: dict[int, str]) -> list[Cell]:
    """A cell for each one whose attendance is marked; its kind stands for the topic. Two queries."""
    zone = reader.school.zone
    held = seminars.held(period.first, period.last, zone=zone).with_leaders().order_by("starts_at", "pk")
    return [
        Cell(
            one.direction.name if one.direction else "",
            HelpForm.SEMINAR,
            tuple(pk for pk in names if pk in {leader.pk for leader in one.leaders.all()}),
            one.get_kind_display(),
            localdate(one.starts_at, zone).replace(day=1),
            Tally(held=1, came=one.came_count, time_held=one.ends_at - one.starts_at),
        )
        for one in held
    ]


def _sum(cells: Iterable[Cell]) -> Tally:
    return sum((cell.tally for cell in cells), Tally())


def _table(section: Section) -> Spreadsheet:
    rows = [[row.words, *_numbers(row.tally)] for row in section.rows]
    return Spreadsheet(section.heading, [section.header, *_number_heads()], rows)


def _number_heads() -> list[str]:
    heads = [pgettext("consultations", "In all"), *(str(fate.words) for fate in FATES)]
    return [*heads, pgettext("consultations", "Persons came"), pgettext("consultations", "Hours held")]


def _numbers(tally: Tally) -> list[Value]:
    return [tally.total, *(count for _fate, count in tally.by_fate), tally.came, tally.hours]


def month_words(month: date) -> str:
    """«Ноябрь 2026»"""
    return date_format(month, "F Y")


def period_words(period: Period) -> str:
    """«2026/2027 учебный год», «IV квартал 2026 (октябрь–декабрь)», «Ноябрь 2026»"""
    if period.kind == Kind.SCHOOL_YEAR:
        return _("school year %(year)s") % {"year": period.school_year}
    if period.kind == Kind.MONTH:
        return month_words(period.first)
    return _("quarter %(quarter)s of %(year)d (%(first)s–%(last)s)") % {
        "quarter": ("I", "II", "III", "IV")[period.quarter - 1],
        "year": period.first.year,
        "first": date_format(period.first, "F").lower(),
        "last": date_format(period.last, "F").lower(),
    }
