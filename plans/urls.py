from django.urls import path

from .views import meetings, plan, saved, status, task, work

app_name = "plans"

urlpatterns = [
    path("", plan.plan, name="plan"),
    path("lists/", saved.saved_views, name="views"),
    path("lists/new/", saved.view_new, name="view-new"),
    path("lists/<int:pk>/change/", saved.view_change, name="view-change"),
    path("lists/<int:pk>/delete/", saved.view_delete, name="view-delete"),
    path("status/", status.status, name="status"),
    path("term-reading/", task.term_reading, name="term-reading"),
    path("tasks/<int:pk>/", task.task, name="task"),
    path("tasks/<int:pk>/note/", task.task_note, name="task-note"),
    path("tasks/<int:pk>/start/", task.task_start, name="task-start"),
    path("tasks/<int:pk>/report/", task.task_report, name="task-report"),
    path("tasks/<int:pk>/accept/", task.task_accept, name="task-accept"),
    path("tasks/<int:pk>/return/", task.task_return, name="task-return"),
    path("tasks/<int:pk>/reopen/", task.task_reopen, name="task-reopen"),
    path("tasks/<int:pk>/cancel/", task.task_cancel, name="task-cancel"),
    path("tasks/<int:pk>/history/", task.task_history, name="task-history"),
    path("tasks/<int:pk>/evidence/", work.evidence_new, name="evidence-new"),
    path("tasks/<int:pk>/steps/", work.step_new, name="step-new"),
    path("tasks/<int:pk>/watch/", work.task_watch, name="task-watch"),
    path("tasks/<int:pk>/watch-stage/", work.stage_watch, name="stage-watch"),
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/new/", meetings.meeting_new, name="meeting-new"),
    path("meetings/<int:pk>/", meetings.meeting, name="meeting"),
    path("meetings/<int:pk>/write/", meetings.meeting_write, name="meeting-write"),
    path("meetings/<int:pk>/decide/", meetings.decision_new, name="decision-new"),
    path("meetings/<int:pk>/close/", meetings.meeting_close, name="meeting-close"),
    path("decisions/<int:pk>/withdraw/", meetings.decision_withdraw, name="decision-withdraw"),
    path("evidence/<int:pk>/", work.evidence, name="evidence"),
    path("evidence/<int:pk>/remove/", work.evidence_remove, name="evidence-remove"),
    path("evidence/<int:pk>/report/", work.evidence_sort, name="evidence-sort"),
    path("steps/<int:pk>/mark/", work.step_mark, name="step-mark"),
    path("steps/<int:pk>/remove/", work.step_remove, name="step-remove"),
]
