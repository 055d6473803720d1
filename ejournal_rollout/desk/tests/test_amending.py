"""An order is amended: edited here, drawn up, signed, in force; every changed row names the order that changed it."""

import io
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from docx import Document

from ejournal_rollout.desk.amending import (
    bring_into_force,
    discard_amendment,
    draft_amendment,
    save_amendment,
    text_of,
)
from ejournal_rollout.desk.effect import put_into_effect
from ejournal_rollout.documents.copying import copy_order
from ejournal_rollout.documents.drafting import draft_of, with_annexes
from ejournal_rollout.documents.importing import import_order
from ejournal_rollout.documents.reading import read_order
from ejournal_rollout.history.models import Entry
from ejournal_rollout.history.recording import record
from ejournal_rollout.notifications.models import Message
from ejournal_rollout.orders.models import Amendment, Order
from ejournal_rollout.orders.operations import close_order
from ejournal_rollout.orders.school_year import SchoolYear
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory, OrderFactory, UserFactory
from plans.models import Task
from support.models import Clause

SAMPLE = Path(__file__).resolve().parents[2] / "documents" / "samples" / "order-337-01-18.docx"
NOON = datetime(2021, 11, 10, 9, tzinfo=UTC)
LATER = datetime(2021, 12, 1, 9, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def director():
    user = UserFactory(last_name="Образцова", first_name="Вера", patronymic="Ильинична")
    return MembershipFactory(user=user, roles=[Role.ADMINISTRATION], post="Директор")


@pytest.fixture
def order(director):
    """The source order in force, its plan, regulation and schedule as signed."""
    order = import_order(read_order(SAMPLE.read_bytes(), SAMPLE.name).draft, school=director.school, by=None).order
    put_into_effect(order, number="337/01-18", signed_on=date(2021, 8, 31), by=director, at=NOON)
    return order


@pytest.fixture
def client(director):
    return signed_in(director)


def signed_in(member):
    client = Client()
    client.force_login(member.user)
    return client


def task(number):
    return next(one for one in Task.objects.in_order() if one.number == number)


def edit(number, **words):
    Task.objects.filter(pk=task(number).pk).update(**words)


def amended(order, director, number="402/01-18", at=NOON, **words):
    amendment = draft_amendment(order, by=director)
    bring_into_force(amendment, number=number, signed_on=date(2021, 11, 1), by=director, at=at, **words)
    return amendment


def words(answer):
    text = re.sub(r"<(script|style).*?</\1>", " ", answer.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", text).replace("\xa0", " ").split())


def row(page, one):
    """The part of a page that shows one task."""
    return re.search(rf'<tr id="task-{one.pk}">.*?</tr>', page.content.decode(), re.S)[0]


def paper(answer):
    return Document(io.BytesIO(b"".join(answer.streaming_content)))


# --- The whole way


def test_a_term_is_edited_drawn_up_signed_and_the_plan_names_the_order(client, director, order):
    # given a term edited in the administration pages
    one = task("1.2")
    address = reverse("admin:plans_task_change", args=[one.pk])
    form = client.get(address).context["adminform"].form
    typed = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    typed = {name: getattr(value, "pk", value) for name, value in typed.items() if value not in (None, False)}
    typed |= {f"executors-{name}": value for name, value in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0))}
    answer = client.post(address, typed | {"term": "Октябрь 2021", "starts_on": "", "due_on": ""})
    assert answer.status_code == 302

    # then the plan strikes out the old words and says who edited them and when
    shown = row(client.get(reverse("plans:plan")), one)
    assert re.search(r'<del class="was-words[^>]*>.*?Май-сентябрь 2021</del>', shown, re.S)
    said = " ".join(re.sub(r"<[^>]+>", " ", shown).split())
    assert f"правка без приказа: {director}, " in said
    assert "в редакции" not in said

    # when the amending order is drawn up
    page = client.post(reverse("orders:amend", args=[order.pk]), follow=True)
    amendment = Amendment.objects.get()
    assert "1.1. В приложении 1 пункт 1.2 изложить в следующей редакции:" in words(page)
    assert re.search(r"ПРИКАЗ от _+ № _+ .*Директор _+ В\.И\. Образцова", words(page))
    client.post(
        reverse("orders:amendment-save", args=[amendment.pk]),
        {"grounds": "В связи с переносом сроков", "number": "", "signed_on": ""},
    )
    sheet = paper(client.get(reverse("orders:amendment-docx", args=[amendment.pk])))
    texts = [one.text for one in sheet.paragraphs]
    assert [one.text for one in sheet.sections[0].first_page_header.paragraphs] == ["ПРОЕКТ"]
    assert "В связи с переносом сроков, приказываю:" in texts
    assert "1. Внести в приказ от 31.08.2021 № 337/01-18 следующее изменение:" in texts
    assert "2. Контроль за исполнением настоящего приказа оставляю за собой." in texts
    assert "Директор ____________________\tВ.И. Образцова" in texts
    assert [cell.text for cell in sheet.tables[0].rows[1].cells][:3] == ["1.2.", one.question, "Октябрь 2021"]
    place = texts.index("(в редакции приказа")
    assert texts[place + 1] == "от ____________ № ______)"
    assert len(sheet.tables) == 2  # the changed row, and the whole annex in its new wording

    # and brought into force
    page = client.get(amendment.get_absolute_url())
    typed = {
        "grounds": "В связи с переносом сроков",
        "number": "402/01-18",
        "signed_on": "2021-11-01",
        "seen": page.context["mark"],
    }
    answer = client.post(reverse("orders:amendment-in-force", args=[amendment.pk]), typed)
    assert answer.status_code == 302

    # then the row names the order, and nothing is struck out any more
    shown = row(client.get(reverse("plans:plan")), one)
    assert "<del" not in shown
    assert "в редакции приказа от 01.11.2021 № 402/01-18" in " ".join(re.sub(r"<[^>]+>", " ", shown).split())
    compared = row(client.get(reverse("plans:plan") + "?as=compare"), one)
    assert re.search(r"<del[^>]*>.*?Май-сентябрь 2021</del>", compared, re.S)
    signed = words(client.get(reverse("plans:plan") + "?as=signed"))
    assert "Май-сентябрь 2021" in signed
    assert "Октябрь 2021" not in signed
    headers = paper(client.get(reverse("orders:amendment-docx", args=[amendment.pk]))).sections[0].first_page_header
    assert [one.text for one in headers.paragraphs] == [""]


