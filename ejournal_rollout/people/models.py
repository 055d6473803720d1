"""Who: schools, people, and which role of the order a person holds from when to when."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Self
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .roles import Ability, Role, abilities

ROLE_WORDS = {
    Role.ADMINISTRATION: _("Administration"),
    Role.WORKING_GROUP: _("Member of the working group"),
    Role.TECHNICAL_SPECIALIST: _("Technical specialist"),
    Role.DEPUTY_HEAD: _("Deputy head"),
    Role.EXPERIENCED_COLLEAGUE: _("Experienced colleague"),
    Role.TEACHER: _("Teacher"),
}


# Fonts with Cyrillic that schools have: with Windows, with Russian systems (PT), with any other (Liberation).
PAPER_FONTS = (
    "Times New Roman",
    "PT Astra Serif",
    "PT Serif",
    "Liberation Serif",
    "Arial",
    "PT Astra Sans",
    "Liberation Sans",
)
PAPER_SIZES = (12, 13, 14)  # points, as ГОСТ Р 7.0.97-2025 advises


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("There is no time zone of this name. Write e.g. Europe/Moscow."), code="time_zone")


class SchoolQuerySet(models.QuerySet["School"]):
    def visible_to(self, member: "Membership") -> Self:
        return self.filter(pk=member.school_id)


class School(models.Model):
    """The owner of everything. `working_week` answers the order's «ежедневно»: five days or six.

    `paper_…` is how written Word files look: a school has an instruction of its own on that.
    """

    class WorkingWeek(models.IntegerChoices):
        FIVE = 5, _("five days, Monday to Friday")
        SIX = 6, _("six days, Monday to Saturday")

    name = models.CharField(_("name"), max_length=250, help_text=_("As the order prints it."))
    time_zone = models.CharField(
        _("time zone"), max_length=50, default="Europe/Moscow", validators=[validate_time_zone]
    )
    working_week = models.PositiveSmallIntegerField(
        _("working week"), choices=WorkingWeek.choices, default=WorkingWeek.FIVE
    )
    paper_font = models.CharField(
        _("font"), max_length=40, choices=[(font, font) for font in PAPER_FONTS], default="Times New Roman"
    )
    paper_size = models.PositiveSmallIntegerField(
        _("size of type, points"),
        choices=[(size, str(size)) for size in PAPER_SIZES],
        default=13,
        help_text=_("Tables are a point smaller, at most 12."),
    )
    paper_address = models.BooleanField(
        _("address of the page and its QR code"),
        default=False,
        help_text=_("Below the first page; a telephone opens from it what stands on the site now."),
    )

    objects = SchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("school")
        verbose_name_plural = _("schools")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, member: "Membership") -> Self:
        return self.filter(memberships__school=member.school_id)

    def of_several_schools(self) -> Self:
        """Accounts that no single school may change: they belong to others too (left ones count)."""
        return self.annotate(school_count=Count("memberships")).filter(school_count__gt=1)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, email: str | None, password: str | None = None, **fields: Any) -> "User":
        """A person; without a password the account waits for its invitation."""
        user = self.model(email=self.normalize_email(email).lower() if email else None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A person who may sign in, by e-mail. One person, one account, however many schools.

    `email` is NULL for staff without an address: an empty string could stand there only once.
    """

    username = None
    email = models.EmailField(_("e-mail"), unique=True, null=True, blank=True)
    patronymic = models.CharField(_("patronymic"), max_length=150, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["last_name", "first_name", "patronymic"]

    def __str__(self) -> str:
        return self.get_full_name()

    def clean(self) -> None:
        self.email = self.email.lower() if self.email else None

    def get_full_name(self) -> str:
        """«Иванова Анна Петровна»: surname first, as in the school's papers."""
        return " ".join(filter(None, [self.last_name, self.first_name, self.patronymic])) or self.email or ""

    def get_short_name(self) -> str:
        """«Иванова А. П.»"""
        initials = [f"{name[0]}." for name in (self.first_name, self.patronymic) if name]
        return " ".join([self.last_name, *initials]) if self.last_name else self.get_full_name()

    @property
    def signature_name(self) -> str:
        """«А.П. Иванова», as a name stands beside a signature (ГОСТ Р 7.0.97-2025)."""
        initials = "".join(f"{name[0]}." for name in (self.first_name, self.patronymic) if name)
        return f"{initials} {self.last_name}".strip() if self.last_name else self.get_full_name()


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, member: "Membership") -> Self:
        return self.filter(school=member.school_id)

    def with_invitations(self, *, at: datetime) -> Self:
        """Adds `invited_until`: the moment to which the person's open invitation holds, or None."""
        latest = Invitation.objects.open(at=at).filter(membership=OuterRef("pk"), renews_password=False)
        return self.annotate(invited_until=Subquery(latest.order_by("-expires_at").values("expires_at")[:1]))

    def with_supervisors(self) -> Self:
        return self.select_related("reports_to__user")

    def with_people(self) -> Self:
        """With account, school and roles: what a name in a list costs, two queries."""
        return self.select_related("user", "school").prefetch_related("holdings")

    def working(self, *, on: date) -> Self:
        """Staff of the school on a day; the last day of work is inside."""
        return self.filter(Q(left_on=None) | Q(left_on__gte=on))

    def holding(self, *roles: Role, on: date) -> Self:
        """Working staff who hold at least one of `roles` on that day (first and last day inside)."""
        holdings = RoleHolding.objects.on(on).filter(role__in=roles)
        return self.working(on=on).filter(pk__in=holdings.values("membership"))

    def director_of(self, school_id: int, *, on: date) -> str:
        """The one working member whose post is «Директор…» as a signature names people; "" if it is not clear."""
        directors = self.filter(school=school_id, post__istartswith="директор").working(on=on).select_related("user")
        found = [one.user.signature_name for one in directors[:2]]
        return found[0] if len(found) == 1 else ""

    def serving(self, roles: Iterable[Role], *, named: Iterable[int], on: date) -> Self:
        """Working staff who hold one of `roles` on that day, or whose number is among `named`."""
        holdings = RoleHolding.objects.on(on).filter(role__in=list(roles))
        return self.working(on=on).filter(Q(pk__in=holdings.values("membership")) | Q(pk__in=list(named)))


