from django.urls import path

from .views import book, bookings, calendar, day, lessons, schedule, time_requests

app_name = "consultations"
urlpatterns = [
    path("", schedule.schedule, name="schedule"),
    path("direction/<int:pk>/", book.book, name="book"),
    path("direction/<int:pk>/ask/", time_requests.time_request_new, name="time-request-new"),
    path("mine/", bookings.bookings, name="bookings"),
    path("hours-reading/", schedule.hours_reading, name="hours-reading"),
    path("day/", day.day, name="day"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("absences/new/", calendar.absence, name="absence-new"),
    path("absences/<int:pk>/", calendar.absence, name="absence"),
    path("absences/<int:pk>/delete/", calendar.absence_delete, name="absence-delete"),
    path("lessons/", lessons.lessons, name="lessons"),
    path("lessons/of/<int:pk>/", lessons.lessons, name="lessons-of"),
    path("lessons/of/<int:pk>/file/", lessons.timetable, name="timetable"),
    path("lessons/of/<int:pk>/file/save/", lessons.timetable_save, name="timetable-save"),
    path("lessons/<int:pk>/delete/", lessons.lesson_delete, name="lesson-delete"),
    path("<int:pk>/", bookings.booking, name="booking"),
    path("<int:pk>/move/", book.booking_move, name="booking-move"),
    path("<int:pk>/cancel/", bookings.booking_cancel, name="booking-cancel"),
    path("<int:pk>/restore/", bookings.booking_restore, name="booking-restore"),
    path("<int:pk>/attendance/", bookings.booking_attendance, name="booking-attendance"),
    path("screenshots/<int:pk>/", bookings.screenshot, name="screenshot"),
    path("requests/<int:pk>/", time_requests.time_request, name="time-request"),
    path("requests/<int:pk>/accept/", time_requests.time_accept, name="time-accept"),
    path("requests/<int:pk>/decline/", time_requests.time_decline, name="time-decline"),
    path("requests/<int:pk>/withdraw/", time_requests.time_withdraw, name="time-withdraw"),
]