def test_both_texts_are_kept_the_journal_knows_and_whoever_is_named_is_told(director, order):
    edit("1.2", term="Октябрь 2021")
    before = order.signed_draft

    amendment = amended(order, director, grounds="По факту")

    now = draft_of(with_annexes(Order.objects.all()).get(pk=order.pk))
    assert (amendment.wording_before, amendment.wording_after) == (before, now)
    assert (amendment.state, amendment.in_force_since, amendment.grounds) == ("in_force", NOON.date(), "По факту")
    entry = Entry.objects.get(verb="orders.amended")
    assert (entry.by, entry.object_id) == (director.user, order.pk)
    assert entry.changes == [{"field": "План, 1.2, срок", "old": "Май-сентябрь 2021", "new": "Октябрь 2021"}]
    assert list(
        Message.objects.filter(key=f"amendment-{amendment.pk}-in-force").values_list("recipient", flat=True)
    ) == [director.pk]
    order.refresh_from_db()
    assert order.signed_draft == before  # the first signed text stays


def test_a_second_amendment_begins_where_the_first_ended(client, director, order):
    edit("1.2", term="Октябрь 2021")
    first = amended(order, director)
    edit("1.3", term="Ноябрь 2021")
    Clause.objects.filter(printed_number="6.").delete()
    second = amended(order, director, number="410/01-18", at=LATER)

    assert second.wording_before == first.wording_after
    page = client.get(reverse("plans:plan"))
    for number, by in (("1.2", "402/01-18"), ("1.3", "410/01-18")):
        assert f"№ {by}" in " ".join(re.sub(r"<[^>]+>", " ", row(page, task(number))).split())
    regulation = words(client.get(reverse("support:regulation")))
    assert "Исключено" in regulation
    assert "приказом от 01.11.2021 № 410/01-18" in regulation


def test_what_was_edited_and_removed_stands_on_the_pages_of_the_schedule_and_the_regulation(client, order):
    direction = order.schedule.directions.get(name="Техническое сопровождение")
    direction.room_printed = "15"
    direction.save()
    order.regulation.clauses.filter(printed_number="5.").update(text="Общение должно быть вежливым.")

    schedule = client.get(reverse("consultations:schedule")).content.decode()
    assert re.search(r"<del[^>]*>.*?13</del>.*?15", schedule, re.S)
    assert len(re.findall("<del", schedule)) == 1
    regulation = client.get(reverse("support:regulation")).content.decode()
    assert re.search(r"<del[^>]*>.*?Общение пользователей.*?</del>", regulation, re.S)
    for name in ("consultations:schedule", "support:regulation"):
        signed = client.get(reverse(name) + "?as=signed").content.decode()
        assert "<del" not in signed
        assert "вежливым" not in signed
    assert "Общение пользователей" in client.get(reverse("support:regulation") + "?as=signed").content.decode()


