#pragma once
// Text and numbers as parts of an HTML page. Everything that comes from outside goes through
// escape().

#include <cstdint>
#include <string>
#include <string_view>

#include "runner/journal/journal.hpp"

namespace joust::report::html {

// Safe between tags and inside double quotes: printable (one line of valid UTF-8, no control
// characters) and with &, <, >, " and ' as entities.
std::string escape(std::string_view text);

// The same for text whose line breaks were taken care of, clipped to `width` columns.
std::string escape_clipped(std::string_view text, std::size_t width);

// The same as escape(), with places at which a browser may break it: at camel case, behind
// punctuation, and in any longer run of letters.
std::string breakable(std::string_view text);

// Cut in the middle to at most `width` columns, because names often differ at their ends.
// Printable, not escaped. REQUIRES: width > 4.
std::string clip_middle(std::string_view printable_text, std::size_t width);

// A score with at most five significant digits behind its whole part; an en dash for NaN.
std::string score_text(double value);
// The same with a plus or a (real) minus sign.
std::string signed_text(double value);
// "97 %", "< 1 %", "> 99 %", "0 %", "100 %"; an en dash for NaN.
std::string percent_text(double share);
// "0.034", "< 0.001"; an en dash for NaN.
std::string p_text(double p);
// "40 ns", "12 ms", "3.4 s", "3m05s".
std::string seconds_text(double seconds);
// 12,345
std::string grouped(std::uint64_t count);
// "1 world", "12,345 worlds".
std::string grouped(std::uint64_t count, std::string_view noun);
// The same for all whole numbers in a text that has no other ones.
std::string grouped_numbers(std::string_view text);
// "1st", "2nd", "3rd", "4th", "11th".
std::string ordinal(std::uint64_t number);
// "2025-03-01 12:03:20 UTC"; "unknown" for a moment before 1970 or none.
std::string moment_text(journal::UnixMillis at);

// A whole page's parts in order of appearance.
// <section id=... aria-labelledby=...><h2>title</h2>: `lead` is a sentence below it, already
// escaped, or empty.
void open_section(std::string& out, std::string_view id, std::string_view title,
                  std::string_view lead);
void close_section(std::string& out);

// <th> of a column that can be sorted: the script looks for its button.
void sort_header(std::string& out, std::string_view label, std::string_view kind,
                 std::string_view order = "none");
// The header of a row: somebody's name.
void name_header(std::string& out, std::string_view name);
// A cell with the number to sort by; NaN sorts last.
void number_cell(std::string& out, double value, std::string_view text);

}  // namespace joust::report::html