class Membership(models.Model):
    """A person in a school: the post as the staff list words it, and the direct supervisor (clause 5).

    `letters` and `hour_letters` are the person's own choice of mail; in the pages everybody is told at once. So is
    `uses_shortcuts`: do single keys («/», «?») act in the pages?
    """

    class Letters(models.TextChoices):
        AT_ONCE = "at_once", _("at once, a letter for each message")
        DAILY = "daily", _("one letter a day")
        NONE = "none", _("no letters")

    school = models.ForeignKey(School, models.CASCADE, related_name="memberships", verbose_name=_("school"))
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("person"))
    post = models.CharField(_("post"), max_length=250, blank=True)
    reports_to = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="subordinates",
        verbose_name=_("direct supervisor"),
        help_text=_("Clause 5 of the regulation: who is told when manners are broken."),
    )
    left_on = models.DateField(_("last day of work"), null=True, blank=True)
    letters = models.CharField(_("letters"), max_length=10, choices=Letters.choices, default=Letters.AT_ONCE)
    hour_letters = models.BooleanField(_("a letter an hour before a consultation"), default=True)
    uses_shortcuts = models.BooleanField(_("shortcuts of the keyboard"), default=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff")
        ordering = ["user__last_name", "user__first_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "user"],
                name="person_once_per_school",
                violation_error_message=_("This person is already on the staff list of the school."),
            ),
            models.CheckConstraint(
                condition=Q(reports_to=None) | ~Q(reports_to=F("pk")),
                name="nobody_supervises_oneself",
                violation_error_message=_("A person cannot be their own supervisor."),
            ),
        ]

    def __str__(self) -> str:
        return self.user.get_short_name()

    def clean(self) -> None:
        if self.reports_to_id and self.reports_to.school_id != self.school_id:
            raise ValidationError({"reports_to": _("The supervisor must work in the same school.")})

    @property
    def name(self) -> str:
        return self.user.get_short_name()

    @property
    def full_name(self) -> str:
        return self.user.get_full_name()

    def roles_on(self, day: date) -> frozenset[Role]:
        """The roles held that day; everybody on the staff is at least a teacher-user of Annex 2.

        Reads `holdings`, so prefetch them in lists.
        """
        if self.left_on and day > self.left_on:
            return frozenset()
        return frozenset({Role.TEACHER}) | {
            Role(holding.role) for holding in self.holdings.all() if holding.covers(day)
        }

    def may(self, ability: Ability, *, on: date) -> bool:
        return ability in abilities(self.roles_on(on))


