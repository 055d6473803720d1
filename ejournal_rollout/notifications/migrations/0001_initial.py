from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Digest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("leased_until", models.DateTimeField(blank=True, editable=False, null=True)),
                ("last_error", models.TextField(blank=True, verbose_name="last error")),
                (
                    "trouble",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_mail", "the site sends no letters"),
                            ("no_address", "no mail address is known"),
                            ("no_account", "the account is not opened yet"),
                            ("not_wanted", "the person wants no letters"),
                            ("outdated", "plans have changed meanwhile"),
                            ("silent", "the mail server does not answer"),
                            ("site_refused", "the mail server does not let the site in"),
                            ("address_refused", "the mail server refuses the address"),
                            ("other", "the mail server did not take it"),
                        ],
                        editable=False,
                        max_length=20,
                        verbose_name="why not sent",
                    ),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent by mail")),
                ("day", models.DateField(verbose_name="day")),
            ],
            options={
                "verbose_name": "letter of the day",
                "verbose_name_plural": "letters of the day",
                "ordering": ["-day", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("leased_until", models.DateTimeField(blank=True, editable=False, null=True)),
                ("last_error", models.TextField(blank=True, verbose_name="last error")),
                (
                    "trouble",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_mail", "the site sends no letters"),
                            ("no_address", "no mail address is known"),
                            ("no_account", "the account is not opened yet"),
                            ("not_wanted", "the person wants no letters"),
                            ("outdated", "plans have changed meanwhile"),
                            ("silent", "the mail server does not answer"),
                            ("site_refused", "the mail server does not let the site in"),
                            ("address_refused", "the mail server refuses the address"),
                            ("other", "the mail server did not take it"),
                        ],
                        editable=False,
                        max_length=20,
                        verbose_name="why not sent",
                    ),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent by mail")),
                ("key", models.CharField(max_length=200)),
                ("words", models.CharField(max_length=500, verbose_name="words")),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="address")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="written")),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="read")),
                ("settled_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="settled")),
                (
                    "topic",
                    models.CharField(
                        choices=[
                            ("ahead", "a term comes"),
                            ("late", "a term has passed"),
                            ("review", "a result waits"),
                            ("plan", "news of the plan"),
                            ("order", "orders"),
                            ("consultation", "consultations"),
                            ("help", "help requests"),
                            ("other", "other"),
                        ],
                        default="other",
                        max_length=15,
                        verbose_name="topic",
                    ),
                ),
                ("about", models.CharField(blank=True, db_index=True, editable=False, max_length=80)),
                ("by_mail", models.BooleanField(default=False, verbose_name="by mail too")),
                ("in_digest", models.BooleanField(default=False, verbose_name="in the letter of the day")),
                ("calendar", models.TextField(blank=True, editable=False)),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
                "ordering": ["-created_at", "-pk"],
            },
        ),
    ]
