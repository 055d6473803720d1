"""A person loads a file: the preview, the import, and files that are no order."""

import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from ejournal_rollout.documents.forms import UploadForm
from ejournal_rollout.documents.models import Upload
from ejournal_rollout.documents.reading import UnreadableFile, read_order
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory, OrderFactory
from plans.models import Task

HERE = Path(__file__).parent
WORD = HERE.parent / "samples" / "order-337-01-18.docx"
TAB_ROWS = HERE / "data" / "order-tab-rows.txt"

pytestmark = pytest.mark.django_db


@pytest.fixture
def director():
    return MembershipFactory(roles=[Role.ADMINISTRATION])


def signed_in(member, **options):
    client = Client(**options)
    client.force_login(member.user)
    return client


def chosen(path=WORD):
    return SimpleUploadedFile(path.name, path.read_bytes())


def zipped(**entries):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            file.writestr(name.replace("__", "/"), content)
    return packed.getvalue()


def load(client, path=WORD, **more):
    answer = client.post(reverse("documents:upload-new"), {"file": chosen(path), **more})
    assert answer.status_code == 302
    return Upload.objects.latest("pk")


def test_a_file_becomes_an_order_in_two_steps_with_the_tokens_of_their_forms(director):
    client = signed_in(director, enforce_csrf_checks=True)
    token = str(client.get(reverse("documents:upload-new")).context["csrf_token"])
    client.post(reverse("documents:upload-new"), {"file": chosen(), "csrfmiddlewaretoken": token})
    upload = Upload.objects.get()
    preview = client.get(upload.get_absolute_url())
    assert Order.objects.count() == 0

    token = str(preview.context["csrf_token"])
    answer = client.post(reverse("documents:import", args=[upload.pk]), {"rest": "on", "csrfmiddlewaretoken": token})

    order = Order.objects.get()
    assert answer.url == order.get_absolute_url()
    assert (order.school, order.state, order.number) == (director.school, "draft", "337/01-18")
    assert [one.name for one in order.attachments.all()] == [WORD.name]


@pytest.mark.parametrize("name", ["documents:upload-new", "documents:import"])
def test_nothing_is_loaded_without_the_token_of_the_form(director, name):
    upload = load(signed_in(director))
    address = reverse(name, args=[upload.pk] if name == "documents:import" else [])
    answer = signed_in(director, enforce_csrf_checks=True).post(address, {"file": chosen(), "rest": "on"})
    assert answer.status_code == 403
    assert (Upload.objects.count(), Order.objects.count()) == (1, 0)


def test_the_preview_shows_the_words_and_their_reading_side_by_side(director):
    client = signed_in(director)
    page = client.get(load(client).get_absolute_url()).content.decode()

    assert "Весь период работы" in page
    assert "01.05.2021–30.06.2021" in page
    assert "08:00–14:00" in page
    assert "Анализ работы й по переходу на электронный журнал." in page


def test_an_order_that_names_another_school_is_asked_about(director):
    client = signed_in(director)
    upload = load(client)
    school = director.school

    def first_remark():
        return client.get(upload.get_absolute_url()).context["preview"].remarks[0]

    assert school.name in first_remark().text
    assert upload.order_draft.organization.split()[0] in first_remark().text
    assert first_remark().anchor == "requisites"

    school.name = upload.order_draft.organization.upper().replace("«", '"')
    school.save(update_fields=["name"])
    assert school.name not in first_remark().text


def test_each_remark_leads_to_its_row(director):
    client = signed_in(director)
    page = client.get(load(client).get_absolute_url())

    remarks = page.context["preview"].remarks
    assert remarks
    for one in remarks:
        assert f'href="#{one.anchor}"' in page.content.decode()
        assert f'id="{one.anchor}"' in page.content.decode()
    row = next(row for row in page.context["preview"].plan if row.kind == "task" and row.draft.number == "2.2.")
    assert row.anchor in [one.anchor for one in remarks]


def test_remarks_are_settled_or_left_on_purpose_before_the_file_is_loaded(director):
    client = signed_in(director)
    upload = load(client)
    assert upload.remarks

    answer = client.post(reverse("documents:import", args=[upload.pk]))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["rest"]
    assert Order.objects.count() == 0


def test_the_same_file_again_says_that_there_is_nothing_to_change(director):
    client = signed_in(director)
    for _time in range(2):
        upload = load(client)
        page = client.post(reverse("documents:import", args=[upload.pk]), {"rest": "on"}, follow=True)
    assert Order.objects.count() == 1
    assert [message.level_tag for message in page.context["messages"]] == ["info"]


def test_an_order_in_force_is_not_loaded_over_and_the_difference_is_shown(director):
    client = signed_in(director)
    client.post(reverse("documents:import", args=[load(client).pk]), {"rest": "on"})
    Order.objects.update(state=Order.State.IN_FORCE)
    Task.objects.filter(printed_number="1.1.").update(term="Сентябрь 2021")
    upload = load(client)

    page = client.get(upload.get_absolute_url())
    seen = page.context["form"]["seen"].value()
    answer = client.post(reverse("documents:import", args=[upload.pk]), {"rest": "on", "seen": seen})

    assert page.context["is_refused"]
    assert [(line.old, line.new) for line in page.context["differences"]] == [("Сентябрь 2021", "Май-июнь 2021")]
    assert answer.status_code == 422
    assert answer.context["form"].errors.as_data()["__all__"][0].code == "not_a_draft"
    assert Task.objects.get(printed_number="1.1.").term == "Сентябрь 2021"


