"""Our own commands speak the language of the site to the person who runs them."""

import re

import pytest
from django.core.management import BaseCommand, CommandError, call_command, get_commands, load_command_class
from django.utils import translation

from ejournal_rollout.people.models import Membership, School

PARENT = "ejournal_rollout"
OURS = sorted(name for name, app in get_commands().items() if isinstance(app, str) and app.startswith(PARENT))


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_what_a_command_does_is_said_in_the_language_of_the_site(name, language):
    with translation.override(language):
        parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
    own = [action.help for action in parser._actions if action.help and action.help not in _of_django()]

    assert parser.description
    assert own
    assert all(bool(re.search("[а-яё]", words)) == (language == "ru") for words in [parser.description, *own])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "administrator", "time_zone", "says"),
    [
        ("Школа № 1", "Иванова Мария Петровна", "Europe/Moscow", "Школа «Школа № 1» уже есть."),
        ("Школа № 2", "Иванова Мария Петровна", "Europe/Nowhere", "пояс"),
        ("Школа № 2", "", "Europe/Moscow", "фамилию, имя и отчество"),
        ("Школа № 2", "Иванова", "Europe/Moscow", "фамилию, имя и отчество"),
    ],
)
def test_a_school_that_cannot_be_founded_is_refused_in_russian(name, administrator, time_zone, says):
    School.objects.create(name="Школа № 1")
    with pytest.raises(CommandError) as refused:
        call_command("found_school", name, administrator, time_zone=time_zone)
    assert says in str(refused.value)
    assert School.objects.count() == 1


@pytest.mark.django_db
def test_a_patronymic_may_have_two_words():
    call_command("found_school", "Школа № 2", "Мамедов Али Гусейн оглы")
    assert Membership.objects.get().user.patronymic == "Гусейн оглы"


def _of_django() -> set[str]:
    return {action.help for action in BaseCommand().create_parser("manage.py", "any")._actions}