def test_a_row_removed_in_the_administration_pages_is_told_with_its_author(client, director, order):
    one = task("1.4")
    address = reverse("admin:plans_task_delete", args=[one.pk])
    assert client.post(address, {"post": "yes"}).status_code == 302

    page = words(client.get(reverse("plans:plan")))

    assert re.search(rf"Исключено 1.4. Этап согласования .* убрано без приказа: {director}, ", page)


def test_a_row_names_whoever_gave_it_its_words_and_not_whoever_came_after(client, director, order):
    # given a term changed by one person, and something else of the row changed to and fro by another
    one, other = task("1.2"), MembershipFactory(school=director.school)
    edit("1.2", term="Октябрь 2021")
    record("admin.changed", one, by=director, changes=[("Сроки", one.term, "Октябрь 2021")])
    record("admin.changed", one, by=other, changes=[("Цель", one.purpose, "Иная"), ("Сроки", "Октябрь 2021", "Май")])
    record("admin.changed", one, by=other, changes=[("Цель", "Иная", one.purpose)])

    shown = row(client.get(reverse("plans:plan")), one)

    assert str(director) in shown
    assert str(other) not in shown


def test_where_nothing_differs_there_is_nothing_to_see_and_nothing_to_draw_up(client, order):
    for name in ("plans:plan", "consultations:schedule", "support:regulation"):
        page = client.get(reverse(name)).content.decode()
        assert "?as=" not in page
        assert "<del" not in page
    assert reverse("orders:amend", args=[order.pk]) not in client.get(order.get_absolute_url()).content.decode()
    with pytest.raises(ValidationError) as refusal:
        draft_amendment(order, by=None)
    assert refusal.value.code == "nothing_to_amend"


# --- The draft


def test_drawing_up_changes_nothing_and_is_one_for_all(client, director, order):
    edit("1.2", term="Октябрь 2021")
    for _press in range(2):
        client.post(reverse("orders:amend", args=[order.pk]))
    amendment = Amendment.objects.get()
    assert (amendment.state, amendment.before, amendment.made_by) == ("draft", None, director)
    assert Entry.objects.filter(verb="orders.amendment_drafted").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Amendment.objects.create(order=order)
    # staff see neither the draft nor its file
    teacher = signed_in(MembershipFactory(school=director.school))
    for name in ("orders:amendment", "orders:amendment-docx"):
        assert teacher.get(reverse(name, args=[amendment.pk])).status_code == 404
    assert "Проект приказа" not in words(teacher.get(order.get_absolute_url()))


def test_later_edits_refresh_the_text_and_a_page_left_open_is_noticed(client, director, order):
    edit("1.2", term="Октябрь 2021")
    amendment = draft_amendment(order, by=director)
    old = client.get(amendment.get_absolute_url()).context["mark"]
    edit("1.3", term="Ноябрь 2021")
    typed = {"grounds": "По факту", "number": "402/01-18", "signed_on": "2021-11-01"}

    answer = client.post(reverse("orders:amendment-in-force", args=[amendment.pk]), typed | {"seen": old})

    assert answer.status_code == 422
    said = words(answer)
    assert "пункт 1.3 изложить" in said
    assert "внесли ещё правки" in said
    for value in typed.values():
        assert value in answer.content.decode()  # nothing typed is lost
    assert Amendment.objects.get().state == "draft"
    new = answer.context["mark"]
    assert (
        client.post(reverse("orders:amendment-in-force", args=[amendment.pk]), typed | {"seen": new}).status_code == 302
    )
    assert [one.field for one in text_of(Amendment.objects.get()).changes.annexes[0].rows[0].cells] == ["term"]


