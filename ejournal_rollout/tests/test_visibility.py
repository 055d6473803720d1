"""Whose consultation it is and what was asked is read by the two and by the administration: for others it is busy.

Every address of the role table is asked by those who are neither; so is every page and act of the consultation itself.
"""

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consultations.availability import Availability
from consultations.models import Booking, Direction
from consultations.operations import (
    book_consultation,
    cancel_booking,
    keep_screenshot,
    mark_attendance,
    propose_times,
)
from ejournal_rollout.calendars.operations import calendar_secret
from ejournal_rollout.desk.calendars import FEEDS
from ejournal_rollout.desk.sample_school import PEOPLE

from .addresses import ADMINISTRATION, TABLE, Change, _direction, _on_demand
from .factories import MembershipFactory
from .test_addresses import address, person, school, signed_in  # noqa: F401 - the fixture of the sample school

pytestmark = pytest.mark.django_db
NAME = "Скрытнова"
ASKED_FOR = "Тайнопросьба"  # in a request for a time
WORDS = ("Тайновопрос", "Тайнокласс", "Тайнопредмет", "Тайноснимок", "Тайнопричина", "Тайноитог", ASKED_FOR)
TWO = frozenset({"technician"})  # the specialist of the consultation; the teacher is nobody of the sample
TEACHERS = ("teacher", "teacher2")
ANSWERING = ("group",)  # chooses a time of the request
STRANGERS = sorted({one.key for one in PEOPLE} - TWO - ADMINISTRATION)


@pytest.fixture(autouse=True)
def private_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def hidden(school) -> dict[str, Booking]:  # noqa: F811
    """A consultation to come, a cancelled one and a past one of a teacher whom the sample names nowhere else."""
    at, specialist = timezone.now(), person(school, "technician")
    teacher = MembershipFactory(school=school, user__last_name=NAME)
    direction = Direction.objects.get(pk=_direction(school))
    Direction.objects.update(open_limit=10)
    direction.refresh_from_db()
    picture = SimpleUploadedFile("Тайноснимок.png", b"\x89PNG\r\n\x1a\n" + b"0" * 64, content_type="image/png")
    with timezone.override(school.zone):
        free = Availability(Direction.objects.filter(pk=direction.pk), teacher=teacher, at=at)
        horizon = free.rules(direction).horizon(free.today)
        times = free.times(direction, free.today, horizon, specialist=specialist.pk)
        starts = [times[place].starts_at for place in (10, 20, 30)]

        def book(starts_at, **said) -> Booking:
            return book_consultation(
                direction, specialist=specialist, starts_at=starts_at, teacher=teacher, by=teacher, at=at,
                question="Тайновопрос", school_class="Тайнокласс", subject="Тайнопредмет", **said,
            )  # fmt: skip

        coming, cancelled, past = (
            book(starts[0], screenshot=keep_screenshot(picture, by=teacher, at=at)),
            book(starts[1]),
            book(starts[2]),
        )
        cancel_booking(cancelled, by=specialist, at=at, reason="Тайнопричина")
        long_ago = at - timedelta(days=1)
        Booking.objects.filter(pk=past.pk).update(
            starts_at=long_ago, ends_at=long_ago + timedelta(minutes=1), room=None, room_place=None
        )
        past.refresh_from_db()
        mark_attendance(past, by=specialist, at=at, came=True, outcome="Тайноитог")
        propose_times(
            Direction.objects.get(pk=_on_demand(school)),
            teacher=teacher,
            question=ASKED_FOR,
            times=[starts[0]],
            at=at,
        )
    return {"coming": coming, "cancelled": cancelled, "past": past}


