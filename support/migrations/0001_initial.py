import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("consultations", "0001_initial"),
        ("orders", "0001_initial"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="HelpRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("sequence", models.PositiveIntegerField(verbose_name="number in the year")),
                ("question", models.CharField(max_length=300, verbose_name="question")),
                ("description", models.TextField(blank=True, verbose_name="description")),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("online", "on-line, while working in the journal"),
                            ("email", "by e-mail"),
                            ("consultation", "at a consultation by the schedule"),
                            ("seminar", "at a seminar or training"),
                        ],
                        default="online",
                        max_length=15,
                        verbose_name="form of help",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="asked")),
                ("taken_at", models.DateTimeField(blank=True, null=True, verbose_name="taken")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="first answer")),
                (
                    "waiting_since",
                    models.DateTimeField(blank=True, null=True, verbose_name="waiting for the teacher since"),
                ),
                ("solved_at", models.DateTimeField(blank=True, null=True, verbose_name="answered")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                ("helped", models.BooleanField(blank=True, null=True, verbose_name="helped")),
                ("reopened_count", models.PositiveSmallIntegerField(default=0, verbose_name="times reopened")),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.membership",
                        verbose_name="who answers",
                    ),
                ),
                (
                    "bookings",
                    models.ManyToManyField(
                        blank=True,
                        related_name="help_requests",
                        to="consultations.booking",
                        verbose_name="consultations",
                    ),
                ),
                (
                    "direction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="help_requests",
                        to="consultations.direction",
                        verbose_name="direction",
                    ),
                ),
                (
                    "registered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.membership",
                        verbose_name="registered by",
                    ),
                ),
                (
                    "requester",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="help_requests",
                        to="people.membership",
                        verbose_name="who asks",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="help_requests",
                        to="people.school",
                        verbose_name="school",
                    ),
                ),
                (
                    "time_requests",
                    models.ManyToManyField(
                        blank=True,
                        editable=False,
                        related_name="help_requests",
                        to="consultations.timerequest",
                        verbose_name="requests for a time",
                    ),
                ),
            ],
            options={
                "verbose_name": "help request",
                "verbose_name_plural": "help requests",
                "ordering": ["-asked_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="InternalNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("written_at", models.DateTimeField(verbose_name="written")),
                ("text", models.TextField(verbose_name="text")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.membership",
                        verbose_name="author",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="internal_notes",
                        to="support.helprequest",
                        verbose_name="request",
                    ),
                ),
            ],
            options={
                "verbose_name": "internal note",
                "verbose_name_plural": "internal notes",
                "ordering": ["written_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Regulation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "heading",
                    models.TextField(
                        blank=True, help_text="The lines at the right top of the annex.", verbose_name="annex heading"
                    ),
                ),
                ("title", models.TextField(verbose_name="title")),
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="regulation",
                        to="orders.order",
                        verbose_name="order",
                    ),
                ),
            ],
            options={
                "verbose_name": "regulation",
                "verbose_name_plural": "regulations",
                "ordering": ["-order__first_year"],
            },
        ),
        migrations.CreateModel(
            name="Clause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="place in the regulation")),
                ("printed_number", models.CharField(blank=True, max_length=20, verbose_name="number")),
                ("text", models.TextField(verbose_name="text")),
                (
                    "regulation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="clauses",
                        to="support.regulation",
                        verbose_name="regulation",
                    ),
                ),
            ],
            options={
                "verbose_name": "clause",
                "verbose_name_plural": "clauses",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("written_at", models.DateTimeField(verbose_name="written")),
                (
                    "act",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "written"),
                            ("taken", "The request is taken."),
                            ("handed_over", "The request is handed over."),
                            ("waits", "Waiting for the teacher's answer."),
                            ("solved", "The question is answered."),
                            ("closed", "The request is closed."),
                            ("helped", "It helped. The request is closed."),
                            ("not_helped", "It did not help. The request is closed."),
                            ("reopened", "The request is back in work."),
                            ("booked", "A consultation is booked."),
                            ("time_asked", "A time of a consultation is asked for."),
                            ("held", "The consultation took place."),
                            ("missed", "The teacher did not come to the consultation."),
                        ],
                        default="",
                        max_length=15,
                        verbose_name="act",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="text")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.membership",
                        verbose_name="author",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="replies",
                        to="support.helprequest",
                        verbose_name="request",
                    ),
                ),
                (
                    "result_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="consultations.booking",
                        verbose_name="result of the consultation",
                    ),
                ),
            ],
            options={
                "verbose_name": "reply",
                "verbose_name_plural": "replies",
                "ordering": ["written_at", "pk"],
            },
        ),
        migrations.AddIndex(
            model_name="helprequest",
            index=models.Index(fields=["school", "closed_at", "-asked_at"], name="requests_open_first"),
        ),
        migrations.AddConstraint(
            model_name="helprequest",
            constraint=models.UniqueConstraint(
                fields=("school", "year", "sequence"),
                name="request_number_once",
                violation_error_code="number_taken",
                violation_error_message="A request of this number exists already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="helprequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("assignee", None), ("taken_at", None)),
                    models.Q(("assignee__isnull", False), ("taken_at__isnull", False)),
                    _connector="OR",
                ),
                name="request_taken_by_somebody",
                violation_error_message="A request is taken by somebody at some moment, or by nobody.",
            ),
        ),
        migrations.AddConstraint(
            model_name="helprequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("waiting_since", None), models.Q(("closed_at", None), ("solved_at", None)), _connector="OR"
                ),
                name="request_waits_only_open",
                violation_error_message="An answered or closed request waits for nobody.",
            ),
        ),
        migrations.AddConstraint(
            model_name="helprequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("helped", None), ("closed_at__isnull", False), _connector="OR"),
                name="request_helped_when_closed",
                violation_error_message="Whether it helped is said when the request is closed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.CheckConstraint(
                condition=models.Q(("act", ""), ("text", ""), _negated=True),
                name="reply_not_empty",
                violation_error_message="Write the text.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.UniqueConstraint(
                fields=("request", "result_of"),
                name="result_once_in_a_request",
                violation_error_message="The result of this consultation stands in the request already.",
            ),
        ),
    ]
