import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("orders", "0001_initial"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="amendment",
            name="made_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="people.membership",
                verbose_name="made by",
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="copied_from",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="copies",
                to="orders.order",
                verbose_name="copied from",
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="replaces",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="replaced_by",
                to="orders.order",
                verbose_name="replaces",
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="orders",
                to="people.school",
                verbose_name="school",
            ),
        ),
        migrations.AddField(
            model_name="attachment",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="attachments",
                to="orders.order",
                verbose_name="order",
            ),
        ),
        migrations.AddField(
            model_name="amendment",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="amendments",
                to="orders.order",
                verbose_name="amended order",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "in_force")),
                fields=("school",),
                name="one_order_in_force",
                violation_error_code="another_in_force",
                violation_error_message="Another order of the school is in force. Close it first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number", ""), _negated=True),
                fields=("school", "number", "signed_on"),
                name="order_number_once_a_day",
                violation_error_code="number_taken",
                violation_error_message="The school already has an order of this number and date.",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "draft")),
                fields=("copied_from", "first_year"),
                name="one_draft_copy_a_year",
                violation_error_code="already_copied",
                violation_error_message="A copy of this order for this school year is being prepared already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="amendment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "draft")),
                fields=("order",),
                name="one_draft_amendment",
                violation_error_code="drafted_already",
                violation_error_message="An amending order is being prepared already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="amendment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number", ""), _negated=True),
                fields=("order", "number", "signed_on"),
                name="amendment_number_once_a_day",
                violation_error_code="number_taken",
                violation_error_message="The school already has an order of this number and date.",
            ),
        ),
        migrations.AddConstraint(
            model_name="amendment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "draft"),
                    models.Q(
                        models.Q(("number", ""), _negated=True),
                        ("after__isnull", False),
                        ("before__isnull", False),
                        ("in_force_since__isnull", False),
                        ("signed_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="amendment_in_force_is_whole",
                violation_error_message="An amending order in force has a number, a date and both wordings.",
            ),
        ),
    ]
