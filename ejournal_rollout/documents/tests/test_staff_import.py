"""A staff list is loaded: what would happen to each person, what happens, and that nothing happens twice."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from ejournal_rollout.documents.models import StaffUpload
from ejournal_rollout.documents.staff.paper import StaffPaper, read_staff
from ejournal_rollout.documents.staff.preview import Answers, preview_of
from ejournal_rollout.documents.staff.sample import sample_list
from ejournal_rollout.history.models import Entry
from ejournal_rollout.notifications import invitations
from ejournal_rollout.people.models import Invitation, Membership, RoleHolding
from ejournal_rollout.people.operations import add_member, change_member
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory, SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db
HEADER = "ФИО;Должность;E-mail;Роли;Руководитель\n"


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def head():
    user = UserFactory(last_name="Образцова", first_name="Анна", patronymic="Петровна", email="head@school.example")
    return MembershipFactory(user=user, post="директор", roles=["administration"])


def here(head, name, post="", email=None, **more) -> Membership:
    last, first, patronymic = [*name.split(), "", ""][:3]
    user = UserFactory(last_name=last, first_name=first, patronymic=patronymic, email=email)
    return MembershipFactory(school=head.school, user=user, post=post, **more)


def signed_in(member, **options) -> Client:
    client = Client(**options)
    client.force_login(member.user)
    return client


def read(rows) -> StaffPaper:
    return read_staff((HEADER + rows).encode(), "list.csv")


def load(member, rows) -> StaffUpload:
    """As the page of the file leaves it."""
    paper = read(rows).to_json()
    return StaffUpload.objects.create(school=member.school, uploaded_by=member, name="list.csv", paper=paper)


def previewed(head, rows, **answers):
    return preview_of(read(rows), Answers(**answers), by=head, at=timezone.now()).lines


def kinds(lines) -> list[str]:
    return [line.kind for line in lines]


def send(client, upload, **given):
    rows = [str(one) for one in range(len(upload.paper["rows"]))]
    given = {"starts_on": "2026-09-01", "take": rows, "shown": rows, **given}
    return client.post(reverse("documents:staff:import", args=[upload.pk]), given)


def people(head) -> set[str]:
    return {one.full_name for one in Membership.objects.filter(school=head.school).select_related("user")}


# --- Who is meant


def test_new_people_and_unchanged_people_are_told_apart_and_absent_ones_are_left_alone(head):
    here(head, "Иванова Анна Петровна", "учитель")
    absent = here(head, "Сторожев Пётр Ильич", "сторож")
    left = here(head, "Ушедший Пётр Ильич", left_on=date(2020, 1, 1))
    MembershipFactory(user=UserFactory(last_name="Петров"))  # of another school

    paper = read("Иванова Анна Петровна;учитель;;;\nПетров Иван Ильич;;;;\n")
    preview = preview_of(paper, Answers(), by=head, at=timezone.now())

    assert kinds(preview.lines) == ["same", "new"]
    assert {one.pk for one in preview.absent} == {absent.pk, head.pk}
    assert left.pk not in {one.pk for one in preview.absent}


@pytest.mark.parametrize(
    ("name", "post", "email", "row", "kind"),
    [
        # surely the same person
        ("Артёмова Анна Петровна", "учитель", None, "АРТЕМОВА Анна Петровна;Учитель;;;", "same"),
        ("Иванова Анна Петровна", "", None, "Иванова Анна Петровна;учитель;;;", "changes"),
        ("Иванова А. П.", "учитель", None, "Иванова Анна Петровна;учитель;;;", "changes"),
        ("Иванова Анна Петровна", "учитель", None, "Иванова А. П.;учитель;;;", "same"),
        ("Иванова Анна Петровна", "завхоз", "anna@a.example", "Иванова А. П.;учитель;ANNA@a.example;;", "changes"),
        (
            "Иванова Анна Петровна",
            "учитель",
            "anna@a.example",
            "Иванова Анна Петровна;учитель;b@b.example;;",
            "changes",
        ),
        # a person must say
        ("Иванова Анна Петровна", "завхоз", None, "Иванова А. П.;учитель;;;", "unclear"),
        ("Иванова Анна Петровна", "завхоз", "anna@a.example", "Иванова Анна Петровна;учитель;b@b.example;;", "unclear"),
        (
            "Иванова Анна Петровна",
            "учитель",
            "anna@a.example",
            "Петрова Анна Петровна;учитель;anna@a.example;;",
            "unclear",
        ),
        # surely another one
        ("Иванова Анна Петровна", "учитель", None, "Иванова Инна Петровна;учитель;;;", "new"),
        ("Иванова Анна Петровна", "учитель", None, "Иванов Анна Петровна;учитель;;;", "new"),
    ],
)
def test_a_person_who_is_here_is_known_again_and_doubts_are_asked(head, name, post, email, row, kind):
    here(head, name, post, email)

    assert kinds(previewed(head, row)) == [kind]


def test_of_two_namesakes_here_the_post_tells_or_a_person_must(head):
    teacher, nurse = (here(head, "Иванова Анна Петровна", post) for post in ("учитель", "медсестра"))

    lines = previewed(head, "Иванова Анна Петровна;медсестра;;;\n")
    assert (kinds(lines), lines[0].member) == (["same"], nurse)

    lines = previewed(head, "Иванова Анна Петровна;библиотекарь;;;\n")
    assert kinds(lines) == ["unclear"]
    assert {value for value, _words in lines[0].options} == {f"member:{teacher.pk}", f"member:{nurse.pk}", "new"}


def test_a_name_twice_in_the_file_is_asked_about_and_may_be_one_person_or_two(head):
    rows = "Иванова Анна Петровна;учитель;;;\nИванова Анна Петровна;библиотекарь;;Завуч;\n"

    assert kinds(previewed(head, rows)) == ["new", "unclear"]
    joined = previewed(head, rows, who={1: "row:0"})
    assert kinds(joined) == ["new", "joined"]
    assert (joined[0].person.post, joined[0].person.roles) == ("учитель, библиотекарь", (Role.DEPUTY_HEAD,))
    assert kinds(previewed(head, rows, who={1: "new"})) == ["new", "new"]


@pytest.mark.parametrize("answer", ["row:0", "new"])
def test_one_person_with_two_posts_or_two_namesakes_are_known_again_the_second_time(head, answer):
    rows = "Иванова Анна Петровна;учитель;;;\nИванова Анна Петровна;библиотекарь;;;\n"
    client = signed_in(head)
    send(client, load(head, rows), **{"who-1": answer})
    before = people(head), Membership.objects.count()

    again = previewed(head, rows)

    assert {"same", "joined"} >= set(kinds(again))
    assert (people(head), Membership.objects.count()) == before


def test_nobody_is_chosen_twice(head):
    one = here(head, "Иванова Анна Петровна", "завхоз")
    rows = "Иванова А. П.;учитель;;;\nИванова А. П.;повар;;;\n"

    lines = previewed(head, rows, who={0: f"member:{one.pk}", 1: f"member:{one.pk}"})

    assert (lines[0].member, lines[1].member) == (one, None)
    assert lines[1].errors


def test_somebody_who_left_is_asked_about_and_may_come_back(head):
    left = here(head, "Иванова Анна Петровна", "учитель", left_on=date(2026, 1, 1))
    client = signed_in(head)
    upload = load(head, "Иванова Анна Петровна;учитель;;;\n")
    assert kinds(previewed(head, "Иванова Анна Петровна;повар;;;\n")) == ["unclear"]

    send(client, upload, **{"who-0": f"member:{left.pk}"})

    left.refresh_from_db()
    assert left.left_on is None
    assert Membership.objects.filter(user__last_name="Иванова").count() == 1


# --- E-mails, roles, supervisors


def test_one_email_for_several_people_is_left_out_at_each_of_them(head):
    lines = previewed(head, "Иванов Иван Ильич;;s@s.example;;\nПетров Пётр Ильич;;S@s.example;;\n")

    assert [line.person.email for line in lines] == ["", ""]
    assert ["2, 3" in line.remarks_at("email")[0] for line in lines] == [True, True]


def test_the_email_of_another_school_or_of_another_colleague_is_left_out(head):
    MembershipFactory(user=UserFactory(email="theirs@b.example"))

    lines = previewed(head, "Иванов Иван Ильич;;theirs@b.example;;\nПетров Пётр Ильич;;;;\n")
    assert (lines[0].kind, lines[0].person.email, len(lines[0].remarks_at("email"))) == ("new", "", 1)

    lines = previewed(head, "Иванов Иван Ильич;;head@school.example;;\n", who={0: "new"})
    assert (lines[0].kind, lines[0].person.email, len(lines[0].remarks_at("email"))) == ("new", "", 1)


def test_the_email_by_which_a_person_signs_in_is_never_changed(head):
    one = here(head, "Иванова Анна Петровна", "учитель", "own@a.example")
    one.user.set_password("зелёный трамвай")
    one.user.save()

    lines = previewed(head, "Иванова Анна Петровна;учитель;other@a.example;;\n")

    assert kinds(lines) == ["same"]
    assert lines[0].remarks_at("email")


def test_a_role_is_added_from_its_day_and_none_is_taken_away(head):
    one = here(head, "Иванова Анна Петровна", "учитель", roles=["technical_specialist"])
    client = signed_in(head)

    send(client, load(head, "Иванова Анна Петровна;учитель;;Член рабочей группы;\n"))

    held = {(holding.role, holding.starts_on, holding.ends_on) for holding in one.holdings.all()}
    assert held == {
        ("technical_specialist", date(2020, 1, 1), None),
        ("working_group", date(2026, 9, 1), None),
    }


def test_a_role_that_begins_later_is_not_begun_twice(head):
    one = here(head, "Иванова Анна Петровна", "учитель")
    RoleHolding.objects.create(membership=one, role="deputy_head", starts_on=timezone.localdate() + timedelta(days=9))

    assert kinds(previewed(head, "Иванова Анна Петровна;учитель;;Завуч;\n")) == ["same"]


@pytest.mark.parametrize(
    "words",
    [
        "Образцова Анна Петровна",
        "Образцова А.П.",
        "А. П. Образцова",
        "директор",
        "Директор школы",
        "Директор Образцова А. П.",
    ],
)
def test_a_supervisor_is_known_by_name_by_initials_or_by_a_post_that_one_person_holds(head, words):
    lines = previewed(head, f"Иванов Иван Ильич;;;;{words}\n")

    assert (lines[0].supervisor, lines[0].remarks) == (("member", head.pk), [])


@pytest.mark.parametrize(
    ("rows", "remark"),
    [
        ("Иванов Иван Ильич;;;;Неизвестный Н. Н.\n", "Nobody in the file"),
        ("Иванов Иван Ильич;учитель;;;завуч\nА Б В;завуч;;;\nГ Д Е;завуч;;;\n", "Several people fit"),
        ("Иванов Иван Ильич;;;;Иванов И. И.\n", "their own supervisor"),
        ("Иванов Иван Ильич;;;;Петров П. И.\nПетров Пётр Ильич;;;;Иванов И. И.\n", "circle"),
    ],
)
def test_a_supervisor_who_cannot_be_is_left_out_with_a_remark(head, rows, remark):
    lines = previewed(head, rows)

    assert [text for line in lines for text in line.remarks_at("supervisor") if remark in text]
    assert [line.supervisor for line in lines].count(None) >= 1


def test_a_circle_through_the_staff_list_is_seen_but_turning_the_order_round_is_not_one(head):
    chief = here(head, "Иванов Иван Ильич", "завуч")
    here(head, "Петров Пётр Ильич", "учитель", reports_to=chief)

    lines = previewed(head, "Иванов Иван Ильич;завуч;;;Петров П. И.\n")
    assert (kinds(lines), lines[0].supervisor) == (["same"], None)

    lines = previewed(head, "Иванов Иван Ильич;завуч;;;Петров П. И.\nПетров Пётр Ильич;учитель;;;директор\n")
    assert kinds(lines) == ["changes", "changes"]


# --- Loading


def test_the_sample_list_makes_people_with_roles_and_supervisors_and_the_second_time_nothing(head):
    head.delete()
    director = MembershipFactory(roles=["administration"])
    client = signed_in(director, enforce_csrf_checks=True)
    token = str(client.get(reverse("documents:staff:upload-new")).context["csrf_token"])
    file = SimpleUploadedFile("list.csv", sample_list())
    client.post(reverse("documents:staff:upload-new"), {"file": file, "csrfmiddlewaretoken": token})
    upload = StaffUpload.objects.get()
    assert Membership.objects.count() == 1
    token = str(client.get(upload.get_absolute_url()).context["csrf_token"])

    answer = send(client, upload, csrfmiddlewaretoken=token)

    assert answer.url == reverse("people:staff")
    staff = {one.user.last_name: one for one in Membership.objects.select_related("user", "reports_to__user")}
    assert staff["Сетевой"].reports_to == staff["Пробная"]
    assert staff["Учебная"].reports_to == staff["Пробный"]
    assert staff["Пробный"].roles_on(date(2026, 9, 1)) == {Role.DEPUTY_HEAD, Role.WORKING_GROUP, Role.TEACHER}
    assert staff["Учебная"].user.email is None
    assert Entry.objects.filter(verb="people.member_added").count() == 4
    upload.refresh_from_db()
    assert upload.paper == {}

    client = signed_in(director)
    entries = Entry.objects.count()
    answer = client.post(reverse("documents:staff:upload-new"), {"file": SimpleUploadedFile("a.csv", sample_list())})
    again = StaffUpload.objects.latest("pk")
    page = client.get(answer.url)
    assert not page.context["page"].has_news
    send(client, again)
    assert (Membership.objects.count(), Entry.objects.count()) == (5, entries)


def test_a_list_is_loaded_once(head):
    client = signed_in(head)
    upload = load(head, "Иванов Иван Ильич;;;;\n")
    send(client, upload)

    for answer in (send(client, upload), client.get(upload.get_absolute_url())):
        assert answer.url == reverse("people:staff")
    assert Membership.objects.filter(school=head.school).count() == 2


def test_only_ticked_rows_are_loaded_and_a_supervisor_must_be_ticked_too(head):
    client = signed_in(head)
    upload = load(head, "Иванов Иван Ильич;;;;Петров П. И.\nПетров Пётр Ильич;;;;\n")

    refused = send(client, upload, take=["0"])
    assert refused.status_code == 422
    assert people(head) == {"Образцова Анна Петровна"}

    send(client, upload, take=["1"])
    assert people(head) == {"Образцова Анна Петровна", "Петров Пётр Ильич"}


def test_a_row_that_needs_an_answer_stops_all_and_keeps_what_was_typed(head):
    here(head, "Иванова Анна Петровна", "завхоз", "a@a.example")
    client = signed_in(head)
    upload = load(head, "Петров Пётр Ильич;;no address;;\nИванова А. П.;учитель;;;\n")

    answer = send(client, upload, **{"cell-0-email": "petrov@a.example", "invite": ["0"]})

    assert answer.status_code == 422
    assert Membership.objects.filter(user__last_name="Петров").count() == 0
    words = answer.content.decode()
    assert 'value="petrov@a.example"' in words
    assert [one.is_invited for one in answer.context["page"].lines] == [True, False]
    assert [bool(one.line.errors) for one in answer.context["page"].lines] == [False, True]


def test_a_doubtful_cell_is_corrected_in_place_or_stays_out(head):
    client = signed_in(head)
    rows = "ПЕТРОВ П.И.;;no address;;\nСидоров Иван Ильич;;no address;;\n"
    upload = load(head, rows)
    typed = {"cell-0-name": "Петров Пётр Ильич", "cell-0-email": "petrov@a.example", "cell-1-email": "no address"}

    assert send(client, upload, **typed | {"cell-1-email": "still none"}).status_code == 422
    send(client, upload, **typed)

    emails = {one.full_name: one.user.email for one in Membership.objects.select_related("user")}
    assert emails["Петров Пётр Ильич"] == "petrov@a.example"
    assert emails["Сидоров Иван Ильич"] is None


def test_a_doubtful_cell_of_a_person_without_news_can_be_corrected_too(head):
    here(head, "Иванова Анна Петровна", "учитель")
    client = signed_in(head)
    upload = load(head, "Иванова Анна Петровна;учитель;no address;;\nОбразцова Анна Петровна;директор;;;\n")

    lines = client.get(upload.get_absolute_url()).context["page"].lines
    assert [(one.line.kind, one.may_be_ticked) for one in lines] == [("same", True), ("same", False)]
    send(client, upload, take=["0"], **{"cell-0-email": "anna@a.example"})

    assert Membership.objects.get(user__email="anna@a.example").full_name == "Иванова Анна Петровна"


def test_a_name_that_was_put_right_is_loaded_as_the_page_showed_it(head):
    client = signed_in(head)
    upload = load(head, "ПЕТРОВ ПЁТР ИЛЬИЧ;;;;\n")
    assert 'value="Петров Пётр Ильич"' in client.get(upload.get_absolute_url()).content.decode()

    send(client, upload, **{"cell-0-name": "Петров Пётр Ильич"})

    assert "Петров Пётр Ильич" in people(head)


def test_a_row_that_became_news_after_the_page_was_shown_is_shown_again(head):
    one = here(head, "Иванова Анна Петровна", "учитель")
    client = signed_in(head)
    upload = load(head, "Иванова Анна Петровна;учитель;;;\nПетров Пётр Ильич;;;;\n")
    shown = [str(line.line.index) for line in client.get(upload.get_absolute_url()).context["page"].lines[1:]]
    Membership.objects.filter(pk=one.pk).update(post="завуч")  # a colleague does so meanwhile

    answer = send(client, upload, take=shown, shown=shown)

    assert answer.status_code == 422
    assert [bool(line.line.errors) for line in answer.context["page"].lines] == [True, False]
    assert [line.is_ticked for line in answer.context["page"].lines] == [True, True]
    assert "Петров Пётр Ильич" not in people(head)


def test_checking_again_writes_nothing(head):
    client = signed_in(head)
    upload = load(head, "Петров П. И.;;;;\n")

    page = send(client, upload, check="", **{"cell-0-name": "Петров Пётр Ильич"})

    assert page.status_code == 200
    assert page.context["page"].lines[0].line.person.name == "Петров Пётр Ильич"
    assert Membership.objects.count() == 1


def test_another_name_or_account_of_two_schools_is_respected(head):
    one = here(head, "Иванова Анна Петровна", "учитель", "anna@a.example")
    client = signed_in(head)
    rows = "Петрова Анна Петровна;учитель;anna@a.example;;\n"
    chosen = {"who-0": f"member:{one.pk}"}

    lines = previewed(head, rows, who={0: f"member:{one.pk}"})
    assert lines[0].changes == {"name": ("Иванова Анна Петровна", "Петрова Анна Петровна")}
    MembershipFactory(user=one.user)  # in another school too
    lines = previewed(head, rows, who={0: f"member:{one.pk}"})
    assert (lines[0].changes, len(lines[0].remarks_at("name"))) == ({}, 1)
    send(client, load(head, rows), **chosen)
    one.user.refresh_from_db()
    assert one.user.last_name == "Иванова"


def test_answers_from_elsewhere_change_nobody_of_another_school(head):
    stranger = MembershipFactory()
    client = signed_in(head)
    upload = load(head, "Иванова А. П.;учитель;;;\n")
    here(head, "Иванова Анна Петровна", "завхоз")

    answer = send(
        client, upload, **{"who-0": f"member:{stranger.pk}", "who-999": "new", "cell-99-email": "x@x.example"}
    )

    assert answer.status_code == 422


@pytest.mark.parametrize("count", [1, 30])
def test_the_preview_costs_the_same_for_one_person_and_for_thirty(head, count, django_assert_max_num_queries):
    client = signed_in(head)
    upload = load(head, "".join(f"Иванов{'а' * one} Анна Петровна;;;;директор\n" for one in range(1, count + 1)))
    client.get(reverse("people:me"))

    with django_assert_max_num_queries(12):
        page = client.get(upload.get_absolute_url())

    assert page.content.decode().count('id="row-') == count


# --- Invitations


def test_the_chosen_people_get_slips_with_links_that_work(head, settings):
    settings.MAIL_ENABLED = False
    client = signed_in(head)
    upload = load(head, "Иванов Иван Ильич;учитель;ivan@a.example;;\nПетров Пётр Ильич;;;;\nСидоров Пётр Ильич;;;;\n")

    page = send(client, upload, invite=["0", "1"])

    slips = page.context["slips"]
    assert [slip.name for slip in slips] == ["Иванов Иван Ильич", "Петров Пётр Ильич"]
    assert page.content.decode().count("<svg") >= 2
    assert page.headers["Cache-Control"].startswith("max-age=0")
    opened = Client().get(slips[0].link)
    assert opened.context["invitation"].membership.full_name == "Иванов Иван Ильич"


def test_those_who_are_here_unchanged_may_be_invited_but_not_those_who_sign_in(head):
    here(head, "Иванов Иван Ильич", "учитель")
    signs_in = here(head, "Петров Пётр Ильич", "учитель")
    signs_in.user.set_password("зелёный трамвай")
    signs_in.user.save()
    client = signed_in(head)
    upload = load(head, "Иванов Иван Ильич;учитель;;;\nПетров Пётр Ильич;учитель;;;\n")

    page = send(client, upload, take=[], invite=["0", "1"])

    assert [slip.name for slip in page.context["slips"]] == ["Иванов Иван Ильич"]


def test_with_mail_a_letter_is_written_by_the_worker_and_paper_is_for_those_without_an_address(head, settings):
    settings.MAIL_ENABLED = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    client = signed_in(head)
    upload = load(head, "Иванов Иван Ильич;учитель;ivan@a.example;;\nПетров Пётр Ильич;;;;\n")

    page = send(client, upload, invite=["0", "1"])

    assert [slip.name for slip in page.context["slips"]] == ["Петров Пётр Ильич"]
    person = Membership.objects.get(user__email="ivan@a.example")
    assert invitations.mail_invitation.func(person.pk, head.pk) == "sent"
    letter = mail.outbox[-1]
    assert letter.to == ["ivan@a.example"]
    link = next(line for line in letter.body.splitlines() if line.startswith("http"))
    assert Client().get(link.removeprefix(settings.SITE_URL)).context["invitation"].membership == person


def test_a_letter_that_does_not_go_out_leaves_nobody_invited(head, settings, monkeypatch):
    person = add_member(head.school, last_name="Иванов", email="ivan@a.example", on=date(2026, 9, 1), by=head)

    def fail(*_args):
        raise OSError("no mail server")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", fail)

    assert invitations.mail_invitation.func(person.pk, head.pk, 9) == "failed"
    assert not Invitation.objects.open(at=timezone.now()).exists()


# --- What is kept


def test_lists_are_forgotten_after_a_week(head):
    old, young = (load(head, "Иванов Иван Ильич;;;;\n") for _one in range(2))
    StaffUpload.objects.filter(pk=old.pk).update(uploaded_at=timezone.now() - timedelta(days=7, minutes=1))
    StaffUpload.objects.filter(pk=young.pk).update(uploaded_at=timezone.now() - timedelta(days=6, hours=23))

    call_command("tick", verbosity=0)

    assert list(StaffUpload.objects.all()) == [young]


# --- The operation


def test_a_change_is_written_into_the_journal_and_refuses_what_is_not_ours():
    head = MembershipFactory(roles=["administration"])
    one = here(head, "Иванова Анна Петровна", "учитель", "anna@a.example")
    today = timezone.localdate()

    change_member(one, post="завуч", email="new@a.example", roles=[Role.DEPUTY_HEAD], on=today, by=head)

    entry = Entry.objects.get(verb="people.member_changed")
    assert [(line["old"], line["new"]) for line in entry.changes][:2] == [
        ("anna@a.example", "new@a.example"),
        ("учитель", "завуч"),
    ]
    other = MembershipFactory(school=SchoolFactory(), user=one.user)
    for refused, code in (
        ({"name": ("Петрова", "Анна", "")}, "not_ours_alone"),
        ({"email": head.user.email}, "email_taken"),
    ):
        with pytest.raises(ValidationError) as refusal:
            change_member(one, **refused, on=today, by=head)
        assert refusal.value.code == code
    other.delete()
    one.user.set_password("зелёный трамвай")
    with pytest.raises(ValidationError) as refusal:
        change_member(one, email="third@a.example", on=today, by=head)
    assert refusal.value.code == "signs_in_already"
