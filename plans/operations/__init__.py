"""What people do with the plan: one verb, one function."""

from .acting import Act, is_allowed, is_own_report, open_acts, report_mark
from .meetings import close_minutes, decide, open_meeting, withdraw_decision, write_minutes
from .tasks import (
    accept_result,
    cancel_task,
    reopen_task,
    report_task,
    return_result,
    start_task,
    write_note,
)
from .words import choose_executors, read_executors_into, read_into, set_executors, take_days
from .work import (
    add_step,
    attach_evidence,
    mark_step,
    put_into_report,
    remove_evidence,
    remove_step,
    unwatch,
    watch,
)

__all__ = [
    "Act",
    "accept_result",
    "add_step",
    "attach_evidence",
    "cancel_task",
    "choose_executors",
    "close_minutes",
    "decide",
    "is_allowed",
    "is_own_report",
    "mark_step",
    "open_acts",
    "open_meeting",
    "put_into_report",
    "read_executors_into",
    "read_into",
    "remove_evidence",
    "remove_step",
    "reopen_task",
    "report_mark",
    "report_task",
    "return_result",
    "set_executors",
    "start_task",
    "take_days",
    "unwatch",
    "watch",
    "withdraw_decision",
    "write_minutes",
    "write_note",
]
