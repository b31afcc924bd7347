"""The naive recomputation, told by small stories. They double as the specification of who hears what and when."""

from __future__ import annotations

from datetime import timedelta

from shared.contracts.vocabulary import AgencyKind
from tests.support.year.story import Story


def test_an_agency_that_submits_nothing_hears_every_stage_at_seven() -> None:
    story = Story("2026-12-31")
    story.person("budi")
    assert story.told() == [
        "2026-11-01 07.00 budi email before-60",
        "2026-12-01 07.00 budi email before-30",
        "2026-12-17 07.00 budi email before-14",
        "2026-12-24 07.00 budi email before-7",
        "2026-12-30 07.00 budi email before-1",
        "2027-01-01 07.00 budi email overdue",
        "2027-01-08 07.00 budi email overdue-8",
        "2027-01-15 07.00 budi email overdue-15",
        "2027-01-22 07.00 budi email overdue-22",
        "2027-01-29 07.00 budi email overdue-29",
    ]


def test_a_submission_ends_the_ladder() -> None:
    story = Story("2026-12-31")
    story.person("budi")
    story.innovation("submitted", on="2026-12-10")
    assert story.told() == ["2026-11-01 07.00 budi email before-60", "2026-12-01 07.00 budi email before-30"]


def test_a_person_who_comes_late_hears_only_the_stage_that_is_due() -> None:
    story = Story("2026-12-31")
    story.person("budi", on="2026-12-25", hour="10.00")
    assert story.told("2026-12-29") == ["2026-12-25 10.00 budi email before-7"]


def test_what_becomes_due_at_night_leaves_at_seven() -> None:
    story = Story("2026-12-31")
    story.person("budi", on="2026-12-24", hour="22.15")
    assert story.told("2026-12-29") == ["2026-12-25 07.00 budi email before-7"]


def test_a_stage_that_only_holds_on_holidays_is_never_told() -> None:
    story = Story("2026-12-31")
    story.person("budi")
    told = story.told("2027-01-02", holidays=["2026-12-30", "2026-12-31"])
    assert told[-2:] == ["2026-12-24 07.00 budi email before-7", "2027-01-01 07.00 budi email overdue"]


def test_nobody_is_called_late_before_the_registry_has_answered() -> None:
    story = Story(None)
    story.person("budi")
    story.person("sari", "curator")
    story.deadline("2026-12-31", on="2026-01-06", answered=False)
    assert story.told("2027-01-03")[-2:] == [
        "2026-12-30 07.00 budi email before-1",
        "2027-01-01 12.00 sari email registry-behind r1",
    ]


def test_a_submission_in_time_that_arrives_late_makes_nobody_late() -> None:
    story = Story(None)
    story.person("budi")
    story.deadline("2026-12-31", on="2026-01-06", answered=False)
    story.innovation("submitted", on="2026-12-31", hour="23.59", late=timedelta(hours=9))
    year_end = story.at("2026-12-31").date()
    story.passed(1, on="2026-12-31", hour="23.59", year=2026, day=year_end, ids=["spirit"])
    assert story.told()[-1] == "2026-12-30 07.00 budi email before-1"


def test_a_deadline_with_an_hour_ends_the_last_stage_at_that_hour() -> None:
    story = Story(None)
    story.deadline("2026-12-31", on="2026-01-06", hour="16.00")
    story.person("budi", on="2026-12-31", hour="17.00")
    assert story.told("2027-01-02") == ["2027-01-01 07.00 budi email overdue"]


def test_a_moved_deadline_is_announced_and_begins_a_new_ladder() -> None:
    story = Story("2026-10-31")
    story.person("budi")
    story.deadline("2026-11-30", on="2026-10-20")
    assert story.told("2026-11-05") == [
        "2026-09-01 07.00 budi email before-60",
        "2026-10-01 07.00 budi email before-30",
        "2026-10-17 07.00 budi email before-14",
        "2026-10-20 09.00 budi email before-60 r2",
        "2026-10-20 09.00 budi email moved r2",
        "2026-10-31 07.00 budi email before-30 r2",
    ]


