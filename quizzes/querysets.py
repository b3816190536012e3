"""Querysets of quizzes."""

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from articles.models import Article
from publishing.bases.publishable import PublishableQuerySet


class QuizQuerySet(PublishableQuerySet):
    def for_list(self):
        """With category and articles, also those in the trash: a page changes when one is restored."""
        articles = Article.everything.only("slug", "title", "status", "published_at").newest_first()
        return self.select_related("category").prefetch_related(Prefetch("articles", queryset=articles))

    def in_review(self):
        """Sent for review; what waits longest comes first."""
        return self.filter(status="review").order_by("modified_at", "pk")

    def sent_back(self):
        """With a note that says what should change; the one first that was changed last."""
        return self.filter(status="draft").exclude(review_note="").order_by("-modified_at", "-pk")

    def visible_to(self, user):
        """For editors all quizzes, for authors those of their own articles alone."""
        if user.has_perm("quizzes.publish_quiz"):
            return self
        if not user.has_perm("quizzes.view_quiz"):
            return self.none()
        links, own = self.model.articles.through.objects, Article.everything.written_by(user)
        links = links.filter(quiz=OuterRef("pk")).order_by()
        return self.filter(Exists(links.filter(article__in=own)), ~Exists(links.exclude(article__in=own)))

    def editable_by(self, user):
        """For editors all quizzes, for authors those of their own articles that are drafts or in review."""
        if not user.has_perm("quizzes.change_quiz"):
            return self.none()
        if user.has_perm("quizzes.publish_quiz"):
            return self
        return self.visible_to(user).filter(status__in=["draft", "review"])


class QuestionQuerySet(QuerySet):
    def visible_to(self, user):
        """For editors the whole bank, for authors all but questions that only others' unpublished quizzes have."""
        if user.has_perm("quizzes.publish_quiz"):
            return self
        if not user.has_perm("quizzes.view_question"):
            return self.none()
        quizzes, placements = self._quizzes(), self._placements()
        seen = placements.filter(Q(quiz__in=quizzes.visible_to(user)) | Q(quiz__in=quizzes.published()))
        return self.filter(Q(written_by=user) | ~Exists(placements) | Exists(seen))

    def editable_by(self, user):
        """For editors the whole bank; for authors what they wrote and no quiz has but those that they can change."""
        if not user.has_perm("quizzes.change_question"):
            return self.none()
        if user.has_perm("quizzes.publish_quiz"):
            return self
        elsewhere = self._placements().exclude(quiz__in=self._quizzes().editable_by(user))
        return self.filter(~Exists(elsewhere), written_by=user)

    def _placements(self):
        placement = self.model._meta.get_field("placements").related_model
        return placement.objects.filter(question=OuterRef("pk")).order_by()

    def _quizzes(self):
        return self.model._meta.get_field("quizzes").related_model.objects.order_by()