class RoleHoldingQuerySet(models.QuerySet["RoleHolding"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(membership__school=member.school_id)

    def on(self, day: date) -> Self:
        return self.filter(Q(starts_on__lte=day), Q(ends_on=None) | Q(ends_on__gte=day))

    def heads(self) -> Self:
        """Who leads the working group."""
        return self.filter(is_head=True)

    def meeting(self, starts_on: date, ends_on: date | None) -> Self:
        """Holdings that have at least one day in common with those days (both inside; None is without end)."""
        still_staff = Q(membership__left_on=None) | Q(membership__left_on__gte=starts_on)
        found = self.filter(still_staff, Q(ends_on=None) | Q(ends_on__gte=starts_on))
        return found.filter(starts_on__lte=ends_on) if ends_on else found


class RoleHolding(models.Model):
    """A person holds a role of the order from a day to a day, both inside; no last day is "until further notice".

    `is_head`: leads the working group in these days. The order names no such post, so it is a mark, not a role.
    """

    membership = models.ForeignKey(
        Membership, models.CASCADE, related_name="holdings", verbose_name=_("member of staff")
    )
    role = models.CharField(
        _("role"), max_length=30, choices=[(role.value, words) for role, words in ROLE_WORDS.items()]
    )
    starts_on = models.DateField(pgettext_lazy("role held", "from"))
    ends_on = models.DateField(pgettext_lazy("role held", "to"), null=True, blank=True)
    is_head = models.BooleanField(
        _("head of the working group"),
        default=False,
        help_text=_("Is told of overdue tasks. One person at a time; only with the role in the working group."),
    )

    objects = RoleHoldingQuerySet.as_manager()

    class Meta:
        verbose_name = _("role held")
        verbose_name_plural = _("roles held")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="role_ends_not_before_start",
                violation_error_code="ends_before_start",
                violation_error_message=_("The last day cannot come before the first."),
            ),
            models.UniqueConstraint(
                fields=["membership", "role"],
                condition=Q(ends_on=None),
                name="role_held_once_at_a_time",
                violation_error_message=_("This person already holds this role."),
            ),
            models.CheckConstraint(
                condition=Q(is_head=False) | Q(role=Role.WORKING_GROUP.value),
                name="head_is_of_the_working_group",
                violation_error_code="head_without_group",
                violation_error_message=_("Only a member of the working group can be its head."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership}: {self.get_role_display()}"

    def lasts_on(self, day: date) -> bool:
        """Held on `day` or appointed from a later one: the same role cannot begin anew on that day."""
        return self.ends_on is None or day <= self.ends_on

    def clean(self) -> None:
        """One head at a time. Two administrators at the same moment could make two: then both are told."""
        if not self.is_head or self.starts_on is None or self.membership_id is None:
            return
        heads = RoleHolding.objects.heads().filter(membership__school=self.membership.school_id).exclude(pk=self.pk)
        other = heads.meeting(self.starts_on, self.ends_on).select_related("membership__user").first()
        if other is not None:
            raise ValidationError(
                {
                    "is_head": ValidationError(
                        _("In these days %(person)s is the head of the working group. Take away that mark first."),
                        code="another_head",
                        params={"person": other.membership},
                    )
                }
            )

    def leads(self, day: date) -> bool:
        return self.is_head and self.covers(day)

    def covers(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(membership__school=member.school_id)

    def open(self, *, at: datetime) -> Self:
        """Not yet used and not past its moment."""
        return self.filter(accepted_at=None, expires_at__gt=at)

    def with_people(self) -> Self:
        return self.select_related("membership__user", "membership__school")


class Invitation(models.Model):
    """A link by which a person on the staff list opens their account. Only the hash of its secret is kept.

    `renews_password`: the person signs in already and has forgotten the password; see `operations.renew_password`.
    """

    membership = models.ForeignKey(
        Membership, models.CASCADE, related_name="invitations", verbose_name=_("member of staff")
    )
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    renews_password = models.BooleanField(_("for a new password"), default=False, editable=False)
    made_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return str(self.membership)

    @property
    def is_for_existing_account(self) -> bool:
        """The person already signs in (in another school): the link then asks them to sign in and
        never lets the inviting school set a password."""
        return self.membership.user.has_usable_password() and not self.renews_password