def test_a_cancelled_deadline_is_told_and_ends_the_ladder() -> None:
    story = Story("2026-12-31")
    story.person("budi")
    story.deadline("2026-12-31", on="2026-12-02", cancelled=True)
    assert story.told() == [
        "2026-11-01 07.00 budi email before-60",
        "2026-12-01 07.00 budi email before-30",
        "2026-12-02 09.00 budi email cancelled r2",
    ]


def test_a_return_before_the_deadline_opens_the_duty_again() -> None:
    story = Story("2026-12-31")
    story.person("budi")
    story.innovation("submitted", on="2026-10-01")
    story.innovation("returned", on="2026-12-10")
    assert story.told("2026-12-25") == [
        "2026-12-10 09.00 budi email opened-again (spirit/2)",
        "2026-12-10 09.00 budi email returned spirit/2",
        "2026-12-17 07.00 budi email before-14 (spirit/2)",
        "2026-12-24 07.00 budi email before-7 (spirit/2)",
    ]


def test_after_the_deadline_stages_count_from_the_spells_first_day() -> None:
    story = Story("2026-12-31")
    story.person("budi")
    story.innovation("submitted", on="2026-10-01")
    story.innovation("withdrawn", on="2027-01-10")
    assert story.told() == [
        "2027-01-10 09.00 budi email opened-again (spirit/2)",
        "2027-01-11 07.00 budi email overdue (spirit/2)",
        "2027-01-18 07.00 budi email overdue-8 (spirit/2)",
        "2027-01-25 07.00 budi email overdue-15 (spirit/2)",
        "2027-02-01 07.00 budi email overdue-22 (spirit/2)",
        "2027-02-08 07.00 budi email overdue-29 (spirit/2)",
    ]


def test_lifting_an_exemption_is_a_spell() -> None:
    story = Story("2026-12-31")
    story.person("budi")
    story.exempted(on="2026-02-01")
    story.exempted(on="2026-12-20", lifted=True)
    assert story.told("2026-12-25") == [
        "2026-12-20 09.00 budi email opened-again (exemption/1)",
        "2026-12-24 07.00 budi email before-7 (exemption/1)",
    ]


def test_an_agency_that_waits_for_the_curator_is_told_nothing_past_the_deadline() -> None:
    story = Story("2026-12-31", verified=True)
    story.person("budi")
    story.innovation("submitted", on="2026-10-30")
    story.innovation("verified", on="2027-01-20")
    assert story.told() == ["2027-01-20 09.00 budi email verified spirit/2"]


def test_a_score_is_told_once_per_turn_and_only_while_it_is_news() -> None:
    story = Story("2026-12-31")
    story.person("budi")
    story.innovation("submitted", on="2026-03-01")
    story.scored(on="2026-03-01", hour="09.30")
    story.scored(on="2026-03-02")
    story.innovation("returned", on="2026-04-01")
    story.innovation("submitted", on="2026-05-01")
    story.scored(on="2026-05-20")
    assert story.told("2026-06-01") == [
        "2026-03-01 09.30 budi email scored spirit/1",
        "2026-04-01 09.00 budi email opened-again (spirit/2)",
        "2026-04-01 09.00 budi email returned spirit/2",
    ]


def test_a_new_agency_of_next_year_owes_nothing_this_year() -> None:
    story = Story("2026-12-31")
    story.agency(on="2026-06-01", obliged_from=2027)
    story.person("budi")
    assert story.told() == []


def test_an_agency_that_retires_on_the_deadline_owes_nothing_until_it_is_reinstated() -> None:
    story = Story("2026-12-31")
    story.person("budi")
    deadline = story.at("2026-12-31").date()
    story.agency(on="2026-10-01", retired_on=deadline)
    story.agency(on="2026-12-28")
    assert story.told("2026-12-29") == ["2026-12-28 09.00 budi email before-7"]


