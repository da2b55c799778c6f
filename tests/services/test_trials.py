"""Trials: planned, begun, told, gone on with, and written up (S0-141, S0-142, S0-143)."""

from datetime import timedelta

import pytest
from peewee import IntegrityError

from kc import clock, policy
from kc.errors import Conflict, DomainError
from kc.models import ArticleMeasure, ArticleTrial, AuditEntry, Community, Notice, Trial
from kc.services import articles, reminders, trial_articles, trial_chains, trial_reminders, trials, waiting
from kc.together import answer
from tests import factories

WHAT = "โทรนัดลูกค้าก่อนครบกำหนด 45 วัน"


def told(by, trial, outcome="adapt", **overrides):
    said = {"result": "ลูกค้ามาตามนัดมากขึ้น", "outcome": outcome, "improve": "โทรช่วงเย็น" if outcome == "adapt" else ""}
    trials.tell_result(by, trial, trial.version, **said | overrides)
    return trial


def adopted_chain(cast):
    first = trials.start(
        cast.author, cast.community, WHAT, measure="ลูกค้าไม่มาตามนัด", unit="ราย", before="67", target="ไม่เกิน 30"
    )
    told(cast.author, first, after="48")
    second = trials.next_of(cast.author, first)
    return told(cast.author, second, "adopt", after="21", result="โทรช่วงเย็นแล้วแทบทุกคนรับสาย")


def test_s0_141_a_trial_is_due_when_the_community_meets_again(cast):
    coming = clock.today() + timedelta(days=20)
    factories.make_session(cast.community, held_on=coming)
    factories.make_session(cast.community, held_on=clock.today() + timedelta(days=5), cancelled_at=clock.now())
    trial = trials.start(cast.author, cast.community, WHAT)
    assert (trial.due_on, trial.owner, trial.place) == (coming, cast.author, "สาขาบ้านนา")
    assert AuditEntry.get(AuditEntry.action == "trial.planned").object_id == trial.id


def test_without_a_meeting_in_sight_it_is_due_in_two_weeks(cast):
    assert trials.start(cast.author, cast.community, WHAT).due_on == clock.today() + trials.WITHOUT_A_MEETING


def test_s0_141_a_note_becomes_a_trial_once_for_each_who_taps_it(cast):
    note = factories.make_note(factories.make_session(cast.community), cast.author, "โทรนัดลูกค้าล่วงหน้า")
    mine = trials.try_note(cast.author, note)
    assert trials.try_note(cast.author, note) == mine and mine.session == note.session and mine.note == note
    assert mine.what == "โทรนัดลูกค้าล่วงหน้า" and mine.how == ""
    assert trials.try_note(cast.fellow, note) != mine
    trials.delete(cast.author, mine)
    assert trials.try_note(cast.author, note).deleted_at is None and Trial.select().count() == 2


