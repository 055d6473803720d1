"""Which tasks the plan page shows, and how: everything stands in the address, so a view is a link."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from urllib.parse import urlencode

from django import forms
from django.db.models import TextChoices
from django.http import QueryDict
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ejournal_rollout.orders.wordings import View
from ejournal_rollout.people.models import ROLE_WORDS
from ejournal_rollout.people.roles import Role

from .models import DUE_SOON_DAYS, Stage
from .presentation import Standing, TaskLine

FILTERS = ("stage", "role", "status", "term", "q")
KEPT = ("view", "group", *FILTERS)  # what a saved list keeps: nothing of one order or one task
MINE, WATCHED, NO_ROLE = "mine", "watched", "none"
LONGEST_QUERY = 500
UNFILTERED = dict.fromkeys((*FILTERS, "only"), "")  # how an address says that everything is shown


class Status(TextChoices):
    OPEN = "open", gettext_lazy("open")
    OVERDUE = Standing.OVERDUE.value, gettext_lazy("overdue")
    SOON = Standing.SOON.value, gettext_lazy("due within 30 days")
    WAITING = Standing.WAITING.value, gettext_lazy("waiting for review")
    BEFORE_ORDER = Standing.BEFORE_ORDER.value, gettext_lazy("term before the order, no result yet")
    DONE = Standing.DONE.value, gettext_lazy("done")
    CANCELLED = Standing.CANCELLED.value, pgettext_lazy("task", "cancelled")


class TermSpan(TextChoices):
    """Where the last day of a term lies; both ends inside."""

    MONTH = "month", gettext_lazy("this month")
    DAYS = "30days", gettext_lazy("the next 30 days")
    QUARTER = "quarter", gettext_lazy("this quarter")
    NONE = "none", gettext_lazy("without a last day")


class Grouping(TextChoices):
    STAGE = "", gettext_lazy("by stages")
    ROLE = "role", gettext_lazy("by roles")
    STATUS = "status", gettext_lazy("by status")


class Shape(TextChoices):
    TABLE = "", gettext_lazy("Table")
    TIMELINE = "timeline", gettext_lazy("Timeline")


# Groups by status, the most urgent first.
STANDING_WORDS = {
    Standing.OVERDUE: gettext_lazy("Overdue"),
    Standing.BEFORE_ORDER: gettext_lazy("Term before the order, no result yet"),
    Standing.WAITING: gettext_lazy("Waiting for review"),
    Standing.SOON: gettext_lazy("Due within 30 days"),
    Standing.OPEN: gettext_lazy("Open, nothing urgent"),
    Standing.DONE: gettext_lazy("Done"),
    Standing.CANCELLED: pgettext_lazy("tasks", "Cancelled"),
}
SEARCH = {"type": "search", "placeholder": gettext_lazy("question, notes, steps")}
READY_VIEWS = (
    (gettext_lazy("All open"), {"status": Status.OPEN.value}),
    (gettext_lazy("Overdue"), {"status": Status.OVERDUE.value}),
    (gettext_lazy("Due within 30 days"), {"status": Status.SOON.value}),
    (gettext_lazy("Waiting for review"), {"status": Status.WAITING.value}),
    (gettext_lazy("My open tasks"), {"role": MINE, "status": Status.OPEN.value}),
    (gettext_lazy("I watch"), {"role": WATCHED}),
)


class SelectionForm(forms.Form):
    """The query string of the plan page. A stage is named by its place in the plan, which holds in every year."""

    stage = forms.ChoiceField(label=gettext_lazy("Stage"), required=False)
    role = forms.ChoiceField(label=gettext_lazy("Executor"), required=False)
    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False)
    term = forms.ChoiceField(label=gettext_lazy("Term"), required=False)
    q = forms.CharField(
        label=gettext_lazy("Words"), required=False, max_length=100, widget=forms.TextInput(attrs=SEARCH)
    )
    group = forms.ChoiceField(label=gettext_lazy("Group"), choices=Grouping.choices, required=False)
    only = forms.RegexField(r"^\d{1,10}(-\d{1,10}){0,199}$", required=False, widget=forms.HiddenInput)
    view = forms.ChoiceField(choices=Shape.choices, required=False, widget=forms.HiddenInput)
    page = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    all = forms.BooleanField(required=False, widget=forms.HiddenInput)
    task = forms.IntegerField(required=False, widget=forms.HiddenInput)
    mark = forms.IntegerField(required=False, widget=forms.HiddenInput)
    changed = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, query: QueryDict, *, stages: Sequence[Stage] = ()) -> None:
        super().__init__(query, auto_id="filter-%s")
        every = ("", _("all"))
        headings = [Truncator(stage.heading or _("(no stage)")).chars(70) for stage in stages]
        self.fields["stage"].choices = [every, *((str(place), one) for place, one in enumerate(headings, start=1))]
        whose = [(MINE, _("my tasks")), (WATCHED, _("I watch"))]
        roles = [(role.value, words) for role, words in ROLE_WORDS.items()]
        self.fields["role"].choices = [every, *whose, *roles, (NO_ROLE, _("no role is named"))]
        self.fields["status"].choices = [every, *Status.choices]
        self.fields["term"].choices = [every, *TermSpan.choices]
        for name in (*FILTERS, "group"):
            self.fields[name].widget.attrs["class"] = "form-control" if name == "q" else "form-select"


@dataclass(frozen=True)
class Asked:
    """The values of the address. `only` names the tasks that somebody ticked («12-15»). `page`, `all` tell how much of
    the list is shown; `task` is open beside it; `mark` is the row whose quick acts are open, `changed` the one that was
    just changed."""

    stage: str = ""
    role: str = ""
    status: str = ""
    term: str = ""
    q: str = ""
    only: str = ""
    group: str = ""
    view: str = ""
    page: int | None = None
    all: bool = False
    task: int | None = None
    mark: int | None = None
    changed: int | None = None


@dataclass(frozen=True)
class ChosenWord:
    """A chosen filter as a word that can be taken away by its link."""

    label: str
    words: str
    address_without: str


@dataclass(frozen=True)
class Group:
    """Rows under one heading; `stage` where they are grouped by stages."""

    heading: str
    lines: tuple[TaskLine, ...]
    stage: Stage | None = None

    def count(self, standing: Standing) -> int:
        return sum(line.standing is standing for line in self.lines)

    @property
    def done(self) -> int:
        return self.count(Standing.DONE)

    @property
    def total(self) -> int:
        """Cancelled tasks are not counted."""
        return len(self.lines) - self.count(Standing.CANCELLED)

    @property
    def overdue(self) -> int:
        return self.count(Standing.OVERDUE)


class Selection:
    """What the address asks for. A value that is not known is left out: `is_unknown` says so."""

    def __init__(
        self, query: QueryDict, *, stages: Sequence[Stage], order: int | None = None, wording: View = View.NOW
    ) -> None:
        """`order` is that of the plan, where it is not the one in force."""
        self.form = SelectionForm(query, stages=stages)
        self._has_stages = any(stage.heading for stage in stages)
        self.form.is_valid()
        self.is_unknown = not self.form.errors.keys().isdisjoint((*KEPT, "only"))
        self.asked = Asked(**{name: value for name, value in self.form.cleaned_data.items() if value})
        self.kept = {name: value for name in KEPT if (value := getattr(self.asked, name))}
        context = {"order": order, "as": wording.value, "only": self.asked.only}
        self._context = {name: str(value) for name, value in context.items() if value}

    @property
    def is_filtered(self) -> bool:
        return bool(self.asked.only) or any(name in self.kept for name in FILTERS)

    @property
    def query(self) -> str:
        """The canonical query string of what a saved list keeps."""
        return urlencode(self.kept)

    def address(self, **changes: object) -> str:
        """The page with some values changed; "" or None takes a value away."""
        asked = {**self._context, **self.kept, **({"all": "1"} if self.asked.all else {}), **changes}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{reverse('plans:plan')}?{query}" if query else reverse("plans:plan")

    def row_addresses(self, name: str) -> Callable[[int], str]:
        """Addresses that differ in one number only: made once for all rows."""
        before, after = self.address(**{"page": self.asked.page, name: "PK"}).rsplit("PK", 1)
        return lambda pk: f"{before}{pk}{after}"

    @property
    def hidden(self) -> dict[str, str]:
        """What the form of filters carries along unseen."""
        return {**self._context, **({"view": self.asked.view} if self.asked.view else {})}

    @property
    def fields(self) -> list[forms.BoundField]:
        """Those that are seen; a plan without stages is not asked for them."""
        return [self.form[name] for name in (*FILTERS, "group") if name != "stage" or self._has_stages]

    @cached_property
    def words(self) -> list[ChosenWord]:
        words = [
            ChosenWord(str(self.form.fields[name].label), self._said(name), self.address(**{name: ""}))
            for name in FILTERS
            if name in self.kept
        ]
        if self.asked.only:
            words.append(ChosenWord(_("Tasks"), _("those ticked in the list"), self.address(only="")))
        return words

    @property
    def told(self) -> str:
        """«Статус: просрочено; слова: акт» for paper."""
        return "; ".join(f"{one.label}: {one.words}" for one in self.words)

    def _said(self, name: str) -> str:
        choices = dict(getattr(self.form.fields[name], "choices", ()))
        return str(choices.get(self.kept[name], self.kept[name]))

    @property
    def without_filters(self) -> str:
        return self.address(**UNFILTERED)

    # --- Tasks

    def pick(
        self,
        lines: Iterable[TaskLine],
        *,
        on: date,
        roles: frozenset[Role],
        watched: set[int],
        place: dict[int, int],
        beside: Mapping[int, str],
    ) -> list[TaskLine]:
        """The lines asked for. `roles` are the reader's, `watched` the tasks they watch, `place` of each stage;
        `beside` are the notes and steps of each task, where words are sought."""
        tests: list[Callable[[TaskLine], bool]] = []
        if self.asked.only:
            chosen = {int(pk) for pk in self.asked.only.split("-")}
            tests.append(lambda line: line.task.pk in chosen)
        if self.asked.stage:
            tests.append(lambda line: place[line.task.stage_id] == int(self.asked.stage))
        if self.asked.role:
            tests.append(_role_test(self.asked.role, roles, watched))
        if self.asked.status:
            tests.append(_status_test(self.asked.status))
        if self.asked.term:
            tests.append(_term_test(TermSpan(self.asked.term), on))
        if self.asked.q:
            sought = _plain(self.asked.q).split()
            tests.append(lambda line: _holds(line, beside[line.task.pk], sought))
        return [line for line in lines if all(test(line) for test in tests)]

    def groups(self, lines: Sequence[TaskLine], stages: Sequence[Stage]) -> list[Group]:
        """The lines under their headings. A task of several roles stands under each; a stage without lines is shown
        where nothing is filtered."""
        match self.asked.group:
            case Grouping.ROLE:
                return _by_role(lines)
            case Grouping.STATUS:
                found = {one: tuple(line for line in lines if line.standing is one) for one in STANDING_WORDS}
                return [Group(str(STANDING_WORDS[one]), own) for one, own in found.items() if own]
        own: dict[int, list[TaskLine]] = {}
        for line in lines:
            own.setdefault(line.task.stage_id, []).append(line)
        shown = [stage for stage in stages if stage.pk in own or not self.is_filtered]
        return [Group(stage.heading, tuple(own.get(stage.pk, ())), stage) for stage in shown]


def canonical(query: str) -> str:
    """The part of a query string that a saved list keeps, in one order; "" where it keeps nothing."""
    return _cut(query, KEPT)


class ListBackForm(forms.Form):
    """`back` is the query string of the list (after a "?") from whose row an act is done: one goes back there."""

    back = forms.CharField(max_length=2 * LONGEST_QUERY)

    def address(self, **row: int) -> str:
        """Of a form that is valid: the list with what is said of a row, e.g. `changed=5`. Only known words are kept,
        so that nobody is sent elsewhere."""
        return f"{reverse('plans:plan')}?{self.query(**row)}"

    def query(self, **row: int) -> str:
        kept = _cut(self.cleaned_data["back"].removeprefix("?"), ("order", "as", "only", *KEPT, "all", "page"))
        return "&".join(filter(None, [kept, urlencode(row)]))


def _cut(query: str, names: Iterable[str]) -> str:
    asked = QueryDict(query)
    return urlencode({name: asked[name] for name in names if asked.get(name)})


def _by_role(lines: Sequence[TaskLine]) -> list[Group]:
    found = [
        Group(str(words), tuple(line for line in lines if role.value in line.task.roles_named))
        for role, words in ROLE_WORDS.items()
    ]
    found.append(Group(_("No role is named"), tuple(line for line in lines if not line.task.roles_named - {""})))
    return [group for group in found if group.lines]


def _role_test(asked: str, roles: frozenset[Role], watched: set[int]) -> Callable[[TaskLine], bool]:
    match asked:
        case "mine":
            return lambda line: line.task.is_entrusted_to(roles)
        case "watched":
            return lambda line: line.task.pk in watched
        case "none":
            return lambda line: not line.task.roles_named - {""}
    return lambda line: asked in line.task.roles_named


def _status_test(asked: str) -> Callable[[TaskLine], bool]:
    if asked == Status.OPEN:
        return lambda line: line.standing not in (Standing.DONE, Standing.CANCELLED)
    return lambda line: line.standing == asked


def _term_test(span: TermSpan, on: date) -> Callable[[TaskLine], bool]:
    def quarter(day: date) -> tuple[int, int]:
        return day.year, (day.month - 1) // 3

    match span:
        case TermSpan.MONTH:
            return lambda line: (
                bool(line.task.due_on)
                and (line.task.due_on.year, line.task.due_on.month)
                == (
                    on.year,
                    on.month,
                )
            )
        case TermSpan.DAYS:
            last = on + timedelta(days=DUE_SOON_DAYS)
            return lambda line: bool(line.task.due_on) and on <= line.task.due_on <= last
        case TermSpan.QUARTER:
            return lambda line: bool(line.task.due_on) and quarter(line.task.due_on) == quarter(on)
    return lambda line: line.task.due_on is None


def _holds(line: TaskLine, beside: str, sought: list[str]) -> bool:
    task = line.task
    text = _plain(f"{task.number} {task.question} {task.purpose} {task.executors_printed} {task.result} {beside}")
    return all(word in text for word in sought)


def _plain(text: str) -> str:
    """For searching: one case, one letter for «е» and «ё». In Python, because SQLite knows no case of Cyrillic."""
    return text.casefold().replace("ё", "е")
