"""What an old form said and no field took. Models here are frozen copies, independent of kc/models."""

from peewee import *  # noqa: F403


def up(migrator, db):
    class KnowledgeArticle(Model):
        class Meta:
            database = db
            table_name = "knowledge_article"

    class UnplacedText(Model):
        article = ForeignKeyField(KnowledgeArticle, on_delete="CASCADE", backref="+")
        position = IntegerField(default=0)
        text = TextField()
        settled_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "unplaced_text"

    db.create_tables([UnplacedText])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("unplaced_text"))
