"""What is asked about people. Choices come from one's own school only."""

from datetime import date
from typing import Any

from allauth.account.forms import AddEmailForm
from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .models import ROLE_WORDS, Membership, User
from .roles import Role

# Everybody on the staff list is a user whom Annex 2 promises help, so "teacher" is never ticked.
APPOINTED = [(role.value, words) for role, words in ROLE_WORDS.items() if role is not Role.TEACHER]
# Telephones and password managers need to know which field is which.
EMAIL = forms.EmailInput(attrs={"autocomplete": "username", "inputmode": "email"})


class MemberForm(forms.Form):
    """A new person of the staff list of `member`'s school."""

    last_name = forms.CharField(label=_("Surname"), max_length=150)
    first_name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=150, required=False)
    patronymic = forms.CharField(label=_("Patronymic"), max_length=150, required=False)
    post = forms.CharField(
        label=_("Post"), max_length=250, required=False, help_text=_("As the staff list of the school words it.")
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("It may stay empty: the person gives their own e-mail when they open the invitation."),
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles of the order"),
        choices=APPOINTED,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A teacher needs no tick: everybody may read the plan, book a consultation and ask for help."),
    )
    starts_on = forms.DateField(
        label=_("Roles held from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reports_to = forms.ModelChoiceField(
        label=_("Direct supervisor"),
        queryset=Membership.objects.none(),
        required=False,
        empty_label=_("not named"),
        help_text=_("Clause 5 of the regulation: who is told when manners are broken."),
    )

    def __init__(self, *args: Any, member: Membership, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = Membership.objects.visible_to(member).working(on=today)
        self.fields["reports_to"].queryset = colleagues.select_related("user")
        self.fields["starts_on"].initial = today

    def clean_roles(self) -> list[Role]:
        return [Role(value) for value in self.cleaned_data["roles"]]


class LettersForm(forms.Form):
    """By which letters a person wishes to be told."""

    letters = forms.ChoiceField(
        label=_("Letters to me"), choices=Membership.Letters.choices, widget=forms.RadioSelect, required=True
    )
    hour_letters = forms.BooleanField(label=_("Remind me by a letter an hour before a consultation"), required=False)


class ShortcutsForm(forms.Form):
    """The button says which of the two is wanted, so that pressing it twice is pressing it once."""

    on = forms.TypedChoiceField(choices=[("1", ""), ("0", "")], coerce=lambda value: value == "1")


class _PasswordTwice(forms.Form):
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters; three words that nobody will guess are a good password."),
    )
    again = forms.CharField(
        label=_("The same password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        password, again = cleaned.get("password"), cleaned.get("again")
        if password and again and password != again:
            self.add_error("again", forms.ValidationError(_("The two passwords differ."), code="passwords_differ"))
        elif password:
            try:
                password_validation.validate_password(password, self.user)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned


class OpenAccountForm(_PasswordTwice):
    """An invited person chooses e-mail and password."""

    email = forms.EmailField(label=_("Your e-mail"), widget=EMAIL, help_text=_("You will sign in with it."))
    field_order = ["email", "password", "again"]


class NewPasswordForm(_PasswordTwice):
    """A person who forgot the password chooses a new one."""


class OwnEmailForm(AddEmailForm):
    """Another e-mail for one's own account. allauth itself would take another person's in silence and then fail."""

    def clean_email(self) -> str:
        email = super().clean_email()
        if User.objects.filter(email=email).exclude(pk=self.user.pk).exists():
            raise forms.ValidationError(
                _("This e-mail belongs to another account. Give another one."), code="email_taken"
            )
        return email