@pytest.mark.parametrize(
    ("number", "signed_on", "field", "words_of_refusal"),
    [
        ("", "2021-11-01", "number", "Введите номер приказа"),
        ("402", "", "signed_on", "Введите дату приказа"),
        ("402", "2999-01-01", "signed_on", "ещё не наступила"),
        ("402", "2021-08-30", "signed_on", "раньше"),
        ("337/01-18", "2021-08-31", "number", "уже есть"),
    ],
)
def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(
    client, director, order, number, signed_on, field, words_of_refusal
):
    edit("1.2", term="Октябрь 2021")
    amendment = draft_amendment(order, by=director)
    seen = text_of(amendment).mark
    typed = {"grounds": "Прокурорское представление", "number": number, "signed_on": signed_on, "seen": seen}

    answer = client.post(reverse("orders:amendment-in-force", args=[amendment.pk]), typed)

    assert answer.status_code == 422
    assert any(words_of_refusal in one for one in answer.context["form"].errors[field])
    assert "Прокурорское представление" in answer.content.decode()
    assert Amendment.objects.get().state == "draft"


def test_an_amendment_is_not_dated_before_the_last_one(director, order):
    edit("1.2", term="Октябрь 2021")
    amended(order, director)
    edit("1.3", term="Ноябрь 2021")
    second = draft_amendment(order, by=director)
    with pytest.raises(ValidationError) as refusal:
        bring_into_force(second, number="9", signed_on=date(2021, 10, 31), by=director, at=LATER)
    assert refusal.value.code == "signed_before_order"


def test_the_second_of_two_persons_hears_that_somebody_was_faster(client, director, order):
    edit("1.2", term="Октябрь 2021")
    amendment = draft_amendment(order, by=director)
    stale = Amendment.objects.get()
    bring_into_force(amendment, number="402", signed_on=date(2021, 11, 1), by=director, at=NOON)
    for act in (
        lambda: bring_into_force(stale, number="403", signed_on=date(2021, 11, 2), by=director, at=NOON),
        lambda: save_amendment(stale, number="403", signed_on=None, grounds=""),
        lambda: discard_amendment(stale, by=director),
    ):
        with pytest.raises(ValidationError) as refusal:
            act()
        assert refusal.value.code == "not_a_draft"
    assert [one.number for one in Amendment.objects.all()] == ["402"]
    assert Message.objects.filter(key__startswith="amendment-").count() == 1
    typed = {"number": "403", "signed_on": "2021-11-02", "seen": "x"}
    answer = client.post(reverse("orders:amendment-in-force", args=[stale.pk]), typed)
    assert answer.status_code == 422


def test_a_draft_is_discarded_and_the_edits_stay(client, director, order):
    edit("1.2", term="Октябрь 2021")
    amendment = draft_amendment(order, by=director)
    answer = client.post(reverse("orders:amendment-discard", args=[amendment.pk]))
    assert answer.url == order.get_absolute_url()
    assert not Amendment.objects.exists()
    assert task("1.2").term == "Октябрь 2021"
    assert Entry.objects.filter(verb="orders.amendment_discarded").count() == 1


def test_a_closed_order_is_not_amended(client, director, order):
    edit("1.2", term="Октябрь 2021")
    amendment = draft_amendment(order, by=director)
    close_order(order, by=director, on=date(2021, 11, 9))
    with pytest.raises(ValidationError) as refusal:
        bring_into_force(amendment, number="402", signed_on=date(2021, 11, 1), by=director, at=NOON)
    assert refusal.value.code == "not_in_force"
    assert "не действует" in words(client.get(amendment.get_absolute_url()))
    assert client.post(reverse("orders:amend", args=[order.pk]), follow=True).status_code == 200
    assert Amendment.objects.count() == 1
    with pytest.raises(ValidationError):
        draft_amendment(OrderFactory(state=Order.State.DRAFT), by=director)


@pytest.mark.parametrize("name", ["amendment-save", "amendment-in-force", "amendment-discard"])
def test_only_the_administration_acts_and_only_from_the_page(director, order, name):
    edit("1.2", term="Октябрь 2021")
    amendment = draft_amendment(order, by=director)
    typed = {"number": "402", "signed_on": "2021-11-01", "seen": text_of(amendment).mark}
    address = reverse(f"orders:{name}", args=[amendment.pk])
    group = signed_in(MembershipFactory(school=director.school, roles=[Role.WORKING_GROUP]))
    assert group.post(address, typed).status_code == 403
    assert group.post(reverse("orders:amend", args=[order.pk])).status_code == 403
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(director.user)
    assert careful.post(address, typed).status_code == 403
    assert Amendment.objects.get().state == "draft"


# --- Papers


