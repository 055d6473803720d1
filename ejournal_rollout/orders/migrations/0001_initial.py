from django.db import migrations, models

import ejournal_rollout.files.private


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Amendment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="number")),
                ("signed_on", models.DateField(blank=True, null=True, verbose_name="signed on")),
                ("grounds", models.TextField(blank=True, verbose_name="grounds")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "draft"), ("in_force", "in force")],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("before", models.JSONField(blank=True, null=True, verbose_name="wording before")),
                ("after", models.JSONField(blank=True, null=True, verbose_name="wording after")),
                ("in_force_since", models.DateField(blank=True, null=True, verbose_name="in force since")),
                ("signatory", models.CharField(blank=True, max_length=250, verbose_name="signed by")),
            ],
            options={
                "verbose_name": "amending order",
                "verbose_name_plural": "amending orders",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "file",
                    models.FileField(
                        upload_to=ejournal_rollout.files.private.RandomName("orders"),
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
                ("added_at", models.DateTimeField(auto_now_add=True, verbose_name="added")),
            ],
            options={
                "verbose_name": "attachment",
                "verbose_name_plural": "attachments",
                "ordering": ["added_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.CharField(
                        blank=True, help_text="As printed, e.g. 337/01-18.", max_length=60, verbose_name="number"
                    ),
                ),
                ("signed_on", models.DateField(blank=True, null=True, verbose_name="signed on")),
                (
                    "first_year",
                    models.PositiveSmallIntegerField(
                        help_text="2026 means the school year 2026/2027.", verbose_name="school year begins in"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "draft"), ("in_force", "in force"), ("closed", "closed")],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "organization",
                    models.CharField(
                        blank=True, help_text="As the order prints it.", max_length=300, verbose_name="organization"
                    ),
                ),
                ("body", models.TextField(blank=True, verbose_name="text of the order")),
                (
                    "in_force_since",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="in force since"),
                ),
                ("closed_on", models.DateField(blank=True, editable=False, null=True, verbose_name="closed on")),
                ("as_signed", models.JSONField(blank=True, editable=False, null=True, verbose_name="as signed")),
                (
                    "paper",
                    models.CharField(
                        blank=True, editable=False, max_length=64, verbose_name="fingerprint of the paper"
                    ),
                ),
            ],
            options={
                "verbose_name": "order",
                "verbose_name_plural": "orders",
                "ordering": ["-first_year", "-signed_on", "-pk"],
            },
        ),
    ]
