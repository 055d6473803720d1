from django.urls import path

from . import calendars, meetings, views
from .rounds import findings, paper, planning

app_name = "desk"

urlpatterns = [
    path("", views.home, name="home"),
    path("history/", views.history, name="history"),
    path("school/", views.switch_school, name="switch-school"),
    path("minutes/<int:pk>.docx", meetings.minutes, name="minutes"),
    path("calendars/", calendars.calendars, name="calendars"),
    path("calendars/replace/", calendars.calendars_replace, name="calendars-replace"),
    path("calendars/<slug:kind>/<slug:secret>.ics", calendars.calendar, name="calendar"),
    path("rounds/of-task/<int:pk>/", planning.rounds_new, name="rounds-new"),
    path("rounds/<int:pk>/move/", planning.round_move, name="round-move"),
    path("rounds/<int:pk>/repeat/", planning.round_repeat, name="round-repeat"),
    path("rounds/<int:pk>/word/", paper.round_docx, name="round-docx"),
    path("findings/<int:pk>/help/", findings.finding_help, name="finding-help"),
    path("findings/<int:pk>/consultation/", findings.finding_consultation, name="finding-consultation"),
]
