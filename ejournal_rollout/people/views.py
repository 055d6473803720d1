"""Pages about people: the staff list, one's own data, invitations."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .access import SESSION_KEY, MemberRequest, ability_required, member_required
from .forms import LettersForm, MemberForm, NewPasswordForm, OpenAccountForm, ShortcutsForm
from .models import Invitation, Membership, User
from .operations import (
    accept_invitation,
    add_member,
    choose_letters,
    choose_shortcuts,
    invite,
    join_with_account,
    renew_password,
    secret_hash,
    set_new_password,
)
from .roles import Ability
from .staff_list import staff_list


@require_safe
@ability_required(Ability.EDIT_ORDER)
def staff(request: MemberRequest) -> HttpResponse:
    return render(request, "people/staff.html", {"staff": staff_list(request.member, at=now())})


@require_http_methods(["GET", "HEAD", "POST"])
@ability_required(Ability.EDIT_ORDER)
def member_new(request: MemberRequest) -> HttpResponse:
    form = MemberForm(request.POST or None, member=request.member, today=localdate())
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data.copy()
        try:
            added = add_member(request.member.school, on=told.pop("starts_on"), by=request.member, **told)
        except ValidationError as error:
            form.add_error("email" if error.code == "person_once_per_school" else None, error)
        else:
            messages.success(request, _("{name} is on the staff list. Now make an invitation.").format(name=added.name))
            return redirect(f"{reverse('people:staff')}#member-{added.pk}")
    return render(request, "people/member_new.html", {"form": form})


@require_POST
@never_cache
@ability_required(Ability.EDIT_ORDER)
def member_invite(request: MemberRequest, pk: int) -> HttpResponse:
    return _offer(request, pk, invite)


@require_POST
@never_cache
@ability_required(Ability.EDIT_ORDER)
def member_renew_password(request: MemberRequest, pk: int) -> HttpResponse:
    return _offer(request, pk, renew_password)


def _offer(request: MemberRequest, pk: int, make: Callable[..., tuple[Invitation, str]]) -> HttpResponse:
    """The page with the link, shown this once: the database keeps only its hash."""
    staff_of_today = Membership.objects.visible_to(request.member).working(on=localdate()).with_people()
    invited = get_object_or_404(staff_of_today, pk=pk)
    try:
        invitation, secret = make(invited, by=request.member, at=now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("people:staff")
    link = request.build_absolute_uri(reverse("people:invitation", args=[secret]))
    return render(request, "people/link.html", {"invited": invited, "invitation": invitation, "link": link})


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password", "again")
@never_cache
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Open to the world: the secret is the key. Every kind of link has its own page."""
    found = _open_invitation(secret)
    if found is None:
        return render(request, "people/invitation_closed.html", status=404)
    if found.renews_password:
        return _new_password(request, found)
    if found.is_for_existing_account or request.user.is_authenticated:
        return render(request, "people/invitation_join.html", {"invitation": found, "secret": secret})
    invited = found.membership.user
    form = OpenAccountForm(request.POST or None, user=invited, initial={"email": invited.email})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            user = accept_invitation(found, email=told["email"], password=told["password"], at=now())
        except ValidationError as error:
            form.add_error("email" if error.code == "email_taken" else None, error)
        else:
            return _welcome(request, user, found.membership)
    return render(request, "people/invitation.html", {"invitation": found, "form": form, "secret": secret})


@require_POST
@never_cache
def invitation_join(request: HttpRequest, secret: str) -> HttpResponse:
    """The place on the staff list is taken by the account that is signed in."""
    found = _open_invitation(secret)
    if found is None or found.renews_password or not request.user.is_authenticated:
        return redirect("people:invitation", secret)
    try:
        membership = join_with_account(found, user=request.user, at=now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("people:invitation", secret)
    request.session[SESSION_KEY] = membership.pk
    messages.success(request, _("You are on the staff list: {school}.").format(school=membership.school))
    return redirect("desk:home")


@require_safe
@member_required
def me(request: MemberRequest) -> HttpResponse:
    holdings = [(one, one.covers(localdate())) for one in request.member.holdings.all()]
    supervisor = Membership.objects.filter(subordinates=request.member).select_related("user").first()
    form = LettersForm(initial={"letters": request.member.letters, "hour_letters": request.member.hour_letters})
    return render(request, "people/me.html", {"holdings": holdings, "supervisor": supervisor, "form": form})


@require_POST
@member_required
def letters(request: MemberRequest) -> HttpResponse:
    form = LettersForm(request.POST)
    if form.is_valid():
        chosen = form.cleaned_data
        choose_letters(request.member, Membership.Letters(chosen["letters"]), before_the_hour=chosen["hour_letters"])
        messages.success(request, _("Your choice of letters is kept."))
    else:
        messages.error(request, _("Choose one of the three."))
    return redirect("people:me")


@require_POST
@member_required
def shortcuts(request: MemberRequest) -> HttpResponse:
    form = ShortcutsForm(request.POST)
    if form.is_valid():
        choose_shortcuts(request.member, form.cleaned_data["on"])
    return redirect(f"{reverse('people:me')}#keyboard")


def _open_invitation(secret: str) -> Invitation | None:
    return Invitation.objects.open(at=now()).with_people().filter(secret_hash=secret_hash(secret)).first()


def _new_password(request: HttpRequest, found: Invitation) -> HttpResponse:
    """Nobody is signed in by such a link: a second factor, if there is one, is asked as always."""
    form = NewPasswordForm(request.POST or None, user=found.membership.user)
    if request.method == "POST" and form.is_valid():
        try:
            set_new_password(found, password=form.cleaned_data["password"], at=now())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The new password is set. Sign in with it."))
            return redirect("account_login")
    return render(request, "people/new_password.html", {"invitation": found, "form": form})


def _welcome(request: HttpRequest, user: User, membership: Membership) -> HttpResponse:
    login(request, user)
    request.session[SESSION_KEY] = membership.pk
    messages.success(request, _("Welcome! Next time sign in with your e-mail and password."))
    return redirect("desk:home")
