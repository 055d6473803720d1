"""The year of the source order, played through by `tick` day by day: who is told what, and when.

The first play is the order as it was: signed when a half of its terms had passed. In the second it was signed in time.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from ejournal_rollout.desk.effect import put_into_effect
from ejournal_rollout.desk.sample_school import SAMPLE
from ejournal_rollout.documents.importing import import_order
from ejournal_rollout.documents.reading import read_order
from ejournal_rollout.notifications.models import Message, Topic
from ejournal_rollout.people.models import RoleHolding
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory, SchoolFactory, UserFactory
from plans.models import ReminderRules, Task
from plans.operations import accept_result, report_task, return_result

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2021, 5, 1), date(2022, 7, 31)
REMINDERS = (Topic.AHEAD, Topic.LATE, Topic.REVIEW)
SHORT = {  # the questions as the messages name them, to keep the tables below narrow
    "Задача 1.1 «Готовность материально-технической базы общеобразовательных организаций к внедр…»": "1.1",
    "Задача 1.2 «Анализ готовности кадров, обучающихся, родителей (законных представителей) к пе…»": "1.2",
    "Задача 1.3 «Проектирование нормативного и регламентационного обеспечения»": "1.3",
    "Задача 1.4 «Этап согласования и принятия нормативного и регламентационного обеспечения»": "1.4",
    "Задача 2.4 «Итоги работы по переходу к использованию электронных журналов»": "2.4",
}


@pytest.fixture
def school():
    return SchoolFactory(name="МОУ «СШ № 3 им. Я.И. Чапичева»")


@pytest.fixture
def staff(school):
    """The administration, the working group with its head, and people whom no task names."""
    MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST])
    MembershipFactory(school=school, roles=[Role.WORKING_GROUP], left_on=date(2021, 4, 30))
    MembershipFactory(roles=[Role.ADMINISTRATION, Role.WORKING_GROUP])  # of another school
    staff = {
        name: MembershipFactory(school=school, roles=[role], user=UserFactory(last_name=name))
        for name, role in (
            ("Образцова", Role.ADMINISTRATION),
            ("Примерова", Role.WORKING_GROUP),
            ("Условнова", Role.WORKING_GROUP),
        )
    }
    RoleHolding.objects.filter(membership=staff["Примерова"]).update(is_head=True)
    return staff


def noon(day):
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)  # in Moscow


def sign(school, day):
    draft = read_order(SAMPLE.read_bytes(), SAMPLE.name).draft
    order = import_order(draft, school=school, by=None).order
    put_into_effect(order, number="337/01-18", signed_on=day, by=None, at=noon(day))


def act(verb, number, by, day):
    """What a person does in the afternoon."""
    task = next(task for task in Task.objects.in_force().in_order() if task.number == number)
    at = noon(day) + timedelta(hours=3)
    if verb == "report":
        report_task(task, by=by, at=at, result="Сделано")
    elif verb == "accept":
        accept_result(task, by=by, at=at)
    else:
        return_result(task, by=by, at=at, reason="Нет акта")


def play(school, staff, monkeypatch, *, signed_on, acts):
    """Every day from the first to the last; the clock strikes twice in the morning. Returns the table of reminders."""
    moment = noon(FIRST)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    acts = [(date(year, month, day), *what) for (day, month, year), *what in acts]
    for day in (FIRST - timedelta(1) + timedelta(n) for n in range((LAST - FIRST).days + 2)):
        moment = noon(day)
        if day == signed_on:
            sign(school, day)
        call_command("tick", verbosity=0)
        told = Message.objects.count()
        ReminderRules.objects.update(done_on=None)  # even if it is forgotten that the day was done
        call_command("tick", verbosity=0)
        assert Message.objects.count() == told, day
        for _day, verb, number, name in [one for one in acts if one[0] == day]:
            act(verb, number, staff[name], day)
    lines: dict[tuple[date, str], list[str]] = {}
    of_the_morning = Message.objects.of_topics(*REMINDERS).exclude(key__startswith="plans.note:")
    reminders = of_the_morning.select_related("recipient__user")
    for one in reminders:
        words = one.words
        for long, short in SHORT.items():
            words = words.replace(long, short)
        assert one.address.startswith("/plan/tasks/")
        day = timezone.localdate(one.created_at, school.zone)
        lines.setdefault((day, words), []).append(one.recipient.user.last_name)
    return [f"{day:%d.%m.%Y} {', '.join(sorted(lines[day, words]))} | {words}" for day, words in sorted(lines)]


def rows(table):
    """The lines of a table, with what is said again and again put in."""
    again = {
        "all": "Образцова, Примерова, Условнова",
        "late": "Сообщите о результате или напишите, что мешает.",
        "before": "срок прошёл ещё до приказа, просрочки нет. Если работа сделана, сообщите, пожалуйста, о результате.",
    }
    return [line.strip().format(**again) for line in table.strip().splitlines()]


def test_the_year_of_an_order_that_was_signed_late(school, staff, monkeypatch):
    told = play(
        school,
        staff,
        monkeypatch,
        signed_on=date(2021, 8, 31),
        acts=[
            ((2, 9, 2021), "report", "1.1", "Образцова"),
            ((3, 9, 2021), "accept", "1.1", "Примерова"),
            ((10, 9, 2021), "report", "1.3", "Примерова"),
            ((15, 9, 2021), "report", "1.4", "Примерова"),
            ((15, 9, 2021), "accept", "1.4", "Условнова"),
            ((21, 9, 2021), "accept", "1.3", "Условнова"),
            ((22, 10, 2021), "report", "1.2", "Условнова"),
            ((27, 10, 2021), "return", "1.2", "Образцова"),
            ((29, 10, 2021), "report", "1.2", "Условнова"),
            ((30, 10, 2021), "accept", "1.2", "Примерова"),
            ((30, 6, 2022), "report", "2.4", "Примерова"),
            ((5, 7, 2022), "accept", "2.4", "Условнова"),
        ],
    )

    assert told == rows(
        """
        07.09.2021 {all} | 1.3: {before}
        07.09.2021 {all} | 1.4: {before}
        13.09.2021 Условнова | 1.3: результат ждёт проверки 3 дня. Примите его или верните на доработку.
        16.09.2021 {all} | 1.2: осталось 14 дней, последний день — 30.09.2021.
        20.09.2021 Условнова | 1.3: результат ждёт проверки 10 дней. Примите его или верните на доработку.
        23.09.2021 {all} | 1.2: осталось 7 дней, последний день — 30.09.2021.
        29.09.2021 {all} | 1.2: завтра, 30.09.2021, последний день.
        07.10.2021 {all} | 1.2: срок прошёл 30.09.2021, 7 дней назад. {late}
        14.10.2021 {all} | 1.2: срок прошёл 30.09.2021, 14 дней назад. {late}
        21.10.2021 {all} | 1.2: срок прошёл 30.09.2021, 21 день назад. {late}
        25.10.2021 Примерова | 1.2: результат ждёт проверки 3 дня. Примите его или верните на доработку.
        28.10.2021 {all} | 1.2: срок прошёл 30.09.2021, 28 дней назад. {late}
        01.06.2022 {all} | 2.4: начался июнь 2022 года, последний день срока — 30.06.2022.
        16.06.2022 {all} | 2.4: осталось 14 дней, последний день — 30.06.2022.
        23.06.2022 {all} | 2.4: осталось 7 дней, последний день — 30.06.2022.
        29.06.2022 {all} | 2.4: завтра, 30.06.2022, последний день.
        03.07.2022 Условнова | 2.4: результат ждёт проверки 3 дня. Примите его или верните на доработку.
        """
    )


def test_the_year_of_an_order_that_was_signed_in_time(school, staff, monkeypatch):
    told = play(
        school,
        staff,
        monkeypatch,
        signed_on=date(2021, 4, 30),
        acts=[
            ((15, 7, 2021), "report", "1.1", "Образцова"),
            ((16, 7, 2021), "accept", "1.1", "Примерова"),
            ((24, 8, 2021), "report", "1.3", "Условнова"),
            ((25, 8, 2021), "accept", "1.3", "Примерова"),
            ((30, 8, 2021), "report", "1.4", "Условнова"),
            ((31, 8, 2021), "accept", "1.4", "Примерова"),
            ((20, 9, 2021), "report", "1.2", "Примерова"),
            ((21, 9, 2021), "accept", "1.2", "Условнова"),
        ],
    )

    assert told == rows(
        """
        01.05.2021 Образцова | 1.1: начался май 2021 года, последний день срока — 30.06.2021.
        01.05.2021 {all} | 1.2: начался май 2021 года, последний день срока — 30.09.2021.
        01.05.2021 {all} | 1.3: начался май 2021 года, последний день срока — 31.08.2021.
        16.06.2021 Образцова | 1.1: осталось 14 дней, последний день — 30.06.2021.
        23.06.2021 Образцова | 1.1: осталось 7 дней, последний день — 30.06.2021.
        29.06.2021 Образцова | 1.1: завтра, 30.06.2021, последний день.
        01.07.2021 {all} | 1.4: начался июль 2021 года, последний день срока — 31.08.2021.
        07.07.2021 Образцова | 1.1: срок прошёл 30.06.2021, 7 дней назад. {late}
        14.07.2021 Примерова | 1.1: просрочка 14 дней (последний день был 30.06.2021), о результате не сообщили.
        14.07.2021 Образцова | 1.1: срок прошёл 30.06.2021, 14 дней назад. {late}
        17.08.2021 {all} | 1.3: осталось 14 дней, последний день — 31.08.2021.
        17.08.2021 {all} | 1.4: осталось 14 дней, последний день — 31.08.2021.
        24.08.2021 {all} | 1.3: осталось 7 дней, последний день — 31.08.2021.
        24.08.2021 {all} | 1.4: осталось 7 дней, последний день — 31.08.2021.
        30.08.2021 {all} | 1.4: завтра, 31.08.2021, последний день.
        16.09.2021 {all} | 1.2: осталось 14 дней, последний день — 30.09.2021.
        01.06.2022 {all} | 2.4: начался июнь 2022 года, последний день срока — 30.06.2022.
        16.06.2022 {all} | 2.4: осталось 14 дней, последний день — 30.06.2022.
        23.06.2022 {all} | 2.4: осталось 7 дней, последний день — 30.06.2022.
        29.06.2022 {all} | 2.4: завтра, 30.06.2022, последний день.
        07.07.2022 {all} | 2.4: срок прошёл 30.06.2022, 7 дней назад. {late}
        14.07.2022 {all} | 2.4: срок прошёл 30.06.2022, 14 дней назад. {late}
        21.07.2022 {all} | 2.4: срок прошёл 30.06.2022, 21 день назад. {late}
        28.07.2022 {all} | 2.4: срок прошёл 30.06.2022, 28 дней назад. {late}
        """
    )
