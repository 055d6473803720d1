import django.core.validators
import django.utils.timezone
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

import ejournal_rollout.files.private


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        BtreeGistExtension(),  # does nothing off PostgreSQL
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first_on", models.DateField(verbose_name="first day")),
                ("last_on", models.DateField(verbose_name="last day")),
                (
                    "reason",
                    models.CharField(
                        blank=True, help_text="Only the administration reads it.", max_length=200, verbose_name="reason"
                    ),
                ),
            ],
            options={
                "verbose_name": "absence",
                "verbose_name_plural": "absences",
                "ordering": ["first_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Bell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="number of the lesson")),
                ("starts", models.TimeField(verbose_name="from")),
                ("ends", models.TimeField(verbose_name="to")),
            ],
            options={
                "verbose_name": "bell",
                "verbose_name_plural": "bells",
                "ordering": ["starts", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Booking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "room_place",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="place in the room"),
                ),
                ("starts_at", models.DateTimeField(verbose_name="begins")),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                ("school_class", models.CharField(blank=True, max_length=20, verbose_name="class")),
                ("subject", models.CharField(blank=True, max_length=100, verbose_name="subject")),
                ("question", models.TextField(verbose_name="question")),
                (
                    "booked_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="booked"),
                ),
                (
                    "changed_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="changed"),
                ),
                ("sequence", models.PositiveIntegerField(default=0, editable=False)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True, verbose_name="cancelled")),
                ("cancelled_because", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("came", models.BooleanField(blank=True, null=True, verbose_name="came")),
                ("outcome", models.TextField(blank=True, verbose_name="outcome")),
                ("follow_up", models.CharField(blank=True, max_length=300, verbose_name="left to do")),
                (
                    "follow_up_proposed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="continuation proposed"),
                ),
                (
                    "follow_up_done_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="nothing more is left to do since"),
                ),
                (
                    "rating",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[(3, "it helped"), (2, "it helped in part"), (1, "it did not help")],
                        null=True,
                        verbose_name="the teacher's rating",
                    ),
                ),
            ],
            options={
                "verbose_name": "consultation",
                "verbose_name_plural": "consultations",
                "ordering": ["starts_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="BookingNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("written_at", models.DateTimeField(verbose_name="written")),
                ("text", models.TextField(verbose_name="text")),
            ],
            options={
                "verbose_name": "note on a consultation",
                "verbose_name_plural": "notes on consultations",
                "ordering": ["written_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CalendarChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("closed", "closed: no consultations"),
                            ("shortened", "shortened day"),
                            ("extra", "extra hours"),
                            ("working", "working day"),
                            ("holidays", "school holidays, no consultations"),
                            ("open_holidays", "school holidays, consultations as usual"),
                        ],
                        default="closed",
                        max_length=20,
                        verbose_name="what changes",
                    ),
                ),
                ("first_on", models.DateField(verbose_name="first day")),
                ("last_on", models.DateField(verbose_name="last day")),
                (
                    "starts",
                    models.TimeField(
                        blank=True,
                        help_text="Closed: leave empty for the whole day. Shortened day: consultations from … to … only.",
                        null=True,
                        verbose_name="from",
                    ),
                ),
                ("ends", models.TimeField(blank=True, null=True, verbose_name="to")),
                (
                    "as_weekday",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "Monday"),
                            (2, "Tuesday"),
                            (3, "Wednesday"),
                            (4, "Thursday"),
                            (5, "Friday"),
                            (6, "Saturday"),
                            (7, "Sunday"),
                        ],
                        help_text="Only for a working day: a Saturday worked instead of a Friday goes by the hours of Friday.",
                        null=True,
                        verbose_name="by the timetable of",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        help_text="Teachers read it on the booking page.", max_length=200, verbose_name="reason"
                    ),
                ),
            ],
            options={
                "verbose_name": "change of the calendar",
                "verbose_name_plural": "changes of the calendar",
                "ordering": ["first_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Direction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="place in the schedule")),
                ("name", models.CharField(max_length=300, verbose_name="direction")),
                (
                    "specialists_printed",
                    models.TextField(blank=True, help_text="The words of the order.", verbose_name="specialists"),
                ),
                ("room_printed", models.CharField(blank=True, max_length=100, verbose_name="room in the order")),
                (
                    "hours_printed",
                    models.TextField(blank=True, help_text="The words of the order.", verbose_name="hours"),
                ),
                ("other_columns", models.JSONField(blank=True, default=list, editable=False)),
                ("is_on_demand", models.BooleanField(default=False, verbose_name="as needed, by proposed times")),
                (
                    "slot_minutes",
                    models.PositiveSmallIntegerField(
                        default=20,
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(240),
                        ],
                        verbose_name="length of a consultation, minutes",
                    ),
                ),
                (
                    "gap_minutes",
                    models.PositiveSmallIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(120)],
                        verbose_name="gap between consultations, minutes",
                    ),
                ),
                (
                    "notice_minutes",
                    models.PositiveIntegerField(
                        default=60,
                        validators=[django.core.validators.MaxValueValidator(20160)],
                        verbose_name="book not later than, minutes before",
                    ),
                ),
                (
                    "horizon_days",
                    models.PositiveSmallIntegerField(
                        default=30,
                        validators=[django.core.validators.MaxValueValidator(366)],
                        verbose_name="book not earlier than, days ahead",
                    ),
                ),
                (
                    "cancel_minutes",
                    models.PositiveIntegerField(
                        default=60,
                        validators=[django.core.validators.MaxValueValidator(20160)],
                        verbose_name="teachers cancel and move not later than, minutes before",
                    ),
                ),
                (
                    "open_limit",
                    models.PositiveSmallIntegerField(
                        default=2,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="consultations ahead of one teacher, at most",
                    ),
                ),
            ],
            options={
                "verbose_name": "direction",
                "verbose_name_plural": "directions",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="DirectionRole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="place")),
                ("words", models.CharField(max_length=300, verbose_name="words of the order")),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("administration", "Administration"),
                            ("working_group", "Member of the working group"),
                            ("technical_specialist", "Technical specialist"),
                            ("deputy_head", "Deputy head"),
                            ("experienced_colleague", "Experienced colleague"),
                            ("teacher", "Teacher"),
                        ],
                        max_length=30,
                        verbose_name="role",
                    ),
                ),
            ],
            options={
                "verbose_name": "specialist of the direction",
                "verbose_name_plural": "specialists of the direction",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Hours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "every working day"),
                            (1, "Monday"),
                            (2, "Tuesday"),
                            (3, "Wednesday"),
                            (4, "Thursday"),
                            (5, "Friday"),
                            (6, "Saturday"),
                            (7, "Sunday"),
                        ],
                        default=0,
                        verbose_name="day",
                    ),
                ),
                ("starts", models.TimeField(verbose_name="from")),
                ("ends", models.TimeField(verbose_name="to")),
                (
                    "weeks",
                    models.CharField(
                        blank=True,
                        help_text="Empty: every week. E.g. 2,4 or -1 for the last.",
                        max_length=20,
                        verbose_name="weeks of the month",
                    ),
                ),
            ],
            options={
                "verbose_name": "hours",
                "verbose_name_plural": "hours",
                "ordering": ["weekday", "starts"],
            },
        ),
        migrations.CreateModel(
            name="Lesson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Monday"),
                            (2, "Tuesday"),
                            (3, "Wednesday"),
                            (4, "Thursday"),
                            (5, "Friday"),
                            (6, "Saturday"),
                            (7, "Sunday"),
                        ],
                        verbose_name="weekday",
                    ),
                ),
                ("starts", models.TimeField(verbose_name="from")),
                ("ends", models.TimeField(verbose_name="to")),
                ("first_on", models.DateField(verbose_name="first day")),
                ("last_on", models.DateField(verbose_name="last day")),
                (
                    "every_weeks",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "every week"), (2, "every second week, beginning with the first day")],
                        default=1,
                        verbose_name="how often",
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=100, verbose_name="class and subject")),
                (
                    "is_from_file",
                    models.BooleanField(default=False, editable=False, verbose_name="from a timetable file"),
                ),
            ],
            options={
                "verbose_name": "lesson",
                "verbose_name_plural": "lessons",
                "ordering": ["weekday", "starts", "first_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Participation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seat", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="number of the place")),
                ("offered_until", models.DateTimeField(blank=True, null=True, verbose_name="offered until")),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="signed up")),
                ("left_at", models.DateTimeField(blank=True, null=True, verbose_name="left the list")),
                ("came", models.BooleanField(blank=True, null=True, verbose_name="came")),
            ],
            options={
                "verbose_name": "participant",
                "verbose_name_plural": "participants",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ProposedTime",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_at", models.DateTimeField(verbose_name="begins")),
            ],
            options={
                "verbose_name": "proposed time",
                "verbose_name_plural": "proposed times",
                "ordering": ["starts_at"],
            },
        ),
        migrations.CreateModel(
            name="Room",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="number or name")),
                (
                    "places",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(50),
                        ],
                        verbose_name="consultations at once",
                    ),
                ),
            ],
            options={
                "verbose_name": "room",
                "verbose_name_plural": "rooms",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Schedule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "heading",
                    models.TextField(
                        blank=True, help_text="The lines at the right top of the annex.", verbose_name="annex heading"
                    ),
                ),
                ("title", models.TextField(verbose_name="title")),
                ("columns", models.JSONField(blank=True, default=list, editable=False, verbose_name="columns")),
            ],
            options={
                "verbose_name": "schedule",
                "verbose_name_plural": "schedules",
                "ordering": ["-order__first_year"],
            },
        ),
        migrations.CreateModel(
            name="Screenshot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "file",
                    models.FileField(
                        upload_to=ejournal_rollout.files.private.RandomName("screenshots"),
                        validators=[
                            ejournal_rollout.files.private.FileLimits(
                                ("png", "jpg", "jpeg", "webp", "pdf"), megabytes=5
                            )
                        ],
                        verbose_name="file",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("added_at", models.DateTimeField(verbose_name="added")),
            ],
            options={
                "verbose_name": "screenshot",
                "verbose_name_plural": "screenshots",
                "ordering": ["added_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Seminar",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("seminar", "seminar"), ("training", "training"), ("group", "group consultation")],
                        default="seminar",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="topic")),
                ("about", models.TextField(blank=True, max_length=2000, verbose_name="what it is about")),
                (
                    "place_words",
                    models.CharField(
                        blank=True,
                        help_text="E.g. the link of a video meeting.",
                        max_length=300,
                        verbose_name="place, if not a room",
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="begins")),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                ("closes_at", models.DateTimeField(verbose_name="sign-up closes")),
                (
                    "places",
                    models.PositiveSmallIntegerField(
                        default=20,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(500),
                        ],
                        verbose_name="places",
                    ),
                ),
                ("audience", models.JSONField(blank=True, default=list, verbose_name="for whom")),
                (
                    "planned_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="planned"),
                ),
                (
                    "changed_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="changed"),
                ),
                ("sequence", models.PositiveIntegerField(default=0, editable=False)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True, verbose_name="cancelled")),
                ("cancelled_because", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                (
                    "marked_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="attendance marked"),
                ),
            ],
            options={
                "verbose_name": "seminar or training",
                "verbose_name_plural": "seminars and trainings",
                "ordering": ["starts_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="TimeRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("question", models.TextField(verbose_name="question")),
                ("asked_at", models.DateTimeField(auto_now_add=True, verbose_name="asked")),
                ("declined_at", models.DateTimeField(blank=True, null=True, verbose_name="declined")),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn")),
            ],
            options={
                "verbose_name": "request for a time",
                "verbose_name_plural": "requests for a time",
                "ordering": ["-asked_at"],
            },
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="place")),
                ("name", models.CharField(max_length=150, verbose_name="topic")),
            ],
            options={
                "verbose_name": "topic",
                "verbose_name_plural": "topics",
                "ordering": ["position", "pk"],
            },
        ),
    ]
