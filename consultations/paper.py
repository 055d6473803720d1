"""The schedule as the paper has it, from records that are read already."""

from collections.abc import Iterable

from ejournal_rollout.orders.drafts import DirectionDraft, ScheduleDraft, columns_of

from .models import Direction, Schedule


def direction_draft(direction: Direction) -> DirectionDraft:
    return DirectionDraft(
        name=direction.name,
        specialists=direction.specialists_printed,
        room=direction.room_printed,
        hours=direction.hours_printed,
        other=tuple((header, cell) for header, cell in direction.other_columns),
    )


def schedule_draft(schedule: Schedule, directions: Iterable[Direction]) -> ScheduleDraft:
    """`directions` in printed order."""
    return ScheduleDraft(
        heading=schedule.heading,
        title=schedule.title,
        columns=columns_of(schedule.columns),
        directions=tuple(map(direction_draft, directions)),
    )