def test_a_long_note_names_the_trial_shortly_and_stands_whole_in_how(cast):
    text = "เยี่ยมลูกค้าถึงบ้านพร้อมผู้นำชุมชน " * 12
    trial = trials.try_note(cast.author, factories.make_note(factories.make_session(cast.community), cast.author, text))
    assert trial.what.endswith("…") and len(trial.what) < 200 and trial.how == text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"what": " "}, "what"),
        ({"due_on": clock.today() - timedelta(days=9)}, "due_on"),
        ({"target": "30"}, "measure"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_beside_its_field(cast, changes, field):
    what = changes.pop("what", WHAT)
    with pytest.raises(DomainError) as refusal:
        trials.start(cast.author, cast.community, what, **changes)
    assert refusal.value.field == field and Trial.select().count() == 0


def test_a_cancelled_community_tries_nothing_new(cast):
    cast.community.status = "cancelled"
    with pytest.raises(DomainError):
        trials.start(cast.author, cast.community, WHAT)


def test_s0_142_a_round_goes_on_from_the_last_with_what_was_to_change(cast):
    first = trials.start(cast.author, cast.community, WHAT, measure="ไม่มาตามนัด", before="67", target="30")
    told(cast.author, first, after="48")
    second = trials.next_of(cast.fellow, first)
    assert (second.previous, second.chain, second.how) == (first, first.id, "โทรช่วงเย็น")
    assert (second.before, second.target, second.owner) == ("48", "30", cast.author)
    assert trials.next_of(cast.author, first) == second, "two people go on with the same round"


def test_a_round_begins_only_when_the_last_was_told(cast):
    first = trials.start(cast.author, cast.community, WHAT)
    with pytest.raises(DomainError):
        trials.start(cast.author, cast.community, WHAT, previous=first)


def test_the_database_keeps_one_next_round(cast):
    first = told(cast.author, trials.start(cast.author, cast.community, WHAT))
    second = trials.next_of(cast.author, first)
    assert trials.start(cast.fellow, cast.community, "อื่น", previous=first, form_key="other") == second
    trials.delete(cast.author, second)
    third = trials.start(cast.fellow, cast.community, "อื่น", previous=first, form_key="third")
    assert third != second
    with pytest.raises(DomainError):
        trials.bring_back(cast.author, second)


def test_what_the_database_refuses_is_not_answered_with_somebody_elses_trial(cast):
    trials.start(cast.author, cast.community, WHAT)
    gone = factories.make_community(creator=cast.author)
    Community.delete().where(Community.id == gone.id).execute()
    with pytest.raises(IntegrityError):
        trials.start(cast.author, gone, "เรื่องอื่น")


def test_s0_141_a_round_is_talked_about_in_the_meeting_after_the_result(cast):
    first = trials.start(cast.author, cast.community, WHAT)
    told(cast.author, first, result_on=clock.today() - timedelta(days=3))
    met = factories.make_session(cast.community, held_on=clock.today() - timedelta(days=1))
    factories.make_session(cast.community, held_on=clock.today() - timedelta(days=30))
    assert trials.next_of(cast.author, first).session == met


def test_beginning_twice_is_no_error_and_a_plan_for_later_begins_today(cast):
    trial = trials.start(cast.author, cast.community, WHAT, starts_on=clock.today() + timedelta(days=4))
    for _ in range(2):
        trials.begin(cast.author, trial)
    assert (trial.status, trial.starts_on, trial.version) == ("running", clock.today(), 2)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"result": " "}, "result"),
        ({"outcome": "perhaps"}, "outcome"),
        ({"improve": ""}, "improve"),
        ({"result_on": clock.today() + timedelta(days=1)}, "result_on"),
    ],
)
def test_a_result_that_says_too_little_is_refused(cast, changes, field):
    trial = trials.start(cast.author, cast.community, WHAT)
    with pytest.raises(DomainError) as refusal:
        told(cast.author, trial, **changes)
    assert refusal.value.field == field and Trial.get().status == "planned"


def test_two_who_tell_the_result_both_keep_their_words(cast):
    trial = trials.start(cast.author, cast.community, WHAT)
    seen = trial.version
    told(cast.author, trial)
    with pytest.raises(Conflict) as conflict:
        trials.tell_result(cast.fellow, Trial.get(), seen, result="อีกฉบับ", outcome="drop")
    assert conflict.value.theirs.result == "ลูกค้ามาตามนัดมากขึ้น"


def test_a_chain_keeps_its_middle(cast):
    first = told(cast.author, trials.start(cast.author, cast.community, WHAT))
    trials.next_of(cast.author, first)
    with pytest.raises(DomainError):
        trials.delete(cast.author, first)


def test_members_hear_of_the_result_once_and_the_owner_of_a_trial_given_to_them(cast):
    trial = trials.start(cast.author, cast.community, WHAT, owner=cast.fellow)
    assert [n.kind for n in Notice.select().where(Notice.employee == cast.fellow)] == ["trial.yours"]
    told(cast.author, trial)
    told(cast.author, trial, result="เล่าละเอียดขึ้น")
    assert Notice.select().where((Notice.kind == "trial.result") & (Notice.employee == cast.fellow)).get().times == 1
    assert not Notice.select().where(Notice.employee == cast.author).exists()


# ---- chains ----


def test_s0_142_the_best_chain_comes_first(cast):
    dropped = told(cast.author, trials.start(cast.author, cast.community, "ส่งจดหมาย"), "drop")
    running = trials.start(cast.author, cast.community, "เยี่ยมเป็นกลุ่ม")
    best = adopted_chain(cast)
    chains = trial_chains.of_community(cast.author, cast.community)
    assert [chain.last for chain in chains] == [best, running, dropped]
    assert len(chains[0].trials) == 2 and chains[0].is_adopted


def test_what_was_tried_stays_among_members_until_it_is_published(cast):
    best = adopted_chain(cast)
    assert trial_chains.of_community(cast.outsider, cast.community) == []
    assert not policy.can_see_trial(cast.outsider, best)
    assert [len(c.trials) for c in trial_chains.of_community(cast.coordinator, cast.community)] == [2]
    article = factories.make_article("เผยแพร่", cast.author, community=cast.community, status="published")
    trial_articles.link(cast.author, article, trial_chains.of_trial(cast.author, best))
    assert [len(c.trials) for c in trial_chains.of_community(cast.outsider, cast.community)] == [2]
    assert policy.can_see_trial(cast.outsider, best) and not policy.can_write_trial(cast.outsider, best)


