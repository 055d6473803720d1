"""The sample school of the demo: the source order, copied to the current school year, and invented people.

Every person here is invented. Everything is done by the same operations that the pages call.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from consultations.availability import Availability, next_free_times
from consultations.models import Absence, Bell, Booking, CalendarChange, Direction, Lesson, Seminar
from consultations.operations import (
    add_lesson,
    book_consultation,
    keep_screenshot,
    mark_attendance,
    mark_seminar,
    plan_seminar,
    rate_consultation,
    sign_up,
    write_absence,
    write_booking_note,
)
from consultations.seminar_days import SeminarDays
from ejournal_rollout.documents.copying import copy_order
from ejournal_rollout.documents.importing import import_order
from ejournal_rollout.documents.reading import read_order
from ejournal_rollout.history.recording import record
from ejournal_rollout.orders.drafts import OrderDraft
from ejournal_rollout.orders.models import Order
from ejournal_rollout.orders.school_year import SchoolYear
from ejournal_rollout.people.models import Membership, RoleHolding, School
from ejournal_rollout.people.operations import add_member
from ejournal_rollout.people.roles import Role
from plans.models import Evidence, Task, TaskExecutor
from plans.operations import (
    Check,
    Outcome,
    accept_result,
    add_step,
    attach_evidence,
    begin_report,
    close_minutes,
    decide,
    hold_round,
    mark_step,
    open_meeting,
    plan_rounds,
    read_into,
    report_task,
    save_view,
    start_task,
    watch,
    write_finding,
    write_note,
    write_report,
)
from plans.reminding import remind
from support.models import HelpRequest
from support.operations import ask_for_help, book_for_request, reply, take_request

from .amending import bring_into_force, draft_amendment
from .effect import put_into_effect
from .rounds.school_days import school_days

SAMPLE = Path(__file__).resolve().parent.parent / "documents" / "samples" / "order-337-01-18.docx"
PICTURE = SAMPLE.with_name("plan.png")
PASSWORD = "klassnyj-zhurnal"  # noqa: S105  known to everybody on purpose: the demo listens on 127.0.0.1 only


@dataclass(frozen=True)
class Person:
    """An invented member of staff; `key` is the name before @demo.example and of the supervisor."""

    key: str
    last_name: str
    first_name: str
    patronymic: str
    post: str
    roles: tuple[Role, ...]
    reports_to: str = ""

    @property
    def email(self) -> str:
        return f"{self.key}@demo.example"


PEOPLE = (
    Person("director", "Образцова", "Вера", "Ильинична", "Директор", (Role.ADMINISTRATION,)),
    Person(
        "deputy",
        "Примерова",
        "Ольга",
        "Олеговна",
        "Заместитель директора по УР",
        (Role.ADMINISTRATION, Role.DEPUTY_HEAD, Role.WORKING_GROUP),
        "director",
    ),
    Person("group", "Условнова", "Елена", "Егоровна", "Учитель истории", (Role.WORKING_GROUP,), "deputy"),
    Person(
        "technician", "Тестов", "Андрей", "Андреевич", "Технический специалист", (Role.TECHNICAL_SPECIALIST,), "deputy"
    ),
    Person(
        "colleague", "Опытнова", "Нина", "Николаевна", "Учитель информатики", (Role.EXPERIENCED_COLLEAGUE,), "deputy"
    ),
    Person("teacher", "Учителева", "Анна", "Петровна", "Учитель русского языка", (), "deputy"),
    Person("teacher2", "Новикова-Образцова", "Мария", "Сергеевна", "Учитель начальных классов", (), "deputy"),
)


def make_sample_school(*, at: datetime) -> School:
    """The school with its order in force and its people; found again, unchanged, if it is there already."""
    draft = read_order(SAMPLE.read_bytes(), SAMPLE.name).draft
    with transaction.atomic():
        school, is_new = School.objects.get_or_create(
            name=draft.organization, defaults={"time_zone": "Europe/Simferopol"}
        )
        if is_new:
            _fill(school, draft, at=at)
    return school


def _fill(school: School, draft: OrderDraft, *, at: datetime) -> None:
    year = SchoolYear.of(timezone.localdate(at, school.zone))
    source = import_order(draft, school=school, by=None).order
    put_into_effect(source, number=draft.number, signed_on=draft.signed_on, by=None, at=_noon(draft.signed_on))
    staff = _appoint(school, since=date(year.first, 8, 1))
    order = copy_order(source, to=year, by=staff["deputy"])
    signed_on = date(year.first, 8, 31)
    put_into_effect(order, number="412/01-18", signed_on=signed_on, by=staff["director"], at=_noon(signed_on))
    _amend(order, staff, at=at)
    _close_for_holidays(school, year, by=staff["deputy"])
    _begin_work(order, staff, at=at)


def _appoint(school: School, *, since: date) -> dict[str, Membership]:
    staff: dict[str, Membership] = {}
    password = make_password(PASSWORD)  # once for all: a hash is slow on purpose
    for person in PEOPLE:
        member = staff[person.key] = add_member(
            school,
            last_name=person.last_name,
            first_name=person.first_name,
            patronymic=person.patronymic,
            email=person.email,
            post=person.post,
            roles=person.roles,
            reports_to=staff.get(person.reports_to),
            on=since,
            by=None,
        )
        member.user.password = password
        member.user.save(update_fields=["password"])
    RoleHolding.objects.filter(membership=staff["deputy"], role=Role.WORKING_GROUP).update(is_head=True)
    return staff


def _amend(order: Order, staff: dict[str, Membership], *, at: datetime) -> None:
    """One term changed by an order, one edited since then: the plan page shows both marks."""
    year = order.first_year
    signed_on = min(date(year, 9, 15), timezone.localdate(at, order.school.zone))
    _edit_term(order, "1.2", f"Май-октябрь {year}", by=staff["deputy"])
    bring_into_force(
        draft_amendment(order, by=staff["deputy"]),
        number="430/01-18",
        signed_on=signed_on,
        grounds="В связи с продлением анкетирования учителей",
        by=staff["director"],
        at=_noon(signed_on),
    )
    _edit_term(order, "1.4", f"Июль-сентябрь {year}", by=staff["deputy"])


def _close_for_holidays(school: School, year: SchoolYear, *, by: Membership) -> None:
    """As the administration pages do it: days on which neither a consultation nor a check is planned."""
    for first_on, last_on, reason in (
        (date(year.first, 10, 26), date(year.first, 11, 3), "Осенние каникулы"),
        (date(year.first, 12, 28), date(year.first + 1, 1, 10), "Зимние каникулы"),
    ):
        closed = CalendarChange.objects.create(
            school=school,
            kind=CalendarChange.Kind.HOLIDAYS,
            first_on=first_on,
            last_on=last_on,
            reason=reason,
        )
        record("admin.added", closed, by=by)


def _edit_term(order: Order, number: str, words: str, *, by: Membership) -> None:
    """As the administration pages do it: the days are read from the words, the journal knows both."""
    task = next(one for one in Task.objects.filter(stage__plan__order=order).in_order() if one.number == number)
    before, task.term = task.term, words
    read_into(task, order.school_year)
    task.save()
    label = str(Task._meta.get_field("term").verbose_name)
    record("admin.changed", task, by=by, changes=[(label, before, words)], school_id=order.school_id)


def _begin_work(order: Order, staff: dict[str, Membership], *, at: datetime) -> None:
    """A few facts, so that no page of the demo is bare."""
    tasks = {task.number: task for task in Task.objects.filter(stage__plan__order=order).in_order()}
    deputy, group, teacher = staff["deputy"], staff["group"], staff["teacher"]
    for number, result in (
        ("1.1", "Осмотрено 24 рабочих места, нужны ещё два компьютера: докладная директору передана."),
        ("1.3", "Подготовлены проекты положения об ЭЖ и изменений в должностные инструкции."),
    ):
        report_task(tasks[number], by=deputy, at=_days_before(at, 30, order), result=result)
        accept_result(tasks[number], by=staff["director"], at=_days_before(at, 28, order))
    start_task(tasks["1.2"], by=group, at=_days_before(at, 20, order))
    for words, is_done in (("Раздать анкеты", True), ("Собрать анкеты", False), ("Сводная таблица по кафедрам", False)):
        step = add_step(tasks["1.2"], by=group, at=at, words=words)
        if is_done:
            mark_step(step, True, by=group, at=at)
    attach_evidence(
        tasks["1.2"],
        by=group,
        at=at,
        file=ContentFile("Анкета: умеете ли вы …\r\n(пример)\r\n".encode(), "anketa.txt"),
        kind=Evidence.Kind.OTHER,
        name="Анкета учителя (пример)",
        goes_into_report=True,
    )
    watch(tasks["1.2"], by=deputy)
    write_note(tasks["1.2"], by=group, at=at, text="Анкеты розданы, сдали 31 из 40 учителей.")
    report_task(tasks["1.4"], by=deputy, at=at, result="Положение принято на педагогическом совете.")
    start_task(tasks["2.1"], by=deputy, at=_days_before(at, 21, order))
    Task.objects.filter(pk=tasks["2.4"].pk).update(is_milestone=True)
    TaskExecutor.objects.filter(pk=tasks["1.2"].executors.first().pk).update(is_lead=True)
    save_view(by=deputy, name="К совещанию: что не закрыто", query="group=status&status=open", is_shared=True)
    past, _is_new = open_meeting(
        order.plan, by=deputy, at=at - timedelta(days=14), agenda="О готовности кадров и техники"
    )
    decide(
        past, by=deputy, at=at, words="Раздать анкеты до конца месяца", task=tasks["1.2"], executors="Условнова Е.Е."
    )
    close_minutes(past, by=deputy, at=at - timedelta(days=14))
    present, _is_new = open_meeting(order.plan, by=deputy, at=at, agenda="О ходе выполнения плана-графика")
    decide(
        present,
        by=deputy,
        at=at,
        words="Собрать сводную таблицу по кафедрам",
        task=tasks["1.2"],
        executors="руководители кафедр",
        due_on=timezone.localdate(at) + timedelta(days=10),
    )
    _hold_rounds(tasks["2.1"], staff, at=at)
    write_report(
        begin_report(order.plan, by=deputy, at=at),
        by=deputy,
        at=at,
        seen=1,
        introduction="Отчёт подготовлен рабочей группой по пункту 2.4 плана-графика.",
        conclusions="Подготовительный этап в основном завершён, анкетирование учителей продолжается.",
        proposals="Дооснастить рабочие места; продолжить консультации по графику.",
    )
    remind(order.school, on=timezone.localdate(at, order.school.zone))
    _add_topics(order)
    _change_days(staff, at=at)
    _consult_earlier(order, staff, at=at)
    # One consultation has been held and waits for the specialist to say so, one is to come.
    _book_the_next(staff["teacher2"], "Перенос отметок из бумажного журнала", at=at - timedelta(days=3))
    _book_the_next(teacher, "Как исправить ошибочно поставленную отметку?", at=at, has_screenshot=True)
    _hold_seminars(order, staff, at=at)
    direction = order.schedule.directions.order_by("position").exclude(is_on_demand=True).first()
    request = ask_for_help(
        direction=direction,
        question="Не открывается страница 7-Б класса",
        description="После входа вижу только 7-А. Вчера страница открывалась.",
        form=HelpRequest.Form.ONLINE,
        requester=teacher,
        registered_by=teacher,
        at=at,
    )
    take_request(request, by=staff["technician"], at=at)
    reply(request, by=staff["technician"], at=at, text="Проверил: права на 7-Б вернул. Выйдите и войдите снова.")
    ask_for_help(
        direction=direction,
        question="Как прикрепить файл к домашнему заданию?",
        description="",
        form=HelpRequest.Form.EMAIL,
        requester=staff["teacher2"],
        registered_by=staff["teacher2"],
        at=at,
    )
    _hold_a_consultation(direction, staff["colleague"], at=at)


def _hold_a_consultation(direction: Direction, teacher: Membership, *, at: datetime) -> None:
    """A question of last week, talked over since: its result stands in the request; nothing on a long holiday."""
    asked_at = at - timedelta(days=7)
    free = Availability(Direction.objects.filter(pk=direction.pk), teacher=teacher, at=asked_at).next(direction)
    if free is None or free.ends_at > at:
        return
    request = ask_for_help(
        direction=direction,
        question="Как перенести темы уроков из плана?",
        description="",
        form=HelpRequest.Form.CONSULTATION,
        requester=teacher,
        registered_by=teacher,
        at=asked_at,
    )
    held = book_for_request(request, starts_at=free.starts_at, question=request.question, by=teacher, at=asked_at)
    mark_attendance(
        held,
        by=held.specialist,
        came=True,
        outcome="Показано, как перенести темы за четверть.",
        follow_up="Перенос домашних заданий",
        at=at,
    )
    write_booking_note(held, text="Лучше показывать на её собственном журнале.", by=held.specialist, at=at)
    rate_consultation(held, by=teacher, rating=held.Rating.HELPED, at=at)


def _change_days(staff: dict[str, Membership], *, at: datetime) -> None:
    """A shortened day, a working Saturday, an absence with a deputy, own lessons: far enough to leave today alone."""
    school, specialist = staff["deputy"].school, staff["group"]
    today = timezone.localdate(at, school.zone)
    year = SchoolYear.of(today)
    council = school_days(school, [today]).next_open(today + timedelta(days=6))
    saturday = today + timedelta(days=(5 - today.weekday()) % 7 + 7)
    CalendarChange.objects.create(
        school=school,
        kind=CalendarChange.Kind.SHORTENED,
        first_on=council,
        last_on=council,
        ends=time(12),
        reason="Педагогический совет",
    )
    CalendarChange.objects.create(
        school=school,
        kind=CalendarChange.Kind.WORKING,
        first_on=saturday,
        last_on=saturday,
        as_weekday=5,
        reason="Рабочая суббота за пятницу",
    )
    Bell.objects.bulk_create(
        Bell(school=school, number=number, starts=starts, ends=ends)
        for number, starts, ends in ((1, time(8, 30), time(9, 15)), (2, time(9, 25), time(10, 10)))
    )
    lesson = {"first_on": year.starts_on, "last_on": date(year.first + 1, 5, 31)}
    for weekday, words in ((2, "9-А, история"), (4, "8-Б, история")):
        one = Lesson(
            specialist=specialist, weekday=weekday, starts=time(9, 25), ends=time(10, 10), words=words, **lesson
        )
        add_lesson(one, by=specialist, at=at)
    write_absence(
        Absence(
            specialist=specialist,
            first_on=today + timedelta(days=8),
            last_on=today + timedelta(days=10),
            reason="Курсы повышения квалификации",
            deputy=staff["colleague"],
        ),
        by=staff["deputy"],
        at=at,
    )


def _hold_rounds(task: Task, staff: dict[str, Membership], *, at: datetime) -> None:
    """Of the separate schedule one round has been held, with a remark to a teacher, one is to come."""
    deputy, group = staff["deputy"], staff["group"]
    today = timezone.localdate(at, group.school.zone)
    check = Check(
        checked="Ведение электронного журнала",
        classes="7-А, 7-Б",
        subjects="Русский язык, алгебра",
        checker=group,
        indicators=[
            ("Уроки с темой и датой, %", "100"),
            ("Домашнее задание записано, %", "95"),
            ("Записано в день урока, %", "90"),
        ],
    )
    days = [today - timedelta(days=7), today + timedelta(days=14)]
    calendar = school_days(group.school, days)
    held_on, next_on = min(calendar.next_open(days[0]), today), calendar.next_open(days[1])
    held, _coming = plan_rounds(
        task, check, days=[held_on, next_on], by=deputy, at=_days_before(at, 21, task.stage.plan.order)
    )
    found = dict(zip((one.pk for one in held.indicators.all()), ("94", "97", "88"), strict=True))
    write_finding(
        held,
        teacher=staff["teacher"],
        place="7-Б, русский язык",
        text="Не записаны темы трёх последних уроков.",
        repair_by=today + timedelta(days=7),
        by=group,
        at=at,
    )
    outcome = Outcome(
        result="Проверено 12 страниц журнала. Отметки и пропуски записаны, темы уроков записаны не везде.",
        conclusions="Журнал ведётся в основном вовремя.",
        recommendations="Записывать тему в день урока; показать на консультации, как перенести темы из плана.",
        found=found,
    )
    hold_round(held, outcome, held_on=held_on, by=group, at=at)


def _add_topics(order: Order) -> None:
    """What people come with, by the place of the direction in the annex."""
    topics = (
        ("Положение об электронном журнале", "Должностные инструкции"),
        ("Вход и пароль", "Компьютер и интернет в кабинете", "Права на класс"),
        ("Отметки и их вес", "Темы уроков и домашнее задание", "Итоги четверти"),
    )
    for direction, names in zip(order.schedule.directions.order_by("position"), topics, strict=False):
        for place, name in enumerate(names, start=1):
            direction.topics.create(position=place, name=name)


def _hold_seminars(order: Order, staff: dict[str, Membership], *, at: datetime) -> None:
    """One has been held; to one people may sign up; of the third all places are taken and somebody waits."""
    technician, colleague = staff["technician"], staff["colleague"]
    teacher, teacher2 = staff["teacher"], staff["teacher2"]
    today = timezone.localdate(at, technician.school.zone)
    days = [today - timedelta(days=14), today + timedelta(days=7), today + timedelta(days=9)]
    calendar = school_days(technician.school, days)
    direction = order.schedule.directions.order_by("position").exclude(is_on_demand=True).first()

    def plan(
        title: str, leader: Membership, day: date, *, places: int, asked_at: datetime, **values: object
    ) -> Seminar:
        starts_at = datetime.combine(day, time(15), tzinfo=technician.school.zone)
        values |= {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=90), "closes_at": starts_at}
        # In long holidays no open day is near: then it is held all the same.
        known = Seminar(school=leader.school, **values)
        values["in_spite_of"] = SeminarDays.of([known]).why_closed(known, [leader])
        return plan_seminar(leaders=[leader], by=leader, at=asked_at, title=title, places=places, **values)

    before = at - timedelta(days=30)
    held = plan(
        "Первый вход в электронный журнал",
        technician,
        min(calendar.next_open(days[0]), today - timedelta(days=1)),
        places=20,
        asked_at=before,
    )
    lines = [sign_up(held, one, by=one, at=before) for one in (teacher, teacher2, staff["group"])]
    mark_seminar(held, came=[one.pk for one in lines[:2]], by=technician, at=at)
    coming = plan(
        "Отметки и их вес",
        technician,
        calendar.next_open(days[1]),
        places=12,
        asked_at=at,
        kind=Seminar.Kind.TRAINING,
        about="Виды работ, вес отметки, средневзвешенный балл. Возьмите пароль от электронного журнала.",
        room=direction.room,
        direction=direction,
    )
    for one in (teacher2, staff["group"]):
        sign_up(coming, one, by=one, at=at)
    full = plan(
        "Как перенести темы уроков из КТП",
        colleague,
        calendar.next_open(max(days[2], timezone.localdate(coming.starts_at, technician.school.zone))),
        places=1,
        asked_at=at,
        kind=Seminar.Kind.GROUP,
        place_words="кабинет информатики",
    )
    for one in (teacher2, teacher):
        sign_up(full, one, by=one, at=at)


def _consult_earlier(order: Order, staff: dict[str, Membership], *, at: datetime) -> None:
    """Consultations of the weeks since the order, for the report: written as they stand now, so that nobody is told
    of them. Each working day but every third has one; of twelve one was missed, one cancelled."""
    school, today = order.school, timezone.localdate(at, order.school.zone)
    directions = list(order.schedule.directions.prefetch_related("topics", "direction_roles").order_by("position"))
    helping = (staff["deputy"], staff["technician"], staff["colleague"], staff["group"])
    asking = (staff["teacher2"], staff["group"], staff["colleague"])
    since = max(order.signed_on, today - timedelta(days=70))
    days = [since + timedelta(days=count) for count in range((today - since).days - 5)]
    calendar = school_days(school, days)
    open_days = [day for place, day in enumerate(days) if place % 3 and not calendar.why_closed(day)]
    for number, day in enumerate(open_days):
        direction = directions[number % len(directions)]
        able = [one for one in helping if one.roles_on(day) & {*direction.roles}]
        specialist = able[number % len(able)]
        teacher = next(one for one in asking[number % 3 :] + asking if one != specialist)
        topics = list(direction.topics.all())
        starts_at = datetime.combine(day, time(11 + number % 3, 20), tzinfo=school.zone)
        is_cancelled, is_missed = number % 12 == 5, number % 12 == 8
        Booking.objects.create(
            direction=direction,
            specialist=specialist,
            teacher=teacher,
            booked_by=teacher,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=direction.slot_minutes),
            topic=topics[number // 3 % len(topics)] if topics and number % 5 else None,
            question="Как это сделать в электронном журнале? (пример)",
            came=None if is_cancelled else not is_missed,
            cancelled_at=starts_at - timedelta(days=1) if is_cancelled else None,
            cancelled_by=teacher if is_cancelled else None,
        )


def _book_the_next(teacher: Membership, question: str, *, at: datetime, has_screenshot: bool = False) -> None:
    """The next free time after `at`, in the first direction that has one; nothing on a long holiday."""
    screenshot = ContentFile(PICTURE.read_bytes(), "снимок экрана.png")
    for offer in next_free_times(teacher, at=at):
        if offer.time is not None:
            book_consultation(
                offer.direction,
                specialist=None,
                starts_at=offer.time.starts_at,
                teacher=teacher,
                question=question,
                by=teacher,
                at=at,
                topic=offer.direction.topics.last() if has_screenshot else None,
                school_class="7-Б" if has_screenshot else "",
                subject="Русский язык" if has_screenshot else "",
                screenshot=keep_screenshot(screenshot, by=teacher, at=at) if has_screenshot else None,
            )
            return


def _days_before(at: datetime, days: int, order: Order) -> datetime:
    """Not before the staff of the sample has its roles."""
    return min(at, max(at - timedelta(days=days), _noon(date(order.first_year, 8, 1))))


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))
