import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
        ("plans", "0002_reminder_rules"),
        ("plans", "0002_work_on_a_task"),
    ]

    operations = [
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
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rounds",
                        to="plans.task",
                        verbose_name="task",
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
    ]
