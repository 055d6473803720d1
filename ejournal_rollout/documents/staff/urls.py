from django.urls import path

from . import views

urlpatterns = [
    path("", views.staff_upload_new, name="staff-upload-new"),
    path("sample/", views.staff_sample, name="staff-sample"),
    path("<int:pk>/", views.staff_upload, name="staff-upload"),
    path("<int:pk>/import/", views.staff_import, name="staff-import"),
]
