"""Tables, and questions about their own rows."""

from kc.models.communities import (
    Community,
    CommunityChange,
    CommunityLink,
    Guest,
    Invitation,
    JoinRequest,
    Membership,
)
from kc.models.documents import DocumentTemplate, MadeDocument
from kc.models.evaluation import (
    Assessment,
    Evaluation,
    EvaluationQuestion,
    FollowUp,
    FollowUpPlan,
    KnowledgeUse,
)
from kc.models.knowledge import (
    ArticleAuthor,
    ArticleMeasure,
    ArticleTrial,
    ArticleView,
    Attachment,
    AttachmentDownload,
    KnowledgeArticle,
    UnplacedText,
)
from kc.models.language import OwnWord, SynonymGroup, SynonymTerm
from kc.models.mail import Mail
from kc.models.notices import DailyRound, Notice, NoticeChoice
from kc.models.people import ApiToken, AuditEntry, Employee, OneTimeCode, OrgUnit, RoleAssignment, SignInEvent
from kc.models.plans import (
    CalendarFeed,
    LearningPlan,
    LearningPlanVersion,
    MeetingPlan,
    Proposal,
    ProposalVote,
    SeriesDay,
    SessionNotified,
    SessionSeries,
    SessionStep,
)
from kc.models.questions import Answer, Question, QuestionFollower, QuestionHelper
from kc.models.reading import AttachmentOpening, FilePage, FileReading
from kc.models.rounds import Round, RoundExtension, RoundFile, RoundInvitation, YearClosing
from kc.models.saved_searches import IndexedChange, RecentSearch, SavedSearch, SavedSearchFind
from kc.models.search import SearchGap, SearchLog, SearchMonth, SearchOpening, SearchOutbox, SearchRequest
from kc.models.session_day import ParkedThought, SessionSummary, SessionSummaryVersion, SessionTimer
from kc.models.sessions import Attendance, JointSession, Session, SessionNote, SessionNoteVersion
from kc.models.topics import FiscalYear, Topic
from kc.models.trials import Trial
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
    Guest,
    JoinRequest,
    Invitation,
    CommunityLink,
    CommunityChange,
    Session,
    JointSession,
    Attendance,
    SessionNote,
    SessionNoteVersion,
    SessionTimer,
    ParkedThought,
    SessionSummary,
    SessionSummaryVersion,
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
    NoticeChoice,
    DailyRound,
    Evaluation,
    EvaluationQuestion,
    Assessment,
    FollowUpPlan,
    FollowUp,
    KnowledgeUse,
    Round,
    RoundFile,
    RoundInvitation,
    RoundExtension,
    YearClosing,
    LearningPlan,
    LearningPlanVersion,
    MeetingPlan,
    SessionStep,
    SessionSeries,
    SeriesDay,
    SessionNotified,
    Proposal,
    ProposalVote,
    CalendarFeed,
    Mail,
    Trial,
    ArticleTrial,
    Question,
    Answer,
    QuestionHelper,
    QuestionFollower,
)

__all__ = [model.__name__ for model in ALL] + ["ALL"]
