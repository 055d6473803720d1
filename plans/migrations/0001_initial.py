import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import ejournal_rollout.files.private
import plans.models.reminder_rules


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
            name="Meeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("held_on", models.DateField(verbose_name="held on")),
                ("present", models.TextField(blank=True, help_text="One person on a line.", verbose_name="present")),
                ("agenda", models.TextField(blank=True, help_text="One question on a line.", verbose_name="agenda")),
                ("heard", models.TextField(blank=True, help_text="What was said, in short.", verbose_name="heard")),
                ("edition", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "closed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="minutes closed"),
                ),
                (
                    "chair",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.membership",
                        verbose_name="chair",
                    ),
                ),
                (
                    "secretary",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.membership",
                        verbose_name="secretary",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="meetings",
                        to="plans.plan",
                        verbose_name="plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "meeting",
                "verbose_name_plural": "meetings",
                "ordering": ["-held_on", "-number"],
            },
        ),
        migrations.CreateModel(
            name="FinalReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("introduction", models.TextField(blank=True, verbose_name="introduction")),
                ("conclusions", models.TextField(blank=True, verbose_name="conclusions")),
                ("proposals", models.TextField(blank=True, verbose_name="proposals")),
                ("signatory_post", models.CharField(blank=True, max_length=150, verbose_name="who signs: post")),
                (
                    "signatory",
                    models.CharField(blank=True, max_length=150, verbose_name="who signs: initials and name"),
                ),
                ("edition", models.PositiveIntegerField(default=1, editable=False)),
                ("number", models.CharField(blank=True, editable=False, max_length=60, verbose_name="number")),
                ("dated_on", models.DateField(blank=True, editable=False, null=True, verbose_name="date")),
                (
                    "frozen_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="given its number"),
                ),
                ("paper", models.JSONField(blank=True, editable=False, null=True)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to="plans.plan",
                        verbose_name="plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "final report",
                "verbose_name_plural": "final reports",
                "ordering": ["-plan__order__first_year", "-dated_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ReminderRules",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "days_before",
                    models.CharField(
                        blank=True,
                        default="14, 7, 1",
                        help_text="With commas. 0 is the last day itself; leave it empty and nobody is reminded before it.",
                        max_length=60,
                        validators=[plans.models.reminder_rules.read_days_before],
                        verbose_name="Days before the last day",
                    ),
                ),
                (
                    "head_after_days",
                    models.PositiveSmallIntegerField(
                        default=14,
                        validators=[
                            django.core.validators.MinValueValidator(
                                1, "At least one day: on the last day itself a task is in time."
                            ),
                            django.core.validators.MaxValueValidator(180, "At most half a year (180 days)."),
                        ],
                        verbose_name="Days after the last day until the head of the working group is told",
                    ),
                ),
                (
                    "review_after_days",
                    models.PositiveSmallIntegerField(
                        default=3,
                        help_text="Then every seven days.",
                        validators=[
                            django.core.validators.MinValueValidator(
                                1, "At least one day: of the report itself the working group is told at once."
                            ),
                            django.core.validators.MaxValueValidator(60, "At most 60 days."),
                        ],
                        verbose_name="Days until a result that waits for review is spoken of again",
                    ),
                ),
                (
                    "hour",
                    models.PositiveSmallIntegerField(
                        default=7,
                        help_text="By the clock of the school.",
                        validators=[
                            django.core.validators.MinValueValidator(0, "Write an hour from 0 to 20."),
                            django.core.validators.MaxValueValidator(20, "Write an hour from 0 to 20."),
                        ],
                        verbose_name="Not before this hour of the morning",
                    ),
                ),
                ("done_on", models.DateField(blank=True, editable=False, null=True)),
                (
                    "school",
                    models.OneToOneField(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminder_rules",
                        to="people.school",
                        verbose_name="school",
                    ),
                ),
            ],
            options={
                "verbose_name": "reminders of a school",
                "verbose_name_plural": "reminders of schools",
            },
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("planned_on", models.DateField(verbose_name="planned day")),
                ("checked", models.CharField(max_length=300, verbose_name="what is checked")),
                ("classes", models.CharField(blank=True, max_length=200, verbose_name="classes")),
                ("subjects", models.CharField(blank=True, max_length=200, verbose_name="subjects")),
                (
                    "checker_role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("administration", "Administration"),
                            ("working_group", "Member of the working group"),
                            ("technical_specialist", "Technical specialist"),
                            ("deputy_head", "Deputy head"),
                            ("experienced_colleague", "Experienced colleague"),
                        ],
                        max_length=30,
                        verbose_name="who checks: role",
                    ),
                ),
                ("checker_words", models.CharField(blank=True, max_length=200, verbose_name="who checks: in words")),
                ("planned_at", models.DateTimeField(verbose_name="written down")),
                ("held_on", models.DateField(blank=True, null=True, verbose_name="held on")),
                ("period", models.CharField(blank=True, max_length=100, verbose_name="period checked")),
                ("result", models.TextField(blank=True, verbose_name="result")),
                ("conclusions", models.TextField(blank=True, verbose_name="conclusions")),
                ("recommendations", models.TextField(blank=True, verbose_name="recommendations")),
                ("cancelled_on", models.DateField(blank=True, null=True, verbose_name="cancelled on")),
                ("cancelled_because", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                (
                    "checker",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds_checked",
                        to="people.membership",
                        verbose_name="who checks: person",
                    ),
                ),
                (
                    "held_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.membership",
                        verbose_name="result written by",
                    ),
                ),
                (
                    "planned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.membership",
                        verbose_name="planned by",
                    ),
                ),
                (
                    "repeats",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="repeated_by",
                        to="plans.round",
                        verbose_name="repeats",
                    ),
                ),
            ],
            options={
                "verbose_name": "round",
                "verbose_name_plural": "rounds",
                "ordering": ["planned_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Indicator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="place")),
                ("words", models.CharField(max_length=200, verbose_name="indicator")),
                ("norm", models.CharField(blank=True, max_length=60, verbose_name="agreed")),
                ("found", models.CharField(blank=True, max_length=60, verbose_name="found")),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="indicators",
                        to="plans.round",
                        verbose_name="round",
                    ),
                ),
            ],
            options={
                "verbose_name": "indicator",
                "verbose_name_plural": "indicators",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(blank=True, max_length=150, verbose_name="class, subject")),
                ("text", models.TextField(verbose_name="remark")),
                ("repair_by", models.DateField(blank=True, null=True, verbose_name="put right until")),
                ("found_at", models.DateTimeField(verbose_name="written")),
                ("settled_on", models.DateField(blank=True, null=True, verbose_name="put right on")),
                ("settled_how", models.CharField(blank=True, max_length=300, verbose_name="how it was settled")),
                ("outcome", models.CharField(blank=True, max_length=200, verbose_name="what was made of it")),
                ("outcome_path", models.TextField(blank=True, verbose_name="its address")),
                (
                    "found_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.membership",
                        verbose_name="written by",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.membership",
                        verbose_name="settled by",
                    ),
                ),
                (
                    "teacher",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="people.membership",
                        verbose_name="teacher",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="findings",
                        to="plans.round",
                        verbose_name="round",
                    ),
                ),
            ],
            options={
                "verbose_name": "finding",
                "verbose_name_plural": "findings",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("query", models.CharField(editable=False, max_length=500, verbose_name="filters")),
                ("is_shared", models.BooleanField(default=False, verbose_name="shown to all staff of the school")),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="plan_views",
                        to="people.membership",
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "saved list",
                "verbose_name_plural": "saved lists",
                "ordering": ["name", "pk"],
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
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="place")),
                ("words", models.CharField(max_length=200, verbose_name="step")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="done on")),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.membership",
                        verbose_name="done by",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="plans.task",
                        verbose_name="task",
                    ),
                ),
            ],
            options={
                "verbose_name": "step",
                "verbose_name_plural": "steps",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.AddField(
            model_name="round",
            name="task",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="rounds", to="plans.task", verbose_name="task"
            ),
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("local_act", "local act"),
                            ("memo", "memo"),
                            ("photo", "photo"),
                            ("report", "report"),
                            ("other", "another paper"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "file",
                    models.FileField(
                        upload_to=ejournal_rollout.files.private.RandomName("evidence"),
                        validators=[
                            ejournal_rollout.files.private.FileLimits(
                                (
                                    "docx",
                                    "doc",
                                    "odt",
                                    "rtf",
                                    "txt",
                                    "pdf",
                                    "xlsx",
                                    "xls",
                                    "ods",
                                    "csv",
                                    "pptx",
                                    "odp",
                                    "jpg",
                                    "jpeg",
                                    "png",
                                    "webp",
                                    "heic",
                                    "tif",
                                    "tiff",
                                ),
                                megabytes=20,
                            )
                        ],
                        verbose_name="file",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        blank=True, help_text="Empty: the name of the file itself.", max_length=200, verbose_name="name"
                    ),
                ),
                (
                    "dated_on",
                    models.DateField(
                        blank=True,
                        help_text="E.g. the day on which the act was adopted.",
                        null=True,
                        verbose_name="date of the paper",
                    ),
                ),
                ("goes_into_report", models.BooleanField(default=False, verbose_name="goes into the final report")),
                ("added_at", models.DateTimeField(verbose_name="added")),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.membership",
                        verbose_name="added by",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evidence",
                        to="plans.task",
                        verbose_name="task",
                    ),
                ),
            ],
            options={
                "verbose_name": "evidence",
                "verbose_name_plural": "evidence",
                "ordering": ["added_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.TextField(verbose_name="decision")),
                ("executors", models.CharField(blank=True, max_length=300, verbose_name="executor")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="term")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="plans.meeting",
                        verbose_name="meeting",
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="plans.stage",
                        verbose_name="new task in the stage",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="decisions",
                        to="plans.task",
                        verbose_name="task",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision",
                "verbose_name_plural": "decisions",
                "ordering": ["pk"],
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
                    "is_lead",
                    models.BooleanField(
                        default=False,
                        help_text="Answers for the whole task. Does not appear on paper.",
                        verbose_name="lead",
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
        migrations.CreateModel(
            name="Watch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="watches",
                        to="people.membership",
                        verbose_name="person",
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="watches",
                        to="plans.stage",
                        verbose_name="stage",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="watches",
                        to="plans.task",
                        verbose_name="task",
                    ),
                ),
            ],
            options={
                "verbose_name": "watching",
                "verbose_name_plural": "watching",
            },
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.UniqueConstraint(fields=("plan", "number"), name="minutes_numbered_once"),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)), fields=("plan",), name="one_meeting_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="finalreport",
            constraint=models.UniqueConstraint(
                condition=models.Q(("frozen_at", None)), fields=("plan",), name="one_report_in_preparation"
            ),
        ),
        migrations.AddConstraint(
            model_name="finalreport",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number", ""), _negated=True), fields=("plan", "number"), name="report_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="finalreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("dated_on", None), ("frozen_at", None), ("number", ""), ("paper__isnull", True)),
                    models.Q(
                        ("dated_on__isnull", False),
                        ("frozen_at__isnull", False),
                        ("number__gt", ""),
                        ("paper__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="report_frozen_as_a_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="finding_not_empty"
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_by", None), ("settled_on", None)),
                    models.Q(("settled_by__isnull", False), ("settled_on__isnull", False)),
                    _connector="OR",
                ),
                name="finding_settled_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                fields=("member", "name"),
                name="plan_view_named_once",
                violation_error_code="name_taken",
                violation_error_message="You have a list of this name already.",
            ),
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
        migrations.AddIndex(
            model_name="round",
            index=models.Index(fields=["planned_on"], name="round_by_day"),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cancelled_on", None)),
                fields=("task", "planned_on", "checked", "classes", "subjects"),
                name="round_once_a_day",
                violation_error_code="already_planned",
                violation_error_message="The same check is already planned for this day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cancelled_on", None)),
                fields=("repeats",),
                name="round_repeated_once",
                violation_error_code="already_repeated",
                violation_error_message="A repeated check is already planned.",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("repeats", None), models.Q(("repeats", models.F("pk")), _negated=True), _connector="OR"
                ),
                name="round_repeats_another",
                violation_error_message="A round cannot repeat itself.",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("checker", None), ("checker_role", ""), _connector="OR"),
                name="round_checked_by_person_or_role",
                violation_error_message="Choose a person or a role, not both.",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("checker_role", "teacher"), _negated=True),
                name="round_not_checked_by_everybody",
                violation_error_message="Everybody on the staff is a teacher. Choose another role or a person.",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("held_by", None), ("held_on", None)),
                    models.Q(("held_by__isnull", False), ("held_on__isnull", False), ("result__gt", "")),
                    _connector="OR",
                ),
                name="round_held_with_result",
                violation_error_message="A round that was held has a result.",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("cancelled_on", None), models.Q(("cancelled_because__gt", ""), ("held_on", None)), _connector="OR"
                ),
                name="round_cancelled_with_reason",
                violation_error_message="A round is cancelled for a reason, and not after it was held.",
            ),
        ),
        migrations.AddConstraint(
            model_name="taskexecutor",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_lead", True)),
                fields=("task",),
                name="one_lead_of_a_task",
                violation_error_code="two_leads",
                violation_error_message="One executor of a task leads, not several.",
            ),
        ),
        migrations.AddConstraint(
            model_name="watch",
            constraint=models.UniqueConstraint(fields=("member", "task"), name="task_watched_once"),
        ),
        migrations.AddConstraint(
            model_name="watch",
            constraint=models.UniqueConstraint(fields=("member", "stage"), name="stage_watched_once"),
        ),
        migrations.AddConstraint(
            model_name="watch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("stage__isnull", False), ("task", None)),
                    models.Q(("stage", None), ("task__isnull", False)),
                    _connector="OR",
                ),
                name="watch_is_of_a_task_or_a_stage",
            ),
        ),
    ]
