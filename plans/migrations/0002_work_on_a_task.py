import django.db.models.deletion
from django.db import migrations, models

import ejournal_rollout.files.private


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
        ("plans", "0001_initial"),
    ]

    operations = [
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
                "constraints": [
                    models.UniqueConstraint(fields=("member", "task"), name="task_watched_once"),
                    models.UniqueConstraint(fields=("member", "stage"), name="stage_watched_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stage__isnull", False), ("task", None)),
                            models.Q(("stage", None), ("task__isnull", False)),
                            _connector="OR",
                        ),
                        name="watch_is_of_a_task_or_a_stage",
                    ),
                ],
            },
        ),
    ]