def test_an_open_trial_goes_on_in_the_renewed_community(cast):
    first = told(cast.author, trials.start(cast.author, cast.community, WHAT))
    second = trials.next_of(cast.author, first)
    renewed = factories.make_community("ปีหน้า", cast.author)
    assert trials.open_of(cast.community) == [second]
    trials.carry_over(cast.author, second, renewed)
    trials.carry_over(cast.author, first, renewed)
    assert trials.open_of(cast.community) == [] and Trial.get_by_id(first.id).community == cast.community
    factories.make_membership(renewed, cast.author)
    policy.forget_community_roles(cast.author)
    assert [c.trials for c in trial_chains.of_community(cast.author, renewed)] == [[first, second]]


# ---- the article ----


def test_s0_143_a_chain_is_written_up_with_its_figures_and_links(cast):
    best = adopted_chain(cast)
    chain = trial_chains.of_trial(cast.author, best)
    article = trial_articles.write_up(cast.author, cast.community, chain)
    assert article.title == WHAT and "ทดลองรอบที่ 2" in article.method and "โทรช่วงเย็น" in article.method
    assert "ผลรอบที่ 1" in article.results and article.results_on == best.result_on
    measure = ArticleMeasure.get(ArticleMeasure.article == article)
    assert (measure.before, measure.target, measure.after, measure.unit) == ("67", "ไม่เกิน 30", "21", "ราย")
    assert ArticleTrial.select().count() == 2
    again = trial_articles.write_up(cast.fellow, cast.community, trial_chains.of_trial(cast.fellow, best))
    assert again == article, "pressing again finds the same draft"
    assert [c.trials for c in trial_chains.of_article(article)] == [chain.trials]


def test_nothing_is_written_up_before_a_result(cast):
    trial = trials.start(cast.author, cast.community, WHAT)
    with pytest.raises(DomainError):
        trial_articles.write_up(cast.author, cast.community, trial_chains.of_trial(cast.author, trial))


def test_s0_143_the_editor_is_offered_told_chains_of_its_community_alone(cast):
    best = adopted_chain(cast)
    trials.start(cast.author, cast.community, "ยังไม่ได้ผล")
    article = articles.start(cast.author, title="เรื่อง", community=cast.community)
    offers = trial_articles.offers_for(cast.author, article)
    assert [offer.chain.last for offer in offers] == [best]
    assert trial_articles.pulled(cast.author, article, f"trials-{best.chain}:method").chain.last == best
    other = articles.start(cast.outsider, title="อีกเรื่อง")
    assert trial_articles.pulled(cast.outsider, other, f"trials-{best.chain}:method") is None
    for nonsense in ("", "trials-", "trials-x:method", "trials-๑:method", "5:method"):
        assert trial_articles.pulled(cast.author, article, nonsense) is None


# ---- waiting ----


def test_what_waits_for_the_owner_stands_on_their_home_page(cast):
    trial = trials.start(cast.author, cast.community, WHAT, owner=cast.fellow)
    [todo] = waiting.for_employee(cast.fellow)
    assert (todo.title, todo.due_on, todo.late, todo.url) == (WHAT, trial.due_on, False, trial.url)
    Trial.update(due_on=clock.today() - timedelta(days=1)).execute()
    [todo] = answer(trial_reminders.todos(cast.fellow))
    assert todo.late and todo.url == f"{trial.url}/result"
    assert answer(trial_reminders.todos(cast.author)) == []
    told(cast.fellow, Trial.get())
    assert answer(trial_reminders.todos(cast.fellow)) == []


@pytest.mark.parametrize(
    ("days", "kinds"),
    [(4, []), (3, ["trial.due"]), (0, ["trial.due"]), (-1, ["trial.late"]), (-7, ["trial.late", "trial.waits"])],
)
def test_owners_are_reminded_once_and_the_facilitator_after_a_week(cast, days, kinds):
    trial = trials.start(cast.fellow, cast.community, WHAT)
    Trial.update(due_on=clock.today() + timedelta(days=days)).where(Trial.id == trial.id).execute()
    assert reminders.make("trials")
    trial_reminders.remind()
    assert sorted(n.kind for n in Notice.select()) == kinds
    assert all(n.employee == (cast.author if n.kind == "trial.waits" else cast.fellow) for n in Notice.select())


def test_nobody_is_reminded_of_what_was_told_deleted_or_cancelled(cast):
    kept = {"due_on": clock.today()}
    told(cast.fellow, trials.start(cast.fellow, cast.community, "หนึ่ง", **kept))
    trials.delete(cast.fellow, trials.start(cast.fellow, cast.community, "สอง", **kept))
    Notice.delete().execute()
    trial_reminders.remind()
    assert Notice.select().count() == 0
    trials.start(cast.fellow, cast.community, "สาม", **kept)
    cast.community.status = "cancelled"
    cast.community.save()
    trial_reminders.remind()
    assert Notice.select().count() == 0 and answer(trial_reminders.todos(cast.fellow)) == []
