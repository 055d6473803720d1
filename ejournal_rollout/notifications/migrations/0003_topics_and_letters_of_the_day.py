import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0002_initial"),
        ("people", "0002_letters_and_the_head_of_the_group"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="about",
            field=models.CharField(blank=True, db_index=True, editable=False, max_length=80),
        ),
        migrations.AddField(
            model_name="message",
            name="in_digest",
            field=models.BooleanField(default=False, verbose_name="in the letter of the day"),
        ),
        migrations.AddField(
            model_name="message",
            name="topic",
            field=models.CharField(
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
        migrations.CreateModel(
            name="Digest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("leased_until", models.DateTimeField(blank=True, editable=False, null=True)),
                ("last_error", models.TextField(blank=True, verbose_name="last error")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent by mail")),
                ("day", models.DateField(verbose_name="day")),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="digests",
                        to="people.membership",
                        verbose_name="recipient",
                    ),
                ),
            ],
            options={
                "verbose_name": "letter of the day",
                "verbose_name_plural": "letters of the day",
                "ordering": ["-day", "pk"],
            },
        ),
        migrations.AddField(
            model_name="message",
            name="digest",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="messages",
                to="notifications.digest",
                verbose_name="letter of the day",
            ),
        ),
        migrations.AddConstraint(
            model_name="digest",
            constraint=models.UniqueConstraint(fields=("recipient", "day"), name="one_digest_a_day"),
        ),
    ]
