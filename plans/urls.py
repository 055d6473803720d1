from django.urls import path

from . import reminder_views, round_views, views, work_views

app_name = "plans"

urlpatterns = [
    path("", views.plan, name="plan"),
    path("status/", views.status, name="status"),
    path("told/", reminder_views.told, name="told"),
    path("reminders/", reminder_views.reminder_rules, name="reminder-rules"),
    path("term-reading/", views.term_reading, name="term-reading"),
    path("tasks/<int:pk>/", views.task, name="task"),
    path("tasks/<int:pk>/note/", views.task_note, name="task-note"),
    path("tasks/<int:pk>/start/", views.task_start, name="task-start"),
    path("tasks/<int:pk>/report/", views.task_report, name="task-report"),
    path("tasks/<int:pk>/accept/", views.task_accept, name="task-accept"),
    path("tasks/<int:pk>/return/", views.task_return, name="task-return"),
    path("tasks/<int:pk>/reopen/", views.task_reopen, name="task-reopen"),
    path("tasks/<int:pk>/cancel/", views.task_cancel, name="task-cancel"),
    path("tasks/<int:pk>/history/", views.task_history, name="task-history"),
    path("tasks/<int:pk>/evidence/", work_views.evidence_new, name="evidence-new"),
    path("tasks/<int:pk>/steps/", work_views.step_new, name="step-new"),
    path("tasks/<int:pk>/watch/", work_views.task_watch, name="task-watch"),
    path("tasks/<int:pk>/watch-stage/", work_views.stage_watch, name="stage-watch"),
    path("evidence/<int:pk>/", work_views.evidence, name="evidence"),
    path("evidence/<int:pk>/remove/", work_views.evidence_remove, name="evidence-remove"),
    path("evidence/<int:pk>/report/", work_views.evidence_sort, name="evidence-sort"),
    path("steps/<int:pk>/mark/", work_views.step_mark, name="step-mark"),
    path("steps/<int:pk>/remove/", work_views.step_remove, name="step-remove"),
    path("rounds/<int:pk>/", round_views.round_page, name="round"),
    path("rounds/<int:pk>/hold/", round_views.round_hold, name="round-hold"),
    path("rounds/<int:pk>/correct/", round_views.round_correct, name="round-correct"),
    path("rounds/<int:pk>/cancel/", round_views.round_cancel, name="round-cancel"),
    path("rounds/<int:pk>/findings/", round_views.finding_new, name="finding-new"),
    path("rounds/<int:pk>/note/", round_views.round_note, name="round-note"),
    path("findings/<int:pk>/settle/", round_views.finding_settle, name="finding-settle"),
]
