"""Annex 2 in the administration pages."""

import pytest
from django.urls import reverse

from ejournal_rollout.history.models import Entry
from ejournal_rollout.tests.factories import ClauseFactory, HelpRequestFactory, RegulationFactory, order_of
from support.models import Clause, InternalNote


@pytest.fixture
def clause(staff):
    regulation = RegulationFactory(order=order_of(staff.school))
    return ClauseFactory(regulation=regulation, position=1, printed_number="5.", text="Общение корректное.")


def inline(clause, **changed):
    row = {"id": clause.pk, "regulation": clause.regulation_id, "position": 1, "printed_number": "5.", **changed}
    return {
        "order": clause.regulation.order_id,
        "heading": "",
        "title": clause.regulation.title,
        "clauses-TOTAL_FORMS": 1,
        "clauses-INITIAL_FORMS": 1,
        "clauses-MIN_NUM_FORMS": 0,
        "clauses-MAX_NUM_FORMS": 1000,
        **{f"clauses-0-{name}": value for name, value in row.items()},
    }


def test_the_administration_edits_a_clause_and_the_journal_keeps_both_texts(client, staff, clause):
    client.force_login(staff.head.user)
    address = reverse("admin:support_regulation_change", args=[clause.regulation_id])
    assert client.get(address).status_code == 200

    answer = client.post(address, inline(clause, text="Общение вежливое."))

    assert answer.status_code == 302
    assert Clause.objects.get(pk=clause.pk).text == "Общение вежливое."
    change = Entry.objects.about(clause).get().changes[0]
    assert (change["old"], change["new"]) == ("Общение корректное.", "Общение вежливое.")


def test_a_regulation_of_another_school_does_not_exist_and_its_order_is_no_choice(client, staff, clause):
    foreign = RegulationFactory(order=order_of(staff.stranger.school))
    client.force_login(staff.head.user)

    assert client.get(reverse("admin:support_regulation_change", args=[foreign.pk])).status_code == 302
    page = client.get(reverse("admin:support_regulation_change", args=[clause.regulation_id]))
    orders = page.context["adminform"].form.fields["order"].queryset
    assert list(orders) == [clause.regulation.order]


def test_the_administration_reads_requests_of_its_school_and_changes_none(client, staff):
    own = HelpRequestFactory(school=staff.school, direction=staff.technical)
    foreign = HelpRequestFactory(school=staff.stranger.school)
    InternalNote.objects.create(request=own, author=staff.technician, written_at=own.asked_at, text="Сбились права")
    client.force_login(staff.head.user)

    rows = client.get(reverse("admin:support_helprequest_changelist"))
    page = client.get(reverse("admin:support_helprequest_change", args=[own.pk]))

    assert list(rows.context["cl"].queryset) == [own]
    assert page.status_code == 200
    assert "Сбились права" not in page.content.decode()
    assert 'name="_save"' not in page.content.decode()
    assert client.post(reverse("admin:support_helprequest_change", args=[own.pk]), {"question": "!"}).status_code == 403
    assert client.get(reverse("admin:support_helprequest_add")).status_code == 403
    assert client.get(reverse("admin:support_helprequest_delete", args=[own.pk])).status_code == 403
    assert client.get(reverse("admin:support_helprequest_change", args=[foreign.pk])).status_code == 302


@pytest.mark.parametrize("who", ["teacher", "technician"])
def test_others_do_not_enter(client, staff, who):
    client.force_login(getattr(staff, who).user)
    assert client.get(reverse("admin:support_helprequest_changelist"), follow=True).status_code == 403