def test_the_whole_order_with_changes_names_the_amending_order_under_its_annex(client, director, order):
    assert client.get(reverse("orders:docx", args=[order.pk]) + "?as=amended").status_code == 404
    edit("1.2", term="Октябрь 2021")
    amended(order, director)
    edit("1.3", term="Без приказа")

    answer = client.get(reverse("orders:docx", args=[order.pk]) + "?as=amended")

    draft = read_order(b"".join(answer.streaming_content), "amended.docx").draft
    assert [one.term for one in draft.tasks[1:3]] == ["Октябрь 2021", "Май-август 2021"]
    assert draft.plan.heading.splitlines()[-2:] == ["(в редакции приказа", "от 01.11.2021 № 402/01-18)"]
    assert "редакции" not in draft.schedule.heading
    signed = client.get(reverse("orders:docx", args=[order.pk]) + "?as=signed")
    assert read_order(b"".join(signed.streaming_content), "signed.docx").draft == order.signed_draft


def test_the_page_of_the_order_lists_its_amendments_for_everybody(client, director, order):
    edit("1.2", term="Октябрь 2021")
    amendment = amended(order, director, grounds="В связи с переносом")
    teacher = signed_in(MembershipFactory(school=director.school))
    for visitor in (client, teacher):
        page = visitor.get(order.get_absolute_url())
        assert f'href="{amendment.get_absolute_url()}"' in page.content.decode()
        assert reverse("orders:amendment-docx", args=[amendment.pk]) in page.content.decode()
        assert "В связи с переносом" in words(page)
    assert "1.1. В приложении 1 пункт 1.2" in words(teacher.get(amendment.get_absolute_url()))
    assert reverse("orders:amend", args=[order.pk]) not in client.get(order.get_absolute_url()).content.decode()


def test_a_copy_says_what_stands_now_and_names_no_amending_order(director, order):
    edit("1.2", term="Октябрь 2021")
    plan = order.plan
    plan.heading += "\n(в редакции приказа от 01.10.2021 № 380/01-18)"  # as an imported paper may print it
    plan.save()
    amended(order, director)

    copy = draft_of(copy_order(order, to=SchoolYear(2022), by=director))

    assert copy.tasks[1].term == "Октябрь 2022"
    assert "редакции" not in copy.plan.heading


def test_a_paper_that_says_something_else_is_refused_and_the_same_paper_changes_nothing(director, order):
    edit("1.2", term="Октябрь 2021")
    amended(order, director)
    signed = read_order(SAMPLE.read_bytes(), SAMPLE.name).draft
    with pytest.raises(ValidationError) as refusal:
        import_order(signed, school=director.school, by=director)
    assert refusal.value.code == "not_a_draft"
    now = draft_of(with_annexes(Order.objects.all()).get(pk=order.pk))
    assert import_order(now, school=director.school, by=director).changed_nothing


# --- Cost


@pytest.mark.parametrize("count", [1, 8])
def test_pages_cost_the_same_for_one_change_and_for_many(director, order, count, django_assert_max_num_queries):
    for one in list(Task.objects.in_order())[:count]:
        one.term = "Декабрь 2021"
        one.save()
    amended(order, director)
    for one in list(Task.objects.in_order())[:count]:
        one.purpose = "Иная цель"
        one.save()
    draft = draft_amendment(order, by=director)
    client = signed_in(director)
    client.get(order.get_absolute_url())
    addresses = [
        f"{reverse('plans:plan')}?order={order.pk}",
        reverse("plans:plan"),
        order.get_absolute_url(),
        draft.get_absolute_url(),
        task("1.1").get_absolute_url(),
        reverse("consultations:schedule"),
        reverse("support:regulation"),
    ]
    dearer = {task("1.1").get_absolute_url(): 15, reverse("consultations:schedule"): 13}
    for address in addresses:
        with django_assert_max_num_queries(dearer.get(address, 12), info=address):
            assert client.get(address).status_code == 200


def test_an_order_in_force_keeps_the_name_of_its_signer_whoever_is_director_later(director, order):
    Membership.objects.filter(pk=director.pk).update(post="Директор")
    edit("1.2", term="Октябрь 2021")
    one = amended(order, director)
    name = director.user.signature_name
    page = signed_in(director)
    assert name in page.get(one.get_absolute_url()).content.decode()
    MembershipFactory(school=director.school, post="Директор")  # now nobody knows which of the two would sign
    assert name in page.get(one.get_absolute_url()).content.decode()
