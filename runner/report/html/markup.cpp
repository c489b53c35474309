#include "runner/report/html/markup.hpp"

#include <fmt/format.h>

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
      kind, order, escape(label));
}

void number_cell(std::string& out, double value, std::string_view text) {
  const std::string key = std::isnan(value) ? "" : fmt::format("{}", value);
  out += fmt::format("<td class=\"num\" data-value=\"{}\">{}</td>", key, text);
}

}  // namespace joust::report::html
