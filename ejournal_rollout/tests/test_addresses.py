"""Who may come where, asked at every address of the sample school."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consultations.models import Direction
from consultations.operations import propose_times
from consultations.school_calendar import SchoolCalendar
from ejournal_rollout.desk.amending import draft_amendment
from ejournal_rollout.desk.sample_school import PEOPLE, SAMPLE, make_sample_school
from ejournal_rollout.documents.copying import copy_order
from ejournal_rollout.documents.models import StaffUpload, Upload
from ejournal_rollout.documents.staff.paper import read_staff
from ejournal_rollout.documents.staff.sample import sample_list
from ejournal_rollout.notifications.models import Digest
from ejournal_rollout.orders.models import Attachment, Order
from ejournal_rollout.orders.school_year import SchoolYear
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Role, abilities

from .addresses import OWN_PAGES, PUBLIC, TABLE, Change, File, Page, names_of_the_site
from .factories import MembershipFactory, order_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    """The sample school with one row behind every address."""
    school = make_sample_school(at=timezone.now())
    deputy, teacher = person(school, "deputy"), person(school, "teacher")
    in_force = Order.objects.in_force().get(school=school)
    draft_amendment(in_force, by=deputy)
    copy_order(in_force, to=SchoolYear(in_force.first_year + 1), by=deputy)
    words = SAMPLE.read_bytes()
    upload = Upload(school=school, uploaded_by=deputy, name=SAMPLE.name, draft=in_force.as_signed)
    upload.file.save(SAMPLE.name, ContentFile(words))
    paper = read_staff(sample_list(), "staff.csv")
    StaffUpload.objects.create(school=school, uploaded_by=deputy, name="staff.csv", paper=paper.to_json())
    attachment = Attachment(order=in_force, name=SAMPLE.name)
    attachment.file.save(SAMPLE.name, ContentFile(words))
    Digest.objects.create(recipient=teacher, day=timezone.localdate())
    with timezone.override(school.zone):
        today = timezone.localdate()
        working_day = SchoolCalendar.of(school, today, today + timedelta(days=30)).next_open(today + timedelta(days=2))
        propose_times(
            Direction.objects.in_force().get(schedule__order__school=school, is_on_demand=True),
            teacher=teacher,
            question="Как оформить положение?",
            times=[timezone.now() + (working_day - today)],
            at=timezone.now(),
        )
    return school


def person(school, key):
    return Membership.objects.with_people().get(school=school, user__email=f"{key}@demo.example")


def signed_in(member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def address(name, row, school):
    given = row.of(school) if row.of else ()
    return reverse(name, args=given if isinstance(given, tuple) else (given,))


def test_every_address_has_a_row_in_the_role_table():
    unknown = {name for name in names_of_the_site() - PUBLIC - set(TABLE) if not name.startswith(OWN_PAGES)}
    assert unknown == set()
    assert set(TABLE) - names_of_the_site() == set()


def test_each_page_opens_for_those_whom_the_table_names_and_for_nobody_else(school):
    problems = []
    for one in PEOPLE:
        client = signed_in(person(school, one.key))
        for name, row in TABLE.items():
            if isinstance(row, Change):
                continue
            status = client.get(address(name, row, school)).status_code
            expected = (200,) if one.key in row.who else (403, 404)
            if status not in expected:
                problems.append(f"{one.key} at {name}: {status}, expected {expected}")
    assert not problems, "\n".join(problems)


def test_another_schools_people_find_nothing(school):
    stranger = MembershipFactory(roles=[*Role])
    order_of(stranger.school)
    client = signed_in(stranger)
    problems = []
    for name, row in TABLE.items():
        if row.of is None:
            continue
        ask = client.post if isinstance(row, Change) else client.get
        status = ask(address(name, row, school)).status_code
        if status != 404:
            problems.append(f"{name}: {status}")
    assert not problems, "\n".join(problems)


def test_whoever_is_not_signed_in_is_sent_to_the_door(school):
    problems = []
    for name, row in TABLE.items():
        ask = Client().post if isinstance(row, Change) else Client().get
        answer = ask(address(name, row, school))
        if answer.status_code != 302 or not answer.url.startswith(reverse("account_login")):
            problems.append(f"{name}: {answer.status_code}")
    assert not problems, "\n".join(problems)


def test_nothing_that_changes_answers_get(school):
    client = signed_in(person(school, "deputy"))
    answers = {
        name: client.get(address(name, row, school)).status_code
        for name, row in TABLE.items()
        if isinstance(row, Change)
    }
    assert {name: status for name, status in answers.items() if status != 405} == {}


def test_the_admin_shows_another_schools_rows_nowhere(school):
    stranger = MembershipFactory(roles=[Role.ADMINISTRATION])
    order_of(stranger.school)
    client = signed_in(stranger)
    problems, asked = [], 0
    for model, model_admin in admin.site._registry.items():
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        if client.get(reverse(f"{base}_changelist")).status_code != 200:
            continue
        theirs = model._default_manager.all()
        mine = model_admin.get_queryset(_request_of(stranger))
        theirs = theirs.exclude(pk__in=mine.values("pk"))
        for row in theirs[:1]:
            asked += 1
            for act in ("change", "delete", "history"):
                answer = client.get(reverse(f"{base}_{act}", args=[row.pk]))
                if answer.status_code == 200:
                    problems.append(f"{base}_{act}: {answer.status_code}")
            listed = client.get(reverse(f"{base}_changelist")).content.decode()
            if f"/{row.pk}/change/" in listed and not mine.filter(pk=row.pk).exists():
                problems.append(f"{base}: listed")
    assert not problems, "\n".join(problems)
    assert asked >= 10  # there was something to be shown


def _request_of(member):
    """A request as the middleware leaves it."""
    asked = RequestFactory().get("/")
    asked.member, asked.user = member, member.user
    asked.roles = member.roles_on(timezone.localdate())
    asked.abilities = abilities(asked.roles)
    return asked


class Forms(HTMLParser):
    """Collects what a page may not have: POST forms without a token, inline styles and scripts, foreign hosts."""

    def __init__(self):
        super().__init__()
        self.problems, self.post_forms, self.in_post_form, self.has_token = [], 0, False, False

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag == "form":
            self.in_post_form = (values.get("method") or "get").lower() == "post"
            self.has_token = False
        if tag == "input" and values.get("name") == "csrfmiddlewaretoken":
            self.has_token = True
        if tag == "script" and "src" not in values and values.get("type") not in ("application/json",):
            self.problems.append("inline script")
        for name, value in attributes:
            if name == "style" or name.startswith("on"):
                self.problems.append(f"inline {name} on {tag}")
            if name in ("src", "href", "action") and re.match(r"(https?:)?//", value or ""):
                self.problems.append(f"foreign host: {value}")

    def handle_endtag(self, tag):
        if tag == "form" and self.in_post_form:
            self.post_forms += 1
            if not self.has_token:
                self.problems.append("a form without its CSRF token")
            self.in_post_form = False


def test_every_page_is_clean_cheap_and_its_forms_carry_their_token(school):
    problems, forms = [], 0
    for one in PEOPLE:
        client = signed_in(person(school, one.key))
        client.get(reverse("desk:home"))  # the first request of a session may write it
        for name, row in TABLE.items():
            if not isinstance(row, Page) or one.key not in row.who:
                continue
            path = address(name, row, school)
            with CaptureQueriesContext(connection) as queries:
                page = client.get(path)
            if len(queries) > row.queries:
                problems.append(f"{one.key} at {name}: {len(queries)} queries")
            parser = Forms()
            parser.feed(page.content.decode())
            forms += parser.post_forms
            problems += [f"{one.key} at {name}: {problem}" for problem in parser.problems]
    assert not problems, "\n".join(problems)
    assert forms > 20


def test_every_page_of_the_admin_is_cheap(school):
    client = signed_in(person(school, "director"))
    client.get(reverse("desk:home"))
    problems, asked = [], 0
    for model in admin.site._registry:
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        paths = [reverse(f"{base}_changelist"), reverse(f"{base}_add")]
        if (row := model._default_manager.last()) is not None:
            paths += [reverse(f"{base}_{act}", args=[row.pk]) for act in ("change", "delete", "history")]
        for path in paths:
            with CaptureQueriesContext(connection) as queries:
                asked += client.get(path).status_code == 200
            # a page that asks before deleting asks every kind of row that would go too: once each, however many rows
            if len(queries) > (20 if path.endswith("/delete/") else 12):
                problems.append(f"{path}: {len(queries)} queries")
    assert not problems, "\n".join(problems)
    assert asked > 30


def test_files_come_as_attachments(school):
    for name, row in TABLE.items():
        if isinstance(row, File):
            client = signed_in(person(school, min(row.who)))
            answer = client.get(address(name, row, school))
            assert answer["Content-Disposition"].startswith("attachment"), name
