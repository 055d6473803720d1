from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="letters",
            field=models.CharField(
                choices=[
                    ("at_once", "at once, a letter for each message"),
                    ("daily", "one letter a day"),
                    ("none", "no letters"),
                ],
                default="at_once",
                max_length=10,
                verbose_name="letters",
            ),
        ),
        migrations.AddField(
            model_name="roleholding",
            name="is_head",
            field=models.BooleanField(
                default=False,
                help_text="Is told of overdue tasks. One person at a time; only with the role in the working group.",
                verbose_name="head of the working group",
            ),
        ),
        migrations.AddConstraint(
            model_name="roleholding",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_head", False), ("role", "working_group"), _connector="OR"),
                name="head_is_of_the_working_group",
                violation_error_code="head_without_group",
                violation_error_message="Only a member of the working group can be its head.",
            ),
        ),
    ]
