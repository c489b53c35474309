#include "runner/spec/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "common/parameters.hpp"

namespace joust::spec {
namespace {

constexpr std::size_t kLongestName = 64;

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// C0 and DEL are one byte; C1 (U+0080 to U+009F) is C2 80 to C2 9F; the line and paragraph
// separators (U+2028, U+2029) are E2 80 A8 and E2 80 A9.
bool has_control_characters(std::string_view name) {
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto byte = static_cast<unsigned char>(name[i]);
    const auto next = static_cast<unsigned char>(i + 1 < name.size() ? name[i + 1] : ' ');
    if (byte < 0x20 || byte == 0x7F) return true;
    if (byte == 0xC2 && next < 0xA0) return true;
    const std::string_view three = name.substr(i, 3);
    if (three == "\xE2\x80\xA8" || three == "\xE2\x80\xA9") return true;
  }
  return false;
}

// What pandas takes for a missing value unless it is told not to (keep_default_na; the last one
// since its version 2).
constexpr std::array<std::string_view, 18> kMissingValues = {
    "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
    "<NA>", "N/A",      "NA",  "NULL",    "NaN",      "n/a",  "nan",  "null",   "None"};

bool reads_as_missing(std::string_view name) {
  return std::find(kMissingValues.begin(), kMissingValues.end(), name) != kMissingValues.end();
}

// As readers of a table see it: "007", "1e5", "-inf".
bool reads_as_number(const std::string& name) {
  if (name.find_first_of("xXpP") != std::string::npos) return false;  // strtod knows hexadecimal
  char* end = nullptr;
  std::strtod(name.c_str(), &end);
  return end == name.c_str() + name.size();
}

std::string length_fault(std::string_view name) {
  if (name.empty()) return "it is empty";
  if (name.size() <= kLongestName) return "";
  return fmt::format("it has {} bytes; the most is {}", name.size(), kLongestName);
}

}  // namespace

std::string tournament_name_fault(std::string_view name) {
  if (std::string fault = length_fault(name); !fault.empty()) return fault;
  const bool all_allowed = std::all_of(name.begin(), name.end(), [](char c) {
    return is_alphanumeric(c) || c == '.' || c == '_' || c == '-';
  });
  if (all_allowed && is_alphanumeric(name.front())) return "";
  return "use letters, digits, '.', '_' and '-', beginning with a letter or a digit";
}

std::string competitor_name_fault(std::string_view name) {
  if (std::string fault = length_fault(name); !fault.empty()) return fault;
  if (name.find('/') != std::string_view::npos) return "'/' is not allowed";
  if (has_control_characters(name)) return "control characters are not allowed";
  if (name.front() == ' ' || name.back() == ' ') return "it begins or ends with a space";
  if (reads_as_missing(name)) {
    return fmt::format(
        "pandas would read it in the tables as a missing value; '{}_' is no such word", name);
  }
  return "";
}

std::string competitor_names_warning(const std::vector<Competitor>& competitors) {
  const bool all_numbers =
      std::all_of(competitors.begin(), competitors.end(),
                  [](const Competitor& competitor) { return reads_as_number(competitor.name); });
  if (!all_numbers || competitors.empty()) return "";
  return fmt::format(
      "all competitors' names are numbers ('{}'): pandas reads such a column of the tables as "
      "numbers, not as names; a letter in one of them prevents that",
      competitors.front().name);
}

std::string dotted_key_part(std::string_view name) {
  const bool is_bare = std::all_of(
      name.begin(), name.end(), [](char c) { return is_alphanumeric(c) || c == '_' || c == '-'; });
  if (is_bare) return std::string(name);
  ParameterInfo text;
  text.kind = ParameterKind::text;
  return to_text(text, std::string(name));
}

}  // namespace joust::spec
