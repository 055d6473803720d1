"""No double booking, kept by the database whoever writes: a page, the admin, an import, a shell."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.migrations import RemoveConstraint
from django.db.migrations.state import ProjectState
from django.db.utils import IntegrityError

from consultations.models import Booking
from consultations.no_overlap import refusal_of
from ejournal_rollout.tests.factories import DirectionFactory, MembershipFactory, RoomFactory

from .conftest import NOW, moscow

pytestmark = pytest.mark.django_db


def booking(direction, specialist, when, *, minutes=20, teacher=None, **fields) -> Booking:
    teacher = teacher or MembershipFactory(school=specialist.school)
    return Booking(
        direction=direction,
        specialist=specialist,
        teacher=teacher,
        booked_by=teacher,
        question="Вопрос",
        starts_at=moscow(when),
        ends_at=moscow(when) + timedelta(minutes=minutes),
        **fields,
    )


def refused(write) -> str:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    return refusal_of(error.value, Booking).code


def test_overlapping_rows_of_one_specialist_are_refused_and_touching_ones_stand(direction, specialist):
    booking(direction, specialist, "24.11.2026 10:00").save()

    for when in ("24.11.2026 09:50", "24.11.2026 10:00", "24.11.2026 10:19"):
        assert refused(booking(direction, specialist, when).save) == "specialist_taken"
    booking(direction, specialist, "24.11.2026 09:40").save()
    booking(direction, specialist, "24.11.2026 10:20").save()
    assert Booking.objects.count() == 3


def test_a_longer_booking_around_a_shorter_one_is_refused(direction, specialist):
    booking(direction, specialist, "24.11.2026 10:20", minutes=5).save()

    assert refused(booking(direction, specialist, "24.11.2026 10:00", minutes=60).save) == "specialist_taken"


def test_a_place_of_a_room_is_taken_for_every_specialist_and_another_place_is_not(direction, specialist, school):
    other = MembershipFactory(school=school)
    booking(direction, specialist, "24.11.2026 10:00", room=direction.room, room_place=1).save()

    second = booking(direction, other, "24.11.2026 10:00", room=direction.room, room_place=1)
    assert refused(second.save) == "room_taken"
    second.room_place = 2
    second.save()


def test_a_teacher_is_in_one_place(direction, specialist, school, teacher):
    booking(direction, specialist, "24.11.2026 10:00", teacher=teacher).save()
    elsewhere = DirectionFactory(school=school, room=RoomFactory(school=school))

    other = MembershipFactory(school=school)
    assert refused(booking(elsewhere, other, "24.11.2026 10:10", teacher=teacher).save) == "teacher_taken"


def test_bookings_without_a_room_do_not_clash_over_a_room(direction, specialist, school):
    booking(direction, specialist, "24.11.2026 10:00").save()
    booking(direction, MembershipFactory(school=school), "24.11.2026 10:00").save()

    assert Booking.objects.count() == 2


def test_a_cancelled_row_frees_the_time_and_cannot_come_back_over_another(direction, specialist):
    old = booking(direction, specialist, "24.11.2026 10:00", cancelled_at=NOW)
    old.save()
    booking(direction, specialist, "24.11.2026 10:00").save()

    old.cancelled_at = None
    codes = {refused(old.save), refused(lambda: Booking.objects.filter(pk=old.pk).update(cancelled_at=None))}
    assert codes == {"specialist_taken"}


def test_a_move_onto_a_taken_time_is_refused_and_a_save_in_place_is_not(direction, specialist):
    booking(direction, specialist, "24.11.2026 10:00").save()
    second = booking(direction, specialist, "24.11.2026 10:20")
    second.save()

    second.question = "Другой вопрос"
    second.save()
    moved = Booking.objects.filter(pk=second.pk)
    earlier = moscow("24.11.2026 10:10")
    assert refused(lambda: moved.update(starts_at=earlier)) == "specialist_taken"


def test_a_bulk_of_rows_is_checked_within_itself(direction, specialist):
    rows = [booking(direction, specialist, when) for when in ("24.11.2026 10:00", "24.11.2026 10:10")]

    assert refused(lambda: Booking.objects.bulk_create(rows)) == "specialist_taken"
    assert not Booking.objects.exists()


def test_a_form_is_refused_in_a_persons_words_before_the_database_is_asked(direction, specialist):
    booking(direction, specialist, "24.11.2026 10:00").save()

    with pytest.raises(ValidationError) as error:
        booking(direction, specialist, "24.11.2026 10:00").full_clean()
    codes = {one.code for found in error.value.error_dict.values() for one in found}
    assert codes == {"specialist_taken"}


def test_other_refusals_of_the_database_are_not_taken_for_a_clash(direction, specialist):
    wrong = booking(direction, specialist, "24.11.2026 10:00", minutes=-20)

    with pytest.raises(IntegrityError) as error, transaction.atomic():
        wrong.save()
    assert refusal_of(error.value, Booking).code == "booking_ends_after_start"


@pytest.mark.django_db(transaction=True)
def test_a_later_migration_of_the_table_keeps_the_rule(direction, specialist):
    # SQLite re-makes the whole table for most changes; its triggers must come back with it
    old = Booking._meta.get_field("question")
    new = models.CharField("question", max_length=500)
    new.set_attributes_from_name("question")
    new.model = Booking
    with connection.schema_editor() as editor:
        editor.alter_field(Booking, old, new)
    try:
        booking(direction, specialist, "24.11.2026 10:00").save()
        assert refused(booking(direction, specialist, "24.11.2026 10:10").save) == "specialist_taken"
    finally:
        with connection.schema_editor() as editor:
            editor.alter_field(Booking, new, old)
    assert refused(booking(direction, specialist, "24.11.2026 10:10").save) == "specialist_taken"


@pytest.mark.django_db(transaction=True)
def test_the_rule_can_be_taken_away_and_put_back_by_a_migration(direction, specialist):
    with_rules = ProjectState.from_apps(apps)
    steps, states = [], [with_rules]
    for name in ("specialist_in_one_place", "teacher_in_one_place"):
        steps.append(RemoveConstraint("booking", name))
        states.append(states[-1].clone())
        steps[-1].state_forwards("consultations", states[-1])
    for step, before, after in zip(steps, states, states[1:], strict=False):
        with connection.schema_editor() as editor:
            step.database_forwards("consultations", editor, before, after)
    try:
        Booking.objects.bulk_create([booking(direction, specialist, "24.11.2026 10:00") for _ in range(2)])
        assert Booking.objects.count() == 2
        Booking.objects.all().delete()
    finally:
        for step, before, after in reversed(list(zip(steps, states, states[1:], strict=False))):
            with connection.schema_editor() as editor:
                step.database_backwards("consultations", editor, after, before)
    booking(direction, specialist, "24.11.2026 10:00").save()
    assert refused(booking(direction, specialist, "24.11.2026 10:00").save) == "specialist_taken"
