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


def direction_on_paper(draft: DirectionDraft, position: int) -> Direction:
    """A direction that stands on paper only: not to be saved."""
    return Direction(
        position=position,
        name=draft.name,
        specialists_printed=draft.specialists,
        room_printed=draft.room,
        hours_printed=draft.hours,
        other_columns=[list(pair) for pair in draft.other],
    )


def schedule_draft(schedule: Schedule, directions: Iterable[Direction]) -> ScheduleDraft:
    """`directions` in printed order."""
    return ScheduleDraft(
        heading=schedule.heading,
        title=schedule.title,
        columns=columns_of(schedule.columns),
        directions=tuple(map(direction_draft, directions)),
    )
