"""Whoever ends the worker, and however: a booking is confirmed at least once, at most twice, and never if taken back.

A worker is a process of its own, ended by SIGKILL while it talks to a mail server; thirty of them in turn, while three
hundred consultations are booked. Twice is right where the server had the letter and nobody could write that down: both
have one Message-ID, and the event in them one name and sequence.
"""

import os
import random
import signal
import socketserver
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection, connections, transaction
from django.db.models import F
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from consultations.models import Booking
from consultations.operations import book_consultation
from ejournal_rollout.notifications.models import Message
from ejournal_rollout.notifications.operations import STUCK_AFTER, rescue
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import DirectionFactory, MembershipFactory, SchoolFactory, UserFactory

from .conftest import NOW, moscow

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that fork"),
]
HOUSE = Path(__file__).resolve().parents[2]
BOOKINGS, KILLS = 300, 30
# When the worker is ended: before the server has the letter, after it but before "250", after "250".
MOMENTS = ("unread", "unanswered", "answered")
PATIENCE = 600  # seconds, where half a minute is usual; then the test fails and hangs no more


class Talk(socketserver.StreamRequestHandler):
    """As much SMTP as smtplib speaks."""

    def handle(self) -> None:
        self.say("220 school.example")
        for line in self.rfile:
            match line[:4].upper():
                case b"DATA":
                    self.server.reached("unread")
                    self.say("354 go on")
                    letter = b"".join(iter(self.rfile.readline, b".\r\n"))
                    self.server.received.append(message_from_bytes(letter))
                    self.server.reached("unanswered")
                    self.say("250 taken")
                    self.server.reached("answered")
                case b"QUIT":
                    self.say("221 good-bye")
                    break
                case _:
                    self.say("250 yes")

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """Takes every letter; ends a worker that it is told to end, at the chosen moment of the chosen letter."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.received: list = []
        self.victim, self.letters_left, self.moment = 0, 0, ""

    def end(self, worker: int, *, after: int, moment: str) -> None:
        self.letters_left, self.moment, self.victim = after, moment, worker

    def reached(self, moment: str) -> None:
        if self.victim and moment == self.moment:
            self.letters_left -= 1
            if self.letters_left == 0:
                victim, self.victim = self.victim, 0
                if moment == "answered":
                    time.sleep(random.uniform(0, 0.01))  # somewhere between "250" and the next letter
                os.kill(victim, signal.SIGKILL)

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever was ended does not hear the answer."""


@pytest.fixture
def server(settings) -> Iterator[MailServer]:
    settings.MAIL_ENABLED = True
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def nursery(server, tmp_path) -> Iterator[subprocess.Popen]:
    name = connection.settings_dict["NAME"]  # of the test database
    given = os.environ.get("DATABASE_URL")
    environment = {
        "DJANGO_SETTINGS_MODULE": "ejournal_rollout.settings",
        "DATABASE_URL": urlsplit(given)._replace(path=f"/{name}").geturl() if given else f"sqlite:///{name}",
        "EMAIL_URL": f"smtp://127.0.0.1:{server.server_address[1]}",
        "DATA_DIR": str(tmp_path),
        "SITE_URL": "https://school.example",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "consultations.tests.worker_nursery"],
        cwd=HOUSE,
        env=os.environ | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as process:
        alarm = threading.Timer(PATIENCE, process.kill)
        alarm.start()
        yield process
        alarm.cancel()
        process.stdin.close()


def born(nursery) -> int:
    nursery.stdin.write("a worker, please\n")
    return int(nursery.stdout.readline())


def with_mail(school, place, **told):
    user = UserFactory(email=f"person-{place}@school.example", password="зелёный трамвай")
    return MembershipFactory(school=school, user=user, **told)


def book_all(direction, specialists, teachers, taken_back) -> None:
    """Three hundred that stand; after every tenth one that is taken back with all it wrote."""
    moments = [moscow("24.11.2026 08:00") + timedelta(minutes=20 * place) for place in range(18)]
    free = ((one, moment) for moment in moments for one in specialists)

    def book(teacher) -> None:
        specialist, moment = next(free)
        book_consultation(
            direction,
            specialist=specialist,
            starts_at=moment,
            teacher=teacher,
            question="Не открывается класс",
            by=teacher,
            at=NOW,
        )

    try:
        for place, teacher in enumerate(teachers):
            book(teacher)
            if place % 10 == 0:
                with transaction.atomic():
                    book(taken_back)
                    transaction.set_rollback(True)
    finally:
        connections.close_all()


def a_quarter_of_an_hour_passes() -> None:
    """And the clock gives back what the dead worker held; no worker lives now."""
    passed = STUCK_AFTER + timedelta(seconds=1)
    DBTaskResult.objects.running().update(started_at=F("started_at") - passed)
    Message.objects.update(leased_until=F("leased_until") - passed)
    rescue(at=timezone.now())


def event_of(letter) -> str:
    words, _file = letter.get_payload()
    return words.get_payload()[1].get_payload()


def wait_until(is_so) -> None:
    until = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def test_thirty_killed_workers_leave_no_booking_untold_and_none_told_three_times(server, nursery):
    # given a school with mail in which people book all the time
    school = SchoolFactory()
    specialists = [with_mail(school, f"s{place}", roles=[Role.TECHNICAL_SPECIALIST]) for place in range(20)]
    teachers = [with_mail(school, place) for place in range(BOOKINGS)]
    taken_back = with_mail(school, "taken-back")
    direction = DirectionFactory(school=school, room=None)
    booking = threading.Thread(target=book_all, args=(direction, specialists, teachers, taken_back))
    booking.start()

    # when worker after worker is killed
    ends = []
    for place in range(KILLS):
        server.end(born(nursery), after=random.randint(3, 14), moment=MOMENTS[place % 3])
        ends.append(int(nursery.stdout.readline()))
        a_quarter_of_an_hour_passes()
    booking.join()
    assert ends == [-signal.SIGKILL] * KILLS

    # and the last one works in peace
    last = born(nursery)
    wait_until(lambda: not DBTaskResult.objects.exclude(status="SUCCESSFUL").exists())
    os.kill(last, signal.SIGTERM)

    # then each of the two of each booking had their letter, once or twice
    messages = Message.objects.all()
    assert (Booking.objects.count(), len(messages)) == (BOOKINGS, 2 * BOOKINGS)
    letters = Counter((one["To"], one["Message-ID"]) for one in server.received)
    wanted = messages.select_related("recipient__user")
    assert set(letters) == {(one.recipient.user.email, one.mail_id) for one in wanted}
    assert max(letters.values()) <= 2
    assert len({(one["Message-ID"], event_of(one)) for one in server.received}) == len(letters)
    assert not messages.filter(sent_at=None).exists()
    # the kills did hit: a letter that the server had and the worker could not write down came again
    assert list(letters.values()).count(2) >= KILLS // len(MOMENTS)
    # and who was taken back heard nothing
    assert "person-taken-back@school.example" not in {address for address, _mail_id in letters}
