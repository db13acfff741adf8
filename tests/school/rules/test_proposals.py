"""What is proposed for what a parent said, and what never is."""

from datetime import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.rules.calendar import DayTimes, Session
from school.rules.codes import CODES, NEVER_AUTOMATIC
from school.rules.proposals import KINDS, Proposal, propose

TIMES = DayTimes()
AM: dict[str, Any] = {"session": Session.AM, "times": TIMES}
PM: dict[str, Any] = {"session": Session.PM, "times": TIMES}

REASONS = {
    "sickness": "infectious injury mental_health gi respiratory fever pain medical_other unspecified",
    "lateness": "traffic transport overslept weather child_unwell family other unspecified",
    "appointment": "dental optical mental_health medical",
    "absence_other": "bereavement transport school_transport weather family_emergency religious housing suspension "
    "other unspecified holiday family_event family_abroad performance_sport interview legal traveller",
}


@pytest.mark.parametrize("reason", [*REASONS["sickness"].split(), None])
def test_an_illness_proposes_i_whatever_it_is(reason):
    assert propose("sickness", reason, **AM).code == "I"


@pytest.mark.parametrize("reason", [*REASONS["appointment"].split(), None])
def test_an_appointment_proposes_m_for_a_session_that_is_missed(reason):
    assert propose("appointment", reason, **PM).code == "M"


@pytest.mark.parametrize("kind", ["sickness", "appointment", "absence_other"])
def test_nothing_is_proposed_for_a_session_whose_register_the_child_is_there_for(kind):
    for reason in REASONS[kind].split():
        proposal = propose(kind, reason, missed=False, **AM)
        assert proposal.code is None
        assert proposal.rule == "present-at-register"


@pytest.mark.parametrize("reason", [None, "", "unspecified"])
def test_away_without_a_reason_is_n_and_never_guessed_to_be_illness(reason):
    assert propose("absence_other", reason, **AM).code == "N"


@pytest.mark.parametrize(
    ("reason", "code", "rule"),
    [
        ("school_transport", "Y1", "school-transport"),
        ("religious", "R", "religious-day"),
        ("weather", None, "weather"),
        ("bereavement", None, "bereavement"),
        ("suspension", None, "suspension"),
        ("transport", None, "transport"),
        ("family_emergency", None, "family-emergency"),
        ("housing", None, "housing"),
        ("holiday", None, "unasked-leave"),
        ("family_event", None, "unasked-leave"),
        ("family_abroad", None, "unasked-leave"),
        ("interview", None, "interview"),
        ("performance_sport", None, "performance"),
        ("traveller", None, "another-reason"),
        ("legal", None, "another-reason"),
        ("other", None, "another-reason"),
        ("not a category", None, "another-reason"),
    ],
)
def test_other_reasons_propose_what_the_law_leaves_no_choice_about(reason, code, rule):
    proposal = propose("absence_other", reason, **AM)
    assert (proposal.code, proposal.rule) == (code, rule)


def test_only_the_first_day_of_a_religious_absence_can_be_the_day_set_apart():
    assert propose("absence_other", "religious", day_number=1, **PM).code == "R"
    assert propose("absence_other", "religious", day_number=2, **PM).code is None


@pytest.mark.parametrize(
    ("session", "arrives", "code", "rule"),
    [
        (AM, time(8, 45), None, "late-in-time"),
        (AM, time(8, 46), "L", "late-register-open"),
        (AM, time(9, 14), "L", "late-register-open"),
        (AM, time(9, 15), None, "late-register-closed"),
        (AM, time(13, 5), None, "late-register-closed"),
        (PM, time(13, 5), "L", "late-register-open"),
        (PM, time(13, 15), None, "late-register-closed"),
        (AM, None, None, "late-no-time"),
    ],
)
def test_lateness_proposes_l_only_while_the_arrival_is_before_the_register_closes(session, arrives, code, rule):
    proposal = propose("lateness", "traffic", arrives=arrives, **session)
    assert (proposal.code, proposal.rule) == (code, rule)


@pytest.mark.parametrize(
    ("minutes", "code"), [(0, None), (1, "L"), (29, "L"), (30, None), (45, None), (9999, None), (-5, None)]
)
def test_minutes_late_count_from_the_start_of_the_session(minutes, code):
    assert propose("lateness", None, minutes_late=minutes, **AM).code == code


def test_a_stated_time_wins_over_stated_minutes():
    assert propose("lateness", None, arrives=time(9, 30), minutes_late=5, **AM).code is None


def test_a_later_year_group_is_measured_by_its_own_register():
    late_start = DayTimes(starts=time(9, 15), register_closes=time(9, 45))
    assert propose("lateness", None, session=Session.AM, times=late_start, arrives=time(9, 30)).code == "L"
    assert propose("lateness", None, session=Session.AM, times=late_start, arrives=time(9, 0)).rule == "late-in-time"


def test_only_i_m_and_l_take_one_key():
    assert propose("sickness", None, **AM).takes_one_key
    assert propose("appointment", None, **AM).takes_one_key
    assert propose("lateness", None, minutes_late=10, **AM).takes_one_key
    assert not propose("absence_other", None, **AM).takes_one_key
    assert not propose("absence_other", "religious", **AM).takes_one_key
    assert not propose("absence_other", "weather", **AM).takes_one_key


def test_another_kind_is_refused():
    for kind in ("leave", "", "Sickness"):
        with pytest.raises(ValueError, match="absence"):
            propose(kind, None, **AM)


EVERYTHING = st.builds(
    propose,
    st.sampled_from(sorted(KINDS)),
    st.none() | st.sampled_from(" ".join(REASONS.values()).split()) | st.text(max_size=20),
    session=st.sampled_from(Session),
    times=st.just(TIMES),
    missed=st.booleans(),
    arrives=st.none() | st.times(),
    minutes_late=st.none() | st.integers(-10_000, 10_000),
    day_number=st.integers(1, 20),
)


@given(EVERYTHING)
def test_no_words_of_a_parent_ever_propose_o_u_c_g_or_t(proposal: Proposal):
    assert proposal.code not in NEVER_AUTOMATIC
    assert proposal.code in {None, "I", "M", "L", "N", "R", "Y1"}
    assert proposal.code is None or not CODES[proposal.code].is_retired


@given(EVERYTHING)
def test_every_proposal_gives_its_rule_and_a_sentence(proposal: Proposal):
    rule, colon, sentence = proposal.why.partition(": ")
    assert colon
    assert rule == proposal.rule
    assert rule.replace("-", "").isalpha()
    assert sentence.endswith(".")
    assert sentence[0].isupper()
    assert len(proposal.why) <= 140


def test_no_sentence_threatens_or_names_a_fine():
    for kind, reasons in REASONS.items():
        for reason in reasons.split():
            words = propose(kind, reason, **AM).why.lower()
            assert not any(word in words for word in ("unauthorised", "truan", "fine", "prosecut", "fail to", "must"))
