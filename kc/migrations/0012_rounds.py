"""The year's circular, whom it invites, extensions, and closed years. Frozen models."""

from peewee import *  # noqa: F403


def up(migrator, db):
    def here(name):
        return type(name, (Model,), {"Meta": type("Meta", (), {"database": db, "table_name": name})})

    Employee, OrgUnit, FiscalYear = here("employee"), here("org_unit"), here("fiscal_year")

    class Round(Model):
        version = IntegerField(default=1)
        fiscal_year = ForeignKeyField(FiscalYear, unique=True, on_delete="RESTRICT", backref="+")
        number = TextField(default="")
        dated_on = DateField(null=True)
        title = TextField()
        will_do = TextField(default="")
        benefit = TextField(default="")
        take_part = TextField(default="")
        text = TextField(default="")
        opens_on = DateField()
        closes_on = DateField()
        publish_by = DateField()
        announced_at = DateTimeField(null=True)
        announced_by = ForeignKeyField(Employee, null=True, on_delete="SET NULL", backref="+")
        reminded_on = DateField(null=True)
        created_by = ForeignKeyField(Employee, on_delete="RESTRICT", backref="+")
        created_at = DateTimeField()
        updated_at = DateTimeField()

        class Meta:
            database = db
            table_name = "round"

    class RoundFile(Model):
        round = ForeignKeyField(Round, unique=True, on_delete="CASCADE", backref="+")
        filename = TextField()
        content_type = TextField()
        size = IntegerField()
        data = BlobField()
        uploaded_by = ForeignKeyField(Employee, null=True, on_delete="SET NULL", backref="+")
        uploaded_at = DateTimeField()

        class Meta:
            database = db
            table_name = "round_file"

    class RoundInvitation(Model):
        round = ForeignKeyField(Round, on_delete="CASCADE", backref="+")
        unit = ForeignKeyField(OrgUnit, on_delete="CASCADE", backref="+")

        class Meta:
            database = db
            table_name = "round_invitation"
            indexes = ((("round", "unit"), True),)

    class RoundExtension(Model):
        round = ForeignKeyField(Round, on_delete="CASCADE", backref="+")
        unit = ForeignKeyField(OrgUnit, on_delete="CASCADE", backref="+")
        sign_up_until = DateField(null=True)
        publish_by = DateField(null=True)
        reason = TextField(default="")
        granted_by = ForeignKeyField(Employee, null=True, on_delete="SET NULL", backref="+")
        granted_at = DateTimeField()

        class Meta:
            database = db
            table_name = "round_extension"
            indexes = ((("round", "unit"), True),)

    class YearClosing(Model):
        fiscal_year = ForeignKeyField(FiscalYear, unique=True, on_delete="CASCADE", backref="+")
        note = TextField(default="")
        closed_by = ForeignKeyField(Employee, null=True, on_delete="SET NULL", backref="+")
        closed_at = DateTimeField()

        class Meta:
            database = db
            table_name = "year_closing"

    db.create_tables([Round, RoundFile, RoundInvitation, RoundExtension, YearClosing])


def down(migrator, db):
    for table in ("year_closing", "round_extension", "round_invitation", "round_file", "round"):
        db.execute_sql(f'DROP TABLE "{table}"')
