"""From a question to a time by agreement: what was written once is not asked for twice."""

import re
from html import unescape

import pytest
from django.urls import reverse

from ejournal_rollout.tests.factories import DirectionFactory, HelpRequestFactory, MembershipFactory, SchoolFactory

pytestmark = pytest.mark.django_db


def test_a_question_in_a_direction_as_needed_goes_along_to_the_form_of_times(client):
    # given a question in a direction where times are agreed on
    school = SchoolFactory()
    teacher = MembershipFactory(school=school)
    asked = HelpRequestFactory(
        school=school,
        requester=teacher,
        direction=DirectionFactory(school=school, is_on_demand=True),
        question="Как оформить приказ о «весе» & отметках?",
    )
    client.force_login(teacher.user)

    # when the teacher goes from the request to a consultation
    page = client.get(reverse("support:request-book", args=[asked.pk])).content.decode()
    address = unescape(re.search(r'href="([^"]*/ask/[^"]*)"', page)[1])
    form = client.get(address).content.decode()

    # then the question stands in the form already
    assert asked.question in unescape(form.partition("<textarea")[2].partition("</textarea>")[0])