def test_a_corrected_file_without_a_number_renews_the_draft_that_the_person_chooses(director, tmp_path):
    client = signed_in(director)
    printed = TAB_ROWS.read_text(encoding="utf-8").replace("от 15.08.2023 № 01-07/312", "")
    path = tmp_path / "order.txt"
    for words in (printed, printed.replace("Справка, рекомендации", "Справка")):
        path.write_text(words, encoding="utf-8")
        upload = load(client, path)
        page = client.get(upload.get_absolute_url())
        chosen = {"into": Order.objects.get().pk} if "into" in page.context["form"].fields else {}
        address = reverse("documents:import", args=[upload.pk])
        answer = client.post(address, {"rest": "on", **chosen})
        if chosen:  # what would change in that draft was not seen yet
            assert answer.status_code == 422
            assert [(line.old, line.new) for line in answer.context["differences"]] == [
                ("Справка, рекомендации", "Справка")
            ]
            answer = client.post(address, {"rest": "on", **chosen, "seen": answer.context["form"]["seen"].value()})
        assert answer.status_code == 302

    assert Order.objects.count() == 1
    assert Task.objects.get(printed_number="3.2").expected_result == "Справка"


def test_a_draft_of_another_school_cannot_be_chosen(director):
    foreign = OrderFactory(state=Order.State.DRAFT)
    OrderFactory(school=director.school, state=Order.State.DRAFT)
    client = signed_in(director)
    answer = client.post(reverse("documents:import", args=[load(client).pk]), {"rest": "on", "into": foreign.pk})
    assert list(answer.context["form"].errors) == ["into"]


HOSTILE = {
    "empty": ("order.docx", b""),
    "blank": ("order.txt", b"   \n"),
    "not an order": ("letter.txt", "Дорогие коллеги, с праздником!".encode()),
    "picture": ("order.docx", b"\x89PNG\r\n\x1a\n" + b"\0" * 100),
    "broken archive": ("order.docx", b"PK\x03\x04 nothing"),
    "archive without a document": ("order.docx", zipped(readme="hello")),
    "unpacks to a giant": ("order.docx", zipped(word__document="0" * 30_000_000)),
    "DOCTYPE": ("order.docx", zipped(**{"word__document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'})),
    "binary": ("order.txt", bytes(range(256)) * 20),
    "zero signs": ("order.txt", "План\x00-график\x00".encode()),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_wrong_file_gets_one_sentence_and_the_chosen_year_stays(director, name):
    file_name, content = HOSTILE[name]
    answer = signed_in(director).post(
        reverse("documents:upload-new"),
        {"file": SimpleUploadedFile(file_name, content), "school_year": "2025/2026"},
    )

    assert answer.status_code == 422
    assert len(answer.context["form"].errors["file"]) == 1
    assert '<option value="2025/2026" selected>' in answer.content.decode()
    assert Upload.objects.count() == 0


def test_no_file_at_all_and_a_file_too_large_get_a_sentence(director):
    client = signed_in(director)
    assert client.post(reverse("documents:upload-new"), {}).status_code == 422
    large = SimpleUploadedFile("order.docx", b"PK\x03\x04" + b"0" * (5 * 1024 * 1024))
    answer = client.post(reverse("documents:upload-new"), {"file": large})
    assert answer.context["form"].errors.as_data()["file"][0].code == "file_too_large"


def test_the_limit_is_said_before(director):
    assert "5" in str(UploadForm(today=director.user.date_joined.date()).fields["file"].help_text)


def test_only_the_administration_loads_files_and_another_school_finds_nothing(director):
    upload = load(signed_in(director))
    colleague = signed_in(MembershipFactory(school=director.school, roles=[Role.WORKING_GROUP, Role.DEPUTY_HEAD]))
    stranger = signed_in(MembershipFactory(roles=[Role.ADMINISTRATION]))

    assert colleague.get(reverse("documents:upload-new")).status_code == 403
    assert colleague.post(reverse("documents:upload-new"), {"file": chosen()}).status_code == 403
    for client, status in ((colleague, 403), (stranger, 404)):
        assert client.get(upload.get_absolute_url()).status_code == status
        assert client.post(reverse("documents:import", args=[upload.pk]), {"rest": "on"}).status_code == status
    assert (Upload.objects.count(), Order.objects.count()) == (1, 0)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_preview_costs_the_same_for_one_row_and_for_thirty(director, rows, tmp_path, django_assert_num_queries):
    head, first, *_rest = TAB_ROWS.read_text(encoding="utf-8").partition("1.2\t")[0].partition("1.1\t")
    path = tmp_path / "order.txt"
    lines = "".join(f"1.{place}\t{_rest[0]}" for place in range(1, rows + 1))
    path.write_text(head + lines, encoding="utf-8")
    client = signed_in(director)
    upload = load(client, path)
    client.post(reverse("documents:import", args=[upload.pk]), {"rest": "on"})
    assert Task.objects.count() == rows

    with django_assert_num_queries(8):  # five of the frame, upload, order with annexes, stages with tasks
        client.get(upload.get_absolute_url())


def test_an_empty_file_is_refused_in_the_same_words_everywhere(director):
    empty = SimpleUploadedFile("order.docx", b"")
    page = signed_in(director).post(reverse("documents:upload-new"), {"file": empty}).content.decode()
    with pytest.raises(UnreadableFile) as refusal:
        read_order(b"", "order.docx")
    assert str(refusal.value) in page
