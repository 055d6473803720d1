"""A plan of three hundred rows, as the writer makes it: few queries, and with `pytest -s` how many seconds it takes."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ejournal_rollout.documents.importing import import_order
from ejournal_rollout.documents.models import Upload
from ejournal_rollout.documents.reading import read_order
from ejournal_rollout.documents.writing import write_order
from ejournal_rollout.orders.drafts import PlanDraft, StageDraft, TaskDraft
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory, SchoolFactory
from plans.models import Task

SAMPLE = Path(__file__).parents[1] / "samples" / "order-337-01-18.docx"
TERMS = ("Май-июнь 2021", "после каникул", "31.09.2021", "Сентябрь 2021")
EXECUTORS = ("Администрация", "Родительский комитет", "Зам. директора по УР, члены рабочей группы")

pytestmark = pytest.mark.django_db


def draft_of(rows, words="Вопрос"):
    """The source order with a plan of so many rows, many of them doubtful."""
    source = read_order(SAMPLE.read_bytes(), SAMPLE.name).draft
    tasks = tuple(
        TaskDraft(
            number=f"1.{place}.",
            question=f"{words} {place} о переходе на электронный журнал",
            term=TERMS[place % len(TERMS)],
            purpose="Подготовка к переходу",
            executors=EXECUTORS[place % len(EXECUTORS)],
        )
        for place in range(1, rows + 1)
    )
    plan = PlanDraft(source.plan.heading, source.plan.title, source.plan.columns, (StageDraft("1. Этап", tasks),))
    return replace(source, plan=plan)


def queries_of_import(draft, school):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        import_order(draft, school=school, by=None)
    return len(queries)


def test_a_longer_plan_costs_hardly_more_queries():
    short, long = (queries_of_import(draft_of(rows), SchoolFactory()) for rows in (5, 120))
    assert long - short < 10  # SQLite takes some forty rows at once


def test_a_changed_row_costs_one_query_and_not_more():
    school = SchoolFactory()
    import_order(draft_of(60), school=school, by=None)
    again = queries_of_import(draft_of(60), school)
    changed = queries_of_import(draft_of(60, words="Тема"), school)
    assert changed - again <= 60 + 10


def test_three_hundred_rows_are_previewed_settled_and_loaded(tmp_path):
    director = MembershipFactory(roles=[Role.ADMINISTRATION])
    client = Client()
    client.force_login(director.user)
    content = write_order(draft_of(300), draft_mark=False)
    seconds = {}

    def timed(step, act):
        began = time.monotonic()
        answer = act()
        seconds[step] = round(time.monotonic() - began, 2)
        return answer

    file = SimpleUploadedFile("order.docx", content)
    timed("read", lambda: client.post(reverse("documents:upload-new"), {"file": file}))
    upload = Upload.objects.get()
    page = timed("preview", lambda: client.get(upload.get_absolute_url()))
    confirm = {"confirm": page.context["preview"].plan[2].asked[0].question.mark}
    timed("settle", lambda: client.post(reverse("documents:settle", args=[upload.pk, "plan-3"]), confirm))
    timed("import", lambda: client.post(reverse("documents:import", args=[upload.pk]), {"rest": "on"}))
    timed("preview of the same again", lambda: client.get(upload.get_absolute_url()))

    print(
        f"\n300 rows, {page.context['preview'].count} remarks, seconds: {seconds}, in all {sum(seconds.values()):.2f}"
    )
    assert Task.objects.count() == 300
    assert len(page.context["preview"].remarks) > 200
