"""Tables, and questions about their own rows."""

from kc.models.communities import Community, Membership
from kc.models.documents import DocumentTemplate, MadeDocument
from kc.models.knowledge import (
    ArticleAuthor,
    ArticleMeasure,
    ArticleView,
    Attachment,
    AttachmentDownload,
    KnowledgeArticle,
    UnplacedText,
)
from kc.models.language import OwnWord, SynonymGroup, SynonymTerm
from kc.models.notices import DailyRound, Notice
from kc.models.people import ApiToken, AuditEntry, Employee, OneTimeCode, OrgUnit, RoleAssignment, SignInEvent
from kc.models.questions import Answer, Question, QuestionFollower, QuestionHelper
from kc.models.reading import AttachmentOpening, FilePage, FileReading
from kc.models.saved_searches import IndexedChange, RecentSearch, SavedSearch, SavedSearchFind
from kc.models.search import SearchGap, SearchLog, SearchMonth, SearchOpening, SearchOutbox, SearchRequest
from kc.models.sessions import Attendance, Session, SessionNote, SessionNoteVersion
from kc.models.topics import FiscalYear, Topic
from kc.models.uploads import Upload

ALL = (
    OrgUnit,
    Employee,
    RoleAssignment,
    OneTimeCode,
    SignInEvent,
    ApiToken,
    AuditEntry,
    FiscalYear,
    Topic,
    Community,
    Membership,
    Session,
    Attendance,
    SessionNote,
    SessionNoteVersion,
    KnowledgeArticle,
    ArticleAuthor,
    ArticleMeasure,
    UnplacedText,
    Attachment,
    ArticleView,
    AttachmentDownload,
    AttachmentOpening,
    FileReading,
    FilePage,
    Upload,
    MadeDocument,
    DocumentTemplate,
    SearchOutbox,
    SearchLog,
    SearchOpening,
    SearchMonth,
    SearchGap,
    SearchRequest,
    RecentSearch,
    SavedSearch,
    SavedSearchFind,
    IndexedChange,
    SynonymGroup,
    SynonymTerm,
    OwnWord,
    Notice,
    DailyRound,
    Question,
    Answer,
    QuestionHelper,
    QuestionFollower,
)

__all__ = [model.__name__ for model in ALL] + ["ALL"]
