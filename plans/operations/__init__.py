"""What people do with the plan: one verb, one function."""

from .acting import Act, is_allowed, is_own_report, open_acts, report_mark
from .meetings import close_minutes, decide, open_meeting, withdraw_decision, write_minutes
from .saved_views import change_view, delete_view, may_share, save_view
from .tasks import (
    accept_result,
    cancel_task,
    read_into,
    reopen_task,
    report_task,
    return_result,
    set_executors,
    start_task,
    write_note,
)
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
    "change_view",
    "close_minutes",
    "decide",
    "delete_view",
    "is_allowed",
    "is_own_report",
    "mark_step",
    "may_share",
    "open_acts",
    "open_meeting",
    "put_into_report",
    "read_into",
    "remove_evidence",
    "remove_step",
    "reopen_task",
    "report_mark",
    "report_task",
    "return_result",
    "save_view",
    "set_executors",
    "start_task",
    "unwatch",
    "watch",
    "withdraw_decision",
    "write_minutes",
    "write_note",
]
