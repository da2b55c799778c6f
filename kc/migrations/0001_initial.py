"""The first schema. Models here are frozen copies, independent of kc/models."""

from peewee import *  # noqa: F403


def up(migrator, db):
    class OrgUnit(Model):
        code = TextField(unique=True)
        name = TextField()
        kind = TextField()
        parent = ForeignKeyField('self', null=True, on_delete='RESTRICT')
        path = TextField(index=True, default='')
        sort_key = TextField(index=True)
        is_active = BooleanField(default=True)
        class Meta:
            database = db
            table_name = 'org_unit'
    db.create_tables([OrgUnit])

    class Employee(Model):
        employee_id = TextField(unique=True)
        title = TextField(default='')
        first_name = TextField()
        last_name = TextField(default='')
        name = TextField()
        sort_key = TextField(index=True)
        position = TextField(default='')
        level = TextField(default='')
        unit = ForeignKeyField(OrgUnit, on_delete='RESTRICT')
        email = TextField(default='')
        phone = TextField(default='')
        expertise = TextField(default='')
        is_active = BooleanField(default=True)
        departed_on = DateField(null=True)
        password_hash = TextField(default='')
        sign_in_epoch = IntegerField(default=1)
        locked_reason = TextField(default='')
        activation_digits = TextField(default='')
        language = TextField(default='')
        theme = TextField(default='')
        created_at = DateTimeField()
        class Meta:
            database = db
            table_name = 'employee'
    db.create_tables([Employee])

    class ApiToken(Model):
        employee = ForeignKeyField(Employee, on_delete='CASCADE')
        name = TextField()
        token_hash = TextField(unique=True)
        created_at = DateTimeField()
        last_used_on = DateField(null=True)
        revoked_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'api_token'
    db.create_tables([ApiToken])

    class FiscalYear(Model):
        year = IntegerField(unique=True)
        starts_on = DateField()
        ends_on = DateField()
        class Meta:
            database = db
            table_name = 'fiscal_year'
    db.create_tables([FiscalYear])

    class Topic(Model):
        fiscal_year = ForeignKeyField(FiscalYear, on_delete='RESTRICT')
        series = IntegerField(index=True, default=0)
        name = TextField()
        description = TextField(default='')
        position = IntegerField(default=0)
        retired_at = DateTimeField(null=True)
        created_at = DateTimeField()
        class Meta:
            database = db
            table_name = 'topic'
            indexes = ((('fiscal_year', 'name'), True),)
    db.create_tables([Topic])

    class Community(Model):
        version = IntegerField(default=1)
        fiscal_year = ForeignKeyField(FiscalYear, on_delete='RESTRICT')
        unit = ForeignKeyField(OrgUnit, on_delete='RESTRICT')
        unit_name = TextField()
        name = TextField()
        name_key = TextField()
        sort_key = TextField(index=True)
        knowledge_title = TextField()
        topic = ForeignKeyField(Topic, on_delete='RESTRICT')
        goals = TextField(default='')
        agreement = TextField(default='')
        status = TextField(default='active')
        cancelled_reason = TextField(default='')
        renewed_from = ForeignKeyField('self', null=True, on_delete='SET NULL')
        form_key = TextField(unique=True)
        created_by = ForeignKeyField(Employee, on_delete='RESTRICT')
        created_at = DateTimeField()
        updated_at = DateTimeField()
        class Meta:
            database = db
            table_name = 'community'
            indexes = ((('fiscal_year', 'unit', 'name_key'), True),)
    db.create_tables([Community])

    class KnowledgeArticle(Model):
        version = IntegerField(default=1)
        external_id = TextField(unique=True, null=True)
        title = TextField()
        summary = TextField(default='')
        kind = TextField(default='best_practice')
        knowledge_type = TextField(default='')
        community = ForeignKeyField(Community, null=True, on_delete='RESTRICT')
        topic = ForeignKeyField(Topic, null=True, on_delete='RESTRICT')
        unit = ForeignKeyField(OrgUnit, null=True, on_delete='RESTRICT')
        fiscal_year = ForeignKeyField(FiscalYear, null=True, on_delete='RESTRICT')
        background = TextField(default='')
        goals = TextField(default='')
        target_group = TextField(default='')
        method = TextField(default='')
        results = TextField(default='')
        body = TextField(default='')
        results_on = DateField(null=True)
        status = TextField(default='draft')
        form_key = TextField(unique=True)
        created_by = ForeignKeyField(Employee, null=True, on_delete='RESTRICT')
        created_at = DateTimeField()
        updated_by = ForeignKeyField(Employee, null=True, on_delete='SET NULL')
        updated_at = DateTimeField()
        submitted_at = DateTimeField(null=True)
        published_on = DateField(null=True)
        published_by = ForeignKeyField(Employee, null=True, on_delete='SET NULL')
        returned_reason = TextField(default='')
        view_count = IntegerField(default=0)
        download_count = IntegerField(default=0)
        class Meta:
            database = db
            table_name = 'knowledge_article'
            indexes = (
                (('status', 'published_on'), False),
                (('status', 'view_count'), False),
                (('status', 'topic'), False),
                (('status', 'unit'), False),
            )
    db.create_tables([KnowledgeArticle])

    class ArticleAuthor(Model):
        article = ForeignKeyField(KnowledgeArticle, on_delete='CASCADE')
        employee = ForeignKeyField(Employee, on_delete='RESTRICT')
        position = IntegerField(default=0)
        class Meta:
            database = db
            table_name = 'article_author'
            indexes = ((('article', 'employee'), True),)
    db.create_tables([ArticleAuthor])

    class ArticleMeasure(Model):
        article = ForeignKeyField(KnowledgeArticle, on_delete='CASCADE')
        position = IntegerField(default=0)
        measure = TextField()
        unit = TextField(default='')
        before = TextField(default='')
        target = TextField(default='')
        after = TextField(default='')
        class Meta:
            database = db
            table_name = 'article_measure'
    db.create_tables([ArticleMeasure])

    class ArticleView(Model):
        article = ForeignKeyField(KnowledgeArticle, on_delete='CASCADE')
        employee = ForeignKeyField(Employee, on_delete='CASCADE')
        day = DateField()
        class Meta:
            database = db
            table_name = 'article_view'
            indexes = ((('article', 'employee', 'day'), True),)
    db.create_tables([ArticleView])

    class Session(Model):
        version = IntegerField(default=1)
        community = ForeignKeyField(Community, on_delete='CASCADE')
        held_on = DateField(index=True)
        starts = TimeField()
        ends = TimeField(null=True)
        place = TextField(default='')
        link = TextField(default='')
        topic = TextField()
        technique = TextField(default='dialogue')
        presenter = ForeignKeyField(Employee, null=True, on_delete='SET NULL')
        presenter_name = TextField(default='')
        facilitator = ForeignKeyField(Employee, null=True, on_delete='SET NULL')
        deputy = ForeignKeyField(Employee, null=True, on_delete='SET NULL')
        cancelled_at = DateTimeField(null=True)
        form_key = TextField(unique=True)
        created_by = ForeignKeyField(Employee, on_delete='RESTRICT')
        created_at = DateTimeField()
        updated_at = DateTimeField()
        class Meta:
            database = db
            table_name = 'session'
    db.create_tables([Session])

    class SessionNote(Model):
        version = IntegerField(default=1)
        session = ForeignKeyField(Session, on_delete='CASCADE')
        client_key = TextField()
        kind = TextField(default='point')
        speaker = ForeignKeyField(Employee, null=True, on_delete='SET NULL')
        speaker_name = TextField(default='')
        text = TextField(default='')
        author = ForeignKeyField(Employee, on_delete='RESTRICT')
        editor = ForeignKeyField(Employee, null=True, on_delete='SET NULL')
        writer_key = TextField(default='')
        created_at = DateTimeField()
        updated_at = DateTimeField()
        deleted_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'session_note'
            indexes = ((('session', 'client_key'), True),)
    db.create_tables([SessionNote])

    class Attachment(Model):
        article = ForeignKeyField(KnowledgeArticle, null=True, on_delete='CASCADE')
        session = ForeignKeyField(Session, null=True, on_delete='CASCADE')
        note = ForeignKeyField(SessionNote, null=True, on_delete='SET NULL')
        kind = TextField(default='other')
        filename = TextField()
        content_type = TextField()
        size = IntegerField()
        sha256 = TextField(index=True)
        alt_text = TextField(default='')
        uploaded_by = ForeignKeyField(Employee, null=True, on_delete='SET NULL')
        uploaded_at = DateTimeField()
        download_count = IntegerField(default=0)
        class Meta:
            database = db
            table_name = 'attachment'
    db.create_tables([Attachment])

    class AttachmentDownload(Model):
        attachment = ForeignKeyField(Attachment, on_delete='CASCADE')
        employee = ForeignKeyField(Employee, on_delete='CASCADE')
        day = DateField()
        class Meta:
            database = db
            table_name = 'attachment_download'
            indexes = ((('attachment', 'employee', 'day'), True),)
    db.create_tables([AttachmentDownload])

    class Attendance(Model):
        session = ForeignKeyField(Session, on_delete='CASCADE')
        employee = ForeignKeyField(Employee, null=True, on_delete='CASCADE')
        guest_name = TextField(default='')
        marked_by = ForeignKeyField(Employee, null=True, on_delete='SET NULL')
        marked_at = DateTimeField()
        class Meta:
            database = db
            table_name = 'attendance'
            indexes = ((('session', 'employee', 'guest_name'), True),)
    db.create_tables([Attendance])

    class AuditEntry(Model):
        at = DateTimeField(index=True)
        actor = ForeignKeyField(Employee, null=True, on_delete='SET NULL')
        action = TextField(index=True)
        object_kind = TextField()
        object_id = IntegerField(null=True)
        request_id = TextField(default='')
        details = TextField(default='{}')
        class Meta:
            database = db
            table_name = 'audit_entry'
            indexes = ((('object_kind', 'object_id'), False),)
    db.create_tables([AuditEntry])

    class Membership(Model):
        community = ForeignKeyField(Community, on_delete='CASCADE')
        employee = ForeignKeyField(Employee, on_delete='RESTRICT')
        role = TextField()
        is_deputy = BooleanField(default=False)
        joined_at = DateTimeField()
        added_by = ForeignKeyField(Employee, null=True, on_delete='SET NULL')
        left_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'membership'
            indexes = ((('community', 'employee', 'role'), True),)
    db.create_tables([Membership])

    class OneTimeCode(Model):
        employee = ForeignKeyField(Employee, on_delete='CASCADE')
        purpose = TextField()
        code_hash = TextField()
        tries_left = IntegerField(default=5)
        expires_at = DateTimeField()
        issued_by = ForeignKeyField(Employee, null=True, on_delete='SET NULL')
        issued_at = DateTimeField()
        used_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'one_time_code'
    db.create_tables([OneTimeCode])

    class RoleAssignment(Model):
        employee = ForeignKeyField(Employee, on_delete='CASCADE')
        role = TextField()
        unit = ForeignKeyField(OrgUnit, null=True, on_delete='CASCADE')
        granted_by = ForeignKeyField(Employee, null=True, on_delete='SET NULL')
        granted_at = DateTimeField()
        class Meta:
            database = db
            table_name = 'role_assignment'
            indexes = ((('employee', 'role', 'unit'), True),)
    db.create_tables([RoleAssignment])

    class SearchOutbox(Model):
        kind = TextField()
        object_id = IntegerField()
        queued_at = DateTimeField()
        class Meta:
            database = db
            table_name = 'search_outbox'
    db.create_tables([SearchOutbox])

    class SessionNoteVersion(Model):
        note = ForeignKeyField(SessionNote, on_delete='CASCADE')
        version = IntegerField()
        kind = TextField()
        speaker_name = TextField(default='')
        text = TextField()
        editor = ForeignKeyField(Employee, null=True, on_delete='SET NULL')
        saved_at = DateTimeField()
        class Meta:
            database = db
            table_name = 'session_note_version'
    db.create_tables([SessionNoteVersion])

    class SignInEvent(Model):
        employee = ForeignKeyField(Employee, null=True, on_delete='CASCADE')
        account_key = TextField(index=True)
        address = TextField(index=True)
        outcome = TextField()
        at = DateTimeField(index=True)
        class Meta:
            database = db
            table_name = 'sign_in_event'
    db.create_tables([SignInEvent])


