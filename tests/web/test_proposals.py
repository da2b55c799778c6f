"""Proposals for the next meeting and votes for them, through the pages (S0-48)."""

from datetime import date, timedelta

import pytest

from kc import clock
from kc.errors import DomainError
from kc.models import Notice, Proposal, ProposalVote, Session
from kc.services import communities, proposals, sessions
from tests import factories


@pytest.fixture
def base(cast):
    return f"/communities/{cast.community.id}/proposals/"


@pytest.fixture
def proposal(cast):
    return proposals.propose(cast.fellow, cast.community, "ทำอย่างไรให้ลูกค้าบอกหนี้นอกระบบ")


def told(person):
    return [n.kind for n in Notice.select().where(Notice.employee == person).order_by(Notice.id)]


def test_s0_48_a_member_proposes_and_the_organisers_are_told(login_as, cast, base):
    answer = login_as(cast.fellow).post(base, data={"text": "  เรื่อง   ใหม่ "})
    assert answer.status_code == 303
    made = Proposal.get()
    assert made.text == "เรื่อง ใหม่" and made.votes.count() == 1
    assert told(cast.author) == ["proposal.made"] and told(cast.fellow) == []


def test_the_same_words_again_add_a_vote(login_as, cast, base, proposal):
    login_as(cast.author).post(base, data={"text": proposal.text})
    assert Proposal.select().count() == 1 and proposal.votes.count() == 2


@pytest.mark.parametrize(("text", "said"), [(" ", "โปรดพิมพ์เรื่อง"), ("ก" * 301, "ไม่เกิน 300")])
def test_what_cannot_be_proposed_is_said_and_stays(login_as, cast, base, htmx, text, said):
    for headers in ({}, htmx):
        answer = login_as(cast.fellow).post(base, data={"text": text}, headers=headers)
        assert answer.status_code == 422 and said in answer.text and text.strip() in answer.text
    assert Proposal.select().count() == 0


def test_one_tap_votes_and_another_takes_it_back(login_as, cast, base, proposal, htmx):
    client = login_as(cast.author)
    answer = client.post(f"{base}{proposal.id}/vote", data={"wanted": "1"}, headers=htmx)
    assert answer.status_code == 200 and "<html" not in answer.text and 'aria-pressed="true"' in answer.text
    client.post(f"{base}{proposal.id}/vote", data={"wanted": "1"})
    assert ProposalVote.select().count() == 2
    assert client.post(f"{base}{proposal.id}/vote", data={"wanted": "0"}).status_code == 303
    assert ProposalVote.select().count() == 1


def test_the_most_wanted_stands_first(login_as, cast, base, proposal):
    other = proposals.propose(cast.author, cast.community, "เรื่องที่สองคนอยากคุย")
    proposals.vote(cast.fellow, other, True)
    page = login_as(cast.outsider).get(base).text
    assert page.index("เรื่องที่สองคนอยากคุย") < page.index("หนี้นอกระบบ")
    assert "/vote" not in page  # read by all, voted on by members


@pytest.mark.parametrize("who", ["outsider", "executive"])
def test_others_cannot_propose_or_vote(login_as, cast, base, proposal, who):
    client = login_as(getattr(cast, who))
    assert client.post(base, data={"text": "แทรก"}).status_code == 403
    assert client.post(f"{base}{proposal.id}/vote").status_code == 403
    with pytest.raises(DomainError):
        proposals.propose(getattr(cast, who), cast.community, "แทรก")


def test_s0_48_a_session_takes_a_proposal_up_and_tells_who_wanted_it(login_as, cast, base, proposal):
    client = login_as(cast.author)
    page = client.get(f"/communities/{cast.community.id}/sessions/new?proposal={proposal.id}").text
    assert proposal.text in page
    held_on = clock.today() + timedelta(days=60)
    data = {
        "form_key": "f",
        "topic": proposal.text,
        "held_on": held_on.isoformat(),
        "starts": "13:30",
        "place": "ห้อง",
        "technique": "dialogue",
        "proposal": str(proposal.id),
    }
    assert client.post(f"/communities/{cast.community.id}/sessions/new", data=data).status_code == 303
    assert Proposal.get().session == Session.get() and told(cast.fellow) == ["proposal.taken_up"]
    assert client.post(f"{base}{proposal.id}/vote").status_code == 422
    assert "นัดคุยแล้ว" in client.get(base).text


def test_a_called_off_session_gives_it_back(cast, proposal):
    session = factories.make_session(cast.community, held_on=date(2030, 1, 1))
    proposals.take_up(cast.author, proposal, session)
    sessions.call_off(cast.author, session)
    assert Proposal.get().is_open


def test_a_proposal_of_another_community_is_not_taken_up(cast, proposal):
    other = factories.make_community(creator=cast.author)
    proposals.take_up(cast.author, proposal, factories.make_session(other))
    assert Proposal.get().is_open


def test_organisers_put_aside_and_take_out_again(login_as, cast, base, proposal):
    client = login_as(cast.author)
    client.post(f"{base}{proposal.id}/set-aside")
    assert not Proposal.get().is_open and "พักไว้" in client.get(base).text
    client.post(f"{base}{proposal.id}/set-aside", data={"aside": "0"})
    assert Proposal.get().is_open
    assert login_as(cast.fellow).post(f"{base}{proposal.id}/set-aside").status_code == 403


def test_who_proposed_may_withdraw_and_nobody_else(login_as, cast, base, proposal):
    assert login_as(cast.author).post(f"{base}{proposal.id}/withdraw").status_code == 403
    assert login_as(cast.fellow).post(f"{base}{proposal.id}/withdraw").status_code == 303
    assert "หนี้นอกระบบ" not in login_as(cast.fellow).get(base).text


def test_what_is_not_there_or_elsewhere_is_not_found(login_as, cast, base, proposal):
    other = factories.make_community(creator=cast.author)
    client = login_as(cast.officer)
    assert client.post(f"{base}99999/vote").status_code == 404
    assert client.post(f"/communities/{other.id}/proposals/{proposal.id}/vote").status_code == 404
    assert client.get(f"{base}{proposal.id}/vote").status_code == 405


def test_signed_out_people_are_asked_to_sign_in(client, base):
    assert client.get(base).status_code == 303
    assert client.post(base, data={"text": "เรื่อง"}).status_code == 401


def test_a_cancelled_community_takes_none(login_as, cast, base):
    communities.cancel(cast.author, cast.community, "ย้ายงาน")
    assert login_as(cast.fellow).post(base, data={"text": "เรื่อง"}).status_code == 403


@pytest.mark.parametrize(("url", "kept"), [("/questions/3", "/questions/3"), ("//evil", ""), ("https://evil", "")])
def test_only_our_own_pages_are_named_as_source(cast, url, kept):
    assert proposals.propose(cast.fellow, cast.community, "เรื่อง", source_url=url).source_url == kept


@pytest.mark.parametrize("source", ["//evil.example", "/\\evil.example", "/\t/evil.example", "https://evil.example"])
def test_the_source_of_a_proposal_is_a_page_of_ours(cast, login_as, source):
    address = f"/communities/{cast.community.id}/proposals/"
    login_as(cast.fellow).post(address, data={"text": "เรื่องที่อยากคุย", "source": source})
    assert Proposal.get().source_url == ""
