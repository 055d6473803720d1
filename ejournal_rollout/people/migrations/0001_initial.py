import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import ejournal_rollout.people.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="School",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(help_text="As the order prints it.", max_length=250, verbose_name="name")),
                (
                    "time_zone",
                    models.CharField(
                        default="Europe/Moscow",
                        max_length=50,
                        validators=[ejournal_rollout.people.models.validate_time_zone],
                        verbose_name="time zone",
                    ),
                ),
                (
                    "working_week",
                    models.PositiveSmallIntegerField(
                        choices=[(5, "five days, Monday to Friday"), (6, "six days, Monday to Saturday")],
                        default=5,
                        verbose_name="working week",
                    ),
                ),
                (
                    "paper_font",
                    models.CharField(
                        choices=[
                            ("Times New Roman", "Times New Roman"),
                            ("PT Astra Serif", "PT Astra Serif"),
                            ("PT Serif", "PT Serif"),
                            ("Liberation Serif", "Liberation Serif"),
                            ("Arial", "Arial"),
                            ("PT Astra Sans", "PT Astra Sans"),
                            ("Liberation Sans", "Liberation Sans"),
                        ],
                        default="Times New Roman",
                        max_length=40,
                        verbose_name="font",
                    ),
                ),
                (
                    "paper_size",
                    models.PositiveSmallIntegerField(
                        choices=[(12, "12"), (13, "13"), (14, "14")],
                        default=13,
                        help_text="Tables are a point smaller, at most 12.",
                        verbose_name="size of type, points",
                    ),
                ),
                (
                    "paper_address",
                    models.BooleanField(
                        default=False,
                        help_text="Below the first page; a telephone opens from it what stands on the site now.",
                        verbose_name="address of the page and its QR code",
                    ),
                ),
            ],
            options={
                "verbose_name": "school",
                "verbose_name_plural": "schools",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                ("email", models.EmailField(blank=True, max_length=254, null=True, unique=True, verbose_name="e-mail")),
                ("patronymic", models.CharField(blank=True, max_length=150, verbose_name="patronymic")),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "account",
                "verbose_name_plural": "accounts",
                "ordering": ["last_name", "first_name", "patronymic"],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("post", models.CharField(blank=True, max_length=250, verbose_name="post")),
                ("left_on", models.DateField(blank=True, null=True, verbose_name="last day of work")),
                (
                    "letters",
                    models.CharField(
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
                (
                    "hour_letters",
                    models.BooleanField(default=True, verbose_name="a letter an hour before a consultation"),
                ),
                ("uses_shortcuts", models.BooleanField(default=True, verbose_name="shortcuts of the keyboard")),
                (
                    "reports_to",
                    models.ForeignKey(
                        blank=True,
                        help_text="Clause 5 of the regulation: who is told when manners are broken.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="subordinates",
                        to="people.membership",
                        verbose_name="direct supervisor",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="people.school",
                        verbose_name="school",
                    ),
                ),
            ],
            options={
                "verbose_name": "member of staff",
                "verbose_name_plural": "staff",
                "ordering": ["user__last_name", "user__first_name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("secret_hash", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "renews_password",
                    models.BooleanField(default=False, editable=False, verbose_name="for a new password"),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="made")),
                ("expires_at", models.DateTimeField(verbose_name="valid until")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="accepted")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.membership",
                        verbose_name="made by",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="people.membership",
                        verbose_name="member of staff",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "ordering": ["-made_at"],
            },
        ),
        migrations.CreateModel(
            name="RoleHolding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("administration", "Administration"),
                            ("working_group", "Member of the working group"),
                            ("technical_specialist", "Technical specialist"),
                            ("deputy_head", "Deputy head"),
                            ("experienced_colleague", "Experienced colleague"),
                            ("teacher", "Teacher"),
                        ],
                        max_length=30,
                        verbose_name="role",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="to")),
                (
                    "is_head",
                    models.BooleanField(
                        default=False,
                        help_text="Is told of overdue tasks. One person at a time; only with the role in the working group.",
                        verbose_name="head of the working group",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holdings",
                        to="people.membership",
                        verbose_name="member of staff",
                    ),
                ),
            ],
            options={
                "verbose_name": "role held",
                "verbose_name_plural": "roles held",
                "ordering": ["starts_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                        name="role_ends_not_before_start",
                        violation_error_code="ends_before_start",
                        violation_error_message="The last day cannot come before the first.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on", None)),
                        fields=("membership", "role"),
                        name="role_held_once_at_a_time",
                        violation_error_message="This person already holds this role.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_head", False), ("role", "working_group"), _connector="OR"),
                        name="head_is_of_the_working_group",
                        violation_error_code="head_without_group",
                        violation_error_message="Only a member of the working group can be its head.",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                fields=("school", "user"),
                name="person_once_per_school",
                violation_error_message="This person is already on the staff list of the school.",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reports_to", None), models.Q(("reports_to", models.F("pk")), _negated=True), _connector="OR"
                ),
                name="nobody_supervises_oneself",
                violation_error_message="A person cannot be their own supervisor.",
            ),
        ),
    ]
