import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarKey",
            fields=[
                (
                    "member",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="calendar_key",
                        serialize=False,
                        to="people.membership",
                        verbose_name="person",
                    ),
                ),
                ("replaced", models.PositiveIntegerField(default=0, editable=False, verbose_name="times replaced")),
            ],
            options={
                "verbose_name": "key of a calendar",
                "verbose_name_plural": "keys of calendars",
            },
        ),
    ]