def down(migrator, db):
    migrator.migrate(migrator.drop_table('sign_in_event'))
    migrator.migrate(migrator.drop_table('session_note_version'))
    migrator.migrate(migrator.drop_table('search_outbox'))
    migrator.migrate(migrator.drop_table('role_assignment'))
    migrator.migrate(migrator.drop_table('one_time_code'))
    migrator.migrate(migrator.drop_table('membership'))
    migrator.migrate(migrator.drop_table('audit_entry'))
    migrator.migrate(migrator.drop_table('attendance'))
    migrator.migrate(migrator.drop_table('attachment_download'))
    migrator.migrate(migrator.drop_table('attachment'))
    migrator.migrate(migrator.drop_table('session_note'))
    migrator.migrate(migrator.drop_table('session'))
    migrator.migrate(migrator.drop_table('article_view'))
    migrator.migrate(migrator.drop_table('article_measure'))
    migrator.migrate(migrator.drop_table('article_author'))
    migrator.migrate(migrator.drop_table('knowledge_article'))
    migrator.migrate(migrator.drop_table('community'))
    migrator.migrate(migrator.drop_table('topic'))
    migrator.migrate(migrator.drop_table('fiscal_year'))
    migrator.migrate(migrator.drop_table('api_token'))
    migrator.migrate(migrator.drop_table('employee'))
    migrator.migrate(migrator.drop_table('org_unit'))
