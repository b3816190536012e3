"""What becomes of mails when the mail server is down, slow, or says no."""

import logging
import socketserver
import threading
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django_tasks_db.models import DBTaskResult

from comments.models import Comment, EmailAddress
from comments.tests.factories import comment_url, sent
from comments.tests.mail.test_digest import with_address
from publishing import mail
from publishing.tests.factories import make_article
from publishing.tests.served import free_port
from publishing.tests.worker import results, run_worker, waiting_tasks

ADDRESS = "writer@reader.example"


class Conversation(socketserver.StreamRequestHandler):
    """As much SMTP as Django speaks. `server.answer` is what is said to a recipient."""

    def handle(self):
        self.say("220 ready")
        while line := self.rfile.readline().decode().strip():
            verb = line.split(":")[0].upper()
            if verb.startswith(("EHLO", "HELO")):
                self.say("250 hello")
            elif verb == "RCPT TO":
                self.say(self.server.answer)
            elif verb == "DATA":
                self.say("354 go on")
                letter = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.letters.append(letter.decode())
                self.say("250 taken")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 fine")

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def server(settings):
    """A mail server of our own."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        server.daemon_threads, server.letters, server.answer = True, [], "250 fine"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        use_server(settings, server.server_address[1])
        yield server
        server.shutdown()


def use_server(settings, port):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""


@pytest.fixture
def comment(db, clock, post_from_site):
    """A comment that was sent with an address while the mail server's state is the test's business."""
    assert post_from_site(comment_url(make_article()), sent(email=ADDRESS)).status_code == 303
    return Comment.objects.get()


def confirmations():
    return [result for result in results() if result[0] == "mail_confirmation"]


def test_a_mail_goes_through_a_real_server(server, comment):
    run_worker()

    (letter,) = server.letters
    assert f"To: {ADDRESS}" in letter
    assert "Auto-Submitted: auto-generated" in letter
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in letter
    assert "List-Unsubscribe: <http://testserver/comments/mail/stop/" in letter.replace("\r\n ", "")
    assert waiting_tasks() == ["start_digest"]


def test_a_server_that_is_down_is_tried_again_with_growing_pauses(settings, comment, clock):
    use_server(settings, free_port())
    run_worker()
    assert confirmations() == [("mail_confirmation", "SUCCESSFUL", "not sent yet: ConnectionRefusedError")]

    tried = [0]
    for minutes in [1, 5, 25, 120, 600]:
        clock.shift(timedelta(minutes=minutes, seconds=-5))
        run_worker()
        before = len(confirmations())
        clock.shift(timedelta(seconds=10))
        run_worker()
        tried.append(len(confirmations()) - before)

    assert tried == [0, 1, 1, 1, 1, 1]
    assert confirmations()[-1][1] == "FAILED"
    assert "mail_confirmation" not in waiting_tasks()
    assert Comment.objects.get().notify == EmailAddress.objects.get()


def test_a_server_that_comes_back_gets_the_mail_once(settings, server, comment, clock):
    port = settings.EMAIL_PORT
    use_server(settings, free_port())
    run_worker()
    use_server(settings, port)

    for _ in range(3):
        clock.shift(timedelta(minutes=6))
        run_worker()

    assert len(server.letters) == 1


def test_an_address_that_the_server_refuses_is_not_tried_again(server, comment):
    server.answer = "550 no such mailbox"
    run_worker()

    assert confirmations() == [("mail_confirmation", "SUCCESSFUL", "refused for good: SMTPRecipientsRefused 550")]
    assert "mail_confirmation" not in waiting_tasks()


def test_an_address_that_the_server_refuses_for_now_is_tried_again(server, comment, clock):
    server.answer = "451 try later"
    run_worker()
    server.answer = "250 fine"

    clock.shift(timedelta(minutes=2))
    run_worker()

    assert len(server.letters) == 1


def test_a_worker_that_is_killed_while_it_sends_loses_no_mail(comment, clock, monkeypatch, mailoutbox):
    def killed(message):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", killed)
        run_worker()
    assert mailoutbox == []

    clock.shift(timedelta(minutes=2))
    run_worker()

    assert [message.to for message in mailoutbox] == [[ADDRESS]]


@pytest.mark.parametrize("answer", ["550 no <writer@reader.example>", "451 later, writer@reader.example"])
def test_no_task_and_no_log_holds_the_address(server, comment, clock, caplog, answer):
    server.answer = answer
    with caplog.at_level(logging.DEBUG):
        for minutes in [0, 2, 6, 30, 130, 700]:
            clock.shift(timedelta(minutes=minutes))
            run_worker()

    assert ADDRESS not in caplog.text
    for row in DBTaskResult.objects.all():
        stored = f"{row.args_kwargs} {row.return_value} {row.traceback}"
        assert "reader.example" not in stored and "for two people" not in stored


def test_a_digest_is_not_tried_any_more_when_the_next_one_is_due(settings, comment, clock):
    with_address()
    use_server(settings, free_port())
    clock.shift(timedelta(minutes=16))
    run_worker()
    for minutes in [2, 6, 26, 121]:
        clock.shift(timedelta(minutes=minutes))
        run_worker()
    tried = [result[2] for result in results() if result[0] == "mail_digest"]
    assert tried == ["not sent yet: ConnectionRefusedError"] * 5

    clock.shift(timedelta(hours=10, minutes=1))
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    run_worker()

    answers = [result[2] for result in results() if result[0] == "mail_digest"][5:]
    assert sorted(answers) == ["nothing to send", "sent"]


def test_sending_waits_no_longer_than_some_seconds(settings):
    assert 0 < settings.EMAIL_TIMEOUT <= 30
    assert len(mail.PAUSES) == 5
