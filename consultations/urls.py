from django.urls import path

from . import views

app_name = "consultations"
urlpatterns = [
    path("", views.schedule, name="schedule"),
    path("direction/<int:pk>/", views.book, name="book"),
    path("direction/<int:pk>/ask/", views.time_request_new, name="time-request-new"),
    path("mine/", views.bookings, name="bookings"),
    path("hours-reading/", views.hours_reading, name="hours-reading"),
    path("day/", views.day, name="day"),
    path("<int:pk>/", views.booking, name="booking"),
    path("<int:pk>/cancel/", views.booking_cancel, name="booking-cancel"),
    path("<int:pk>/attendance/", views.booking_attendance, name="booking-attendance"),
    path("requests/<int:pk>/", views.time_request, name="time-request"),
    path("requests/<int:pk>/accept/", views.time_accept, name="time-accept"),
    path("requests/<int:pk>/decline/", views.time_decline, name="time-decline"),
    path("requests/<int:pk>/withdraw/", views.time_withdraw, name="time-withdraw"),
]
