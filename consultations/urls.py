from django.urls import path

<<<<<<< HEAD
from .views import book, bookings, calendar, day, day_list, lessons, report, schedule, seminars, time_requests, week
=======
from .views import book, bookings, calendar, day, day_list, lessons, schedule, seminars, time_requests, touched, week
>>>>>>> h6-rev5

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
    path("calendar/", calendar.calendar, name="calendar"),
    path("touched/", touched.touched, name="touched"),
    path("absences/new/", calendar.absence, name="absence-new"),
    path("absences/<int:pk>/", calendar.absence, name="absence"),
    path("absences/<int:pk>/delete/", calendar.absence_delete, name="absence-delete"),
    path("lessons/", lessons.lessons, name="lessons"),
    path("lessons/of/<int:pk>/", lessons.lessons, name="lessons-of"),
    path("lessons/of/<int:pk>/file/", lessons.timetable, name="timetable"),
    path("lessons/of/<int:pk>/file/save/", lessons.timetable_save, name="timetable-save"),
    path("lessons/<int:pk>/delete/", lessons.lesson_delete, name="lesson-delete"),
    path("report/", report.report, name="report"),
    path("report/file/", report.report_file, name="report-file"),
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
