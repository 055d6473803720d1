from django.urls import path

from . import calendars, meetings, views

app_name = "desk"

urlpatterns = [
    path("", views.home, name="home"),
    path("history/", views.history, name="history"),
    path("school/", views.switch_school, name="switch-school"),
    path("minutes/<int:pk>.docx", meetings.minutes, name="minutes"),
    path("calendars/", calendars.calendars, name="calendars"),
    path("calendars/replace/", calendars.calendars_replace, name="calendars-replace"),
    path("calendars/<slug:kind>/<slug:secret>.ics", calendars.calendar, name="calendar"),
]
