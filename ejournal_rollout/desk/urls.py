from django.urls import path

from . import calendars, meetings, seminars, views
from .report import views as report
from .rounds import findings, paper, planning

app_name = "desk"

urlpatterns = [
    path("", views.home, name="home"),
    path("history/", views.history, name="history"),
    path("school/", views.switch_school, name="switch-school"),
    path("minutes/<int:pk>.docx", meetings.minutes, name="minutes"),
    path("seminars/<int:pk>.docx", seminars.seminar_sheet, name="seminar-sheet"),
    path("reports/", report.reports, name="reports"),
    path("reports/new/", report.report_new, name="report-new"),
    path("reports/<int:pk>/", report.report, name="report"),
    path("reports/<int:pk>/write/", report.report_write, name="report-write"),
    path("reports/<int:pk>/freeze/", report.report_freeze, name="report-freeze"),
    path("reports/<int:pk>.docx", report.report_docx, name="report-docx"),
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
