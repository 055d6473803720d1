"""The school named in an order is ours however its name is typed."""

import pytest

from ejournal_rollout.orders.school_name import names_another_school


@pytest.mark.parametrize(
    "organization", ["МБОУ «Школа № 12»", 'мбоу "ШКОЛА №12"', "МБОУ\n„Школа  № 12“", "МБОУ Школа № 12.", "", " «» "]
)
def test_quotes_capitals_and_blanks_do_not_make_another_school(organization):
    assert not names_another_school(organization, "МБОУ «Школа № 12»")


@pytest.mark.parametrize("organization", ["МБОУ «Школа № 1»", "МОУ «Школа № 12»", "Школа"])
def test_another_number_or_name_is_another_school(organization):
    assert names_another_school(organization, "МБОУ «Школа № 12»")