def test_the_head_hears_it_only_when_no_officer_can() -> None:
    story = Story("2026-12-31")
    story.address("budi@dinkes.example", "refuses")
    story.person("budi", on="2026-11-20")
    story.person("tono", on="2026-10-01", valid_to=story.at("2026-11-02").date())
    story.person("ani", "head")
    story.person("sari", "curator")
    assert story.told("2026-12-05", also=["confirm"])[-4:] == [
        "2026-11-20 09.00 budi email before-60 refused",
        "2026-11-20 09.00 budi email confirm budi refused",
        "2026-11-20 09.00 sari email unreachable budi",
        "2026-12-01 07.00 ani email before-30",
    ]


def test_a_bounce_of_an_hour_later_takes_the_alert_out_again() -> None:
    story = Story("2026-12-31")
    story.person("budi", phone="+6281200000001")
    story.address("budi@dinkes.example", "bounces", on="2026-10-01")
    assert story.told("2026-12-02") == [
        "2026-11-01 07.00 budi email before-60",
        "2026-11-01 10.00 budi whatsapp before-60",
        "2026-12-01 07.00 budi whatsapp before-30",
    ]


def test_a_silent_phone_is_followed_by_a_mail_after_fifteen_minutes() -> None:
    story = Story("2026-12-31")
    story.person("budi", phone="+6281200000001", preferred="whatsapp")
    story.address("+6281200000001", "silent")
    assert story.told("2026-11-02") == [
        "2026-11-01 07.00 budi whatsapp before-60",
        "2026-11-01 07.15 budi email before-60 fallback",
    ]


def test_no_second_copy_leaves_in_quiet_hours() -> None:
    story = Story("2026-12-31")
    story.address("+6281200000001", "silent")
    story.person("budi", on="2026-12-18", hour="18.50", phone="+6281200000001", preferred="whatsapp")
    assert story.told("2026-12-20") == [
        "2026-12-18 18.50 budi whatsapp before-14",
        "2026-12-19 07.00 budi email before-14 fallback",
    ]


def test_a_phone_that_never_answers_counts_as_closed_for_that_reason_only() -> None:
    story = Story("2026-12-31")
    story.person("budi", email="", phone="+6281200000001", preferred="whatsapp")
    story.person("ani", "head")
    story.address("+6281200000001", "silent", on="2026-10-01")
    assert story.told("2026-12-03") == [
        "2026-11-01 07.00 budi whatsapp before-60",
        "2026-11-02 07.00 ani email before-60",
        "2026-12-01 07.00 budi whatsapp before-30",
        "2026-12-02 07.00 ani email before-30",
    ]


def test_with_the_mail_server_away_the_message_waits_and_then_takes_the_other_channel() -> None:
    story = Story("2026-12-31")
    story.person("budi", phone="+6281200000001")
    story.person("tono")
    story.outage("email", ("2026-10-31", "20.00"), ("2026-11-01", "08.50"))
    assert story.told("2026-11-02") == [
        "2026-11-01 07.15 budi whatsapp before-60",
        "2026-11-01 09.00 tono email before-60",
    ]


def test_an_outage_longer_than_the_stage_drops_what_no_longer_holds() -> None:
    story = Story("2026-12-31")
    story.person("budi")
    story.outage("email", ("2026-12-29", "20.00"), ("2027-01-01", "08.10"))
    assert story.told("2027-01-02")[-2:] == [
        "2026-12-24 07.00 budi email before-7",
        "2027-01-01 08.15 budi email overdue",
    ]


def test_a_successor_hears_what_still_holds() -> None:
    story = Story("2026-12-31")
    story.person("budi")
    story.person("budi", on="2026-12-19", name="Budi Santoso")
    story.person("budi", on="2026-12-20", email="tono@dinkes.example")
    assert story.told("2026-12-23")[-2:] == [
        "2026-12-17 07.00 budi email before-14",
        "2026-12-20 09.00 budi email before-14",
    ]


