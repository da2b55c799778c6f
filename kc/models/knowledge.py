"""Published knowledge (องค์ความรู้): the five-part form, its figures, authors, files and honest counts."""

import peewee as pw

from kc import clock
from kc.db import BaseModel, VersionedModel
from kc.models.communities import Community
from kc.models.people import Employee, OrgUnit
from kc.models.sessions import Session, SessionNote
from kc.models.topics import FiscalYear, Topic
from kc.models.trials import Trial

ARTICLE_KINDS = ("best_practice", "lesson_learned", "story", "manual", "innovation")
PARTS = ("background", "goals", "target_group", "method", "results")
DRAFT, SUBMITTED, PUBLISHED, RETIRED = "draft", "submitted", "published", "retired"
ARTICLE_STATUSES = (DRAFT, SUBMITTED, PUBLISHED, RETIRED)
ATTACHMENT_KINDS = ("exchange_form", "summary", "picture", "other")
# What the virus scanner said. "": nothing against it (or nobody is asked); waiting: not asked yet, given to nobody.
WAITING, INFECTED = "waiting", "infected"


class KnowledgeArticle(VersionedModel):
    """One piece of knowledge. The parts stand in the official form's order (S0-165…170)."""

    external_id = pw.TextField(null=True, unique=True)
    title = pw.TextField()
    summary = pw.TextField(default="")
    kind = pw.TextField(default="best_practice")
    knowledge_type = pw.TextField(default="")  # tacit | explicit | not said (S0-11)
    community = pw.ForeignKeyField(Community, null=True, backref="articles", on_delete="RESTRICT")
    topic = pw.ForeignKeyField(Topic, null=True, backref="articles", on_delete="RESTRICT")
    unit = pw.ForeignKeyField(OrgUnit, null=True, backref="articles", on_delete="RESTRICT")
    fiscal_year = pw.ForeignKeyField(FiscalYear, null=True, backref="articles", on_delete="RESTRICT")
    background = pw.TextField(default="")
    goals = pw.TextField(default="")
    target_group = pw.TextField(default="")
    method = pw.TextField(default="")
    results = pw.TextField(default="")
    body = pw.TextField(default="")  # text of imported knowledge that never had the five parts
    results_on = pw.DateField(null=True)
    status = pw.TextField(default=DRAFT)
    source_url = pw.TextField(default="", index=True)  # the page of ours it came from
    form_key = pw.TextField(unique=True)
    created_by = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="RESTRICT")
    created_at = pw.DateTimeField(default=clock.now)
    updated_by = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    updated_at = pw.DateTimeField(default=clock.now)
    submitted_at = pw.DateTimeField(null=True)
    published_on = pw.DateField(null=True)
    published_by = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    returned_reason = pw.TextField(default="")
    view_count = pw.IntegerField(default=0)  # people per day, see ArticleView; kept here so that lists need no counting
    download_count = pw.IntegerField(default=0)

    class Meta:
        # Each answers its lists and counts by itself: the rows are long, and thousands of them are slow to visit.
        indexes = (
            (("status", "published_on"), False),
            (("status", "view_count"), False),
            (("status", "topic"), False),
            (("status", "unit"), False),
        )

    @property
    def is_published(self) -> bool:
        return self.status == PUBLISHED


class ArticleAuthor(BaseModel):
    """An author; stays an author after leaving the organisation (S0-17)."""

    article = pw.ForeignKeyField(KnowledgeArticle, backref="authorships", on_delete="CASCADE")
    employee = pw.ForeignKeyField(Employee, backref="authorships", on_delete="RESTRICT")
    position = pw.IntegerField(default=0)

    class Meta:
        indexes = ((("article", "employee"), True),)


class ArticleMeasure(BaseModel):
    """A goal and its result side by side (S0-169): what is measured, in which unit, before, wanted and after."""

    article = pw.ForeignKeyField(KnowledgeArticle, backref="measures", on_delete="CASCADE")
    position = pw.IntegerField(default=0)
    measure = pw.TextField()
    unit = pw.TextField(default="")
    before = pw.TextField(default="")
    target = pw.TextField(default="")
    after = pw.TextField(default="")


class ArticleTrial(BaseModel):
    """A trial that an article was written from; whoever reads the article may look at it (S0-143)."""

    article = pw.ForeignKeyField(KnowledgeArticle, backref="trial_links", on_delete="CASCADE")
    trial = pw.ForeignKeyField(Trial, backref="article_links", on_delete="CASCADE")

    class Meta:
        indexes = ((("article", "trial"), True),)


class UnplacedText(BaseModel):
    """A piece of an old form that no field took, kept beside the draft until a person has dealt with it (D11)."""

    article = pw.ForeignKeyField(KnowledgeArticle, backref="unplaced", on_delete="CASCADE")
    position = pw.IntegerField(default=0)
    text = pw.TextField()
    settled_at = pw.DateTimeField(null=True)


class Attachment(BaseModel):
    """A file of an article, a session or a trial. Its bytes are stored under `sha256`; its Thai name is data."""

    article = pw.ForeignKeyField(KnowledgeArticle, null=True, backref="attachments", on_delete="CASCADE")
    session = pw.ForeignKeyField(Session, null=True, backref="attachments", on_delete="CASCADE")
    note = pw.ForeignKeyField(SessionNote, null=True, backref="attachments", on_delete="SET NULL")
    trial = pw.ForeignKeyField(Trial, null=True, backref="attachments", on_delete="CASCADE")
    kind = pw.TextField(default="other")
    filename = pw.TextField()
    content_type = pw.TextField()
    size = pw.IntegerField()
    sha256 = pw.TextField(index=True)
    alt_text = pw.TextField(default="")
    uploaded_by = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    uploaded_at = pw.DateTimeField(default=clock.now)
    download_count = pw.IntegerField(default=0)
    open_count = pw.IntegerField(default=0)  # in the viewer, people per day
    scan = pw.TextField(default="", index=True)
    width = pw.IntegerField(null=True)  # of a picture, in pixels
    height = pw.IntegerField(null=True)

    @property
    def is_quarantined(self) -> bool:
        return self.scan != ""

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def lacks_words(self) -> bool:
        """A picture that says nothing to those who do not see it."""
        return self.is_picture and not self.alt_text and not self.is_quarantined

    @classmethod
    def open_ones(cls) -> pw.Expression:
        """Condition: files that may be opened. Those that wait for the virus scanner are given to nobody."""
        return cls.scan == ""


class ArticleView(BaseModel):
    """One person opened one article on one day; authors and their own articles are not counted (D17)."""

    article = pw.ForeignKeyField(KnowledgeArticle, backref="views", on_delete="CASCADE")
    employee = pw.ForeignKeyField(Employee, backref="+", on_delete="CASCADE")
    day = pw.DateField()

    class Meta:
        indexes = ((("article", "employee", "day"), True),)


class AttachmentDownload(BaseModel):
    """One person downloaded one file on one day."""

    attachment = pw.ForeignKeyField(Attachment, backref="downloads", on_delete="CASCADE")
    employee = pw.ForeignKeyField(Employee, backref="+", on_delete="CASCADE")
    day = pw.DateField()

    class Meta:
        indexes = ((("attachment", "employee", "day"), True),)
