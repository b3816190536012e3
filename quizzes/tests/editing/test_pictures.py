"""Pictures of questions that are deleted, and of editions that are frozen."""

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from articles.models import Image
from publishing.tests.factories import make_user
from publishing.tests.pictures import picture, uploaded
from quizzes.tests.factories import make_question, make_quiz

pytestmark = pytest.mark.django_db


@pytest.fixture
def image():
    return Image.objects.create(file=uploaded(), alt="A flag")


@pytest.fixture
def quiz(image):
    quiz = make_quiz(questions=0, published=False)
    make_question(quiz, stem=f"Which? ![A flag]({image.file.url})")
    quiz.publish(by=make_user("owner"))
    return quiz


def test_a_picture_says_which_questions_use_it(client, quiz, image):
    client.force_login(make_user("editor"))

    page = client.get(reverse("admin:articles_image_delete", args=[image.pk])).content.decode()

    assert "In the question" in page
    assert reverse("admin:quizzes_question_change", args=[quiz.questions.get().pk]) in page


def test_a_deleted_picture_of_a_question_is_gone_with_its_file(client, quiz, image):
    address = quiz.get_absolute_url()
    assert image.file.url in client.get(address).content.decode()
    bundle = quiz.editions.get().bundle

    image.delete()

    page = client.get(address).content.decode()
    assert "<em>Image: A flag</em>" in page
    assert image.key not in page
    assert not default_storage.exists(image.file.name)
    assert quiz.editions.get().bundle == bundle


def test_a_replaced_picture_of_a_question_is_the_new_one(client, quiz, image):
    client.get(quiz.get_absolute_url())

    for size in ((80, 20), (20, 80)):
        image.file = uploaded(picture(size=size))
        image.save()

    page = client.get(quiz.get_absolute_url()).content.decode()
    assert f'<img src="{image.file.url}" alt="A flag" width="20" height="80"' in page