def test_an_added_address_is_no_new_person() -> None:
    story = Story("2026-12-31")
    story.person("budi")
    story.person("budi", on="2026-12-20", phone="+6281200000001")
    assert story.told("2026-12-23")[-1] == "2026-12-17 07.00 budi email before-14"


def test_a_contact_is_told_only_on_its_days() -> None:
    story = Story("2026-12-31")
    first, last = story.at("2026-12-02").date(), story.at("2026-12-17").date()
    story.person("budi", valid_from=first, valid_to=last)
    assert story.told() == ["2026-12-02 07.00 budi email before-30", "2026-12-17 07.00 budi email before-14"]


def test_curator_and_sekda_get_one_list_a_week_over_the_turn_of_the_year() -> None:
    story = Story("2026-12-31")
    story.person("sari", "curator", on="2026-12-23")
    story.person("eko", "executive", on="2027-01-06")
    assert story.told("2027-01-12", also=["report"]) == [
        "2026-12-23 09.00 sari email 2026-W52",
        "2026-12-28 07.00 sari email 2026-W53",
        "2027-01-04 07.00 sari email 2027-W01",
        "2027-01-06 09.00 eko email 2027-W01",
        "2027-01-11 07.00 eko email 2027-W02",
        "2027-01-11 07.00 sari email 2027-W02",
    ]


def test_nobody_gets_more_messages_a_day_than_the_cap() -> None:
    story = Story(None)
    story.person("budi")
    for number, hour in enumerate(("10.00", "11.00", "12.00", "13.00")):
        story.innovation("submitted", on="2026-03-01", id=f"i{number}")
        story.innovation("returned", on="2026-03-02", hour=hour, id=f"i{number}")
    assert story.told("2026-03-05") == [
        "2026-03-02 10.00 budi email returned i0/2",
        "2026-03-02 11.00 budi email returned i1/2",
        "2026-03-02 12.00 budi email returned i2/2",
        "2026-03-03 07.00 budi email returned i3/2",
    ]


def test_an_innovation_that_moves_away_opens_the_duty_once() -> None:
    story = Story("2026-12-31")
    story.person("budi")
    story.agency("dinsos")
    story.innovation("submitted", on="2026-10-01")
    story.innovation("submitted", on="2026-11-10", agency="dinsos", former=(("dinkes", 2026),))
    story.innovation("verified", on="2026-11-20")
    assert story.told("2026-12-05") == [
        "2026-11-10 09.00 budi email opened-again (spirit/2)",
        "2026-12-01 07.00 budi email before-30 (spirit/2)",
    ]


def test_a_return_after_the_deadline_makes_a_waiting_agency_late() -> None:
    story = Story("2026-12-31", verified=True)
    story.person("budi")
    story.innovation("submitted", on="2026-10-30")
    story.innovation("returned", on="2027-01-05")
    assert story.told("2027-01-07") == [
        "2027-01-05 09.00 budi email opened-again (spirit/2)",
        "2027-01-05 09.00 budi email returned spirit/2",
        "2027-01-06 07.00 budi email overdue (spirit/2)",
    ]


def test_a_late_submission_ends_the_calls() -> None:
    story = Story("2026-12-31")
    story.person("budi")
    story.innovation("submitted", on="2027-01-10")
    assert story.told()[-1] == "2027-01-08 07.00 budi email overdue-8"


def test_one_of_the_community_counts_only_where_the_policy_says_so() -> None:
    for counts, expected in ((True, []), (False, ["2026-11-01 07.00 budi email before-60"])):
        story = Story("2026-12-31", community=counts)
        story.person("budi")
        story.innovation("submitted", on="2026-10-01", community=True)
        assert story.told("2026-11-02") == expected


def test_the_minimum_may_be_another_for_a_kind() -> None:
    story = Story("2026-12-31", by_kind={AgencyKind.DINAS: 2})
    story.person("budi")
    story.innovation("submitted", on="2026-10-01")
    assert story.told("2026-11-02") == ["2026-11-01 07.00 budi email before-60"]


