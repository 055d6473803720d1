from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200)),
                ("words", models.CharField(max_length=500, verbose_name="words")),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="address")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="written")),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="read")),
                ("by_mail", models.BooleanField(default=False, verbose_name="by mail too")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("leased_until", models.DateTimeField(blank=True, editable=False, null=True)),
                ("last_error", models.TextField(blank=True, verbose_name="last error")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent by mail")),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
                "ordering": ["-created_at", "-pk"],
            },
        ),
    ]