def text_of(answer) -> str:
    """All that an answer says: of a .docx or .xlsx the parts inside too."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if zipfile.is_zipfile(io.BytesIO(body)):
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            body = b"\n".join(parts.read(name) for name in parts.namelist())
    return body.decode(errors="replace") + repr(list(answer.headers.items()))


def told(answer, *, key: str) -> set[str]:
    """Which of the words an answer tells. Who books for others chooses among all names, who answers reads requests."""
    text = text_of(answer)
    hidden = {NAME, *WORDS} if key in TEACHERS else {*WORDS} - ({ASKED_FOR} if key in ANSWERING else set())
    return {word for word in hidden if word in text}


def questions(name: str, row, school) -> Iterator[str]:  # noqa: F811
    """The address plainly, and as one looks for the marks in it by a part of them."""
    plain = address(name, row, school)
    yield plain
    for part in (NAME[:-2], WORDS[0][:-2]):
        yield f"{plain}?q={part}&search={part}&words={part}"


@pytest.mark.parametrize("key", STRANGERS)
def test_no_page_feed_or_file_tells_a_stranger_whose_it_is_or_what_was_asked(school, hidden, key):  # noqa: F811
    member = person(school, key)
    client = signed_in(member)
    on_days = {f"?on={timezone.localdate(one.starts_at):%Y-%m-%d}" for one in hidden.values()}
    chosen = [
        f"?day={timezone.localdate(one.starts_at):%Y-%m-%d}&time={timezone.localtime(one.starts_at, school.zone):%H:%M}"
        for one in hidden.values()
    ]
    asked = [
        address_
        for name, row in TABLE.items()
        if not isinstance(row, Change)
        for address_ in questions(name, row, school)
    ]
    asked += [
        address(name, TABLE[name], school) + query
        for name in ("consultations:day", "consultations:book", "consultations:schedule")
        for query in (*on_days, *chosen)
    ]
    asked += [reverse("desk:calendar", args=[calendar_secret(member), what]) for what in FEEDS]

    leaks = {one: found for one in asked if (found := told(client.get(one), key=key))}

    assert leaks == {}


@pytest.mark.parametrize("key", STRANGERS)
def test_the_consultation_itself_is_nothing_to_a_stranger_read_or_changed(school, hidden, key):  # noqa: F811
    client = signed_in(person(school, key))
    shot = hidden["coming"].screenshot.pk
    for one in hidden.values():
        acts = ["booking", "booking-move", "booking-cancel", "booking-restore", "booking-attendance"]
        for where in [
            *(reverse(f"consultations:{act}", args=[one.pk]) for act in acts),
            reverse("consultations:screenshot", args=[shot]),
        ]:
            for answer in (client.get(where), client.post(where, {"reason": "нет", "came": "no"})):
                assert answer.status_code in (404, 405), where
                assert told(answer, key=key) == set()


@pytest.mark.parametrize("key", TEACHERS)
def test_a_refusal_says_that_the_time_is_taken_and_not_by_whom(school, hidden, key):  # noqa: F811
    member, one = person(school, key), hidden["coming"]
    client = signed_in(member)
    Direction.objects.update(open_limit=10)
    moment = timezone.localtime(one.starts_at, school.zone)
    sent = {"day": f"{moment:%Y-%m-%d}", "time": f"{moment:%H:%M}", "question": "Мой вопрос"}
    taken = sent | {"specialist": one.specialist_id}
    own = Booking.objects.filter(teacher=member).coming(at=timezone.now()).first()

    answers = [
        client.post(reverse("consultations:book", args=[one.direction_id]), taken),
        client.post(reverse("consultations:book", args=[one.direction_id]), taken | {"teacher": one.teacher_id}),
        client.get(reverse("consultations:book", args=[one.direction_id]), taken),
        client.post(reverse("consultations:time-request-new", args=[_on_demand(school)]), sent),
    ]
    if own:
        answers.append(client.post(reverse("consultations:booking-move", args=[own.pk]), taken | {"sequence": 0}))

    assert answers[0].context["form"].non_field_errors().as_data()[0].code == "time_taken"
    assert [told(answer, key=key) for answer in answers] == [set()] * len(answers)


@pytest.mark.parametrize("key", STRANGERS)
def test_the_administration_pages_are_closed_to_a_stranger(school, hidden, key):  # noqa: F811
    client = signed_in(person(school, key))
    pages = [reverse("admin:consultations_booking_changelist"), reverse("admin:consultations_timerequest_changelist")]
    pages += [reverse("admin:consultations_booking_change", args=[one.pk]) for one in hidden.values()]

    for where in pages:
        answer = client.get(where, {"q": NAME[:-2]})
        assert answer.status_code in (302, 403)
        assert told(answer, key=key) == set()


def test_the_two_and_the_administration_do_read_it(school, hidden):  # noqa: F811
    # so the marks above stand where a leak would show them
    page = hidden["coming"].get_absolute_url()
    teacher = Client()
    teacher.force_login(hidden["coming"].teacher.user)

    for client in (teacher, *(signed_in(person(school, key)) for key in sorted(TWO | ADMINISTRATION))):
        words = text_of(client.get(page))
        assert "Тайновопрос" in words and NAME in words
    assert "Тайноитог" in text_of(teacher.get(hidden["past"].get_absolute_url()))
    assert "Тайнопричина" in text_of(teacher.get(hidden["cancelled"].get_absolute_url()))
