"""So many files at once as the machine bears; who finds no place is told so in time."""

import time
from pathlib import Path

import pytest
from django.utils.translation import override

from ejournal_rollout.documents import reading_apart
from ejournal_rollout.documents.places import held_place
from ejournal_rollout.documents.reading import UnreadableFile
from ejournal_rollout.documents.reading_apart import MOST_AT_ONCE, read_order_apart

WORD = Path(__file__).parents[1] / "samples" / "order-337-01-18.docx"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def soon():
    return time.monotonic() + 0.15


def test_no_more_than_the_counted_places_are_held_at_once_and_a_freed_one_is_held_again():
    with held_place("work", count=2, until=soon()) as first:
        with held_place("work", count=2, until=soon()) as second, held_place("work", count=2, until=soon()) as third:
            assert (first, second, third) == (True, True, False)
        with held_place("work", count=2, until=soon()) as again:
            assert again


def test_places_of_another_name_are_free():
    with held_place("work", until=soon()), held_place("other", until=soon()) as held:
        assert held


def test_a_file_that_finds_no_place_to_be_read_gets_a_sentence_and_no_process_is_started(monkeypatch):
    monkeypatch.setattr(reading_apart, "WAITING_SECONDS", 0.1)
    monkeypatch.setattr(reading_apart, "_asked", lambda *given: pytest.fail("a process was started"))
    with (
        held_place("reading", count=MOST_AT_ONCE, until=soon()),
        held_place("reading", count=MOST_AT_ONCE, until=soon()),
        override("en"),
        pytest.raises(UnreadableFile) as refusal,
    ):
        read_order_apart(WORD.read_bytes(), WORD.name)
    assert "Try again in a minute" in str(refusal.value)


def test_the_place_is_free_again_after_a_file_was_read_and_after_one_was_refused():
    assert read_order_apart(WORD.read_bytes(), WORD.name).draft.tasks
    with pytest.raises(UnreadableFile):
        read_order_apart(b"PK\x03\x04 nothing", "order.docx")
    for _file in range(MOST_AT_ONCE):
        with held_place("reading", count=MOST_AT_ONCE, until=soon()) as held:
            assert held
