from django.urls import path

from .views import book, bookings, day, schedule, seminars, time_requests

app_name = "consultations"
urlpatterns = [
    path("", schedule.schedule, name="schedule"),
    path("direction/<int:pk>/", book.book, name="book"),
    path("direction/<int:pk>/ask/", time_requests.time_request_new, name="time-request-new"),
    path("mine/", bookings.bookings, name="bookings"),
    path("hours-reading/", schedule.hours_reading, name="hours-reading"),
    path("day/", day.day, name="day"),
    path("<int:pk>/", bookings.booking, name="booking"),
    path("<int:pk>/cancel/", bookings.booking_cancel, name="booking-cancel"),
    path("<int:pk>/attendance/", bookings.booking_attendance, name="booking-attendance"),
    path("requests/<int:pk>/", time_requests.time_request, name="time-request"),
    path("requests/<int:pk>/accept/", time_requests.time_accept, name="time-accept"),
    path("requests/<int:pk>/decline/", time_requests.time_decline, name="time-decline"),
    path("requests/<int:pk>/withdraw/", time_requests.time_withdraw, name="time-withdraw"),
    path("seminars/", seminars.seminars, name="seminars"),
    path("seminars/new/", seminars.seminar_new, name="seminar-new"),
    path("seminars/<int:pk>/", seminars.seminar, name="seminar"),
    path("seminars/<int:pk>/change/", seminars.seminar_change, name="seminar-change"),
    path("seminars/<int:pk>/sign-up/", seminars.seminar_sign_up, name="seminar-sign-up"),
    path("seminars/<int:pk>/enter/", seminars.seminar_enter, name="seminar-enter"),
    path("seminars/<int:pk>/cancel/", seminars.seminar_cancel, name="seminar-cancel"),
    path("seminars/<int:pk>/attendance/", seminars.seminar_attendance, name="seminar-attendance"),
    path("seminars/<int:pk>/sheet/", seminars.seminar_sheet, name="seminar-sheet"),
    path("seminars/places/<int:pk>/leave/", seminars.place_leave, name="place-leave"),
    path("seminars/places/<int:pk>/confirm/", seminars.place_confirm, name="place-confirm"),
    path("seminars/places/<int:pk>/give/", seminars.place_give, name="place-give"),
]
