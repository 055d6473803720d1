"""Rows for tests: a school with its staff and an order in force. Invented people."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import factory

from consultations.models import Direction, DirectionRole, Hours, Participation, Room, Schedule, Seminar
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.models import Membership, RoleHolding, School, User
from ejournal_rollout.people.roles import Role
from plans.models import Finding, Plan, Round, Stage, Task, TaskExecutor
from support.models import Clause, HelpRequest, Regulation


class SchoolFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = School

    name = factory.Sequence(lambda n: f"МБОУ «Школа № {n}»")


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    last_name = factory.Sequence(lambda n: f"Примерова{n}")
    first_name = "Анна"
    patronymic = "Петровна"
    email = factory.Sequence(lambda n: f"person{n}@school.example")

    @factory.post_generation
    def password(self, create: bool, extracted: str | None, **kwargs: Any) -> None:
        # None is the fast default, an account that waits for its invitation: tests sign in by force_login.
        self.set_password(extracted)
        self.save(update_fields=["password"])


class MembershipFactory(factory.django.DjangoModelFactory):
    """A member of staff who holds `roles` (Role or its value) since 2020."""

    class Meta:
        model = Membership
        skip_postgeneration_save = True

    school = factory.SubFactory(SchoolFactory)
    user = factory.SubFactory(UserFactory)

    @factory.post_generation
    def roles(self, create: bool, extracted: list[Role | str] | None, **kwargs: Any) -> None:
        for role in extracted or ():
            RoleHolding.objects.create(membership=self, role=Role(role), starts_on=date(2020, 1, 1))


class OrderFactory(factory.django.DjangoModelFactory):
    """An order in force since 31.08.2026 for 2026/2027."""

    class Meta:
        model = Order

    school = factory.SubFactory(SchoolFactory)
    number = factory.Sequence(lambda n: f"{n}/01-18")
    signed_on = date(2026, 8, 31)
    first_year = 2026
    state = Order.State.IN_FORCE
    in_force_since = date(2026, 8, 31)


class PlanFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Plan

    order = factory.SubFactory(OrderFactory)
    title = "ПЛАН-ГРАФИК\nработы рабочей группы"


class StageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Stage

    plan = factory.SubFactory(PlanFactory)
    position = factory.Sequence(lambda n: n + 1)
    heading = factory.LazyAttribute(lambda stage: f"{stage.position}. Подготовительный этап")


class TaskFactory(factory.django.DjangoModelFactory):
    """A task entrusted to `executors` (roles); give `school` to hang it on an order in force of that school."""

    class Meta:
        model = Task
        skip_postgeneration_save = True

    class Params:
        school = None

    stage = factory.LazyAttribute(lambda task: _stage_of(task.school) if task.school else StageFactory())
    position = factory.Sequence(lambda n: n + 1)
    printed_number = factory.LazyAttribute(lambda task: f"{task.stage.position}.{task.position}.")
    question = "Готовность материально-технической базы"
    purpose = "Проведение анализа технического оснащения"

    @factory.post_generation
    def executors(self, create: bool, extracted: list[Role | str] | None, **kwargs: Any) -> None:
        for place, role in enumerate(extracted or (), start=1):
            role = Role(role)
            TaskExecutor.objects.create(task=self, position=place, words=role.value, role=role)


class RoundFactory(factory.django.DjangoModelFactory):
    """A round planned for 15.12.2026 of a task of `school`, written down in September; its executors check."""

    class Meta:
        model = Round

    class Params:
        school = factory.SubFactory(SchoolFactory)

    task = factory.LazyAttribute(lambda checked: TaskFactory(school=checked.school, by_separate_schedule=True))
    planned_on = date(2026, 12, 15)
    checked = factory.Sequence(lambda n: f"Ведение журнала {n}")
    planned_by = factory.LazyAttribute(lambda checked: MembershipFactory(school=checked.school))
    planned_at = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)


class FindingFactory(factory.django.DjangoModelFactory):
    """A remark of a round to a teacher of its school."""

    class Meta:
        model = Finding

    class Params:
        school = factory.SubFactory(SchoolFactory)

    round = factory.LazyAttribute(lambda finding: RoundFactory(school=finding.school))
    teacher = factory.LazyAttribute(lambda finding: MembershipFactory(school=finding.school))
    place = "7-Б, алгебра"
    text = "Не записаны темы трёх уроков"
    found_by = factory.LazyAttribute(lambda finding: finding.round.planned_by)
    found_at = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def order_of(school: School) -> Order:
    """The order in force of a school, made if there is none."""
    return Order.objects.filter(school=school).in_force().first() or OrderFactory(school=school)


def _stage_of(school: School) -> Stage:
    stage = Stage.objects.filter(plan__order=order_of(school)).first()
    return stage or StageFactory(plan__order=order_of(school), position=1)


class ScheduleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Schedule

    order = factory.SubFactory(OrderFactory)
    title = "ГРАФИК\nпроведения консультаций"


class RoomFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Room

    school = factory.SubFactory(SchoolFactory)
    name = factory.Sequence(lambda n: f"{n + 1}")


class DirectionFactory(factory.django.DjangoModelFactory):
    """A direction of the order in force of `school`: every working day from 8 to 14, served by `roles`."""

    class Meta:
        model = Direction
        skip_postgeneration_save = True

    class Params:
        school = factory.SubFactory(SchoolFactory)

    schedule = factory.LazyAttribute(
        lambda direction: (
            Schedule.objects.filter(order=order_of(direction.school)).first()
            or ScheduleFactory(order=order_of(direction.school))
        )
    )
    position = factory.Sequence(lambda n: n + 1)
    name = factory.Sequence(lambda n: f"Техническое сопровождение {n}")
    specialists_printed = "Технический специалист"
    hours_printed = "Ежедневно\nс 8.00 -14.00"
    room = factory.LazyAttribute(lambda direction: RoomFactory(school=direction.school))

    @factory.post_generation
    def roles(self, create: bool, extracted: list[Role | str] | None, **kwargs: Any) -> None:
        for place, role in enumerate(extracted or [Role.TECHNICAL_SPECIALIST], start=1):
            DirectionRole.objects.create(direction=self, position=place, words=Role(role).value, role=Role(role))

    @factory.post_generation
    def hours(self, create: bool, extracted: list[tuple[int, str, str]] | None, **kwargs: Any) -> None:
        if not self.is_on_demand:
            for weekday, starts, ends in extracted if extracted is not None else [(0, "08:00", "14:00")]:
                Hours.objects.create(direction=self, weekday=weekday, starts=starts, ends=ends)


class SeminarFactory(factory.django.DjangoModelFactory):
    """A seminar of `school` on Wednesday 25.11.2026, 15:00–16:30 in Moscow, for all staff, with two places.

    Give `leaders` (members); without them somebody new leads it. `participants` have places, `waiting` have none.
    """

    class Meta:
        model = Seminar
        skip_postgeneration_save = True

    school = factory.SubFactory(SchoolFactory)
    title = factory.Sequence(lambda n: f"Отметки и их вес {n}")
    starts_at = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
    ends_at = factory.LazyAttribute(lambda seminar: seminar.starts_at + timedelta(minutes=90))
    closes_at = factory.SelfAttribute("starts_at")
    places = 2
    planned_by = factory.LazyAttribute(lambda seminar: MembershipFactory(school=seminar.school))

    @factory.post_generation
    def leaders(self, create: bool, extracted: list[Membership] | None, **kwargs: Any) -> None:
        self.leaders.set([MembershipFactory(school=self.school)] if extracted is None else extracted)

    @factory.post_generation
    def participants(self, create: bool, extracted: list[Membership] | None, **kwargs: Any) -> None:
        for seat, one in enumerate(extracted or (), start=1):
            Participation.objects.create(seminar=self, participant=one, seat=seat, added_by=one)

    @factory.post_generation
    def waiting(self, create: bool, extracted: list[Membership] | None, **kwargs: Any) -> None:
        for one in extracted or ():
            Participation.objects.create(seminar=self, participant=one, added_by=one)


class RegulationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Regulation

    order = factory.SubFactory(OrderFactory)
    title = "РЕГЛАМЕНТ\nоказания помощи"


class ClauseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Clause

    regulation = factory.SubFactory(RegulationFactory)
    position = factory.Sequence(lambda n: n + 1)
    printed_number = factory.LazyAttribute(lambda clause: f"{clause.position}.")
    text = "Общение должно быть корректным."


class HelpRequestFactory(factory.django.DjangoModelFactory):
    """A new request of a teacher of `school` in one of its directions."""

    class Meta:
        model = HelpRequest

    school = factory.SubFactory(SchoolFactory)
    year = 2026
    sequence = factory.Sequence(lambda n: n + 1)
    requester = factory.LazyAttribute(lambda request: MembershipFactory(school=request.school))
    registered_by = factory.SelfAttribute("requester")
    direction = factory.LazyAttribute(lambda request: DirectionFactory(school=request.school))
    question = "Не открывается страница класса"
    asked_at = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
    assignee = None
    taken_at = factory.LazyAttribute(lambda request: request.asked_at if request.assignee else None)
