import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0002_initial"),
        ("people", "0001_initial"),
        ("support", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="helprequest",
            name="blocks_work",
            field=models.BooleanField(default=False, verbose_name="work is impossible now"),
        ),
        migrations.AddField(
            model_name="helprequest",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="support.helprequest",
                verbose_name="merged into",
            ),
        ),
        migrations.AddField(
            model_name="helprequest",
            name="stopped_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="stopped under clause 5"),
        ),
        migrations.AddField(
            model_name="helprequest",
            name="vendor_since",
            field=models.DateTimeField(blank=True, null=True, verbose_name="with the vendor since"),
        ),
        migrations.AddField(
            model_name="helprequest",
            name="version",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="version"),
        ),
        migrations.AlterField(
            model_name="reply",
            name="act",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "written"),
                    ("taken", "The request is taken."),
                    ("handed_over", "The request is handed over."),
                    ("waits", "Waiting for the teacher's answer."),
                    ("solved", "The question is answered."),
                    ("closed", "The request is closed."),
                    ("helped", "It helped. The request is closed."),
                    ("not_helped", "It did not help. The request is closed."),
                    ("reopened", "The request is back in work."),
                    ("booked", "A consultation is booked."),
                    ("time_asked", "A time of a consultation is asked for."),
                    ("held", "The consultation took place."),
                    ("missed", "The teacher did not come to the consultation."),
                    ("to_vendor", "Handed over to the vendor's support."),
                    ("from_vendor", "The vendor's support has answered."),
                    ("merged", "Merged with another request."),
                    ("stopped", "The help is stopped under clause 5."),
                ],
                default="",
                max_length=15,
                verbose_name="act",
            ),
        ),
        migrations.AddConstraint(
            model_name="helprequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("vendor_since", None), models.Q(("closed_at", None), ("solved_at", None)), _connector="OR"
                ),
                name="request_with_vendor_only_open",
                violation_error_message="An answered or closed request is with the vendor no longer.",
            ),
        ),
        migrations.AddConstraint(
            model_name="helprequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merged_into", None), ("stopped_at", None)), ("closed_at__isnull", False), _connector="OR"
                ),
                name="request_stopped_or_merged_is_closed",
                violation_error_message="A stopped or merged request is closed.",
            ),
        ),
    ]
