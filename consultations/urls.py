from django.urls import path

from .views import book, bookings, day, day_list, schedule, time_requests, week

app_name = "consultations"
urlpatterns = [
    path("", schedule.schedule, name="schedule"),
    path("direction/<int:pk>/", book.book, name="book"),
    path("direction/<int:pk>/ask/", time_requests.time_request_new, name="time-request-new"),
    path("mine/", bookings.bookings, name="bookings"),
    path("hours-reading/", schedule.hours_reading, name="hours-reading"),
    path("week/", week.week, name="week"),
    path("door/", week.door, name="door"),
    path("day/", day.day, name="day"),
    path("day/list/", day_list.day_list, name="day-list"),
    path("<int:pk>/", bookings.booking, name="booking"),
    path("<int:pk>/move/", book.booking_move, name="booking-move"),
    path("<int:pk>/cancel/", bookings.booking_cancel, name="booking-cancel"),
    path("<int:pk>/restore/", bookings.booking_restore, name="booking-restore"),
    path("<int:pk>/attendance/", bookings.booking_attendance, name="booking-attendance"),
    path("screenshots/<int:pk>/", bookings.screenshot, name="screenshot"),
    path("<int:pk>/note/", bookings.booking_note, name="booking-note"),
    path("<int:pk>/rate/", bookings.booking_rate, name="booking-rate"),
    path("<int:pk>/continuation/", bookings.follow_up_propose, name="follow-up-propose"),
    path("<int:pk>/continuation/done/", bookings.follow_up_done, name="follow-up-done"),
    path("requests/<int:pk>/", time_requests.time_request, name="time-request"),
    path("requests/<int:pk>/accept/", time_requests.time_accept, name="time-accept"),
    path("requests/<int:pk>/decline/", time_requests.time_decline, name="time-decline"),
    path("requests/<int:pk>/withdraw/", time_requests.time_withdraw, name="time-withdraw"),
]
