import django.db.models.deletion
from django.db import migrations, models

import consultations.no_overlap


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("consultations", "0001_initial"),
        ("orders", "0001_initial"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="absence",
            name="deputy",
            field=models.ForeignKey(
                blank=True,
                help_text="Gives the consultations of the absent one. Empty: nobody does.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="stands_in",
                to="people.membership",
                verbose_name="who stands in",
            ),
        ),
        migrations.AddField(
            model_name="absence",
            name="specialist",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="absences",
                to="people.membership",
                verbose_name="who is absent",
            ),
        ),
        migrations.AddField(
            model_name="bell",
            name="school",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="bells",
                to="people.school",
                verbose_name="school",
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="booked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.membership",
                verbose_name="booked by",
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="cancelled_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.membership",
                verbose_name="cancelled by",
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="specialist",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="consultations_given",
                to="people.membership",
                verbose_name="specialist",
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="teacher",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="consultations_booked",
                to="people.membership",
                verbose_name="teacher",
            ),
        ),
        migrations.AddField(
            model_name="bookingnote",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.membership",
                verbose_name="author",
            ),
        ),
        migrations.AddField(
            model_name="bookingnote",
            name="booking",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notes",
                to="consultations.booking",
                verbose_name="consultation",
            ),
        ),
        migrations.AddField(
            model_name="calendarchange",
            name="school",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="calendar_changes",
                to="people.school",
                verbose_name="school",
            ),
        ),
        migrations.AddField(
            model_name="calendarchange",
            name="specialist",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="people.membership",
                verbose_name="only this specialist",
            ),
        ),
        migrations.AddField(
            model_name="calendarchange",
            name="direction",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="consultations.direction",
                verbose_name="only this direction",
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="direction",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bookings",
                to="consultations.direction",
                verbose_name="direction",
            ),
        ),
        migrations.AddField(
            model_name="directionrole",
            name="direction",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="direction_roles",
                to="consultations.direction",
                verbose_name="direction",
            ),
        ),
        migrations.AddField(
            model_name="directionrole",
            name="person",
            field=models.ForeignKey(
                blank=True,
                help_text="The person whom the order names. Without a role, only this person gives the help.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="named_in",
                to="people.membership",
                verbose_name="member of staff",
            ),
        ),
        migrations.AddField(
            model_name="hours",
            name="direction",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="hours",
                to="consultations.direction",
                verbose_name="direction",
            ),
        ),
        migrations.AddField(
            model_name="lesson",
            name="specialist",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lessons",
                to="people.membership",
                verbose_name="specialist",
            ),
        ),
        migrations.AddField(
            model_name="participation",
            name="added_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.membership",
                verbose_name="signed up by",
            ),
        ),
        migrations.AddField(
            model_name="participation",
            name="left_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.membership",
                verbose_name="taken off by",
            ),
        ),
        migrations.AddField(
            model_name="participation",
            name="participant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="participations",
                to="people.membership",
                verbose_name="participant",
            ),
        ),
        migrations.AddField(
            model_name="room",
            name="school",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rooms",
                to="people.school",
                verbose_name="school",
            ),
        ),
        migrations.AddField(
            model_name="direction",
            name="room",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="directions",
                to="consultations.room",
                verbose_name="room",
            ),
        ),
        migrations.AddField(
            model_name="calendarchange",
            name="room",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                to="consultations.room",
                verbose_name="only this room",
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="room",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bookings",
                to="consultations.room",
                verbose_name="room",
            ),
        ),
        migrations.AddField(
            model_name="schedule",
            name="order",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="schedule",
                to="orders.order",
                verbose_name="order",
            ),
        ),
        migrations.AddField(
            model_name="direction",
            name="schedule",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="directions",
                to="consultations.schedule",
                verbose_name="schedule",
            ),
        ),
        migrations.AddField(
            model_name="screenshot",
            name="added_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="people.membership",
                verbose_name="added by",
            ),
        ),
        migrations.AddField(
            model_name="screenshot",
            name="booking",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="screenshot",
                to="consultations.booking",
                verbose_name="consultation",
            ),
        ),
        migrations.AddField(
            model_name="seminar",
            name="cancelled_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.membership",
                verbose_name="cancelled by",
            ),
        ),
        migrations.AddField(
            model_name="seminar",
            name="direction",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="seminars",
                to="consultations.direction",
                verbose_name="direction",
            ),
        ),
        migrations.AddField(
            model_name="seminar",
            name="leaders",
            field=models.ManyToManyField(related_name="seminars_led", to="people.membership", verbose_name="leaders"),
        ),
        migrations.AddField(
            model_name="seminar",
            name="planned_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.membership",
                verbose_name="planned by",
            ),
        ),
        migrations.AddField(
            model_name="seminar",
            name="room",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="seminars",
                to="consultations.room",
                verbose_name="room",
            ),
        ),
        migrations.AddField(
            model_name="seminar",
            name="school",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="seminars",
                to="people.school",
                verbose_name="school",
            ),
        ),
        migrations.AddField(
            model_name="participation",
            name="seminar",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="participations",
                to="consultations.seminar",
                verbose_name="seminar or training",
            ),
        ),
        migrations.AddField(
            model_name="timerequest",
            name="booking",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="time_request",
                to="consultations.booking",
                verbose_name="consultation",
            ),
        ),
        migrations.AddField(
            model_name="timerequest",
            name="declined_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.membership",
                verbose_name="declined by",
            ),
        ),
        migrations.AddField(
            model_name="timerequest",
            name="direction",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="time_requests",
                to="consultations.direction",
                verbose_name="direction",
            ),
        ),
        migrations.AddField(
            model_name="timerequest",
            name="teacher",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="time_requests",
                to="people.membership",
                verbose_name="teacher",
            ),
        ),
        migrations.AddField(
            model_name="proposedtime",
            name="time_request",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="times",
                to="consultations.timerequest",
                verbose_name="request",
            ),
        ),
        migrations.AddField(
            model_name="topic",
            name="direction",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="topics",
                to="consultations.direction",
                verbose_name="direction",
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="topic",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bookings",
                to="consultations.topic",
                verbose_name="topic",
            ),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_on__gte", models.F("first_on"))),
                name="absence_ends_not_before_start",
                violation_error_code="ends_before_start",
                violation_error_message="The last day cannot come before the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("deputy", None), models.Q(("deputy", models.F("specialist")), _negated=True), _connector="OR"
                ),
                name="nobody_stands_in_for_oneself",
                violation_error_code="own_deputy",
                violation_error_message="A person cannot stand in for themselves.",
            ),
        ),
        migrations.AddConstraint(
            model_name="bell",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends__gt", models.F("starts"))),
                name="bell_ends_after_start",
                violation_error_code="lesson_ends_before_start",
                violation_error_message="The lesson must end after it begins.",
            ),
        ),
        migrations.AddConstraint(
            model_name="hours",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends__gt", models.F("starts"))),
                name="hours_end_after_start",
                violation_error_code="ends_before_start",
                violation_error_message="The hours must end after they begin.",
            ),
        ),
        migrations.AddIndex(
            model_name="lesson",
            index=models.Index(fields=["specialist", "last_on"], name="lesson_by_specialist"),
        ),
        migrations.AddConstraint(
            model_name="lesson",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends__gt", models.F("starts"))),
                name="lesson_ends_after_start",
                violation_error_code="lesson_ends_before_start",
                violation_error_message="The lesson must end after it begins.",
            ),
        ),
        migrations.AddConstraint(
            model_name="lesson",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_on__gte", models.F("first_on"))),
                name="lesson_days_in_order",
                violation_error_code="ends_before_start",
                violation_error_message="The last day cannot come before the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="room",
            constraint=models.UniqueConstraint(
                fields=("school", "name"),
                name="room_once_per_school",
                violation_error_message="The school already has a room of this name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="calendarchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_on__gte", models.F("first_on"))),
                name="change_ends_not_before_start",
                violation_error_code="ends_before_start",
                violation_error_message="The last day cannot come before the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="calendarchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("starts", None), ("ends", None), ("ends__gt", models.F("starts")), _connector="OR"),
                name="change_hours_end_after_start",
                violation_error_code="hours_end_before_start",
                violation_error_message="The hours must end after they begin.",
            ),
        ),
        migrations.AddConstraint(
            model_name="calendarchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("direction", None), ("room", None)),
                    models.Q(("room", None), ("specialist", None)),
                    models.Q(("direction", None), ("specialist", None)),
                    _connector="OR",
                ),
                name="change_of_one_thing",
                violation_error_code="two_scopes",
                violation_error_message="Choose a room, a direction or a specialist, not several of them.",
            ),
        ),
        migrations.AddIndex(
            model_name="seminar",
            index=models.Index(fields=["school", "starts_at"], name="seminar_by_school"),
        ),
        migrations.AddIndex(
            model_name="seminar",
            index=models.Index(fields=["room", "starts_at"], name="seminar_by_room"),
        ),
        migrations.AddConstraint(
            model_name="seminar",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                name="seminar_ends_after_start",
                violation_error_code="ends_before_start",
                violation_error_message="The seminar must end after it begins.",
            ),
        ),
        migrations.AddConstraint(
            model_name="seminar",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes_at__lte", models.F("starts_at"))),
                name="seminar_sign_up_closes_before_start",
                violation_error_code="closes_after_start",
                violation_error_message="The sign-up closes at the beginning at the latest.",
            ),
        ),
        migrations.AddConstraint(
            model_name="seminar",
            constraint=models.CheckConstraint(
                condition=models.Q(("places__gte", 1)),
                name="seminar_has_places",
                violation_error_message="A seminar has at least one place.",
            ),
        ),
        migrations.AddConstraint(
            model_name="participation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("left_at", None)),
                fields=("seminar", "seat"),
                name="seat_of_a_seminar_once",
                violation_error_message="This place has just been taken.",
            ),
        ),
        migrations.AddConstraint(
            model_name="participation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("left_at", None)),
                fields=("seminar", "participant"),
                name="on_the_list_once",
                violation_error_message="This person is already on the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="participation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("seat__isnull", False), models.Q(("came", None), ("offered_until", None)), _connector="OR"
                ),
                name="without_a_seat_nothing_to_confirm",
                violation_error_message="Only a place can be offered or attended.",
            ),
        ),
        migrations.AddConstraint(
            model_name="participation",
            constraint=models.CheckConstraint(
                condition=models.Q(("seat", None), ("seat__gte", 1), _connector="OR"),
                name="seats_count_from_one",
                violation_error_message="Places are counted from one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposedtime",
            constraint=models.UniqueConstraint(fields=("time_request", "starts_at"), name="time_proposed_once"),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.UniqueConstraint(
                fields=("direction", "name"),
                name="topic_once_per_direction",
                violation_error_message="The direction already has this topic.",
            ),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(fields=["specialist", "starts_at"], name="booking_by_specialist"),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(fields=["room", "starts_at"], name="booking_by_room"),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(fields=["teacher", "starts_at"], name="booking_by_teacher"),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                name="booking_ends_after_start",
                violation_error_message="A consultation must end after it begins.",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("room", None), ("room_place", None)),
                    models.Q(("room__isnull", False), ("room_place__gte", 1)),
                    _connector="OR",
                ),
                name="booking_room_with_place",
                violation_error_message="A room goes with a place in it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=consultations.no_overlap.NoOverlap(
                condition=models.Q(("cancelled_at", None)),
                end="ends_at",
                name="specialist_in_one_place",
                resources=("specialist",),
                start="starts_at",
                violation_error_code="specialist_taken",
                violation_error_message="The specialist is taken at this time.",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=consultations.no_overlap.NoOverlap(
                condition=models.Q(("cancelled_at", None)),
                end="ends_at",
                name="room_not_over_full",
                resources=("room", "room_place"),
                start="starts_at",
                violation_error_code="room_taken",
                violation_error_message="The room is taken at this time.",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=consultations.no_overlap.NoOverlap(
                condition=models.Q(("cancelled_at", None)),
                end="ends_at",
                name="teacher_in_one_place",
                resources=("teacher",),
                start="starts_at",
                violation_error_code="teacher_taken",
                violation_error_message="You already have a consultation at this time.",
            ),
        ),
    ]
