#include "runner/report/human.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <ctime>
#include <optional>

namespace joust::report {
namespace {

std::optional<std::tm> time_parts(std::int64_t at) {
  constexpr std::int64_t kYear10000 = 253402300800000;
  if (at < 0 || at >= kYear10000) return std::nullopt;
  const std::time_t seconds = at / 1000;
  std::tm parts{};
  if (::gmtime_r(&seconds, &parts) == nullptr) return std::nullopt;
  return parts;
}

std::string date_text(const std::tm& time) {
  return fmt::format("{:04}-{:02}-{:02}", time.tm_year + 1900, time.tm_mon + 1, time.tm_mday);
}

std::string clock_text(const std::tm& time) {
  return fmt::format("{:02}:{:02}:{:02}", time.tm_hour, time.tm_min, time.tm_sec);
}

}  // namespace

std::string human_seconds(double seconds) {
  constexpr double kTooLong = 1e9;
  if (!(seconds >= 0) || seconds > kTooLong) return "?";
  const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
  if (whole < 60) return fmt::format("{}s", whole);
  if (whole < 3600) return fmt::format("{}m{:02}s", whole / 60, whole % 60);
  if (whole < 86400) return fmt::format("{}h{:02}m", whole / 3600, whole / 60 % 60);
  return fmt::format("{}d{:02}h", whole / 86400, whole / 3600 % 24);
}

std::string human_fine_seconds(double seconds) {
  if (!(seconds >= 0) || seconds >= 9.95) return human_seconds(seconds);
  if (seconds >= 0.9995) return fmt::format("{:.1f}s", seconds);
  const auto millis = std::llround(seconds * 1000);
  return millis == 0 ? "<1 ms" : fmt::format("{} ms", millis);
}

std::string human_time(std::int64_t at) {
  const auto time = time_parts(at);
  return time ? date_text(*time) + " " + clock_text(*time) + " UTC" : "?";
}

std::string human_span(std::int64_t from, std::int64_t to) {
  const auto begin = time_parts(from);
  const auto end = time_parts(to);
  if (!begin || !end) return "?";
  const bool same_day = date_text(*begin) == date_text(*end);
  return fmt::format("{} {} to {}{} UTC", date_text(*begin), clock_text(*begin),
                     same_day ? "" : date_text(*end) + " ", clock_text(*end));
}

std::string iso_time(std::int64_t at) {
  const auto time = time_parts(at);
  return time ? fmt::format("{}T{}.{:03}Z", date_text(*time), clock_text(*time), at % 1000) : "?";
}

std::string human_bytes(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 5> kUnits = {"KiB", "MiB", "GiB", "TiB", "PiB"};
  if (bytes < 1024) return fmt::format("{} B", bytes);
  double value = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  while (value >= 1023.95 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  return fmt::format("{:.1f} {}", value, kUnits[unit]);
}

std::string human_rate(double per_second) {
  if (!(per_second >= 0) || std::isinf(per_second)) return "?";
  if (per_second < 1) return fmt::format("{:.2f}", per_second);
  if (per_second < 100) return fmt::format("{:.1f}", per_second);
  if (per_second < 1000) return fmt::format("{:.0f}", per_second);
  if (per_second < 1e6) return fmt::format("{:.1f}k", per_second / 1e3);
  return fmt::format("{:.1f}M", per_second / 1e6);
}

std::string human_score(double score) {
  if (std::isnan(score)) return "-";
  const std::string text = fmt::format("{:.6f}", score);
  return text.size() <= 14 ? text : fmt::format("{:.6g}", score);
}

std::string human_interval(const scoring::Interval& interval) {
  if (std::isnan(interval.low) || std::isnan(interval.high)) return "-";
  return human_score(interval.low) + " .. " + human_score(interval.high);
}

std::string counted(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string shell_word(std::string_view word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./@%";
  const bool is_option = !word.empty() && word.front() == '-';
  if (!word.empty() && !is_option && word.find_first_not_of(kPlain) == std::string_view::npos) {
    return std::string(word);
  }
  std::string quoted = is_option ? "'./" : "'";
  for (const char c : word) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

std::string replay_command(std::string_view program, std::string_view dir, std::uint64_t task,
                           std::uint64_t attempt) {
  return fmt::format("{} replay {} {} --attempt {}", shell_word(program), shell_word(dir), task,
                     attempt);
}

std::string html_command(std::string_view program, std::string_view dir) {
  return fmt::format("{} report {} --format html -o report.html", shell_word(program),
                     shell_word(dir));
}

std::string resume_command(std::string_view program, std::string_view dir) {
  return shell_word(program) + " resume " + shell_word(dir);
}

}  // namespace joust::report
