# What the calendar says against a consultation or a seminar that people hold all the same.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consultations", "0002_initial")]

    operations = [
        migrations.AddField(
            model_name="booking",
            name="in_spite_of",
            field=models.CharField(blank=True, default="", editable=False, max_length=300, verbose_name="in spite of"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="seminar",
            name="in_spite_of",
            field=models.CharField(blank=True, default="", editable=False, max_length=300, verbose_name="in spite of"),
            preserve_default=False,
        ),
    ]
