"""A stock Django with its admin, run by Debian's python3-django: `django-site.py FOLDER [ssl-redirect]`.

Prints one line of JSON: its port, and the cookie of a session for each kind of visitor. Ends with its standard input.
"""
import json
import os
import socketserver
import sys
import threading
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.conf import settings

folder, *words = sys.argv[1:]
settings.configure(
    SECRET_KEY="not a secret: it signs nothing outside of a test",
    ALLOWED_HOSTS=["one.test", "127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.messages",
        "django.contrib.sessions",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.path.join(folder, "django.sqlite")}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    STATIC_URL="/static/",
    SECURE_SSL_REDIRECT="ssl-redirect" in words,
    SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"),
    LOGGING_CONFIG=None,
)
django.setup()

from django.contrib import admin  # noqa: E402
from django.contrib.auth.decorators import user_passes_test  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import path  # noqa: E402


@user_passes_test(lambda user: user.is_superuser, login_url="/admin/login/")
def superusers_only(request):
    return HttpResponse("superusers only")


def everybody(request):
    return HttpResponse(f"hello {request.user}")


urlpatterns = [
    path("admin/", admin.site.urls),
    path("superusers-only/", superusers_only),
    path("", everybody),
]


class Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64


class Handler(WSGIRequestHandler):
    def log_message(self, *_):
        pass


def cookie_of(user):
    client = Client()
    client.force_login(user)
    return f"sessionid={client.cookies['sessionid'].value}"


call_command("migrate", verbosity=0)
users = {
    "plain": User.objects.create_user("plain", password="plain"),
    "staff": User.objects.create_user("staff", password="staff", is_staff=True),
    "inactive": User.objects.create_user("inactive", password="inactive", is_staff=True),
    "superuser": User.objects.create_superuser("superuser", password="superuser"),
}
cookies = {name: cookie_of(user) for name, user in users.items()}
User.objects.filter(username="inactive").update(is_active=False)
server = make_server("127.0.0.1", 0, get_wsgi_application(), server_class=Server, handler_class=Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(json.dumps({"port": server.server_port, "cookies": cookies}), flush=True)
sys.stdin.read()
