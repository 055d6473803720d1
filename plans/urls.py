from django.urls import path

from . import reminder_views, views

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
]