def test_a_first_deadline_in_the_past_calls_late_only_while_its_last_stage_lasts() -> None:
    story = Story(None)
    story.person("budi")
    story.person("sari", "curator")
    story.deadline("2026-03-01", on="2026-03-20", answered=False)
    story.passed(1, on="2026-03-20", hour="09.00", year=2026, day=story.at("2026-03-01").date())
    assert story.told() == [
        "2026-03-20 09.10 budi email overdue-15",
        "2026-03-23 07.00 budi email overdue-22",
        "2026-03-30 07.00 budi email overdue-29",
    ]


def test_a_deadline_that_is_set_again_after_it_was_cancelled_is_announced() -> None:
    story = Story("2026-12-31")
    story.person("budi")
    story.deadline("2026-12-31", on="2026-09-02", cancelled=True)
    story.deadline("2026-12-31", on="2026-09-20")
    assert story.told("2026-11-02") == [
        "2026-09-02 09.00 budi email cancelled r2",
        "2026-09-20 09.00 budi email moved r3",
        "2026-11-01 07.00 budi email before-60 r3",
    ]


def test_an_exempted_agency_does_not_hear_that_its_deadline_is_cancelled() -> None:
    story = Story("2026-12-31")
    story.person("budi")
    story.exempted(on="2026-02-01")
    story.deadline("2026-12-31", on="2026-09-02", cancelled=True)
    assert story.told() == []


def test_several_years_stand_side_by_side() -> None:
    story = Story("2026-12-31")
    story.person("budi")
    story.deadline("2027-02-28", on="2026-12-20")
    assert story.told("2027-01-16")[5:] == [
        "2026-12-30 07.00 budi email before-60 y2027",
        "2027-01-01 07.00 budi email overdue",
        "2027-01-08 07.00 budi email overdue-8",
        "2027-01-15 07.00 budi email overdue-15",
    ]


def test_when_phone_and_mail_both_fail_later_the_head_hears_it() -> None:
    story = Story("2026-12-31")
    story.person("budi", phone="+6281200000001", preferred="whatsapp")
    story.person("ani", "head")
    story.address("+6281200000001", "silent", on="2026-10-01")
    story.address("budi@dinkes.example", "bounces", on="2026-10-01")
    assert story.told("2026-11-03") == [
        "2026-11-01 07.00 budi whatsapp before-60",
        "2026-11-01 07.15 budi email before-60 fallback",
        "2026-11-02 07.00 ani email before-60",
    ]


def test_what_was_imported_for_a_past_year_tells_nobody() -> None:
    story = Story(None)
    story.person("budi")
    story.innovation("verified", on="2026-02-01", year=2025, imported=True)
    assert story.told() == []


def test_a_busy_address_is_tried_again_and_after_an_hour_the_other_one() -> None:
    story = Story("2026-12-31")
    story.person("budi", phone="+6281200000001")
    story.person("tono")
    story.address("budi@dinkes.example", "busy", until=story.at("2026-11-01", "10.20"))
    story.address("tono@dinkes.example", "busy", until=story.at("2026-11-01", "10.20"))
    assert story.told("2026-11-02") == [
        "2026-11-01 08.00 budi whatsapp before-60",
        "2026-11-01 12.00 tono email before-60",
    ]


def test_what_one_address_refuses_is_tried_at_the_other_before_that_one_is_asked_for() -> None:
    story = Story("2026-12-31")
    story.person("budi", phone="+6281200000001", on="2026-12-25")
    story.address("budi@dinkes.example", "refuses")
    story.address("+6281200000001", "refuses")
    assert story.told("2026-12-26", also=["confirm"]) == [
        "2026-12-25 09.00 budi email before-7 refused",
        "2026-12-25 09.00 budi whatsapp before-7 refused",
        "2026-12-25 09.00 budi email confirm budi refused",
    ]
