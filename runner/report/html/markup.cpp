#include "runner/report/html/markup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "runner/report/human.hpp"
#include "runner/report/printable.hpp"

namespace joust::report::html {
namespace {

constexpr std::string_view kNone = "\u2013";
constexpr std::string_view kMinus = "\u2212";

std::string escape_printable(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

// Not in the middle of a letter's UTF-8.
bool is_letter_start(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_seam(char before, char after) {
  constexpr std::string_view kPunctuation = "_.-/\\:@";
  if (before == '.' && is_digit(after)) return false;  // of a number
  return (is_lower(before) && is_upper(after)) ||
         (kPunctuation.find(before) != std::string_view::npos && after != before);
}

// A number of five significant digits, without an exponent where that is short enough.
std::string magnitude(double value) {
  const double size = std::fabs(value);
  if (size != 0 && (size < 1e-4 || size >= 1e9)) return fmt::format("{:.4g}", size);
  if (size >= 10000) return fmt::format("{:.0f}", size);
  if (size >= 100) return fmt::format("{:.2f}", size);
  if (size >= 0.01 || size == 0) return fmt::format("{:.4f}", size);
  return fmt::format("{:.6f}", size);
}

}  // namespace

std::string escape(std::string_view text) { return escape_printable(printable(text)); }

std::string escape_clipped(std::string_view text, std::size_t width) {
  return escape_printable(clip(printable(text), width));
}

std::string breakable(std::string_view text) {
  constexpr std::size_t kLongestRun = 24;  // letters
  const std::string shown = printable(text);
  std::string out;
  std::size_t begin = 0;
  std::size_t run = 0;
  const auto flush = [&](std::size_t end) {
    out += escape_printable(std::string_view(shown).substr(begin, end - begin));
    begin = end;
  };
  for (std::size_t at = 0; at < shown.size(); ++at) {
    const char c = shown[at];
    if (!is_letter_start(c)) continue;
    if (begin < at && (is_seam(shown[at - 1], c) || run >= kLongestRun)) {
      flush(at);
      if (c != ' ') out += "<wbr>";
      run = 0;
    }
    run = c == ' ' ? 0 : run + 1;
  }
  flush(shown.size());
  return out;
}

std::string clip_middle(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  constexpr std::string_view kMark = "...";
  const std::size_t head = (width - 1) / 2;
  std::string cut = clip(text, head + kMark.size());
  cut.resize(cut.size() - kMark.size());
  std::size_t tail = text.size();
  for (std::size_t at = text.size(); at-- > 0;) {
    if (!is_letter_start(text[at])) continue;
    if (display_width(text.substr(at)) > width - 1 - head) break;
    tail = at;
  }
  return cut.append("\u2026").append(text.substr(tail));
}

std::string score_text(double value) {
  if (std::isnan(value)) return std::string(kNone);
  if (std::isinf(value)) return value > 0 ? "\u221e" : std::string(kMinus) + "\u221e";
  return (value < 0 ? std::string(kMinus) : "") + magnitude(value);
}

std::string signed_text(double value) {
  if (std::isnan(value) || std::isinf(value)) return score_text(value);
  return (value > 0 ? "+" : value < 0 ? std::string(kMinus) : "") + magnitude(value);
}

std::string percent_text(double share) {
  if (std::isnan(share)) return std::string(kNone);
  if (share > 0 && share < 0.01) return "< 1 %";
  if (share > 0.99 && share < 1) return "> 99 %";
  return fmt::format("{:.0f} %", share * 100);
}

std::string p_text(double p) {
  if (std::isnan(p)) return std::string(kNone);
  return p < 0.001 ? "< 0.001" : fmt::format("{:.3f}", p);
}

std::string seconds_text(double seconds) {
  if (!(seconds >= 0)) return std::string(kNone);
  if (seconds < 0.9995e-6) return fmt::format("{:.3g} ns", seconds * 1e9);
  if (seconds < 0.9995e-3) return fmt::format("{:.3g} \u00b5s", seconds * 1e6);
  if (seconds < 0.9995) return fmt::format("{:.3g} ms", seconds * 1e3);
  if (seconds < 60) return fmt::format("{:.3g} s", seconds);
  return human_seconds(seconds);
}

std::string grouped(std::uint64_t count) {
  std::string digits = std::to_string(count);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string grouped(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", grouped(count), noun, count == 1 ? "" : "s");
}

std::string grouped_numbers(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789";
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = std::min(text.find_first_of(kDigits, at), text.size());
    const std::size_t end = std::min(text.find_first_not_of(kDigits, begin), text.size());
    out += text.substr(at, begin - at);
    for (std::size_t i = begin; i < end; ++i) {
      if (i > begin && (end - i) % 3 == 0) out += ',';
      out += text[i];
    }
    at = end;
  }
  return out;
}

std::string ordinal(std::uint64_t number) {
  const std::uint64_t last = number / 10 % 10 == 1 ? 0 : number % 10;
  return fmt::format("{}{}", number, last == 1 ? "st" : last == 2 ? "nd" : last == 3 ? "rd" : "th");
}

std::string moment_text(journal::UnixMillis at) {
  constexpr journal::UnixMillis kYear10000 = 253402300800000;
  if (at <= 0 || at >= kYear10000) return "unknown";
  const std::chrono::sys_time<std::chrono::milliseconds> moment{std::chrono::milliseconds(at)};
  const auto midnight = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day day{midnight};
  const std::chrono::hh_mm_ss time{moment - midnight};
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02} UTC", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

void open_section(std::string& out, std::string_view id, std::string_view title,
                  std::string_view lead) {
  out += fmt::format("<section id=\"{0}\" aria-labelledby=\"{0}-h\"><h2 id=\"{0}-h\">{1}</h2>\n",
                     id, escape(title));
  if (!lead.empty()) out += fmt::format("<p class=\"lead\">{}</p>\n", lead);
}

void close_section(std::string& out) { out += "</section>\n"; }

void sort_header(std::string& out, std::string_view label, std::string_view kind,
                 std::string_view order) {
  out += fmt::format(
      "<th scope=\"col\" class=\"{}\" aria-sort=\"{}\"><button type=\"button\">{}</button></th>",
      kind, order, breakable(label));
}

void name_header(std::string& out, std::string_view name) {
  out += fmt::format("<th scope=\"row\" class=\"name\">{}</th>", breakable(name));
}

void number_cell(std::string& out, double value, std::string_view text) {
  const std::string key = std::isnan(value) ? "\"\"" : fmt::format("{:.9g}", value);
  if (key == text) {
    out += fmt::format("<td class=num>{}</td>", text);
  } else {
    out += fmt::format("<td class=num data-value={}>{}</td>", key, text);
  }
}

}  // namespace joust::report::html
