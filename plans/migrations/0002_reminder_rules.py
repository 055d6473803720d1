import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import plans.models.reminder_rules


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_letters_and_the_head_of_the_group"),
        ("plans", "0001_initial"),
    ]

    operations = [
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
    ]
