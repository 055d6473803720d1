import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("orders", "0001_initial"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Plan",
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
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="plan",
                        to="orders.order",
                        verbose_name="order",
                    ),
                ),
            ],
            options={
                "verbose_name": "plan",
                "verbose_name_plural": "plans",
                "ordering": ["-order__first_year"],
            },
        ),
        migrations.CreateModel(
            name="Stage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="place in the plan")),
                (
                    "heading",
                    models.CharField(
                        blank=True, help_text="E.g. “1. Preparatory stage”.", max_length=500, verbose_name="stage"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stages",
                        to="plans.plan",
                        verbose_name="plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "stage",
                "verbose_name_plural": "stages",
                "ordering": ["plan", "position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="place in the stage")),
                (
                    "printed_number",
                    models.CharField(
                        blank=True, help_text="As printed, e.g. “1.4.”.", max_length=20, verbose_name="number"
                    ),
                ),
                ("question", models.TextField(verbose_name="question")),
                (
                    "term",
                    models.CharField(
                        blank=True, help_text="The words of the order.", max_length=300, verbose_name="term"
                    ),
                ),
                (
                    "term_kind",
                    models.CharField(
                        choices=[
                            ("range", "from month to month"),
                            ("month", "month"),
                            ("day", "day"),
                            ("until", "until a day"),
                            ("whole_period", "whole period of work"),
                            ("separate_schedule", "by a separate schedule"),
                            ("recurring", "recurring"),
                            ("on_demand", "as needed"),
                            ("unparsable", "without dates"),
                        ],
                        default="unparsable",
                        max_length=20,
                        verbose_name="kind of term",
                    ),
                ),
                (
                    "term_precision",
                    models.CharField(
                        choices=[("day", "day"), ("month", "month"), ("none", "no dates")],
                        default="none",
                        max_length=10,
                        verbose_name="precision",
                    ),
                ),
                ("by_separate_schedule", models.BooleanField(default=False, verbose_name="by a separate schedule")),
                ("left_without_dates", models.BooleanField(default=False, editable=False)),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="first day")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="last day")),
                ("purpose", models.TextField(blank=True, verbose_name="purpose")),
                (
                    "executors_printed",
                    models.TextField(blank=True, help_text="The words of the order.", verbose_name="executors"),
                ),
                ("expected_result", models.TextField(blank=True, verbose_name="expected result")),
                ("other_columns", models.JSONField(blank=True, default=list, editable=False)),
                ("is_milestone", models.BooleanField(default=False, verbose_name="milestone")),
                ("started_on", models.DateField(blank=True, editable=False, null=True, verbose_name="started on")),
                ("reported_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="reported")),
                ("result", models.TextField(blank=True, editable=False, verbose_name="result")),
                ("completed_on", models.DateField(blank=True, editable=False, null=True, verbose_name="completed on")),
                ("cancelled_on", models.DateField(blank=True, editable=False, null=True, verbose_name="cancelled on")),
                (
                    "cancelled_because",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="grounds"),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.membership",
                        verbose_name="reported by",
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tasks",
                        to="plans.stage",
                        verbose_name="stage",
                    ),
                ),
            ],
            options={
                "verbose_name": "task",
                "verbose_name_plural": "tasks",
                "ordering": ["stage__position", "stage_id", "position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="TaskExecutor",
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
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="executors",
                        to="plans.task",
                        verbose_name="task",
                    ),
                ),
            ],
            options={
                "verbose_name": "executor",
                "verbose_name_plural": "executors",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="TaskNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("written_at", models.DateTimeField(verbose_name="written")),
                (
                    "act",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "note"),
                            ("started", "work started"),
                            ("reported", "result reported"),
                            ("accepted", "result accepted"),
                            ("returned", "returned for more work"),
                            ("reopened", "reopened"),
                            ("cancelled", "cancelled"),
                        ],
                        max_length=12,
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
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="plans.task",
                        verbose_name="task",
                    ),
                ),
            ],
            options={
                "verbose_name": "note",
                "verbose_name_plural": "notes",
                "ordering": ["-written_at", "-pk"],
            },
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["due_on"], name="task_by_last_day"),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_on__gte", models.F("starts_on"))),
                name="task_due_not_before_start",
                violation_error_code="due_before_start",
                violation_error_message="The last day cannot come before the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(("completed_on", None), ("cancelled_on", None), _connector="OR"),
                name="task_not_both_done_and_cancelled",
                violation_error_message="A task is either done or cancelled.",
            ),
        ),
    ]
