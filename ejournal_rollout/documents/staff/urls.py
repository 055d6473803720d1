from django.urls import path

from . import views

app_name = "staff"

urlpatterns = [
    path("", views.staff_upload_new, name="upload-new"),
    path("sample/", views.staff_sample, name="sample"),
    path("<int:pk>/", views.staff_upload, name="upload"),
    path("<int:pk>/import/", views.staff_import, name="import"),
]
