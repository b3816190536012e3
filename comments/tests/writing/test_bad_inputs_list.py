"""Which test shows what becomes of each of 102 bad inputs, so that none of them is forgotten.

1–29 are names, 30–68 texts, 69–92 requests, 93–102 what moderators and links meet, 103 what goes out by mail.
"""

import ast
import re

from django.conf import settings

from comments.tests.writing import test_bad_inputs_text as table

TEXT, REQUESTS, SERVED = "bad_inputs_text", "bad_inputs_requests", "served_comments"
SUBMIT, IMPORT = "submit_comment", "import_wordpress"
# Number: what it is, and the tests that show the answer, as "file::test". A table names its rows by their numbers.
INPUTS = {
    **{number: ("a name", [f"{TEXT}::a_name"]) for number in (*range(1, 28),)},
    28: ("a name sent twice", [f"{TEXT}::a_name_sent_twice_is_the_last_one"]),
    29: ("a name of 10 MB", [f"{TEXT}::ten_megabytes_are_refused_with_a_page_and_stored_nowhere"]),
    **{number: ("a text", [f"{TEXT}::a_text"]) for number in range(30, 69) if number not in (36, 37)},
    **{number: ("a link", [f"{TEXT}::a_text", f"{TEXT}::a_link_shows_where_it_leads"]) for number in range(43, 49)},
    63: ("wildcards", [f"{TEXT}::a_text", f"{TEXT}::wildcards_in_a_search_of_the_queues_are_letters"]),
    68: ("a letter repeated", [f"{TEXT}::a_text", "lookalikes::four_times_the_text_takes_about_four_times_as_long"]),
    36: ("a lone surrogate in JSON", [f"{TEXT}::a_lone_surrogate_in_json_is_an_empty_form"]),
    37: (
        "bytes that are no UTF-8",
        [f"{TEXT}::bytes_that_are_no_utf_8", f"{SUBMIT}::bytes_that_are_no_text_are_answered_clearly"],
    ),
    69: (
        "no token, or another's",
        [
            f"{REQUESTS}::a_post_is_taken_from_our_own_pages_whatever_token_it_brings",
            "review_page::the_review_page_needs_a_token",
        ],
    ),
    70: ("a foreign origin", [f"{REQUESTS}::a_post_is_taken_from_our_own_pages_whatever_token_it_brings"]),
    71: ("GET with all fields", [f"{SUBMIT}::reading_the_address_of_the_form_writes_nothing_and_leads_to_the_form"]),
    72: ("another method in a header", [f"{REQUESTS}::a_header_does_not_change_the_method"]),
    73: (
        "JSON, plain text, a file",
        [
            f"{SUBMIT}::what_is_not_a_form_is_an_empty_form",
            f"{REQUESTS}::a_file_beside_the_fields_is_not_kept",
            f"{REQUESTS}::a_file_instead_of_the_text_is_no_text",
        ],
    ),
    74: ("fields sent twice", [f"{SUBMIT}::of_a_field_sent_twice_the_last_value_counts"]),
    75: ("fields that no form has", [f"{SUBMIT}::fields_that_the_form_does_not_have_change_nothing"]),
    76: ("what cannot be answered", [f"{SUBMIT}::what_cannot_be_answered_costs_no_word_and_the_next_try_stands_alone"]),
    77: (
        "too deep an answer, a thousand in a chain",
        [
            f"{REQUESTS}::an_answer_to_one_at_the_limit_of_depth_is_refused_with_its_text",
            f"{IMPORT}::replies_below_the_fifth_level_get_its_parent",
        ],
    ),
    78: (
        "no open thread",
        [
            f"{SUBMIT}::only_a_published_article_takes_comments",
            "changed_meanwhile::a_comment_on_a_withdrawn_article_comes_back_with_its_text",
            "policy::a_thread_closes_between_the_page_and_the_post",
        ],
    ),
    79: ("the trap", [f"{SUBMIT}::a_program_is_refused_politely_and_a_person_can_send_again"]),
    80: ("a time stamp", [f"{REQUESTS}::a_time_that_a_program_sends_along_means_nothing"]),
    81: ("too quick, too late", [f"{REQUESTS}::a_form_may_be_sent_at_once_and_after_days"]),
    82: ("a form that a cache kept", [f"{REQUESTS}::the_form_of_a_page_that_a_cache_kept_can_be_sent_by_anyone"]),
    83: ("a double click", ["parallel_comments::a_second_press_five_milliseconds_later_changes_nothing"]),
    84: ("the same text again", ["screening::the_same_text_by_another_reader_or_elsewhere_is_held"]),
    85: (
        "a hundred at once, and each limit",
        [
            f"{SERVED}::of_a_hundred_posts_at_once_from_one_network_one_is_stored_in_fifteen_seconds",
            f"{SERVED}::of_a_hundred_posts_at_once_from_twenty_networks_one_each_is_stored_in_fifteen_seconds",
            "rates::one_in_fifteen_seconds",
            "rates::five_in_ten_minutes",
            "rates::thirty_a_day_whether_or_not_the_key_of_the_hashes_changes_meanwhile",
        ],
    ),
    86: ("X-Forwarded-For", [f"{REQUESTS}::a_header_of_the_sender_is_not_where_it_comes_from"]),
    87: ("other headers of proxies", [f"{REQUESTS}::a_header_of_the_sender_is_not_where_it_comes_from"]),
    88: ("one household, many addresses", [f"{REQUESTS}::behind_a_proxy_the_last_word_counts_by_household"]),
    89: ("no user agent, or 8 kB", [f"{REQUESTS}::a_browser_that_says_nothing_or_too_much_of_itself_is_served_alike"]),
    90: ("a way elsewhere", [f"{REQUESTS}::nobody_is_led_elsewhere_after_sending"]),
    91: ("bodies without an end", [f"{SERVED}::broken_and_old_ways_of_sending_store_a_whole_comment_or_none"]),
    92: (
        "no cookies, HTTP/1.0",
        [
            f"{REQUESTS}::without_cookies_every_comment_is_a_strangers",
            f"{SERVED}::broken_and_old_ways_of_sending_store_a_whole_comment_or_none",
        ],
    ),
    93: ("deciding by GET", ["review_page::no_method_but_post_decides", "digest::its_links_only_open_the_queues"]),
    94: (
        "forged links",
        [
            "receipt::a_receipt_cannot_be_guessed_or_changed",
            "reader_mail::a_way_out_that_is_forged_is_not_found",
            "reader_mail::a_confirmation_that_is_late_forged_or_for_something_else_is_not_found",
        ],
    ),
    95: (
        "two moderators",
        [
            "parallel_comments::opposite_decisions_at_once_leave_a_true_count_and_a_complete_record",
            "review_page::what_a_colleague_decided_first_stays_and_the_page_says_who_and_what",
            "bulk::what_a_colleague_decided_meanwhile_stands",
        ],
    ),
    96: ("very many at a time", ["bulk::one_of_very_many_that_vanished_keeps_none_of_the_others"]),
    97: (
        "without the permission",
        [
            "review_page::without_the_permission_nothing_is_shown_or_decided",
            "moderation_queue::without_the_permission_the_queues_are_closed",
        ],
    ),
    98: (
        "answers to what is rejected",
        [f"{REQUESTS}::an_answer_to_a_rejected_comment_is_approved_and_not_shown_until_that_one_is"],
    ),
    99: ("an edit before the decision", ["review_page::a_text_that_changed_is_answered_with_the_difference"]),
    100: (
        "a ban of everybody",
        [
            "bans::what_is_no_range_or_too_wide_is_refused_in_words",
            "bans::a_range_that_is_typed_is_refused_with_host_bits_cleared",
            "ban_forms::banning_ones_own_address_needs_a_tick",
        ],
    ),
    101: (
        "the end of a ban",
        [
            "bans::an_end_on_the_other_side_of_a_clock_change_is_the_moment_that_was_typed",
            "ban_forms::an_impossible_end_is_refused",
            f"{REQUESTS}::a_ban_that_is_over_before_it_began_bans_nobody",
        ],
    ),
    102: (
        "imports",
        [
            f"{IMPORT}::a_file_that_declares_entities_or_a_document_type_is_refused",
            f"{IMPORT}::parents_that_come_later_are_found_and_missing_or_circular_ones_end_at_the_top",
            f"{IMPORT}::an_invalid_comment_is_reported_by_number_and_skipped",
            f"{IMPORT}::a_comment_without_an_address_is_imported",
            f"{IMPORT}::a_repeated_id_is_imported_once",
            f"{IMPORT}::the_same_file_again_changes_nothing",
        ],
    ),
    103: (
        "mail",
        [
            "reader_mail::nothing_typed_adds_a_header",
            "reader_mail::looking_at_the_way_out_changes_nothing",
            "reader_mail::the_mail_program_ends_all_mails_with_one_post",
        ],
    ),
}


def test_none_is_left_out():
    assert sorted(INPUTS) == list(range(1, 104))


def test_what_is_named_is_there():
    folders = ("comments/tests", "publishing/tests/text")
    files = [path for folder in folders for path in (settings.BASE_DIR / folder).rglob("test_*.py")]
    trees = {path.stem: ast.parse(path.read_text()).body for path in files}
    there = {
        f"{file.removeprefix('test_')}::{node.name.removeprefix('test_')}"
        for file, nodes in trees.items()
        for node in nodes
        if isinstance(node, ast.FunctionDef)
    }

    missing = {number: set(tests) - there for number, (_, tests) in INPUTS.items()}
    assert {number: tests for number, tests in missing.items() if tests} == {}


def test_the_tables_have_a_row_for_each():
    rows = {number for number, *_ in [*table.NAMES, *table.BODIES]}
    wanted = {n for n, (_, tests) in INPUTS.items() if re.search("::a_(name|text)$", tests[0])}
    assert wanted - rows == set()
