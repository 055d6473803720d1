"""What the tests of the booking page share: who looks, what is sent, what is read."""

from django.test import Client
from django.urls import reverse

from consultations.models import Booking
from consultations.operations import book_consultation

from .conftest import NOW, moscow

SENT = {"day": "2026-11-24", "time": "10:20", "question": "Мой длинный вопрос"}


def signed_in(member) -> Client:
    client = Client(enforce_csrf_checks=False)
    client.force_login(member.user)
    return client


def page_of(direction) -> str:
    return reverse("consultations:book", args=[direction.pk])


def move_page(booking) -> str:
    return reverse("consultations:booking-move", args=[booking.pk])


def words_of(page) -> str:
    return page.content.decode()


def booked(direction, teacher, when="24.11.2026 10:20", **said) -> Booking:
    by_default = {"specialist": None, "by": teacher, "question": "Не открывается класс"}
    return book_consultation(direction, starts_at=moscow(when), teacher=teacher, at=NOW, **by_default | said)
